"""Whatever is raised: its status, its code, and never an inner word."""

from typing import Any

import pytest
from django.core import exceptions as django
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.test import APIClient

from musenest.common import errors
from tests.musenest.common.api.things import Behaviour

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.musenest.common.api.things")]

INNER = "inner word: /srv/musenest 10.0.0.7 SELECT"


def raising(member: APIClient, error: Exception) -> Any:
    def act(request: Any) -> Any:
        raise error

    Behaviour.act = staticmethod(act)
    return member.post("/api/create", {})


THEIRS = [
    (drf.ParseError(INNER), 400, "MALFORMED"),
    (drf.NotAuthenticated(INNER), 401, "NOT_SIGNED_IN"),
    (drf.AuthenticationFailed(INNER), 401, "INVALID_TOKEN"),
    (drf.PermissionDenied(INNER), 403, "DENIED"),
    (drf.NotFound(INNER), 404, "NOT_FOUND"),
    (drf.MethodNotAllowed(INNER), 405, "METHOD_NOT_ALLOWED"),
    (drf.NotAcceptable(INNER), 406, "NOT_ACCEPTABLE"),
    (drf.UnsupportedMediaType(INNER), 415, "MEDIA_TYPE_UNSUPPORTED"),
    (drf.Throttled(7, INNER), 429, "RATE_LIMITED"),
    (drf.APIException(INNER), 500, "INTERNAL_ERROR"),
    (Http404(INNER), 404, "NOT_FOUND"),
    (django.PermissionDenied(INNER), 403, "DENIED"),
    (django.SuspiciousOperation(INNER), 400, "MALFORMED"),
    (django.BadRequest(INNER), 400, "MALFORMED"),
    (django.RequestDataTooBig(INNER), 413, "TOO_LARGE"),
    (OperationalError(INNER), 503, "UNAVAILABLE"),
    (ValueError(INNER), 500, "INTERNAL_ERROR"),
    (KeyError(INNER), 500, "INTERNAL_ERROR"),
]


@pytest.mark.parametrize(("error", "status", "code"), THEIRS, ids=lambda value: type(value).__name__)
def test_an_error_has_its_status_and_code_and_no_inner_word(
    member: APIClient, error: Exception, status: int, code: str
) -> None:
    answer = raising(member, error)

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert answer.json()["success"] is False
    assert "inner" not in answer.content.decode()
    assert "10.0.0.7" not in str(answer.headers)


def test_every_exception_of_drf_is_in_the_table() -> None:
    known = {type(error) for error, _, _ in THEIRS} | {drf.ValidationError}
    raised = {
        value
        for value in vars(drf).values()
        if isinstance(value, type) and issubclass(value, drf.APIException)
    }

    assert raised <= known


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.MalformedError, 400), (errors.NotSignedInError, 401), (errors.DeniedError, 403),
        (errors.NotFoundError, 404), (errors.ConflictError, 409), (errors.TooLargeError, 413),
        (errors.UnsupportedError, 415), (errors.InvalidError, 422), (errors.LimitError, 429),
        (errors.UnavailableError, 503),
    ],
)  # fmt: skip
def test_an_error_of_ours_says_what_it_says(
    member: APIClient, kind: type[errors.MuseNestError], status: int
) -> None:
    answer = raising(member, kind("Say this.", code="THIS", details={"a": 1}, retry_after=9))

    assert answer.status_code == status
    assert answer.json()["error"] == {"code": "THIS", "message": "Say this.", "details": {"a": 1}}
    assert answer["Retry-After"] == "9"
    assert answer.has_header("WWW-Authenticate") == (status == 401)


def test_a_throttled_caller_is_told_how_long_to_wait(member: APIClient) -> None:
    assert raising(member, drf.Throttled(6.2))["Retry-After"] == "7"


def test_a_validation_error_lists_every_path(member: APIClient) -> None:
    detail: Any = {
        "sites": [{}, {"name": ["Too long."]}],
        "non_field_errors": ["Odd."],
        "url": ["Bad.", "Worse."],
    }

    error = raising(member, drf.ValidationError(detail)).json()["error"]

    assert error["code"] == "VALIDATION_ERROR"
    assert error["message"] == "sites.1.name: Too long."
    assert error["details"]["field"] == "sites.1.name"
    assert [(found["path"], found["message"]) for found in error["details"]["errors"]] == [
        ("sites.1.name", "Too long."), ("", "Odd."), ("url", "Bad."), ("url", "Worse."),
    ]  # fmt: skip


def test_a_validation_error_of_a_model_is_422_too(member: APIClient) -> None:
    answer = raising(member, django.ValidationError({"name": ["Too long."]}))

    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (422, "name")


@pytest.mark.parametrize(
    "body",
    [
        b" ", b"{", b"[]", b'"x"', b"null", b"1", b'{"a": NaN}', b"\xff\xfe", b'{"a": "\\u0000"}',
        b'{"a": ["\\ud800"]}', b'{"\\u0000": 1}', b"[" * 100_000, b'{"a":' * 5000,
        b'{"a": 1e999}', b'{"a": {"b": [-1e999]}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_storable_json_object_is_400(member: APIClient, body: bytes) -> None:
    answer = member.post("/api/create", body, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "MALFORMED")


@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_a_body_that_is_nested_too_deeply_is_422(member: APIClient, begin: str, end: str) -> None:
    """The object itself is the first level."""

    def answer(levels: int) -> Any:
        body = '{"x": ' + begin * (levels - 1) + "1" + end * (levels - 1) + "}"
        return member.post("/api/create", body, content_type="application/json").json()

    assert answer(32)["success"] is True
    assert [answer(levels)["error"]["code"] for levels in (33, 300)] == ["NESTED_TOO_DEEPLY"] * 2


def test_a_huge_body_is_413(member: APIClient) -> None:
    body = b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}'

    answer = member.post("/api/create", body, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "TOO_LARGE")


def test_another_media_type_is_415(member: APIClient) -> None:
    assert member.post("/api/create", b"<a/>", content_type="text/xml").status_code == 415


def test_an_address_that_does_not_exist_is_404_in_the_envelope(stranger: APIClient) -> None:
    answer = stranger.get("/api/nowhere")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "token", ["x", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer mn_live_x"]
)
def test_a_bad_credential_is_401(stranger: APIClient, token: str) -> None:
    answer = stranger.post("/api/person", {}, HTTP_AUTHORIZATION=token)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
