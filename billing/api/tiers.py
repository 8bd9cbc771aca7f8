from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.domain import offers
from billing.domain.limits import UNLIMITED
from billing.models import Tier
from billing.selectors import tiers
from billing.services import tiers as services
from musenest.common.api.fields import BodySerializer, SparseSerializer
from musenest.common.api.filters import BooleanFilter, FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import PUBLIC, STAFF, ApiViewSet

FEATURE_CHOICES = [(feature.name, feature.label) for feature in offers.FEATURES]


class TierSerializer(SparseSerializer):
    """One plan of the catalogue. -1 is without limit; no price is by agreement."""

    tier_name = serializers.CharField()
    display_name = serializers.CharField()
    rank = serializers.IntegerField(help_text="order from the cheapest to the dearest")
    monthly_price = serializers.DecimalField(10, 2, allow_null=True, help_text="USD")
    yearly_price = serializers.DecimalField(10, 2, allow_null=True, help_text="USD: ten months' price")
    description = serializers.CharField()
    features = serializers.ListField(child=serializers.CharField(), help_text="those in `coming` too")
    coming = serializers.ListField(
        child=serializers.CharField(),
        help_text="features and limits of the tier that nothing does yet: no reason to pay",
    )
    max_sites = serializers.IntegerField()
    max_monthly_requests = serializers.IntegerField(help_text="analysed pictures in a calendar month (UTC)")
    ai_limits = serializers.DictField(help_text="technical limits by name")
    priority_support = serializers.BooleanField()
    whitelabel_available = serializers.BooleanField()


class SavedTierSerializer(TierSerializer):
    is_active = serializers.BooleanField(help_text="whether it is sold")
    version = serializers.IntegerField(help_text="counts its changes; what it said before is kept")


def field_of(limit: offers.Limit) -> serializers.Field[Any, Any, Any, Any]:
    """The field of a body that takes this limit."""
    if limit.is_switch:
        return serializers.BooleanField(required=False, help_text=limit.description)
    least = UNLIMITED if limit.may_be_unlimited else limit.least
    words = f"{limit.description} -1 is no limit." if limit.may_be_unlimited else limit.description
    return serializers.IntegerField(min_value=least, max_value=offers.MOST, required=False, help_text=words)


class AiLimitsBody(BodySerializer):
    """The technical limits, as a whole: one that is left out has its default."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: field_of(limit) for name, limit in offers.AI_LIMITS.items()}


class TierBody(BodySerializer):
    """What is left out stays as it is; a new tier needs at least both names."""

    tier_name = serializers.SlugField(max_length=40, help_text="which tier; a new name makes a new tier")
    display_name = serializers.CharField(max_length=80, required=False)
    rank = serializers.IntegerField(min_value=0, max_value=32_767, required=False)
    monthly_price = serializers.DecimalField(10, 2, min_value=0, required=False, allow_null=True)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    features = serializers.ListField(child=serializers.ChoiceField(FEATURE_CHOICES), required=False)
    max_sites = serializers.IntegerField(min_value=-1, max_value=offers.MOST, required=False)
    max_monthly_requests = serializers.IntegerField(min_value=-1, max_value=offers.MOST, required=False)
    ai_limits = AiLimitsBody(required=False)
    priority_support = serializers.BooleanField(required=False)
    whitelabel_available = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class TierFilter(FilterSet):
    tier_name = django_filters.CharFilter()
    feature = django_filters.ChoiceFilter(
        method="having", choices=FEATURE_CHOICES, help_text="one that the tier has"
    )
    priority_support = BooleanFilter()
    whitelabel_available = BooleanFilter()

    def having(self, found: QuerySet[Tier], name: str, value: str) -> QuerySet[Tier]:
        return found.filter(features__contains=[value])


class TiersViewSet(ApiViewSet):
    """The list is public, so no credential is looked at there: one that has expired does not hide the
    prices.
    """

    permissions = {"list": PUBLIC, "create": STAFF, "destroy": STAFF}
    stepped_up = frozenset({"create", "destroy"})
    queryset = Tier.objects.none()
    filterset_class = TierFilter
    ordering = ("rank",)
    ordering_fields = ("rank", "monthly_price")

    def get_authenticators(self) -> list[Any]:
        # DRF asks before it has set the action, and the schema without a request.
        action = getattr(self, "action", None) or self.action_map.get(str(self.request.method).lower())
        return [] if action == "list" else super().get_authenticators()

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

    @extend_schema(
        tags=["Billing"],
        operation_id="save_tier",
        summary="Create or change a tier (staff)",
        description="Create the tier of this name, or change what is named of it. Every change is a new "
        "version and counts at once for everybody who is subscribed; what was sold before stays readable.",
        request=TierBody,
        responses={
            200: SavedTierSerializer,
            **protected(
                {
                    409: "`TIER_IN_USE`: taken off sale while `details.subscriber_count` organisations are "
                    "subscribed. `TIER_EXISTS`: another created it in this moment.",
                    422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`: `details.errors` lists them.",
                }
            ),
        },
    )
    def create(self, request: Request) -> Response:
        figures = self.validated(TierBody)
        saved = services.save(name=figures.pop("tier_name"), figures=figures, by=self.caller.actor)
        return Response(self.shown(SavedTierSerializer, saved))

    @extend_schema(
        tags=["Billing"],
        operation_id="retire_tier",
        summary="Take a tier out of the catalogue (staff)",
        description="Nobody can subscribe to it any more. Its versions are kept, and saving it with "
        "`is_active` brings it back.",
        responses={
            204: None,
            **protected(
                {
                    404: "`TIER_UNKNOWN`: no such tier is sold.",
                    409: "`TIER_IN_USE`: `details.subscriber_count` organisations are subscribed. "
                    "`TIER_NEEDED`: new organisations begin on it.",
                }
            ),
        },
    )
    def destroy(self, request: Request, tier: str) -> Response:
        services.retire(name=tier, by=self.caller.actor)
        return Response(status=204)
