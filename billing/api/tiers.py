from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.models import Tier
from billing.selectors import tiers
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.schema import FIELDS
from musenest.common.api.views import PUBLIC, ApiViewSet


class TierSerializer(SparseSerializer):
    """One plan of the catalogue. -1 is without limit; no price is by agreement."""

    tier_name = serializers.CharField()
    display_name = serializers.CharField()
    rank = serializers.IntegerField(help_text="order from the cheapest to the dearest")
    monthly_price = serializers.DecimalField(10, 2, allow_null=True, help_text="USD")
    yearly_price = serializers.DecimalField(10, 2, allow_null=True, help_text="USD: ten months' price")
    description = serializers.CharField()
    features = serializers.ListField(child=serializers.CharField())
    max_sites = serializers.IntegerField()
    max_monthly_requests = serializers.IntegerField(help_text="analysed pictures in a calendar month (UTC)")
    ai_limits = serializers.DictField(help_text="technical limits by name")
    priority_support = serializers.BooleanField()
    whitelabel_available = serializers.BooleanField()


class TiersViewSet(ApiViewSet):
    """Public, so no credential is looked at: one that has expired does not hide the prices."""

    permissions = {"list": PUBLIC}
    authentication_classes = ()
    queryset = Tier.objects.none()
    ordering = ("rank",)

    @extend_schema(
        tags=["Billing"],
        operation_id="list_tiers",
        summary="The plans",
        description="What can be subscribed to, from the cheapest to the dearest. Needs no credential.",
        parameters=[FIELDS],
        responses={200: TierSerializer(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(tiers.live(), TierSerializer)
