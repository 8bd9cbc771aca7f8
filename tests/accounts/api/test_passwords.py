"""Changing one's own password through HTTP, as the page does it."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEvent, Notification, Person, SignIn, SignInOutcome
from accounts.services import tokens
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, Customer, api, signed_in

pytestmark = pytest.mark.django_db

PATH = "/api/auth/password"
NEW = "another horse entirely"
BODY = {"current_password": PASSWORD, "password": NEW}


def may_sign_in(of: Customer, password: str) -> bool:
    body = {"email": of.owner.email, "password": password}
    return api.anonymous().post("/api/auth/login", body).status_code == 200


def in_browser(client: Client, body: dict[str, str]) -> Any:
    return client.post(PATH, body, content_type="application/json")


def test_a_program_changes_it_and_signs_in_again(acme: Customer, borealis: Customer) -> None:
    client, other = api.owner(acme), tokens.begin(acme.owner)

    assert client.post(PATH, BODY).status_code == 204

    assert may_sign_in(acme, NEW)
    assert not may_sign_in(acme, PASSWORD)
    assert may_sign_in(borealis, PASSWORD)
    assert api.code(client.get("/api/users/profile"), 401) == "INVALID_TOKEN"
    assert api.code(api.anonymous().post("/api/auth/refresh", {"refresh": other.refresh}), 401)
    assert acme.client.get("/settings/security").status_code == 302
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="password.changed").count() == 1
        told = Notification.objects.get(template="security_notice")
    assert (told.recipient, told.context["what"], told.context["ip"]) == (
        acme.owner.email,
        "password_changed",
        "127.0.0.1",
    )


def test_a_browsers_session_lives_on_and_others_end(acme: Customer) -> None:
    here, elsewhere = Client(), signed_in(acme.owner)
    here.post("/login", {"email": acme.owner.email, "password": PASSWORD})

    assert in_browser(here, BODY).status_code == 204

    page = here.get("/settings/security")
    assert page.status_code == 200
    assert [each.is_current for each in page.context["found"].sessions] == [True]
    assert elsewhere.get("/settings/security").status_code == 302


def test_an_old_sign_in_is_enough_as_on_the_page(acme: Customer) -> None:
    assert in_browser(signed_in(acme.owner, seconds_ago=16 * 60), BODY).status_code == 204


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"current_password": "not it"}, "PASSWORD_WRONG"),
        ({"current_password": ""}, "VALIDATION_ERROR"),
        ({"password": "12345678"}, "PASSWORD_WEAK"),
        ({"password": ""}, "VALIDATION_ERROR"),
        ({"email": "other@people.test"}, "UNKNOWN_FIELD"),
    ],
)
def test_what_is_wrong_changes_nothing(acme: Customer, wrong: dict[str, str], code: str) -> None:
    client = api.owner(acme)

    assert api.code(client.post(PATH, BODY | wrong), 422) == code

    assert may_sign_in(acme, PASSWORD)
    assert client.get("/api/users/profile").status_code == 200


@pytest.mark.usefixtures("limited")
def test_guesses_are_limited(acme: Customer) -> None:
    client = api.owner(acme)

    answers = [
        client.post(PATH, BODY | {"current_password": f"guess {each}"}).status_code for each in range(6)
    ]

    assert answers == [422] * 5 + [429]
    assert client.post(PATH, BODY).status_code == 429


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("is_staff", [False, True])
def test_guesses_from_many_addresses_are_one_persons(is_staff: bool) -> None:
    token = api.bearer(samples.person(is_staff=is_staff))

    answers = [
        APIClient(REMOTE_ADDR=f"192.0.2.{each}", headers={"Authorization": token})
        .post(PATH, BODY | {"current_password": "guess"})
        .status_code
        for each in range(10)
    ]

    assert answers == [422] * 5 + [429] * 5


def test_guesses_are_limited_and_told_like_those_to_sign_in(acme: Customer, borealis: Customer) -> None:
    client = api.owner(acme)
    guesses = [client.post(PATH, BODY | {"current_password": "guess"}).status_code for _ in range(5)]

    assert guesses == [422] * 5
    assert api.code(client.post(PATH, BODY), 429) == "TOO_MANY_TRIES"
    with tenancy.staff():
        told = SignIn.objects.filter(person=acme.owner).order_by("pk").values_list("outcome", flat=True)
        assert list(told) == ["wrong_password"] * 5 + ["limited"]
    assert api.owner(borealis).post(PATH, BODY).status_code == 204


def test_the_right_one_is_told_too(acme: Customer) -> None:
    api.owner(acme).post(PATH, BODY)

    with tenancy.staff():
        assert SignIn.objects.get(person=acme.owner).outcome == SignInOutcome.CONFIRMED


def test_the_first_password_needs_a_fresh_sign_in(acme: Customer) -> None:
    with tenancy.staff():
        person = Person.objects.get(pk=acme.owner.pk)
        person.set_unusable_password()
        person.save()
    body = {"password": NEW}

    stale = signed_in(person, seconds_ago=16 * 60)
    assert api.code(in_browser(stale, body), 403) == "STEP_UP_REQUIRED"
    assert in_browser(signed_in(person), body).status_code == 204

    assert may_sign_in(acme, NEW)
    with tenancy.staff():
        assert Notification.objects.get(template="security_notice").context["what"] == "password_set"


def test_who_has_a_password_must_give_it(acme: Customer) -> None:
    assert api.code(api.owner(acme).post(PATH, {"password": NEW}), 422) == "PASSWORD_WRONG"


def test_a_stranger_and_a_key_change_none(acme: Customer) -> None:
    assert api.code(api.anonymous().post(PATH, BODY), 401) == "NOT_SIGNED_IN"
    assert api.code(api.with_key(acme, "sites:write").post(PATH, BODY), 403) == "PERSON_NEEDED"
    assert may_sign_in(acme, PASSWORD)
