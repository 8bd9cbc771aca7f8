from collections.abc import Mapping
from typing import Any

import django_filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.preconditions import IF_MATCH, expected_version, with_etag
from moderation.api.site_fields import SiteBody, SiteChangeBody, SiteSerializer, SiteSummarySerializer
from moderation.models import Site, SiteStatus
from moderation.selectors import sites as reading
from moderation.services import retention, sites
from musenest.common.api.filters import BooleanFilter, FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet

TAGS = ["Sites"]
SITE = OpenApiParameter("site", str, OpenApiParameter.PATH, description="The UUID or the site identifier.")
UNKNOWN = {404: "`SITE_UNKNOWN`: there is no such site, or it is not yours."}
INVALID = {
    422: "`VALIDATION_ERROR`, `CONFIGURATION_INVALID`, `UNKNOWN_FIELD`: everything wrong, with its path."
}
NOT_IN_PLAN = (
    "`FEATURE_NOT_IN_PLAN`: weights and thresholds of your own need `advanced_thresholds`, keywords of your "
    "own `custom_keywords`; `details.errors` lists the paths, `details.upgrade_required` names the tier. "
    "What is saved already may stay."
)
SAVED = {
    403: f"{NOT_IN_PLAN} `DENIED`. Fewer `retention_months` remove decisions for good: `PERSON_NEEDED` says "
    "that no key does that, `STEP_UP_REQUIRED` that it needs a sign-in of the last minutes.",
    409: "`CONFIG_VERSION_STALE`: somebody saved meanwhile; the details say what differs. "
    "`SITE_IDENTIFIER_TAKEN`, `SERVER_FULL`.",
}
# What PUT sets where the body is silent. The server stays: its place is taken. How long decisions are kept
# stays too: what silence had removed would be gone for good.
EMPTY: dict[str, Any] = {
    "nudenet_config": {},
    "blip_config": {},
    "moderation_rules": {},
    "usage_intents": {},
    "webhook_url": "",
    "is_active": True,
}


class SiteFilter(FilterSet):
    site_identifier = django_filters.CharFilter()
    deployment_status = django_filters.ChoiceFilter(choices=SiteStatus.choices)
    industry_template = django_filters.CharFilter(field_name="industry_template__name")
    server = django_filters.UUIDFilter(field_name="server_id")
    is_active = BooleanFilter()


class SitesViewSet(ApiViewSet):
    permissions = {
        "list": "sites:read",
        "create": "sites:write",
        "retrieve": "sites:read",
        "update": "sites:write",
        "partial_update": "sites:write",
        "destroy": "sites:write",
        "restore": "sites:write",
    }
    queryset = Site.objects.none()
    filterset_class = SiteFilter
    ordering = ("site_identifier",)
    ordering_fields = ("site_identifier", "created_at", "updated_at", "last_deployed_at")

    @extend_schema(
        tags=TAGS,
        operation_id="list_sites",
        summary="Your sites",
        description="The organisation's sites, without the configuration that each comes to: ask for one of "
        "them.",
        parameters=[FIELDS],
        responses={200: SiteSummarySerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(reading.visible_to(self.organization), SiteSummarySerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="create_site",
        summary="Make a site",
        description="Make a site on a template and place it on a server with room. Deploys nothing.",
        request=SiteBody,
        responses={
            201: SiteSerializer,
            **protected(
                INVALID
                | {
                    403: f"`SITE_LIMIT`: the tier takes no further site. {NOT_IN_PLAN} `DENIED`.",
                    404: "`TEMPLATE_UNKNOWN`, `SERVER_UNKNOWN`",
                    409: "`SITE_IDENTIFIER_TAKEN`, `SERVER_FULL`",
                }
            ),
        },
    )
    def create(self, request: Request) -> Response:
        fields = self.validated(SiteBody)
        site = sites.create(organization=self.organization, fields=fields, by=self.caller.actor)
        return self.answer(site, status=201)

    @extend_schema(
        tags=TAGS,
        operation_id="get_site",
        summary="One site",
        description="A site with the configuration that it comes to and the source of every value in it. The "
        "`ETag` is its `config_version`.",
        parameters=[SITE, FIELDS],
        responses={200: SiteSerializer, **protected(UNKNOWN)},
    )
    def retrieve(self, request: Request, site: str) -> Response:
        return self.answer(reading.get_for(self.organization, site))

    @extend_schema(
        tags=TAGS,
        operation_id="replace_site",
        summary="Replace a site's settings",
        description="Save all settings: a document that the body leaves out becomes empty. Deploys nothing.",
        parameters=[SITE, IF_MATCH],
        request=SiteChangeBody,
        responses={200: SiteSerializer, **protected(UNKNOWN | INVALID | SAVED)},
    )
    def update(self, request: Request, site: str) -> Response:
        found = reading.get_for(self.organization, site)
        fields = EMPTY | self.validated(SiteChangeBody)
        self.check_removal(found, fields)
        saved = sites.update(
            site=found,
            fields=fields,
            by=self.caller.actor,
            expected_version=expected_version(request, fields),
        )
        return self.answer(saved)

    @extend_schema(
        tags=TAGS,
        operation_id="change_site",
        summary="Change some of a site's settings",
        description="Save what is named and nothing else. A document is merged value by value; null takes a "
        "value "
        "away, so that the template's counts again. A list is one value. Deploys nothing.",
        parameters=[SITE, IF_MATCH],
        request=SiteChangeBody(partial=True),
        responses={200: SiteSerializer, **protected(UNKNOWN | INVALID | SAVED)},
    )
    def partial_update(self, request: Request, site: str) -> Response:
        found = reading.get_for(self.organization, site)
        fields = self.validated(SiteChangeBody, partial=True)
        self.check_removal(found, fields)
        saved = sites.patch(
            site=found,
            fields=fields,
            by=self.caller.actor,
            expected_version=expected_version(request, fields),
        )
        return self.answer(saved)

    @extend_schema(
        tags=TAGS,
        operation_id="delete_site",
        summary="Delete a site",
        description="Take the site away. Its history and its decisions stay; its place in the tier is free "
        "at once. For a day it can be restored.",
        parameters=[SITE],
        responses={204: OpenApiResponse(description="It is gone."), **protected(UNKNOWN)},
    )
    def destroy(self, request: Request, site: str) -> Response:
        sites.delete(site=reading.get_for(self.organization, site), by=self.caller.actor)
        return Response(status=204)

    @extend_schema(
        tags=TAGS,
        operation_id="restore_site",
        summary="Bring a deleted site back",
        description="Undo the deletion, for a day: the site is as it was. Of several with one identifier the "
        "one that was deleted last comes back; the UUID names each.",
        parameters=[SITE],
        request=None,
        responses={
            200: SiteSerializer,
            **protected(
                UNKNOWN
                | {
                    403: "`SITE_LIMIT`: the tier takes no further site. `DENIED`.",
                    409: "`SITE_NOT_DELETED`: it is there. `SITE_IDENTIFIER_TAKEN`: by another one. "
                    "`SERVER_FULL`: others have its place.",
                }
            ),
        },
    )
    def restore(self, request: Request, site: str) -> Response:
        found = reading.get_deleted(self.organization, site)
        restored = sites.restore(organization=self.organization, pk=found.pk, by=self.caller.actor)
        return self.answer(restored)

    def check_removal(self, site: Site, fields: Mapping[str, Any]) -> None:
        if retention.shortens(site, fields):
            self.require_proof(self.caller)

    def answer(self, site: Site, status: int = 200) -> Response:
        return with_etag(Response(self.shown(SiteSerializer, site), status=status), site)
