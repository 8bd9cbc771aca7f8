"""The kernel's middleware: request id, content security policy, the person's scope, errors as pages."""

import re
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from redis.exceptions import RedisError

from musenest.common import rates, tenancy
from musenest.common.errors import LengthRequiredError, MalformedError, MuseNestError
from musenest.common.failures import answer
from musenest.common.portal import error_page
from musenest.common.rates.pages import DOCS

GetResponse = Callable[[HttpRequest], HttpResponse]

ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(get_response: GetResponse) -> GetResponse:
    """Gives every request an id (the caller's, if it sent a plain one) and says it in the answer and in every
    log line.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # Not by `request.headers`, which would remember what was sent and hide what is set here.
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request.META["HTTP_X_REQUEST_ID"] = sent if ACCEPTABLE_ID.fullmatch(sent) else uuid4().hex
        response = get_response(request)
        response["X-Request-ID"] = request.META["HTTP_X_REQUEST_ID"]
        return response

    return middleware


def refuse_chunked(get_response: GetResponse) -> GetResponse:
    """Says 411 to a body of unknown length: WSGI would read it as empty, and something else would be done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return answer(request, LengthRequiredError("Send the body with Content-Length, not in chunks."))
        return get_response(request)

    return middleware


# What Unfold (Alpine.js) and Swagger UI cannot do without; nowhere else.
RELAXED = {
    "/admin/": "script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'",
    DOCS: "script-src 'self'; style-src 'self' 'unsafe-inline'",
}
OF_PAGES = (
    "default-src 'self'; {own}; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action {forms}; frame-ancestors 'none'"
)
# An answer of the API is data: it loads nothing and stands in no frame.
OF_DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Only our own scripts and styles, and inline ones by nonce (`request.csp_nonce`)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        policy = policy_of(request)
        response = get_response(request)
        response["Content-Security-Policy"] = policy
        # Pages and answers are somebody's; static files say for themselves how long they may be kept.
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def policy_of(request: HttpRequest) -> str:
    """The policy of what is answered; a page's nonce is put on the request."""
    relaxed = next((own for prefix, own in RELAXED.items() if request.path.startswith(prefix)), None)
    if relaxed is None and request.path.startswith("/api/"):
        return OF_DATA
    nonce = secrets.token_urlsafe(16)
    request.csp_nonce = nonce  # type: ignore[attr-defined]  # middleware puts it there
    own = relaxed or f"script-src 'self' 'nonce-{nonce}'; style-src 'self'"
    return OF_PAGES.format(own=own, forms=form_targets())


def form_targets() -> str:
    """Where forms lead. Browsers ask it of redirects too, and the button of Google's is a form that leads
    there.
    """
    if not settings.GOOGLE_CLIENT_ID:
        return "'self'"
    google = urlsplit(settings.SOCIALACCOUNT_PROVIDERS["google"]["AUTHORIZE_URL"])
    return f"'self' {google.scheme}://{google.netloc}"


def straight_to_the_api(get_response: GetResponse) -> GetResponse:
    """Takes a program's request (a credential in its header, no cookie) to its view: session, language, CSRF
    and what else stands behind this is for pages, and is most of the way otherwise.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_programs(request):
            return get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return middleware


def is_programs(request: HttpRequest) -> bool:
    sent, path = request.META, request.path_info
    has_credential = "HTTP_AUTHORIZATION" in sent or "HTTP_X_API_KEY" in sent
    return has_credential and not sent.get("HTTP_COOKIE") and path.startswith("/api/") and path != DOCS


def scope_of_the_person(get_response: GetResponse) -> GetResponse:
    """Runs the request in the scope of the person whose session it is; staff in the admin see all rows.

    The session's person is looked up as staff, because until then there is no scope that could see them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return get_response(request)
        with tenancy.staff():
            person = request.user
            is_signed_in = person.is_authenticated
        if not is_signed_in or person.pk is None:
            return get_response(request)
        is_admin = request.path.startswith("/admin/") and person.is_staff
        with tenancy.staff() if is_admin else tenancy.person(person.pk):
            return get_response(request)

    return middleware


def language(get_response: GetResponse) -> GetResponse:
    """Pages speak the person's language, else the one that the browser asks for. Programs and the admin are
    answered in English.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_page = request.path == DOCS or not request.path.startswith(("/api/", "/admin/"))
        code = language_of(request) if is_page else settings.LANGUAGE_CODE
        with translation.override(code):
            response = get_response(request)
        if is_page and not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Content-Language", code)
            patch_vary_headers(response, ["Accept-Language"])
        return response

    return middleware


def language_of(request: HttpRequest) -> str:
    wanted = getattr(request.user, "locale", "")
    try:
        return translation.get_supported_language_variant(wanted)
    except LookupError:
        return translation.get_language_from_request(request)


class ErrorPages:
    """Turns the errors that services raise into pages (or, for htmx, into a toast) with their status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """PostgreSQL takes no null byte; the API's serializers say so for themselves."""
        if not request.path.startswith("/api/") and has_null_byte(request):
            return error_page(request, MalformedError("A null byte is not a character."))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, MuseNestError):
            return error_page(request, exception)
        if isinstance(exception, DataError):  # a value that no column of its kind can hold
            return error_page(request, MalformedError("A value here is out of its range."))
        if isinstance(exception, RedisError):  # allauth counts its letters and codes there
            return error_page(request, rates.uncounted())
        return None


def has_null_byte(request: HttpRequest) -> bool:
    sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    values = (value for fields in sent for _, found in fields.lists() for value in found)
    return "\0" in request.path or any("\0" in value for value in values)
