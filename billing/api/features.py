from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.domain import offers
from billing.selectors import access
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN, ApiViewSet

FEATURE = OpenApiParameter(
    "feature",
    str,
    OpenApiParameter.PATH,
    enum=[*(feature.name for feature in offers.FEATURES), *access.LIMITED],
    description="A feature; or `sites`: one more site; or `monthly_requests`: one more picture this month.",
)


class AccessSerializer(SparseSerializer):
    """Whether your plan allows it now."""

    has_access = serializers.BooleanField()
    reason = serializers.CharField(help_text="why not; empty where it is allowed")
    upgrade_required = serializers.CharField(
        allow_null=True, help_text="the cheapest tier that allows it; null where none does, or none is needed"
    )
    upgrade_url = serializers.CharField(allow_null=True)
    is_coming = serializers.BooleanField(help_text="nothing does it yet, in any plan")


class FeaturesViewSet(ApiViewSet):
    permissions = {"retrieve": SIGNED_IN}

    @extend_schema(
        tags=["Billing"],
        operation_id="check_feature",
        summary="Is this in my plan?",
        description="Whether the organisation's plan allows a feature, one more site or one more picture, "
        "as it is now. Asking changes nothing and reserves nothing.",
        parameters=[FEATURE, FIELDS],
        responses={
            200: AccessSerializer,
            **protected({404: "`FEATURE_UNKNOWN`: there is no such feature."}),
        },
    )
    def retrieve(self, request: Request, feature: str) -> Response:
        found: Any = access.of(self.organization, feature)
        return Response(self.shown(AccessSerializer, found))
