"""Programs that call the API, with each kind of credential, and what they read of an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Person, Role
from accounts.services import api_keys, tokens
from tests.samples.memberships import membership
from tests.samples.organizations import Customer
from tests.samples.people import person as somebody

SITES = "/api/site-configuration/sites"
SERVERS = "/api/site-configuration/servers"
TEMPLATES = "/api/site-configuration/templates"
DEPLOYMENTS = "/api/site-configuration/deployments"
TIERS = "/api/site-configuration/subscription/tiers"
ANALYZE = "/api/moderation/analyze"
DECISIONS = "/api/moderation/decisions"


def anonymous() -> APIClient:
    return APIClient()


def bearer(person: Person) -> str:
    return f"Bearer {tokens.begin(person).access}"


def program_of(person: Person) -> APIClient:
    """Signed in by an access token."""
    return APIClient(headers={"Authorization": bearer(person)})


def owner(of: Customer) -> APIClient:
    return program_of(of.owner)


def member(of: Customer, role: str = Role.MEMBER, *, child_safety: bool = False) -> APIClient:
    return program_of(membership(of.organization, role, child_safety=child_safety).person)


def with_key(of: Customer, *scopes: str, mode: str = "live", header: str = "X-API-Key") -> APIClient:
    with of.scope():
        _, key = api_keys.create(
            organization=of.organization, name="Program", scopes=scopes, by=of.owner.actor, mode=mode
        )
    return APIClient(headers={header: key if header == "X-API-Key" else f"Bearer {key}"})


def staff() -> APIClient:
    return program_of(somebody(is_staff=True))


def data(response: Any, status: int = 200) -> Any:
    """What was answered, in its envelope, with this status."""
    body = response.json()
    assert (response.status_code, body["success"]) == (status, True), body
    assert body["timestamp"]
    return body["data"]


def error(response: Any, status: int) -> dict[str, Any]:
    """`{code, message, details}` of an answer with this status."""
    body = response.json()
    assert (response.status_code, body["success"]) == (status, False), body
    found: dict[str, Any] = body["error"]
    return found


def code(response: Any, status: int) -> str:
    found: str = error(response, status)["code"]
    return found


def rows(client: APIClient, address: str, **query: Any) -> list[Any]:
    """The first page of a list."""
    found: list[Any] = data(client.get(address, query))["results"]
    return found


def walked(client: APIClient, address: str, **query: Any) -> list[Any]:
    """Every row of a list, by pages of two; and the same on the way back."""
    page = data(client.get(address, {"page_size": 2} | query))
    pages = [page["results"]]
    while page["next"]:
        page = data(client.get(page["next"]))
        pages.append(page["results"])
    back = [page["results"]]
    while page["previous"]:
        page = data(client.get(page["previous"]))
        back.insert(0, page["results"])
    there = [row for each in pages for row in each]
    assert [row for each in back for row in each] == there
    return there


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that were executed, without those that tell the scope."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield statements
    scope = "SELECT set_config('role'"
    statements += [query["sql"] for query in queries if not query["sql"].startswith(scope)]
