from django.urls import URLPattern, URLResolver, path

from billing.portal import plans, pricing

urlpatterns: list[URLPattern | URLResolver] = [
    path("pricing", pricing.show, name="pricing"),
    path("billing", pricing.billing, name="billing"),
    path("o/<slug:slug>/plan", plans.show, name="plan"),
    path("o/<slug:slug>/plan/ask", plans.ask, name="plan-ask"),
]
