"""Permission, scope and envelope of every endpoint."""

from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import Organization
from musenest.common import tenancy
from tests import samples
from tests.musenest.common.api.conftest import client_of, client_of_key
from tests.musenest.common.api.things import Behaviour

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.musenest.common.api.things")]


def clients(organization: Organization) -> dict[str, APIClient]:
    return {
        "nobody": APIClient(),
        "person": client_of(samples.person()),
        "viewer": client_of(samples.membership(organization, "viewer").person),
        "member": client_of(samples.membership(organization, "member").person),
        "staff": client_of(samples.person(is_staff=True)),
        "reading key": client_of_key(organization, "sites:read"),
        "writing key": client_of_key(organization, "sites:write"),
    }


CALLERS = ("nobody", "person", "viewer", "member", "staff", "reading key", "writing key")
EXPECTED = {
    "anybody": (200, 200, 200, 200, 200, 200, 200),
    "person": (401, 200, 200, 200, 200, 200, 200),
    "staff": (401, 404, 404, 404, 200, 404, 404),
    "create": (401, 403, 403, 200, 403, 403, 200),
    "unnamed": (401, 403, 403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("action", EXPECTED)
def test_each_caller_gets_what_the_action_permits(organization: Organization, action: str) -> None:
    found = {
        name: client.post(f"/api/{action}", {}).status_code for name, client in clients(organization).items()
    }

    assert found == dict(zip(CALLERS, EXPECTED[action], strict=True))


def test_an_action_runs_in_the_scope_of_its_caller(organization: Organization) -> None:
    scopes: list[tenancy.Scope] = []
    Behaviour.act = staticmethod(lambda request: scopes.append(tenancy.current()))
    membership = samples.membership(organization, "member")
    lonely, operator = samples.person(), samples.person(is_staff=True)

    client_of(membership.person).post("/api/person", {})
    client_of_key(organization, "sites:write").post("/api/person", {})
    client_of(lonely).post("/api/person", {})
    client_of(operator).post("/api/staff", {})

    assert scopes == [
        tenancy.Scope(organization=organization.pk, person=membership.person_id),
        tenancy.Scope(organization=organization.pk),
        tenancy.Scope(person=lonely.pk),
        tenancy.Scope(is_staff=True),
    ]
    assert tenancy.current() == tenancy.Scope()


def test_a_scope_ends_with_a_failing_action(member: APIClient) -> None:
    def fall(request: Request) -> Any:
        raise ValueError("no luck")

    Behaviour.act = staticmethod(fall)

    assert member.post("/api/create", {}).status_code == 500
    assert tenancy.current() == tenancy.Scope()


def test_a_person_of_several_organizations_names_one(organization: Organization) -> None:
    other, foreign = samples.organization(), samples.organization()
    who = samples.membership(organization, "member").person
    samples.membership(other, "viewer", who)
    client = client_of(who)

    assert client.post("/api/create", {}).status_code == 200
    assert client.post("/api/create", {}, HTTP_X_ORGANIZATION=other.slug).status_code == 403
    assert client.post("/api/create", {}, HTTP_X_ORGANIZATION=foreign.slug).status_code == 404
    assert client.post("/api/create", {}, HTTP_X_ORGANIZATION="no such").status_code == 404


def test_success_is_enveloped(member: APIClient) -> None:
    body = member.post("/api/create", {"siteName": "x", "site_identifier": "y"}).json()

    assert body.pop("timestamp")
    assert body == {
        "success": True, "data": {"echo": {"site_name": "x", "site_identifier": "y"}}, "message": "",
    }  # fmt: skip


def test_no_content_has_no_envelope(member: APIClient) -> None:
    Behaviour.act = staticmethod(lambda request: Response(status=204))

    answer = member.post("/api/create", {})

    assert (answer.status_code, answer.content) == (204, b"")


def test_another_method_is_405_in_the_envelope(member: APIClient) -> None:
    answer = member.get("/api/create")

    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


# Lists


@pytest.fixture
def urls(organization: Organization) -> list[str]:
    """Of this organisation, newest first; and one of another."""
    samples.endpoint(samples.organization(), "https://foreign.test/")
    for number in range(5):
        samples.endpoint(organization, f"https://{number}.test/")
    return [f"https://{number}.test/" for number in (4, 3, 2, 1, 0)]


def test_pages_hold_every_row_of_the_organization_once(member: APIClient, urls: list[str]) -> None:
    found: list[str] = []
    following: str | None = "/api/list?page_size=2"
    pages = 0
    while following:
        data = member.get(following).json()["data"]
        assert data.keys() == {"results", "next", "previous"}
        found += [row["url"] for row in data["results"]]
        following, pages = data["next"], pages + 1

    assert (found, pages) == (urls, 3)


def test_a_list_is_ordered_by_what_the_view_allows(member: APIClient, urls: list[str]) -> None:
    def listed(ordering: str) -> list[str]:
        rows = member.get(f"/api/list?ordering={ordering}").json()["data"]["results"]
        return [row["url"] for row in rows]

    assert listed("url") == sorted(urls)
    assert listed("-url") == sorted(urls, reverse=True)
    assert listed("secret") == listed("organization__slug") == listed("") == urls


def test_rows_that_are_equal_in_the_order_are_all_listed(
    member: APIClient, organization: Organization
) -> None:
    for _ in range(7):
        samples.endpoint(organization, "https://same.test/")
    found: list[str] = []
    following: str | None = "/api/list?page_size=3&ordering=url"
    while following:
        data = member.get(following).json()["data"]
        found += [row["id"] for row in data["results"]]
        following = data["next"]

    assert len(set(found)) == len(found) == 7


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("0", 5), ("-1", 5), ("x", 5), ("1000000", 5)])
def test_a_page_has_a_sensible_size(member: APIClient, urls: list[str], asked: str, given: int) -> None:
    assert len(member.get(f"/api/list?page_size={asked}").json()["data"]["results"]) == given


# Base64 of: p=abc, p=99999-99-99, o=x, nothing, NUL, what is no base64 at all
@pytest.mark.parametrize(
    "cursor", ["cD1hYmM=", "cD05OTk5OS05OS05OQ==", "bz14", "AA==", "cD0lMDA=", "%%%", "ÿ"]
)
def test_a_forged_cursor_is_no_failure_of_ours(member: APIClient, urls: list[str], cursor: str) -> None:
    answer = member.get("/api/list", {"cursor": cursor})

    assert answer.status_code in (200, 404)
    assert "foreign" not in answer.content.decode()


def test_fields_make_an_answer_sparse(member: APIClient, urls: list[str]) -> None:
    def keys(fields: str) -> set[str]:
        found: dict[str, Any] = member.get(f"/api/list?fields={fields}").json()["data"]["results"][0]
        return set(found)

    assert keys("url") == {"url"}
    assert keys("url,nonsense") == {"url"}
    assert keys("nonsense") == keys("") == {"id", "url"}


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.9", "nonsense", "*/*"])
def test_an_answer_is_json_whatever_was_asked_for(member: APIClient, accept: str) -> None:
    answer = member.get("/api/list", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
