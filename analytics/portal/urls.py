from django.urls import URLPattern, URLResolver, path

from analytics.portal import overview, usage

urlpatterns: list[URLPattern | URLResolver] = [
    path("o/<slug:slug>/", overview.show, name="overview"),
    path("o/<slug:slug>/usage", usage.show, name="usage"),
]
