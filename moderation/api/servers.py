from typing import Any
from uuid import UUID

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.models import Server, ServerStatus
from moderation.models.servers import Protocol
from moderation.selectors import servers as reading
from moderation.services import held_configurations, servers
from musenest.common.api.fields import BodySerializer, SparseSerializer
from musenest.common.api.filters import BooleanFilter, FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import STAFF, ApiViewSet

TAGS = ["Moderation servers"]
UNKNOWN = {404: "`NOT_FOUND`, `SERVER_UNKNOWN`: there is no such server, or you are not staff."}
INVALID = {422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`: every wrong field with its path."}


class ServerSerializer(SparseSerializer):
    """A moderation server. Its key goes in and never comes out."""

    id = serializers.UUIDField()
    organization = serializers.SlugField(
        source="organization.slug", allow_null=True, help_text="null: shared by all organisations"
    )
    name = serializers.CharField()
    adapter = serializers.ChoiceField(servers.ADAPTERS)
    protocol = serializers.ChoiceField(Protocol.choices)
    ip_address = serializers.CharField(help_text="or a host name")
    port = serializers.IntegerField()
    has_api_key = serializers.SerializerMethodField()
    region = serializers.CharField()
    max_sites = serializers.IntegerField(help_text="-1 is without limit")
    is_active = serializers.BooleanField()
    status = serializers.ChoiceField(ServerStatus.choices, help_text="what the last check saw")
    capabilities = serializers.ListField(child=serializers.CharField())
    is_blip_available = serializers.BooleanField(help_text="whether it captions pictures")
    version = serializers.CharField()
    response_time_ms = serializers.IntegerField(allow_null=True)
    last_checked_at = serializers.DateTimeField(allow_null=True)
    uptime = serializers.IntegerField(
        source="uptime_seconds", allow_null=True, help_text="seconds, as the server said when it was checked"
    )
    last_error = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_has_api_key(self, server: Server) -> bool:
        return bool(server.api_key)


class ServerHealthSerializer(SparseSerializer):
    """What the last check of a server saw."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    region = serializers.CharField()
    status = serializers.ChoiceField(ServerStatus.choices)
    is_blip_available = serializers.BooleanField()
    response_time_ms = serializers.IntegerField(allow_null=True)
    last_checked_at = serializers.DateTimeField(allow_null=True)


class RevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(help_text="of the deployment")
    digest = serializers.CharField(help_text="of the configuration")


class HeldSerializer(serializers.Serializer[Any]):
    """One site on one server: what the server holds beside what was deployed to it."""

    site = serializers.UUIDField()
    site_identifier = serializers.CharField(allow_null=True, help_text="null: no site of ours")
    organization = serializers.SlugField(allow_null=True)
    held = RevisionSerializer(allow_null=True, help_text="null: the server has nothing of the site")
    deployed = RevisionSerializer(allow_null=True, help_text="null: nothing of the site belongs there")
    is_as_deployed = serializers.BooleanField()


class ServerConfigurationSerializer(SparseSerializer):
    server = serializers.UUIDField()
    sites = HeldSerializer(many=True)


class ServerBody(BodySerializer):
    name = serializers.CharField(max_length=80)
    adapter = serializers.ChoiceField(servers.ADAPTERS, required=False)
    protocol = serializers.ChoiceField(Protocol.choices, required=False)
    ip_address = serializers.CharField(max_length=253, help_text="or a host name, without protocol and path")
    port = serializers.IntegerField(min_value=1, max_value=65535, required=False)
    api_key = serializers.CharField(
        max_length=1024,
        allow_blank=True,
        required=False,
        write_only=True,
        help_text="an empty one keeps the old",
    )
    region = serializers.CharField(max_length=32, required=False)
    max_sites = serializers.IntegerField(min_value=-1, max_value=2**31 - 1, required=False)
    is_active = serializers.BooleanField(required=False)


class ServerFilter(FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", help_text="a part of the name")
    status = django_filters.ChoiceFilter(choices=ServerStatus.choices, help_text="what the last check saw")
    region = django_filters.CharFilter()
    adapter = django_filters.ChoiceFilter(choices=[(name, name) for name in servers.ADAPTERS])
    is_active = BooleanFilter()
    is_blip_available = BooleanFilter(help_text="whether it captions pictures")
    organization = django_filters.CharFilter(
        field_name="organization__slug", help_text="the slug of the one that brought it"
    )


class ServersViewSet(ApiViewSet):
    permissions = {
        "list": STAFF,
        "create": STAFF,
        "retrieve": STAFF,
        "partial_update": STAFF,
        "destroy": STAFF,
        "check": STAFF,
        "configuration": STAFF,
        "health": "sites:read",
    }
    stepped_up = frozenset({"create", "partial_update", "destroy"})
    queryset = Server.objects.none()
    filterset_class = ServerFilter
    ordering = ("name",)
    ordering_fields = ("name", "created_at", "status", "region", "response_time_ms", "last_checked_at")

    @extend_schema(
        tags=TAGS,
        operation_id="list_servers",
        summary="All servers (staff)",
        description="Every moderation server, with what its last check saw.",
        parameters=[FIELDS],
        responses={200: ServerSerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(reading.all_of_them(), ServerSerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="create_server",
        summary="Register a server (staff)",
        description="Register a shared moderation server. Its status is unknown until it is checked.",
        request=ServerBody,
        responses={201: ServerSerializer, **protected(INVALID)},
    )
    def create(self, request: Request) -> Response:
        server = servers.create(fields=self.validated(ServerBody), by=self.caller.actor)
        return Response(self.shown(ServerSerializer, server), status=201)

    @extend_schema(
        tags=TAGS,
        operation_id="get_server",
        summary="One server (staff)",
        description="One moderation server, with what its last check saw.",
        parameters=[FIELDS],
        responses={200: ServerSerializer, **protected(UNKNOWN)},
    )
    def retrieve(self, request: Request, server: UUID) -> Response:
        return Response(self.shown(ServerSerializer, reading.get(server)))

    @extend_schema(
        tags=TAGS,
        operation_id="update_server",
        summary="Change a server (staff)",
        description="Change what is named. An empty `api_key` keeps the old one.",
        request=ServerBody(partial=True),
        responses={200: ServerSerializer, **protected(UNKNOWN | INVALID)},
    )
    def partial_update(self, request: Request, server: UUID) -> Response:
        found = reading.get(server)
        fields = self.validated(ServerBody, partial=True)
        return Response(
            self.shown(ServerSerializer, servers.update(server=found, fields=fields, by=self.caller.actor))
        )

    @extend_schema(
        tags=TAGS,
        operation_id="delete_server",
        summary="Remove a server (staff)",
        description="Remove a server that no site is on and that decides for none.",
        responses={
            204: None,
            **protected(UNKNOWN | {409: "`SERVER_HAS_SITES`: move its sites and deploy them first."}),
        },
    )
    def destroy(self, request: Request, server: UUID) -> Response:
        servers.delete(server=reading.get(server), by=self.caller.actor)
        return Response(status=204)

    @extend_schema(
        tags=TAGS,
        operation_id="check_server",
        summary="Check a server (staff)",
        description="Ask the server how it is, for 5 s at most, and keep the answer: `online`, `degraded` "
        "(it "
        "answered, but not well) or `offline`, with the reason in `last_error`.",
        request=None,
        responses={200: ServerSerializer, **protected(UNKNOWN)},
    )
    def check(self, request: Request, server: UUID) -> Response:
        checked = servers.check(server=reading.get(server), by=self.caller.actor)
        return Response(self.shown(ServerSerializer, checked))

    @extend_schema(
        tags=TAGS,
        operation_id="get_server_configuration",
        summary="What a server holds (staff)",
        description="Ask the server, for 5 s at most, which configuration it holds of each site, and compare "
        "that with what was deployed to it. Changes nothing.",
        parameters=[FIELDS],
        filters=False,
        responses={
            200: ServerConfigurationSerializer,
            **protected(
                UNKNOWN
                | {
                    409: "`SERVER_UNREACHABLE`, `SERVER_TIMED_OUT`, `SERVER_ANSWER_UNREADABLE`, "
                    "`SERVER_KEY_REFUSED`, `ADAPTER_UNKNOWN` and the like: there is no answer, and why."
                }
            ),
        },
    )
    def configuration(self, request: Request, server: UUID) -> Response:
        held = held_configurations.ask(server=reading.get(server))
        return Response(self.shown(ServerConfigurationSerializer, {"server": server, "sites": held}))

    @extend_schema(
        tags=TAGS,
        operation_id="get_servers_health",
        summary="How the servers are",
        description="What the last check saw of every server that may hold your sites. Calls none of them.",
        parameters=[FIELDS],
        responses={200: ServerHealthSerializer(many=True), **protected()},
    )
    def health(self, request: Request) -> Response:
        return self.page(reading.usable_by(self.organization), ServerHealthSerializer)
