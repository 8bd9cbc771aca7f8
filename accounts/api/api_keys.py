from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiKey, KeyMode
from accounts.models.api_keys import ApiKeyQuerySet
from accounts.rules import SCOPES
from accounts.selectors import api_keys as reading
from accounts.services import api_keys
from musenest.common.api.fields import BodySerializer, SparseSerializer
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import ApiViewSet

TAGS = ["API keys"]
STATUSES = ["usable", "revoked", "expired"]
UNKNOWN = {404: "`API_KEY_UNKNOWN`: there is no such key, or it is not yours."}
BEYOND = (
    "`SCOPE_BEYOND_YOURS`: it would open more than you may. `ADDRESS_NOT_VERIFIED`: open the link in our "
    "e-mail first. `DENIED`"
)


class ApiKeySerializer(SparseSerializer):
    """A program's credential, without the key itself."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    mode = serializers.ChoiceField(KeyMode.choices)
    scopes = serializers.ListField(child=serializers.ChoiceField(list(SCOPES)))
    status = serializers.ChoiceField(STATUSES)
    last_four = serializers.CharField(help_text="the end of the key, to tell keys apart")
    created_by = serializers.CharField(help_text="who made it, or rotated it last")
    maker_status = serializers.ChoiceField(
        list(reading.MAKERS), help_text="whether that person is still a member of the organisation"
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="to the minute")
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewApiKeySerializer(ApiKeySerializer):
    """With the key, this once."""

    key = serializers.CharField(help_text="shown this once and never again")


class ApiKeyBody(BodySerializer):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(list(SCOPES)), allow_empty=False, max_length=len(SCOPES)
    )
    mode = serializers.ChoiceField(
        KeyMode.choices, default=KeyMode.LIVE, help_text="`test` gives fixed answers and costs nothing"
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class ApiKeyFilter(FilterSet):
    mode = django_filters.ChoiceFilter(choices=KeyMode.choices)
    status = django_filters.ChoiceFilter(
        method="in_status", choices=[(status, status) for status in STATUSES]
    )
    scope = django_filters.ChoiceFilter(
        method="opening", choices=[(scope, scope) for scope in SCOPES], help_text="one that the key has"
    )
    maker_status = django_filters.ChoiceFilter(choices=[(status, status) for status in reading.MAKERS])

    def in_status(self, found: ApiKeyQuerySet, name: str, value: str) -> ApiKeyQuerySet:
        return found.in_status(value)

    def opening(self, found: QuerySet[ApiKey], name: str, value: str) -> QuerySet[ApiKey]:
        return found.filter(scopes__contains=[value])


class ApiKeysViewSet(ApiViewSet):
    permissions = {
        "list": "api_keys:read",
        "create": "api_keys:write",
        "destroy": "api_keys:write",
        "rotate": "api_keys:write",
    }
    answers_with_secret = frozenset({"create", "rotate"})
    stepped_up = frozenset({"create", "rotate"})
    queryset = ApiKey.objects.none()
    filterset_class = ApiKeyFilter
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at", "name", "expires_at", "last_used_at")

    @extend_schema(
        tags=TAGS,
        operation_id="list_api_keys",
        summary="Your API keys",
        description="The organisation's keys, revoked ones too, the newest first. Never the keys themselves.",
        parameters=[FIELDS],
        responses={200: ApiKeySerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(reading.of_organization(self.organization), ApiKeySerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="create_api_key",
        summary="Make an API key",
        description="The key is in this answer and nowhere else: keep it now.",
        request=ApiKeyBody,
        responses={201: NewApiKeySerializer, **protected({403: BEYOND, 422: "`VALIDATION_ERROR`"})},
    )
    def create(self, request: Request) -> Response:
        fields = self.validated(ApiKeyBody)
        made, key = api_keys.create(organization=self.organization, **fields, by=self.caller.actor)
        return self.with_key(made, key)

    @extend_schema(
        tags=TAGS,
        operation_id="revoke_api_key",
        summary="Revoke an API key",
        description="What uses the key is refused from the next request on. There is no way back.",
        responses={204: None, **protected(UNKNOWN)},
    )
    def destroy(self, request: Request, key: UUID) -> Response:
        api_keys.revoke(key=reading.get_for(self.organization, key), by=self.caller.actor)
        return Response(status=204)

    @extend_schema(
        tags=TAGS,
        operation_id="rotate_api_key",
        summary="Rotate an API key",
        description="A new key with the same name and scopes. The one before is refused from the next "
        "request on.",
        request=None,
        responses={
            201: NewApiKeySerializer,
            **protected(UNKNOWN | {403: BEYOND, 409: "`API_KEY_ENDED`: it was revoked, or has expired."}),
        },
    )
    def rotate(self, request: Request, key: UUID) -> Response:
        found = reading.get_for(self.organization, key)
        rotated, text = api_keys.rotate(key=found, by=self.caller.actor)
        return self.with_key(rotated, text)

    def with_key(self, row: ApiKey, key: str) -> Response:
        made = reading.get_for(self.organization, row.pk)
        return Response({**self.shown(ApiKeySerializer, made), "key": key}, status=201)
