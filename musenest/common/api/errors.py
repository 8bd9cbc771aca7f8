"""Translates whatever was raised into the envelope. Words of an exception that is not ours never reach a
client.
"""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import set_rollback

from musenest.common.api.envelope import failure
from musenest.common.errors import InvalidError, LimitError, MuseNestError, UnavailableError

logger = structlog.get_logger(__name__)

# DRF's own exceptions: status, code, sentence (where DRF's own is not good enough).
KNOWN: tuple[tuple[type[Exception], int, str, str], ...] = (
    (exceptions.NotAuthenticated, 401, "NOT_SIGNED_IN", "No token provided"),
    (exceptions.AuthenticationFailed, 401, "INVALID_TOKEN", "Invalid token"),
    (
        exceptions.ParseError,
        400,
        "MALFORMED",
        "The body could not be read. Send valid JSON or multipart/form-data.",
    ),
    (exceptions.PermissionDenied, 403, "DENIED", "You may not do this."),
    (PermissionDenied, 403, "DENIED", "You may not do this."),
    (exceptions.NotFound, 404, "NOT_FOUND", "It does not exist."),
    (Http404, 404, "NOT_FOUND", "It does not exist."),
    (exceptions.MethodNotAllowed, 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
    (exceptions.NotAcceptable, 406, "NOT_ACCEPTABLE", "Only JSON is spoken here."),
    (
        exceptions.UnsupportedMediaType,
        415,
        "MEDIA_TYPE_UNSUPPORTED",
        "Send application/json or multipart/form-data.",
    ),
    (RequestDataTooBig, 413, "TOO_LARGE", "The body is too large."),
    (SuspiciousOperation, 400, "MALFORMED", "The request could not be read."),
    (BadRequest, 400, "MALFORMED", "The request could not be read."),
)


def as_envelope(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None lets Django answer 500 (and report it) by `musenest.urls.handler500`."""
    set_rollback()
    exception = as_ours(exception)
    if isinstance(exception, MuseNestError):
        return ours(exception)
    for known, status, code, message in KNOWN:
        if isinstance(exception, known):
            return answer(status, failure(code, message))
    return None


def as_ours(exception: Exception) -> Exception:
    """The error of ours that says the same, where there is one."""
    if isinstance(exception, exceptions.ValidationError):
        return as_invalid(exception)
    if isinstance(exception, ValidationError):
        return as_invalid(exceptions.ValidationError(get_error_detail(exception)))
    if isinstance(exception, exceptions.Throttled):
        wait = math.ceil(getattr(exception, "wait", None) or 1)
        return LimitError("Too many requests. Wait and try again.", code="RATE_LIMITED", retry_after=wait)
    if isinstance(exception, OperationalError | InterfaceError):
        logger.error("database_does_not_answer", exc_info=exception)
        return UnavailableError("The database does not answer. Try again.", retry_after=5)
    return exception


def ours(error: MuseNestError) -> Response:
    response = answer(error.status, failure(error.code, error.message, error.details))
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def answer(status: int, body: dict[str, Any]) -> Response:
    response = Response(body, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
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
            yield from flattened(
                value, path if isinstance(value, exceptions.ErrorDetail) else f"{path}.{index}"
            )
    else:
        yield path, detail
