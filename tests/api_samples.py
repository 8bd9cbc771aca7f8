"""Programs that call the API, with each kind of credential, and what they read of an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Person, Role
from accounts.services import api_keys, memberships, people, tokens
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.portal_samples import PASSWORD, Customer

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
    person = people.create(email=f"{uuid4().hex[:10]}@people.test", password=PASSWORD, by=SYSTEM)
    with tenancy.staff():
        made = memberships.add(organization=of.organization, person=person, role=role, by=SYSTEM)
        if child_safety:
            memberships.grant_child_safety(membership=made, by=SYSTEM)
    return program_of(person)


def with_key(of: Customer, *scopes: str, mode: str = "live", header: str = "X-API-Key") -> APIClient:
    with of.scope():
        _, key = api_keys.create(
            organization=of.organization, name="Program", scopes=scopes, by=of.owner.actor, mode=mode
        )
    return APIClient(headers={header: key if header == "X-API-Key" else f"Bearer {key}"})


def staff() -> APIClient:
    person = people.create(
        email=f"{uuid4().hex[:10]}@staff.test", password=PASSWORD, by=SYSTEM, is_staff=True
    )
    return program_of(person)


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


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that were executed, without those that tell the scope."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield statements
    scope = "SELECT set_config('role'"
    statements += [query["sql"] for query in queries if not query["sql"].startswith(scope)]
