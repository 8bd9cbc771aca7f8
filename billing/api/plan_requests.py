from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.selectors import plan_requests as reading
from billing.services import plan_requests
from musenest.common.api.fields import BodySerializer
from musenest.common.api.schema import protected
from musenest.common.api.views import ApiViewSet


class PlanRequestSerializer(serializers.Serializer[Any]):
    """The plan that was asked for, until staff have changed it."""

    tier_name = serializers.CharField()
    display_name = serializers.CharField(help_text="the tier's")
    message = serializers.CharField()
    asked_by = serializers.CharField(source="by")
    asked_at = serializers.DateTimeField(source="at")


class PlanRequestBody(BodySerializer):
    tier_name = serializers.CharField(max_length=40)
    message = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, default="", help_text="to our staff: one line"
    )


class PlanRequestsViewSet(ApiViewSet):
    permissions = {"retrieve": "billing:read", "create": "organization:write"}

    @extend_schema(
        tags=["Billing"],
        operation_id="get_plan_request",
        summary="The plan that was asked for",
        description="The newest request that no change of the plan has answered; after two weeks it is "
        "forgotten.",
        responses={
            200: PlanRequestSerializer,
            **protected({404: "`PLAN_NOT_ASKED`: no request is open."}),
        },
    )
    def retrieve(self, request: Request) -> Response:
        return self.answer(reading.get_open(self.organization))

    @extend_schema(
        tags=["Billing"],
        operation_id="ask_for_plan",
        summary="Ask for another plan",
        description="Tell our staff which plan is wanted. They change it and write to you by e-mail.",
        request=PlanRequestBody,
        responses={
            201: PlanRequestSerializer,
            **protected(
                {
                    404: "`TIER_UNKNOWN`: there is no such plan.",
                    409: "`PLAN_ASKED`: it was asked for already.",
                    422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`",
                    429: "`PLANS_LIMIT`: five an hour. `RATE_LIMITED`",
                }
            ),
        },
    )
    def create(self, request: Request) -> Response:
        fields = self.validated(PlanRequestBody)
        return self.answer(
            plan_requests.ask(organization=self.organization, **fields, by=self.caller.actor), status=201
        )

    def answer(self, asked: Any, status: int = 200) -> Response:
        return Response(self.shown(PlanRequestSerializer, asked), status=status)
