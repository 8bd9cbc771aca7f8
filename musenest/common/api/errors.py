"""Translates whatever was raised into the envelope. Words of an exception that is not ours never reach a client."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from musenest.common.api.envelope import failure
from musenest.common.errors import InvalidError, MuseNestError

logger = structlog.get_logger(__name__)

# DRF's own exceptions: status, code, sentence (where DRF's own is not good enough).
KNOWN: tuple[tuple[type[Exception], int, str, str], ...] = (
    (exceptions.NotAuthenticated, 401, "NOT_SIGNED_IN", "No token provided"),
    (exceptions.AuthenticationFailed, 401, "INVALID_TOKEN", "Invalid token"),
    (exceptions.ParseError, 400, "MALFORMED", "The body could not be read. Send valid JSON or multipart/form-data."),
    (exceptions.PermissionDenied, 403, "DENIED", "You may not do this."),
    (PermissionDenied, 403, "DENIED", "You may not do this."),
    (exceptions.NotFound, 404, "NOT_FOUND", "It does not exist."),
    (Http404, 404, "NOT_FOUND", "It does not exist."),
    (exceptions.MethodNotAllowed, 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
    (exceptions.NotAcceptable, 406, "NOT_ACCEPTABLE", "Only JSON is spoken here."),
    (exceptions.UnsupportedMediaType, 415, "MEDIA_TYPE_UNSUPPORTED", "Send application/json or multipart/form-data."),
)


def as_envelope(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None lets Django answer 500 (and report it) through `musenest.urls.handler500`."""
    set_rollback()
    if isinstance(exception, exceptions.ValidationError):
        exception = as_invalid(exception)
    if isinstance(exception, MuseNestError):
        return ours(exception)
    for known, status, code, message in KNOWN:
        if isinstance(exception, known):
            return theirs(exception, status, code, message)
    logger.exception("request_failed", exc_info=exception)
    return None


def ours(error: MuseNestError) -> Response:
    response = Response(failure(error.code, error.message, error.details), status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if error.status == 401:  # noqa: PLR2004 -- the standard asks for the header with this status
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def theirs(exception: Exception, status: int, code: str, message: str) -> Response:
    response = Response(failure(code, message), status=status)
    if status == 401:  # noqa: PLR2004 -- the standard asks for the header with this status
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def as_invalid(exception: exceptions.ValidationError) -> InvalidError:
    """Every error with its path; `field` and `reason` repeat the first one (L-37)."""
    errors = [
        {"path": path, "code": str(detail.code).upper(), "message": str(detail)}
        for path, detail in flattened(exception.detail)
    ]
    first = errors[0] if errors else {"path": "", "message": "The request is invalid."}
    return InvalidError(
        f"{first['path']}: {first['message']}" if first["path"] else first["message"],
        details={"errors": errors, "field": first["path"], "reason": first["message"]},
    )


def flattened(detail: Any, path: str = "") -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from flattened(value, ".".join(part for part in (path, name) if part))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from flattened(value, path if isinstance(value, exceptions.ErrorDetail) else f"{path}.{index}")
    else:
        yield path, detail
