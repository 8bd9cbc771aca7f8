"""Django's four error handlers: the envelope under /api/, a page elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from musenest.common.api.envelope import failure
from musenest.common.errors import DeniedError, MalformedError, MuseNestError, NotFoundError


def answer(request: HttpRequest, error: MuseNestError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(failure(error.code, error.message), status=error.status)
    return render(request, "error.html", {"error": error}, status=error.status)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer(request, MalformedError("The request could not be read."))


def denied(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer(request, DeniedError("You may not do this."))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, DeniedError("The page was open too long. Reload it and try again.", code="CSRF"))


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer(request, NotFoundError("It does not exist, or it is not yours."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page without its frame: the frame asks for the person, and the database may be what has failed."""
    error = MuseNestError("Internal server error")
    if request.path.startswith("/api/"):
        return answer(request, error)
    return HttpResponse(render_to_string("error.html", {"error": error}), status=error.status)
