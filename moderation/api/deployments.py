from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

import django_filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.sites import SITE, TAGS, UNKNOWN
from moderation.models import Deployment, DeploymentStatus
from moderation.models.deployments import DELAY_MS, LEAST_DELAY_MS, MOST_DELAY_MS, MOST_TRIES, TRIES
from moderation.selectors import deployments as reading
from moderation.selectors import sites
from moderation.services import deployments
from musenest.common.api.fields import BodySerializer, SparseSerializer
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet

LONGEST_WAIT = 30  # seconds
# Of this process at once: each holds one of its few threads, and the others are for those who do not wait.
MOST_WAITERS = 2
waiters = BoundedSemaphore(MOST_WAITERS)
WAIT = OpenApiParameter(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
    description="Wait so many seconds for the end. 200 where it came, 202 where it did not, "
    "or at once while others wait.",
)
UNKNOWN_DEPLOYMENT = {404: "`DEPLOYMENT_UNKNOWN`: there is no such deployment, or it is not yours."}


class DeploymentSerializer(SparseSerializer):
    """The work that applies one configuration version to a site's server."""

    id = serializers.UUIDField()
    site = serializers.UUIDField(source="site_config_id")
    server = serializers.UUIDField(source="server_id", allow_null=True)
    revision = serializers.IntegerField(help_text="numbers the deployments of a site")
    version = serializers.IntegerField(
        source="version.number", help_text="of the configuration that is applied"
    )
    digest = serializers.CharField(source="version.digest")
    deployment_status = serializers.ChoiceField(DeploymentStatus.choices)
    attempts = serializers.IntegerField(help_text="tries begun")
    max_retries = serializers.IntegerField(help_text="tries in all")
    retry_delay_base_ms = serializers.IntegerField()
    error_code = serializers.CharField(help_text="of the last try that failed")
    error_message = serializers.SerializerMethodField()
    response_time_ms = serializers.IntegerField(allow_null=True)
    nudenet_config = serializers.DictField(help_text="what is sent")
    blip_config = serializers.DictField(help_text="what is sent")
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    deployed_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_error_message(self, deployment: Deployment) -> str:
        """Why it failed or, while it is still tried, why the last try did."""
        return deployment.error_message or deployment.last_error


class DeploymentAnswerSerializer(serializers.Serializer[Any]):
    deployment = DeploymentSerializer(source="*")


class DeployBody(BodySerializer):
    expected_digest = serializers.CharField(
        max_length=64,
        required=False,
        allow_null=True,
        help_text="the plan's `digest`; 409 where it is another by now",
    )
    max_retries = serializers.IntegerField(
        min_value=1, max_value=MOST_TRIES, default=TRIES, help_text="tries in all"
    )
    retry_delay_base_ms = serializers.IntegerField(
        min_value=LEAST_DELAY_MS,
        max_value=MOST_DELAY_MS,
        default=DELAY_MS,
        help_text="the wait after the first try; each one after it is twice as long, up to 5 minutes",
    )


class WaitSerializer(serializers.Serializer[Any]):
    wait = serializers.IntegerField(min_value=0, max_value=LONGEST_WAIT, default=0)


class DeploymentFilter(FilterSet):
    deployment_status = django_filters.ChoiceFilter(choices=DeploymentStatus.choices)


class DeploymentsViewSet(ApiViewSet):
    permissions = {"create": "deploy", "history": "sites:read", "retrieve": "sites:read", "cancel": "deploy"}
    queryset = Deployment.objects.none()
    filterset_class = DeploymentFilter
    ordering = ("-revision",)
    ordering_fields = ("revision", "created_at")

    @extend_schema(
        tags=TAGS,
        operation_id="deploy_site",
        summary="Deploy a site",
        description="Freeze what is saved as a version and ask for its deployment, which follows by itself. "
        "One that still waits makes room. While the server gives no usable answer it is tried again, "
        "whatever the last check of the server saw. With `?wait=` the answer comes at the end, whatever end "
        "it is.",
        parameters=[SITE, WAIT],
        request=DeployBody,
        responses={
            202: DeploymentAnswerSerializer,
            200: DeploymentAnswerSerializer,
            **protected(
                UNKNOWN
                | {
                    403: "`SUBSCRIPTION_INACTIVE`, `SUBSCRIPTION_MISSING`: no subscription serves the "
                    "organisation. `DENIED`: your role or key lacks the permission.",
                    409: "`PLAN_STALE`: the site was changed since. `NO_SERVER`, `SERVER_INACTIVE`, "
                    "`ATTESTATION_MISSING`, `NEEDS_CAPTIONS`: a conflict of the plan.",
                    422: "`CONFIGURATION_INVALID`, `UNKNOWN_FIELD`, `VALIDATION_ERROR`",
                }
            ),
        },
    )
    def create(self, request: Request, site: str) -> Response:
        wait = self.seconds_to_wait()
        asked = self.validated(DeployBody)
        found = sites.get_for(self.organization, site)
        deployment = deployments.request(site=found, by=self.caller.actor, **asked)
        if wait and waiters.acquire(blocking=False):
            try:
                deployment = reading.until_ended(self.organization, deployment.pk, seconds=wait)
            finally:
                waiters.release()
        status = 200 if wait and not deployment.is_pending else 202
        return Response(self.shown(DeploymentAnswerSerializer, deployment), status=status)

    @extend_schema(
        tags=TAGS,
        operation_id="list_site_history",
        summary="A site's deployments",
        description="All deployments of the site, the newest first.",
        parameters=[SITE, FIELDS],
        responses={200: DeploymentSerializer(many=True), **protected(UNKNOWN)},
    )
    def history(self, request: Request, site: str) -> Response:
        found = sites.get_for(self.organization, site)
        return self.page(reading.history_of(found), DeploymentSerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="get_deployment",
        summary="One deployment",
        description="How far a deployment is, and why it failed where it did.",
        parameters=[FIELDS],
        responses={200: DeploymentSerializer, **protected(UNKNOWN_DEPLOYMENT)},
    )
    def retrieve(self, request: Request, deployment: UUID) -> Response:
        return Response(self.shown(DeploymentSerializer, reading.get_for(self.organization, deployment)))

    @extend_schema(
        tags=TAGS,
        operation_id="cancel_deployment",
        summary="Take a deployment back",
        description="End a deployment that is not running now: it waits for its first try, or between two.",
        request=None,
        responses={
            200: DeploymentSerializer,
            **protected(UNKNOWN_DEPLOYMENT | {409: "`WORK_NOT_WAITING`: it runs or has ended."}),
        },
    )
    def cancel(self, request: Request, deployment: UUID) -> Response:
        found = reading.get_for(self.organization, deployment)
        cancelled = deployments.cancel(deployment=found, by=self.caller.actor)
        return Response(self.shown(DeploymentSerializer, cancelled))

    def seconds_to_wait(self) -> int:
        asked = WaitSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        seconds: int = asked.validated_data["wait"]
        return seconds
