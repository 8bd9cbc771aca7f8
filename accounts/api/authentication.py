"""Who is calling the API: an access token, an API key, or a browser (an access token in a cookie, or the
portal's session) with CSRF (API.md).
"""

from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.api import cookies
from accounts.domain import api_keys as key_format
from accounts.models import Person
from accounts.selectors import callers, token_callers
from accounts.services import second_factors, tokens
from musenest.common import step_up
from musenest.common.api.requests import underlying
from musenest.common.callers import Caller
from musenest.common.errors import DeniedError


class CredentialAuthentication(BaseAuthentication):
    """Sets `request.auth` to a Caller. A person in several organisations names one by X-Organization."""

    def authenticate(self, request: Request) -> tuple[Any, Caller] | None:
        credential = credential_of(request)
        if key_format.is_api_key(credential):
            caller = callers.of_api_key(credential)
            return AnonymousUser(), caller
        slug = request.META.get("HTTP_X_ORGANIZATION", "")
        if credential:
            return of_token(credential, slug)
        if cookies.ACCESS in request.COOKIES:
            cookies.require_csrf(request)
            return of_token(request.COOKIES[cookies.ACCESS], slug)
        person = person_of_session(request)
        if person is None:
            return None
        caller = callers.in_organization(person, slug) if slug else callers.in_first_organization(person)
        return person, replace(caller, proved_at=step_up.proved_at(underlying(request)))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def credential_of(request: Request) -> str:
    sent: dict[str, str] = request.META  # `headers` would be made anew of all of it
    scheme, _, value = sent.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or "empty"
    return sent.get("HTTP_X_API_KEY", "")


def of_token(text: str, slug: str) -> tuple[Person, Caller]:
    access = tokens.opened(text)
    person, caller = token_callers.of_token(access.person, access.family, slug)
    return person, replace(caller, proved_at=access.proved_at)


def person_of_session(request: Request) -> Person | None:
    """The portal's person. A request that changes something also carries the CSRF token."""
    person = getattr(underlying(request), "user", None)
    if not isinstance(person, Person) or not person.is_active:
        return None
    cookies.require_csrf(request)
    if second_factors.is_missing(underlying(request)):
        raise DeniedError(
            "Staff need a second factor. Show it in the portal first.", code="SECOND_FACTOR_NEEDED"
        )
    return person


class CredentialScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers
    target_class = "accounts.api.authentication.CredentialAuthentication"
    name = ["accessToken", "apiKey", "accessCookie", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "An access token, or an API key (mn_live_…, mn_test_…)",
            },
            {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            {
                "type": "apiKey",
                "in": "cookie",
                "name": cookies.ACCESS,
                "description": "Of a sign-in with `cookies: true`; with X-CSRFToken to change something",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The portal's session, with CSRF",
            },
        ]
