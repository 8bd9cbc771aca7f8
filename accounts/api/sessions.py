"""Signing programs in and out (API.md, *Accounts*). The credentials are in the body: none is looked for
elsewhere.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.services import sessions, tokens
from musenest.common import rates
from musenest.common.api.fields import BodySerializer
from musenest.common.api.schema import failures
from musenest.common.api.views import PUBLIC, ApiViewSet


class CredentialsSerializer(BodySerializer):
    email = serializers.CharField(max_length=255)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class RefreshSerializer(BodySerializer):
    refresh = serializers.CharField(max_length=4096, help_text="the newest refresh token")


class PairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="for `Authorization: Bearer …`; lives 15 minutes")
    refresh = serializers.CharField(help_text="good once: its use gives the next")
    user = PersonSerializer(source="person")


class SessionsViewSet(ApiViewSet):
    permissions = {"login": PUBLIC, "refresh": PUBLIC, "logout": PUBLIC}
    authentication_classes = ()
    is_idempotent = False
    rate = rates.AUTH

    @extend_schema(
        tags=["Accounts"],
        operation_id="login",
        summary="Sign in",
        description="Exchange an e-mail address and a password for an access and a refresh token.",
        request=CredentialsSerializer,
        responses={
            200: PairSerializer,
            **failures({401: "`SIGN_IN_FAILED`: address or password is wrong, or the person is disabled."}),
        },
    )
    def login(self, request: Request) -> Response:
        pair = sessions.begin_tokens(**self.validated(CredentialsSerializer))
        return Response(self.shown(PairSerializer, pair))

    @extend_schema(
        tags=["Accounts"],
        operation_id="refresh",
        summary="Get the next tokens",
        description="Exchange a refresh token for the next pair. One that was used before ends every token "
        "of its sign-in: somebody has a copy.",
        request=RefreshSerializer,
        responses={
            200: PairSerializer,
            **failures({401: "`INVALID_TOKEN`: forged, expired or ended. `TOKEN_REUSED`: sign in again."}),
        },
    )
    def refresh(self, request: Request) -> Response:
        pair = tokens.rotate(self.validated(RefreshSerializer)["refresh"])
        return Response(self.shown(PairSerializer, pair))

    @extend_schema(
        tags=["Accounts"],
        operation_id="logout",
        summary="Sign out",
        description="End the sign-in that this refresh token belongs to. Ending it twice is no error.",
        request=RefreshSerializer,
        responses={204: None, **failures({401: "`INVALID_TOKEN`: forged or expired."})},
    )
    def logout(self, request: Request) -> Response:
        tokens.end(self.validated(RefreshSerializer)["refresh"])
        return Response(status=204)
