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


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.9", "nonsense", "*/*"])
def test_an_answer_is_json_whatever_was_asked_for(member: APIClient, accept: str) -> None:
    answer = member.get("/api/list", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
