"""Tokens of browsers: in cookies that no script can read, so every change needs the CSRF token as well.

`POST /api/auth/login` with `"cookies": true` sets them and answers with `csrf_token`, which goes into the
`X-CSRFToken` header of every request that is no GET. Programs take their tokens from the body instead.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token, rotate_token
from django.utils import timezone
from rest_framework.authentication import CSRFCheck
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.services.tokens import Pair
from musenest.common.api.requests import underlying
from musenest.common.errors import DeniedError

ACCESS, REFRESH = "musenest_access", "musenest_refresh"
PATHS = {ACCESS: "/api/", REFRESH: "/api/auth/"}


def put(response: Response, pair: Pair) -> None:
    """Each lives as long as its token."""
    access_lives: Any = settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
    for name, text, lives in (
        (ACCESS, pair.access, access_lives),
        (REFRESH, pair.refresh, pair.expires_at - timezone.now()),
    ):
        response.set_cookie(
            name,
            text,
            path=PATHS[name],
            max_age=lives,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )


def take_back(response: Response) -> None:
    for name, path in PATHS.items():
        response.delete_cookie(name, path=path, samesite="Strict")


def csrf_token(request: Request, *, is_new: bool) -> str:
    """What the browser sends as X-CSRFToken; a new one at the sign-in."""
    if is_new:
        rotate_token(underlying(request))
    return get_token(underlying(request))


def require_csrf(request: Request) -> None:
    """Raise DeniedError unless the request is safe or carries the CSRF token of its cookie."""
    check = CSRFCheck(answered)
    check.process_request(underlying(request))
    if check.process_view(underlying(request), answered, (), {}):
        raise DeniedError(
            "Send the CSRF token of your sign-in as X-CSRFToken: the credential came in a cookie.",
            code="CSRF_FAILED",
        )


def answered(request: HttpRequest) -> HttpResponse:
    """Where a view would stand, for the check is Django's middleware. It is never asked."""
    return HttpResponse()
