"""Who is calling the API: an access token, an API key, or a browser (an access token in a cookie, or the
portal's session) with CSRF (API.md).
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.api import cookies
from accounts.domain import api_keys as key_format
from accounts.models import Person
from accounts.selectors import callers
from accounts.services import tokens
from musenest.common.callers import Caller


class CredentialAuthentication(BaseAuthentication):
    """Sets `request.auth` to a Caller. A person in several organisations names one by X-Organization."""

    def authenticate(self, request: Request) -> tuple[Any, Caller] | None:
        credential = credential_of(request)
        if key_format.is_api_key(credential):
            caller = callers.of_api_key(credential)
            return AnonymousUser(), caller
        person = person_of_token(credential) if credential else person_of_browser(request)
        if person is None:
            return None
        slug = request.headers.get("X-Organization")
        return person, callers.in_organization(person, slug) if slug else callers.in_first_organization(
            person
        )

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def credential_of(request: Request) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or "empty"
    return request.headers.get("X-API-Key", "")


def person_of_token(text: str) -> Person:
    access = tokens.opened(text)
    return callers.person_of_token(access.person, access.family)


def person_of_browser(request: Request) -> Person | None:
    """The person of the cookies. A request that changes something also carries the CSRF token."""
    if cookies.ACCESS in request.COOKIES:
        cookies.require_csrf(request)
        return person_of_token(request.COOKIES[cookies.ACCESS])
    person = getattr(cookies.underlying(request), "user", None)
    if not isinstance(person, Person) or not person.is_active:
        return None
    cookies.require_csrf(request)
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
