from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import AuditEvent
from accounts.selectors import audit
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet


class AuditActorSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["person", "api_key", "system"], source="actor_kind")
    id = serializers.CharField(source="actor_id")
    label = serializers.CharField(  # type: ignore[assignment]  # a field's name, not DRF's label of it
        source="actor_label", help_text="an address, or the name of a key"
    )


class AuditTargetSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(source="target_type")
    id = serializers.CharField(source="target_id")
    label = serializers.CharField(source="target_label")  # type: ignore[assignment]  # a field's name


class AuditEventSerializer(SparseSerializer):
    """One thing that somebody did. It is never changed."""

    id = serializers.IntegerField()
    action = serializers.CharField(help_text="noun.verb, as in site.updated")
    actor = AuditActorSerializer(source="*")
    target = AuditTargetSerializer(source="*")
    changes = serializers.DictField(help_text="{field: [before, after]}, or what else tells what was done")
    request_id = serializers.CharField()
    created_at = serializers.DateTimeField()


class AuditFilter(FilterSet):
    action = django_filters.CharFilter(help_text="exactly, as in `site.updated`")
    actor = django_filters.CharFilter(method="by", help_text="an id, or a label exactly")
    target_type = django_filters.CharFilter()
    target = django_filters.CharFilter(field_name="target_id", help_text="an id")
    created_at_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_at_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    def by(self, found: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        return found.filter(Q(actor_id=value) | Q(actor_label=value))


class AuditViewSet(ApiViewSet):
    permissions = {"list": "audit:read"}
    queryset = AuditEvent.objects.none()
    filterset_class = AuditFilter
    ordering = ("-id",)
    ordering_fields = ("id",)

    @extend_schema(
        tags=["Organisations"],
        operation_id="list_audit",
        summary="The audit trail",
        description="Who did what to what in your organisation, the newest first.",
        parameters=[FIELDS],
        responses={200: AuditEventSerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(audit.visible_to(self.organization), AuditEventSerializer)
