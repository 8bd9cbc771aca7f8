import json
from datetime import date, timedelta
from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.quotas import QuotaSerializer
from billing.domain import usage_types
from billing.models import LIVE, TEST, UsageRecord
from billing.selectors import usage
from billing.services import reports
from musenest.common.api.fields import BodySerializer, SparseSerializer
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet

MOST = 2**31 - 1
LONGEST_DAY_MS = 24 * 60 * 60 * 1000
LONGEST_METADATA = 4096  # bytes of JSON
DAYS, MOST_DAYS = 30, 366  # of a summary, unless told (M-122) and at most
FIRST_DAY = date(2000, 1, 1)  # before anybody used anything, and far from where a calendar begins
TYPE_WORDS = "lower-case words with underscores between; an open list"


class UsageSerializer(SparseSerializer):
    """One use. One that was taken back has a second row with the counts turned negative."""

    id = serializers.IntegerField(help_text="a whole number; 64 bits")
    usage_type = serializers.CharField(help_text=TYPE_WORDS)
    request_count = serializers.IntegerField()
    response_time_ms = serializers.IntegerField(allow_null=True)
    tokens_used = serializers.IntegerField()
    cost_cents = serializers.IntegerField()
    billing_period = serializers.DateField(help_text="UTC day")
    user = serializers.UUIDField(source="user_id", allow_null=True, help_text="null for a program")
    site = serializers.UUIDField(source="site_config_id", allow_null=True)
    metadata = serializers.DictField()
    voids = serializers.IntegerField(allow_null=True, help_text="id of the use that this row takes back")
    mode = serializers.ChoiceField([(LIVE, LIVE), (TEST, TEST)])
    created_at = serializers.DateTimeField()


class MetadataField(serializers.DictField):
    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if len(json.dumps(value).encode()) > LONGEST_METADATA:
            raise serializers.ValidationError(f"At most {LONGEST_METADATA} bytes of JSON.")
        return value


class ReportBody(BodySerializer):
    usage_type = serializers.RegexField(
        usage_types.PATTERN,
        max_length=usage_types.LONGEST,
        required=False,
        help_text=f"{TYPE_WORDS}. `{usage_types.REPORTED}` where it is left out",
    )
    request_count = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    usage = serializers.IntegerField(
        min_value=1, max_value=1_000_000, required=False, help_text="another name of `request_count`"
    )
    response_time_ms = serializers.IntegerField(
        min_value=0, max_value=LONGEST_DAY_MS, required=False, allow_null=True
    )
    tokens_used = serializers.IntegerField(min_value=0, max_value=MOST, required=False)
    site_config_id = serializers.UUIDField(required=False, allow_null=True, source="site")
    user_id = serializers.UUIDField(required=False, source="person", help_text="your own, if any")
    metadata = MetadataField(required=False, help_text=f"kept as it is; {LONGEST_METADATA} bytes at most")

    def validate(self, attrs: Any) -> Any:
        counted = {"usage", "request_count"} & attrs.keys()
        if len(counted) > 1:
            raise serializers.ValidationError({"usage": "It is another name of request_count: send one."})
        return {("request_count" if name == "usage" else name): value for name, value in attrs.items()}


class UsageFilter(FilterSet):
    usage_type = django_filters.CharFilter()
    site = django_filters.UUIDFilter(field_name="site_config_id")
    billing_period_after = django_filters.DateFilter(field_name="billing_period", lookup_expr="gte")
    billing_period_before = django_filters.DateFilter(field_name="billing_period", lookup_expr="lt")
    mode = django_filters.ChoiceFilter(
        choices=[(LIVE, LIVE), (TEST, TEST)],
        help_text="`live` where it is left out; a key of the test mode sees `test` only",
    )


class TotalSerializer(serializers.Serializer[Any]):
    """All uses of one type. What was taken back counts in no number."""

    usage_type = serializers.CharField()
    total_requests = serializers.IntegerField(help_text="how many times")
    total_count = serializers.IntegerField(help_text="the sum of `request_count`")
    avg_response_time = serializers.FloatField(allow_null=True, help_text="milliseconds")
    tokens_used = serializers.IntegerField()


class SummarySerializer(SparseSerializer):
    since = serializers.DateField(help_text="UTC day, counted")
    until = serializers.DateField(help_text="UTC day, counted")
    totals = TotalSerializer(many=True)
    quota = QuotaSerializer()


class SummaryQuery(serializers.Serializer[Any]):
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)

    def validate(self, attrs: Any) -> Any:
        until = attrs.get("until", timezone.now().date())
        if until < FIRST_DAY:
            raise serializers.ValidationError({"until": f"Not before {FIRST_DAY}."})
        since = attrs.get("since", until - timedelta(days=DAYS - 1))
        if not 0 <= (until - since).days < MOST_DAYS:
            raise serializers.ValidationError({"since": f"From 1 to {MOST_DAYS} days, the first one first."})
        return {"since": since, "until": until}


class UsageViewSet(ApiViewSet):
    permissions = {"list": "billing:read", "summary": "billing:read", "create": "analyze"}
    test_actions = frozenset({"create"})
    queryset = UsageRecord.objects.none()
    filterset_class = UsageFilter
    ordering_fields = ("id", "billing_period")

    @extend_schema(
        tags=["Billing"],
        operation_id="list_usage",
        summary="What was used",
        description="Every use, the newest first: analysed pictures, deployments, and what you reported. "
        "Those of the test mode only with `mode=test`.",
        parameters=[FIELDS],
        responses={200: UsageSerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(usage.visible_to(self.caller, request.query_params.get("mode", "")), UsageSerializer)

    @extend_schema(
        tags=["Billing"],
        operation_id="get_usage_summary",
        summary="Totals and quota",
        description="Uses by type over some days (the last 30, unless told), and how many pictures were "
        "analysed in this calendar month (UTC) of how many that may be.",
        parameters=[
            OpenApiParameter("since", {"type": "string", "format": "date"}, description="the first UTC day"),
            OpenApiParameter("until", {"type": "string", "format": "date"}, description="the last UTC day"),
            FIELDS,
        ],
        filters=False,
        responses={
            200: SummarySerializer,
            **protected({403: "`SUBSCRIPTION_MISSING`, `DENIED`", 422: "`VALIDATION_ERROR`"}),
        },
    )
    def summary(self, request: Request) -> Response:
        asked = SummaryQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found: Any = usage.summary_of(self.caller, **asked.validated_data)
        return Response(self.shown(SummarySerializer, found))

    @extend_schema(
        tags=["Billing"],
        operation_id="track_usage",
        summary="Report a use",
        description="Keep a use of your own beside ours. It counts against no limit and costs nothing. What "
        "MuseNest counts itself cannot be reported.",
        request=ReportBody,
        responses={
            201: UsageSerializer,
            **protected(
                {
                    404: "`SITE_UNKNOWN`, `PERSON_UNKNOWN`: it does not exist, or it is not yours.",
                    422: "`USAGE_TYPE_RESERVED`, `VALIDATION_ERROR`, `UNKNOWN_FIELD`, `NESTED_TOO_DEEPLY`",
                }
            ),
        },
    )
    def create(self, request: Request) -> Response:
        report = reports.Report(**self.validated(ReportBody))
        caller = self.caller
        record = reports.add(organization=self.organization, report=report, by=caller.actor, mode=caller.mode)
        return Response(self.shown(UsageSerializer, record), status=201)
