"""Where one is signed in, and ending it: a person's sessions of browsers and sign-ins of programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import cookies
from accounts.api.authentication import credential_of
from accounts.api.scoping import PersonViewSet
from accounts.selectors import sessions as reading
from accounts.services import sessions, tokens
from musenest.common.api.requests import underlying
from musenest.common.api.schema import protected
from musenest.common.api.views import SIGNED_IN

TAGS = ["Accounts"]
SESSION = OpenApiParameter("session", str, OpenApiParameter.PATH, description="The `id` in the list.")
NO_KEY = {403: "`PERSON_NEEDED`: an API key is nobody's."}


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(
        [reading.BROWSER, reading.PROGRAM], help_text="`program`: signed in by `POST /api/auth/login`"
    )
    address = serializers.CharField(allow_null=True, help_text="where it signed in from")
    agent = serializers.CharField(help_text="what its User-Agent said then")
    began_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(
        help_text="of a browser to five minutes; of a program when it got its tokens last"
    )
    is_current = serializers.BooleanField(help_text="this request is of it")


class SessionsSerializer(serializers.Serializer[Any]):
    results = SessionSerializer(many=True)


class SignedInViewSet(PersonViewSet):
    permissions = {"retrieve": SIGNED_IN, "destroy": SIGNED_IN}

    @extend_schema(
        tags=TAGS,
        operation_id="list_sessions",
        summary="Where you are signed in",
        description="Your browsers' sessions and your programs' sign-ins, the one that was used last first; "
        "the last hundred.",
        responses={200: SessionsSerializer, **protected(NO_KEY)},
    )
    def retrieve(self, request: Request) -> Response:
        found = reading.of_person(self.person, current=current_of(request))
        return Response(self.shown(SessionsSerializer, {"results": found}))

    @extend_schema(
        tags=TAGS,
        operation_id="end_session",
        summary="End one of them",
        description="From the next request on it counts for nothing. It may be the one that asks.",
        parameters=[SESSION],
        responses={
            204: None,
            **protected(NO_KEY | {404: "`SESSION_UNKNOWN`: it has ended, or it is not yours."}),
        },
    )
    def destroy(self, request: Request, session: str) -> Response:
        sessions.end_one(person=self.person, session=session)
        return Response(status=204)


def current_of(request: Request) -> str:
    """Who asks: the family of its token, or its session's key."""
    text = credential_of(request) or request.COOKIES.get(cookies.ACCESS, "")
    return str(tokens.opened(text).family) if text else underlying(request).session.session_key
