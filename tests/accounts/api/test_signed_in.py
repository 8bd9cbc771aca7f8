"""Where somebody is signed in, through HTTP: browsers and programs together, each ended singly."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, RefreshFamily
from accounts.services import tokens
from musenest.common import tenancy
from tests.samples import PASSWORD, Customer, api

pytestmark = pytest.mark.django_db

PATH = "/api/users/me/sessions"
CURL = "curl/8.5.0"


def program(of: Customer) -> tuple[Client, str]:
    """Signed in by the API, with the id of its family."""
    body = {"email": of.owner.email, "password": PASSWORD}
    answer = Client(headers={"User-Agent": CURL}).post(
        "/api/auth/login", body, content_type="application/json"
    )
    access = answer.json()["data"]["access"]
    return Client(headers={"Authorization": f"Bearer {access}"}), str(tokens.opened(access).family)


def browser(of: Customer, agent: str = "Browser/1") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert client.post("/login", {"email": of.owner.email, "password": PASSWORD}).status_code == 302
    return client


def listed(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.data(client.get(PATH))["results"]
    return found


@pytest.fixture
def nobody(acme: Customer, borealis: Customer) -> Customer:
    """Acme, whose owner is signed in nowhere, beside a stranger who is."""
    acme.client.logout()
    browser(borealis, "Theirs/1")
    program(borealis)
    return acme


def test_both_kinds_are_listed_with_where_and_when(nobody: Customer) -> None:
    here = browser(nobody)
    client, family = program(nobody)
    with tenancy.staff():
        RefreshFamily.objects.filter(pk=family).update(rotated_at=timezone.now() + timedelta(minutes=1))

    of_program, of_browser = listed(client)

    assert of_program["began_at"] < of_program.pop("last_used_at")
    assert of_program | {"began_at": ""} == {
        "id": family,
        "kind": "program",
        "address": "127.0.0.1",
        "agent": CURL,
        "began_at": "",
        "is_current": True,
    }
    assert (of_browser["kind"], of_browser["address"], of_browser["agent"], of_browser["is_current"]) == (
        "browser",
        "127.0.0.1",
        "Browser/1",
        False,
    )
    assert [each["is_current"] for each in listed(here)] == [False, True]


def test_a_browser_with_cookies_of_tokens_finds_itself(nobody: Customer) -> None:
    body = {"email": nobody.owner.email, "password": PASSWORD, "cookies": True}
    client = Client()
    client.post("/api/auth/login", body, content_type="application/json")

    (found,) = listed(client)

    assert (found["kind"], found["is_current"]) == ("program", True)


def test_what_has_ended_is_not_listed(nobody: Customer) -> None:
    client, _ = program(nobody)
    ended, expired = tokens.begin(nobody.owner), tokens.begin(nobody.owner)
    tokens.end(ended.refresh)
    with tenancy.staff():
        family = tokens.opened(expired.access).family
        RefreshFamily.objects.filter(pk=family).update(expires_at=timezone.now())

    assert len(listed(client)) == 1


def test_each_is_ended_singly_at_once_and_recorded(nobody: Customer) -> None:
    here, elsewhere = program(nobody)[0], browser(nobody)
    other, family = program(nobody)
    (of_browser,) = (each["id"] for each in listed(here) if each["kind"] == "browser")

    for session in (family, of_browser):
        assert here.delete(f"{PATH}/{session}").status_code == 204
        assert api.code(here.delete(f"{PATH}/{session}"), 404) == "SESSION_UNKNOWN"

    assert api.code(other.get(PATH), 401) == "INVALID_TOKEN"
    assert elsewhere.get("/settings/security").status_code == 302
    assert len(listed(here)) == 1
    with tenancy.staff():
        recorded = AuditEvent.objects.filter(actor_id=str(nobody.owner.pk)).order_by("id")
        actions = [event.action for event in recorded][-2:]
    assert actions == ["refresh_family.ended", "session.ended_elsewhere"]


def test_the_one_that_asks_may_be_ended(nobody: Customer) -> None:
    client, family = program(nobody)

    assert client.delete(f"{PATH}/{family}").status_code == 204
    assert client.get(PATH).status_code == 401


def test_a_stranger_sees_and_ends_none_of_them(nobody: Customer, borealis: Customer) -> None:
    mine, theirs = program(nobody)[0], program(borealis)[0]
    of_others = [each["id"] for each in listed(theirs)]
    assert len(of_others) >= 3

    assert not {each["id"] for each in listed(mine)} & set(of_others)
    for session in of_others:
        assert api.code(mine.delete(f"{PATH}/{session}"), 404) == "SESSION_UNKNOWN"
    assert len(listed(theirs)) == len(of_others)
    assert api.code(Client().get(PATH), 401) == "NOT_SIGNED_IN"


@pytest.mark.parametrize(
    "session", ["x", "0", "9" * 18, "9" * 5000, "٣", "-1", "00000000-0000-0000-0000-000000000000"]
)
def test_what_is_none_is_not_found(nobody: Customer, session: str) -> None:
    assert api.code(program(nobody)[0].delete(f"{PATH}/{session}"), 404) == "SESSION_UNKNOWN"


def test_a_key_is_signed_in_nowhere(nobody: Customer) -> None:
    client = api.with_key(nobody, "sites:read")

    assert api.code(client.get(PATH), 403) == "PERSON_NEEDED"
    assert api.code(client.delete(f"{PATH}/1"), 403) == "PERSON_NEEDED"


def test_a_session_needs_the_csrf_token_to_end_one(nobody: Customer) -> None:
    client = Client(enforce_csrf_checks=True)
    with tenancy.staff():
        client.force_login(nobody.owner)

    assert api.code(client.delete(f"{PATH}/1"), 403) == "CSRF_FAILED"
