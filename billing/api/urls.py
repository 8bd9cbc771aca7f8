from django.urls import path

from billing.api.features import FeaturesViewSet
from billing.api.plan_requests import PlanRequestsViewSet
from billing.api.subscriptions import PersonsSubscriptionsViewSet, SubscriptionViewSet
from billing.api.tiers import TiersViewSet
from billing.api.usage import UsageViewSet

SUBSCRIPTION = "site-configuration/subscription"

urlpatterns = [
    path(f"{SUBSCRIPTION}/tiers", TiersViewSet.as_view({"get": "list", "post": "create"}), name="api-tiers"),
    path(f"{SUBSCRIPTION}/tiers/<str:tier>", TiersViewSet.as_view({"delete": "destroy"}), name="api-tier"),
    path(
        f"{SUBSCRIPTION}/status/<uuid:person>",
        PersonsSubscriptionsViewSet.as_view({"get": "retrieve"}),
        name="api-subscription-status",
    ),
    path("subscription", SubscriptionViewSet.as_view({"get": "retrieve"}), name="api-subscription"),
    path(
        "subscription/request",
        PlanRequestsViewSet.as_view({"get": "retrieve", "post": "create"}),
        name="api-plan-request",
    ),
    path(
        "users/<uuid:person>/subscriptions",
        PersonsSubscriptionsViewSet.as_view({"get": "list"}),
        name="api-person-subscriptions",
    ),
    path(
        "features/check/<str:feature>",
        FeaturesViewSet.as_view({"get": "retrieve"}),
        name="api-feature",
    ),
    path("billing/quota", SubscriptionViewSet.as_view({"get": "quota"}), name="api-quota"),
    path("billing/track-usage", UsageViewSet.as_view({"post": "create"}), name="api-track-usage"),
    path("billing/usage", UsageViewSet.as_view({"get": "list"}), name="api-usage"),
    path("billing/usage/summary", UsageViewSet.as_view({"get": "summary"}), name="api-usage-summary"),
]
