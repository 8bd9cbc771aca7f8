from django.urls import path

from billing.api.subscriptions import SubscriptionViewSet
from billing.api.tiers import TiersViewSet

urlpatterns = [
    path("site-configuration/subscription/tiers", TiersViewSet.as_view({"get": "list"}), name="api-tiers"),
    path("subscription", SubscriptionViewSet.as_view({"get": "retrieve"}), name="api-subscription"),
    path("billing/usage", SubscriptionViewSet.as_view({"get": "usage"}), name="api-usage"),
]
