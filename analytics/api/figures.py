from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.api.fields import (
    BusinessSerializer,
    DailyFiguresSerializer,
    FiguresSerializer,
    PlatformFiguresSerializer,
)
from analytics.selectors import figures
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN, STAFF, ApiViewSet


class FiguresViewSet(ApiViewSet):
    permissions = {
        "of_organization": "analytics:read",
        "of_person": SIGNED_IN,
        "of_everything": STAFF,
        "of_business": STAFF,
    }

    @extend_schema(
        tags=["Analytics"],
        operation_id="get_organization_analytics",
        summary="Your organisation's figures",
        description="Uses by type and day and decisions by day and kind, over the last 30 days (UTC).",
        parameters=[FIELDS],
        responses={
            200: DailyFiguresSerializer,
            **protected({403: "`DENIED`, `FEATURE_NOT_IN_PLAN`: `details.upgrade_required` names the plan."}),
        },
    )
    def of_organization(self, request: Request) -> Response:
        return Response(self.shown(DailyFiguresSerializer, figures.of_organization(self.caller)))

    @extend_schema(
        tags=["Analytics"],
        operation_id="get_person_analytics",
        summary="A person's uses",
        description="Your own uses by type, in all your organisations, or anybody's for staff.",
        parameters=[FIELDS],
        responses={
            200: FiguresSerializer,
            **protected({404: "`PERSON_UNKNOWN`: not you, or nobody."}),
        },
    )
    def of_person(self, request: Request, person: UUID) -> Response:
        return Response(self.shown(FiguresSerializer, figures.of_person(person, for_=self.caller)))

    @extend_schema(
        tags=["Analytics"],
        operation_id="get_analytics_overview",
        summary="Figures of the platform",
        description="For staff: uses, decisions, revenue and customers of all organisations.",
        parameters=[FIELDS],
        responses={200: PlatformFiguresSerializer, **protected()},
    )
    def of_everything(self, request: Request) -> Response:
        return Response(self.shown(PlatformFiguresSerializer, figures.of_everything()))

    @extend_schema(
        tags=["Analytics"],
        operation_id="get_subscription_analytics",
        summary="Revenue and use",
        description="For staff: revenue by tier, by list price and as it is really paid, and the last 30 "
        "days' uses by type.",
        parameters=[FIELDS],
        responses={200: BusinessSerializer, **protected()},
    )
    def of_business(self, request: Request) -> Response:
        return Response(self.shown(BusinessSerializer, figures.of_business()))
