import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.decision_fields import (
    MODES,
    DecisionSerializer,
    DecisionWithEventsSerializer,
    SealedDecisionSerializer,
)
from moderation.domain.scores import RISK_LEVELS
from moderation.models import Decision, DecisionKind
from moderation.models.decisions import DecisionQuerySet
from moderation.selectors import decisions
from moderation.selectors.sites import as_uuid
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet


class DecisionFilter(FilterSet):
    site = django_filters.CharFilter(method="of_site", help_text="UUID or site identifier")
    decision = django_filters.ChoiceFilter(choices=DecisionKind.choices, help_text="as it was recorded")
    standing = django_filters.ChoiceFilter(choices=DecisionKind.choices, help_text="what it is by now")
    risk_level = django_filters.ChoiceFilter(
        method="at_risk", choices=[(level, level) for level in RISK_LEVELS], help_text="what it is by now"
    )
    created_at_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_at_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    external_id = django_filters.CharFilter()
    image_hash = django_filters.CharFilter()
    mode = django_filters.ChoiceFilter(
        choices=MODES, help_text="`live` where it is left out; a key of the test mode sees `test` only"
    )

    def of_site(self, found: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        pk = as_uuid(value)
        return found.filter(site_id=pk) if pk else found.filter(site_identifier=value)

    def at_risk(self, found: DecisionQuerySet, name: str, value: str) -> QuerySet[Decision]:
        return found.at_risk(value)


MODE = OpenApiParameter(
    "mode",
    str,
    enum=["live", "test"],
    description="`test`: one of the test mode, for a live credential",
)


# An escalated one is short to a key; every other is whole.
ANSWER = PolymorphicProxySerializer(
    component_name="DecisionAnswer",
    serializers=[DecisionWithEventsSerializer, SealedDecisionSerializer],
    resource_type_field_name=None,
)


class DecisionsViewSet(ApiViewSet):
    permissions = {"list": "decisions:read", "retrieve": "decisions:read"}
    queryset = Decision.objects.none()
    filterset_class = DecisionFilter
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at", "id")

    @extend_schema(
        tags=["Moderation"],
        operation_id="list_decisions",
        summary="What was decided",
        description="The machine's decisions, the newest first. Escalated ones are seen only by who was "
        "granted it.",
        parameters=[FIELDS],
        responses={200: DecisionSerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(
            decisions.visible_to(self.caller, request.query_params.get("mode", "")), DecisionSerializer
        )

    @extend_schema(
        tags=["Moderation"],
        operation_id="get_decision",
        summary="One decision",
        description="A decision with everything that led to it, and what happened to it since. A picture "
        "may be escalated after your program had its answer, by a caption that came later: the API key "
        "that sent it then reads `standing`, `escalated`, `preserve` and `sealed`, and nothing of what led "
        "to it. No other key does, and people see such a decision only with the grant.",
        parameters=[FIELDS, MODE],
        responses={
            200: ANSWER,
            **protected({404: "`DECISION_UNKNOWN`: there is no such decision, or it is not yours to see."}),
        },
    )
    def retrieve(self, request: Request, decision: int) -> Response:
        found = decisions.answer_for(self.caller, decision, request.query_params.get("mode", ""))
        is_sealed = isinstance(found, decisions.SealedDecision)
        return Response(
            self.shown(SealedDecisionSerializer if is_sealed else DecisionWithEventsSerializer, found)
        )
