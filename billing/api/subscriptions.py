from typing import Any
from uuid import UUID

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.quotas import QuotaSerializer
from billing.api.tiers import TierSerializer
from billing.models import BillingCycle, Subscription, SubscriptionStatus
from billing.selectors import subscriptions, usage
from musenest.common import tenancy
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN, ApiViewSet
from musenest.common.errors import NotFoundError


class SoldSerializer(SparseSerializer):
    """What an organisation has subscribed to, from when to when."""

    organization = serializers.SlugField(source="organization.slug")
    subscription_status = serializers.ChoiceField(SubscriptionStatus.choices)
    is_serving = serializers.BooleanField(help_text="false while the tier gives nothing: paused or suspended")
    tier = TierSerializer(help_text="with its limits")
    billing_cycle = serializers.ChoiceField(BillingCycle.choices)
    amount_paid = serializers.DecimalField(10, 2)
    started_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class SubscriptionSerializer(SoldSerializer):
    quota = serializers.SerializerMethodField()

    @extend_schema_field(QuotaSerializer)
    def get_quota(self, subscription: Subscription) -> Any:
        quota: Any = usage.quota_of(subscription.organization, subscription.tier)
        return QuotaSerializer(quota).data


class SubscriptionViewSet(ApiViewSet):
    permissions = {"retrieve": "billing:read", "quota": "billing:read"}

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
        operation_id="get_quota",
        summary="This month's quota",
        description="How many pictures were analysed in this calendar month (UTC), and how many may be.",
        parameters=[FIELDS],
        responses={200: QuotaSerializer, **protected({403: "`SUBSCRIPTION_MISSING`, `DENIED`"})},
    )
    def quota(self, request: Request) -> Response:
        tier = subscriptions.current_of(self.organization).tier
        quota: Any = usage.quota_of(self.organization, tier)
        return Response(self.shown(QuotaSerializer, quota))


class SubscriptionFilter(FilterSet):
    organization = django_filters.CharFilter(field_name="organization__slug", help_text="its slug")
    subscription_status = django_filters.ChoiceFilter(choices=SubscriptionStatus.choices)
    tier = django_filters.CharFilter(field_name="tier__tier_name", help_text="its `tier_name`")
    billing_cycle = django_filters.ChoiceFilter(choices=BillingCycle.choices)
    started_at_after = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte")
    started_at_before = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt")


class PersonsSubscriptionsViewSet(ApiViewSet):
    """Of one person: their own, or anybody's for staff. To others the person is not there."""

    permissions = {"retrieve": SIGNED_IN, "list": SIGNED_IN}
    queryset = Subscription.objects.none()
    filterset_class = SubscriptionFilter
    ordering = ("-started_at", "-id")
    ordering_fields = ("started_at", "expires_at")

    @extend_schema(
        tags=["Billing"],
        operation_id="get_subscription_status",
        summary="A person's subscription",
        description="The subscription that counts for you in the organisation that you speak for; for staff, "
        "of the organisation that the person joined first.",
        parameters=[FIELDS],
        responses={
            200: SubscriptionSerializer,
            **protected(
                {
                    403: "`SUBSCRIPTION_MISSING`, `NO_ORGANIZATION`",
                    404: "`PERSON_UNKNOWN`: not you, or nobody.",
                }
            ),
        },
    )
    def retrieve(self, request: Request, person: UUID) -> Response:
        is_own = self.is_own(person)
        found = (
            subscriptions.current_of(self.organization) if is_own else subscriptions.current_of_person(person)
        )
        return Response(self.shown(SubscriptionSerializer, found))

    @extend_schema(
        tags=["Billing"],
        operation_id="list_person_subscriptions",
        summary="A person's subscriptions",
        description="Every subscription, ended ones too, of the organisations that the person belongs to, "
        "the newest first.",
        parameters=[FIELDS],
        responses={
            200: SoldSerializer(many=True),
            **protected({404: "`PERSON_UNKNOWN`: not you, or nobody."}),
        },
    )
    def list(self, request: Request, person: UUID) -> Response:
        if self.is_own(person):
            self.scopes.enter_context(
                tenancy.staff()
            )  # they are of several organisations, all of them one's own
        return self.page(subscriptions.of_person(person), SoldSerializer)

    def is_own(self, person: UUID) -> bool:
        """Whether it is the caller; enters staff's scope for staff, raises NotFoundError for others."""
        caller = self.caller
        if caller.person is not None and caller.person.pk == person:
            return True
        if not caller.is_staff:
            raise NotFoundError("There is no such person.", code="PERSON_UNKNOWN")
        self.scopes.enter_context(tenancy.staff())
        return False
