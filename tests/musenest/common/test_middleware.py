"""Request ids, the policy of contents, and that no query of a request is made in nobody's scope."""

import gzip
import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
import structlog
from django.db import connection
from django.test import Client, RequestFactory

from accounts.models import Organization
from musenest.common import middleware, tenancy
from tests import samples

pytestmark = pytest.mark.django_db

# Of Django itself, and without row-level security: sessions are found by their key.
OPEN_TABLES = re.compile(r'"(django_session|django_content_type|django_migrations)"')


@pytest.fixture
def scopes() -> Any:
    """(scope, SQL) of every query that is made meanwhile."""
    found: list[tuple[tenancy.Scope, str]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((tenancy.current(), sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def unscoped(found: list[tuple[tenancy.Scope, str]]) -> list[str]:
    return [
        sql
        for scope, sql in found
        if scope == tenancy.Scope()
        and not OPEN_TABLES.search(sql)
        and not sql.startswith(("SAVEPOINT", "RELEASE"))
    ]


def test_no_query_of_a_member_is_made_in_nobodys_scope(
    client: Client, scopes: list[tuple[tenancy.Scope, str]]
) -> None:
    organization: Organization = samples.organization()
    who = samples.membership(organization, "owner").person
    with tenancy.staff():
        client.force_login(who)
    scopes.clear()

    for path in (
        "/",
        "/login",
        "/organizations",
        f"/o/{organization.slug}/",
        "/api/health",
        "/health",
        "/nowhere",
    ):
        client.get(path)

    assert unscoped(scopes) == []
    assert any("memberships" in sql for _, sql in scopes)


def test_no_query_of_an_anonymous_caller_is_made_in_nobodys_scope(
    client: Client, scopes: list[tuple[tenancy.Scope, str]]
) -> None:
    for path in ("/", "/login", "/o/x/", "/api/docs", "/nowhere", "/admin/"):
        client.get(path)
    client.cookies["sessionid"] = "forged"
    client.get("/")

    assert unscoped(scopes) == []


def test_staff_in_the_admin_see_all_and_elsewhere_what_is_theirs() -> None:
    who = samples.person(is_staff=True)
    found: list[tenancy.Scope] = []
    wrapped = middleware.scope_of_the_person(lambda request: found.append(tenancy.current()))  # type: ignore[arg-type,return-value]  # answers nothing
    for path in ("/admin/", "/", "/api/x"):
        request = RequestFactory().get(path)
        request.COOKIES["sessionid"], request.user = "x", who
        wrapped(request)

    assert found == [tenancy.Scope(is_staff=True), tenancy.Scope(person=who.pk), tenancy.Scope(person=who.pk)]


@pytest.mark.parametrize("sent", ["abcdefgh", "0123-4567_89.x", "a" * 64])
def test_a_plain_request_id_is_kept(client: Client, sent: str) -> None:
    assert client.get("/health", headers={"X-Request-ID": sent})["X-Request-ID"] == sent


@pytest.mark.parametrize("sent", ["", "short", "a" * 65, "line\nbreak", "<script>", "é" * 10])
def test_another_request_id_is_replaced(client: Client, sent: str) -> None:
    given = client.get("/health", headers={"X-Request-ID": sent})["X-Request-ID"]

    assert given != sent
    assert re.fullmatch(r"[0-9a-f]{32}", given)


def test_the_request_id_is_bound_for_log_lines_and_work(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound: list[dict[str, Any]] = []

    def examine() -> tuple[bool, dict[str, dict[str, Any]]]:
        bound.append(structlog.contextvars.get_contextvars())
        return True, {}

    monkeypatch.setattr("musenest.common.health.examine", examine)
    client.get("/api/health", headers={"X-Request-ID": "request-1"})
    answer = client.get("/api/health", headers={"X-Request-ID": "<script>"})

    assert [found["request_id"] for found in bound] == ["request-1", answer["X-Request-ID"]]


def test_every_page_has_a_policy_with_a_nonce_of_its_own(client: Client) -> None:
    policies = [client.get("/login")["Content-Security-Policy"] for _ in range(2)]

    assert policies[0] != policies[1]
    for policy in policies:
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_scopes_of_requests_are_ended(client: Client) -> None:
    with ExitStack() as stack:
        stack.enter_context(tenancy.staff())
        client.force_login(samples.person())
    client.get("/")

    assert tenancy.current() == tenancy.Scope()


@pytest.mark.parametrize("path", ["/api/auth/login", "/login"])
def test_a_body_of_unknown_length_is_refused(path: str) -> None:
    """It would be read as empty, and something else would be done than was asked for."""
    answer = Client().generic("POST", path, b"", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411


def test_answers_are_kept_by_nobody() -> None:
    assert "no-store" in Client().get("/login").headers["Cache-Control"]
    assert Client().get("/api/subscription").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("path", "headers", "is_straight"),
    [
        ("/api/health", {"X-API-Key": "x"}, True),
        ("/api/health", {"Authorization": "Bearer x"}, True),
        ("/api/health", {}, False),
        ("/api/health", {"X-API-Key": "x", "Cookie": "sessionid=x"}, False),
        ("/api/nowhere", {"X-API-Key": "x"}, False),
        ("/health", {"X-API-Key": "x"}, False),
    ],
)
def test_a_programs_request_passes_by_what_is_for_pages(
    path: str, headers: dict[str, str], is_straight: bool
) -> None:
    through: list[str] = []
    wrapped = middleware.straight_to_the_api(lambda request: through.append(request.path))  # type: ignore[arg-type,return-value]  # answers nothing

    response = wrapped(RequestFactory(headers=headers).get(path))

    assert through == ([] if is_straight else [path])
    assert getattr(response, "status_code", None) == (200 if is_straight else None)


def test_an_answer_to_a_program_has_the_headers_of_every_answer(client: Client) -> None:
    answer = client.get("/api/users/profile", headers={"X-API-Key": "x"})

    assert answer.status_code == 401
    for name in (
        "X-Request-ID",
        "Content-Security-Policy",
        "X-Frame-Options",
        "Content-Length",
        "Referrer-Policy",
    ):
        assert name in answer.headers
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert client.get("/api/health", headers={"X-API-Key": "x", "Host": "evil.test"}).status_code == 400


@pytest.mark.parametrize("path", ["/pricing", "/api/schema"])
def test_what_is_long_is_compressed_for_whoever_takes_it(client: Client, path: str) -> None:
    """L-42."""
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert int(packed["Content-Length"]) < len(plain.content) / 2
    assert len(gzip.decompress(packed.content)) > len(packed.content) * 2


def test_what_is_short_is_not_compressed(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/health", headers={"Accept-Encoding": "gzip"})
