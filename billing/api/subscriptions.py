from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.tiers import TierSerializer
from billing.models import BillingCycle, Subscription, SubscriptionStatus
from billing.selectors import subscriptions, usage
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet


class QuotaSerializer(SparseSerializer):
    """This month's analysed pictures against the tier's limit."""

    month = serializers.DateField(help_text="its first day (UTC)")
    used = serializers.IntegerField()
    limit = serializers.IntegerField(help_text="-1 is without limit")
    left = serializers.IntegerField(allow_null=True, help_text="null where there is no limit")
    percent = serializers.IntegerField(help_text="0 to 100")


class SubscriptionSerializer(SparseSerializer):
    subscription_status = serializers.ChoiceField(SubscriptionStatus.choices)
    is_serving = serializers.BooleanField(help_text="false while the tier gives nothing: paused or suspended")
    tier = TierSerializer(help_text="with its limits")
    billing_cycle = serializers.ChoiceField(BillingCycle.choices)
    amount_paid = serializers.DecimalField(10, 2)
    started_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    quota = serializers.SerializerMethodField()

    @extend_schema_field(QuotaSerializer)
    def get_quota(self, subscription: Subscription) -> Any:
        quota: Any = usage.quota_of(subscription.organization, subscription.tier)
        return QuotaSerializer(quota).data


class SubscriptionViewSet(ApiViewSet):
    permissions = {"retrieve": "billing:read", "usage": "billing:read"}

    @extend_schema(
        tags=["Billing"],
        operation_id="get_subscription",
        summary="Your subscription",
        description="The organisation's subscription, its tier with the limits, and this month's quota.",
        parameters=[FIELDS],
        responses={200: SubscriptionSerializer, **protected({403: "`SUBSCRIPTION_MISSING`, `DENIED`"})},
    )
    def retrieve(self, request: Request) -> Response:
        subscription = subscriptions.current_of(self.organization)
        return Response(self.shown(SubscriptionSerializer, subscription))

    @extend_schema(
        tags=["Billing"],
        operation_id="get_usage",
        summary="This month's quota",
        description="How many pictures were analysed in this calendar month (UTC), and how many may be.",
        parameters=[FIELDS],
        responses={200: QuotaSerializer, **protected({403: "`SUBSCRIPTION_MISSING`, `DENIED`"})},
    )
    def usage(self, request: Request) -> Response:
        tier = subscriptions.current_of(self.organization).tier
        quota: Any = usage.quota_of(self.organization, tier)
        return Response(self.shown(QuotaSerializer, quota))
