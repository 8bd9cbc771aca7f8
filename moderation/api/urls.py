from typing import Any

from django.urls import path

from moderation.api.analyses import AnalysesViewSet
from moderation.api.attestations import AttestationsViewSet
from moderation.api.decisions import DecisionsViewSet
from moderation.api.deployments import DeploymentsViewSet
from moderation.api.plans import PlansViewSet
from moderation.api.servers import ServersViewSet
from moderation.api.sites import SitesViewSet
from moderation.api.templates import TemplatesViewSet

ROOT = "site-configuration"
LIST: dict[str, Any] = {"get": "list", "post": "create"}

urlpatterns = [
    path(f"{ROOT}/templates", TemplatesViewSet.as_view({"get": "list"}), name="api-templates"),
    path(f"{ROOT}/servers", ServersViewSet.as_view(LIST), name="api-servers"),
    path(f"{ROOT}/servers/health", ServersViewSet.as_view({"get": "health"}), name="api-servers-health"),
    path(
        f"{ROOT}/servers/<uuid:server>",
        ServersViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api-server",
    ),
    path(
        f"{ROOT}/servers/<uuid:server>/check",
        ServersViewSet.as_view({"post": "check"}),
        name="api-server-check",
    ),
    path(
        f"{ROOT}/servers/<uuid:server>/configuration",
        ServersViewSet.as_view({"get": "configuration"}),
        name="api-server-configuration",
    ),
    path(f"{ROOT}/sites", SitesViewSet.as_view(LIST), name="api-sites"),
    path(
        f"{ROOT}/sites/<str:site>",
        SitesViewSet.as_view(
            {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
        ),
        name="api-site",
    ),
    path(
        f"{ROOT}/sites/<str:site>/attestation",
        AttestationsViewSet.as_view({"get": "retrieve", "post": "create"}),
        name="api-site-attestation",
    ),
    path(
        f"{ROOT}/sites/<str:site>/restore", SitesViewSet.as_view({"post": "restore"}), name="api-site-restore"
    ),
    path(f"{ROOT}/sites/<str:site>/plan", PlansViewSet.as_view({"post": "create"}), name="api-site-plan"),
    path(
        f"{ROOT}/sites/<str:site>/deploy",
        DeploymentsViewSet.as_view({"post": "create"}),
        name="api-site-deploy",
    ),
    path(
        f"{ROOT}/sites/<str:site>/history",
        DeploymentsViewSet.as_view({"get": "history"}),
        name="api-site-history",
    ),
    path(
        f"{ROOT}/deployments/<uuid:deployment>",
        DeploymentsViewSet.as_view({"get": "retrieve"}),
        name="api-deployment",
    ),
    path(
        f"{ROOT}/deployments/<uuid:deployment>/cancel",
        DeploymentsViewSet.as_view({"post": "cancel"}),
        name="api-deployment-cancel",
    ),
    path("moderation/analyze", AnalysesViewSet.as_view({"post": "create"}), name="api-analyze"),
    path("moderation/decisions", DecisionsViewSet.as_view({"get": "list"}), name="api-decisions"),
    path(
        "moderation/decisions/<int:decision>",
        DecisionsViewSet.as_view({"get": "retrieve"}),
        name="api-decision",
    ),
]
