"""Second factors on the web, and what staff may do without one."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEvent, Notification, Person, SignIn
from accounts.services import people
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.samples import PASSWORD, Customer, customer, signed_in

pytestmark = pytest.mark.django_db

AUTHENTICATOR = "/settings/security/authenticator"


@pytest.fixture
def operator() -> Person:
    return people.create(email="op@staff.test", password=PASSWORD, by=SYSTEM, is_staff=True)


def code_of(key: str) -> str:
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30)))


def set_up(client: Client) -> str:
    """The key of the authenticator app that the person now has."""
    key = str(client.get(AUTHENTICATOR).context["form"].secret)
    answer = client.post(AUTHENTICATOR, {"code": code_of(key)})
    assert answer["Location"] == "/settings/security/codes"
    return key


def half_in(email: str) -> Client:
    """A browser whose password was right."""
    client = Client()
    answer = client.post("/login", {"email": email, "password": PASSWORD})
    assert answer["Location"] == "/login/second-factor"
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/security").status_code == 200


def test_setting_one_up_is_recorded_told_and_kept_encrypted(
    acme: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        key = set_up(acme.client)

    with tenancy.staff():
        kept = Authenticator.objects.get(user=acme.owner, type="totp")
        added = AuditEvent.objects.filter(action="second_factor.added").values_list("changes", flat=True)
        kinds = {changes["kind"] for changes in added}
        told = Notification.objects.get(template="security_notice").context["what"]
    assert key not in str(kept.data)
    assert kinds == {"totp", "recovery_codes"}
    assert told == "totp_activated"


def test_a_wrong_code_sets_nothing_up(acme: Customer) -> None:
    acme.client.get(AUTHENTICATOR)

    assert acme.client.post(AUTHENTICATOR, {"code": "000000"}).status_code == 422
    with tenancy.staff():
        assert not Authenticator.objects.exists()


def test_the_password_alone_no_longer_signs_in(acme: Customer) -> None:
    set_up(acme.client)
    client = half_in(acme.owner.email)

    assert not is_in(client)
    assert client.get(acme.url()).status_code == 302
    assert client.post("/login/second-factor", {"code": "000000"}).status_code == 422
    assert not is_in(client)


def test_the_code_signs_in_once(acme: Customer) -> None:
    code = code_of(set_up(acme.client))

    first, second = half_in(acme.owner.email), half_in(acme.owner.email)
    assert first.post("/login/second-factor", {"code": code})["Location"] == "/dashboard"
    assert second.post("/login/second-factor", {"code": code}).status_code == 422
    assert is_in(first)
    assert not is_in(second)
    with tenancy.staff():
        methods = SignIn.objects.filter(outcome="succeeded").values_list("method", flat=True)
        assert list(methods) == ["password + totp"]


def test_a_recovery_code_signs_in_once(acme: Customer) -> None:
    set_up(acme.client)
    codes = acme.client.get("/settings/security/codes").context["unused_codes"]

    for expected in (302, 422):
        client = half_in(acme.owner.email)
        assert client.post("/login/second-factor", {"code": codes[3]}).status_code == expected


def test_codes_are_guessed_five_times_from_one_address(acme: Customer) -> None:
    set_up(acme.client)
    client = half_in(acme.owner.email)
    for _ in range(5):
        assert client.post("/login/second-factor", {"code": "000000"}).status_code == 422

    answer = client.post("/login/second-factor", {"code": "000000"})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 800


def test_the_second_step_is_nobodys_without_the_first() -> None:
    assert Client().get("/login/second-factor")["Location"] == "/login"
    assert Client().post("/login/second-factor", {"code": "1"})["Location"] == "/login"


def test_codes_and_keys_are_not_shown_to_a_stranger(acme: Customer) -> None:
    set_up(acme.client)
    other = customer("Borealis")

    assert other.client.get("/settings/security/codes").status_code == 404
    for path in ("codes", "codes/file", "authenticator", "passkeys/new"):
        assert Client().get(f"/settings/security/{path}")["Location"].startswith("/login")


def test_a_passkey_of_another_is_not_there(acme: Customer) -> None:
    other = customer("Borealis")
    with tenancy.staff():
        theirs = Authenticator.objects.create(user=other.owner, type="webauthn", data={"name": "Theirs"})

    for path in ("", "/remove"):
        for method in ("get", "post"):
            call: Any = getattr(acme.client, method)
            assert call(f"/settings/security/passkeys/{theirs.pk}{path}", {"name": "x"}).status_code == 404


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/person/", "/design"])
def test_staff_without_one_are_led_to_where_it_is_set_up(operator: Person, path: str) -> None:
    client = signed_in(operator, has_factor=False)

    assert client.get(path)["Location"] == "/settings/security"
    assert client.post(path)["Location"] == "/settings/security"


def test_staff_who_have_one_but_did_not_show_it_are_asked(operator: Person) -> None:
    client = signed_in(operator, has_factor=False)
    key = set_up(client)
    assert client.get("/admin/")["Location"] == "/confirm/code?next=%2Fadmin%2F"

    assert client.post("/confirm/code", {"code": code_of(key), "next": "/admin/"})["Location"] == "/admin/"
    assert client.get("/admin/accounts/person/").status_code == 200


def test_staff_cannot_remove_their_last_one(operator: Person) -> None:
    client = signed_in(operator)
    set_up(client)

    client.post(f"{AUTHENTICATOR}/remove")

    with tenancy.staff():
        assert Authenticator.objects.filter(user=operator, type="totp").exists()


def test_others_can(acme: Customer) -> None:
    set_up(acme.client)

    acme.client.post(f"{AUTHENTICATOR}/remove")

    with tenancy.staff():
        assert not Authenticator.objects.exists()


def test_the_demonstration_may_do_without(operator: Person, settings: Settings) -> None:
    settings.STAFF_MFA_REQUIRED = False

    assert signed_in(operator, has_factor=False).get("/admin/accounts/person/").status_code == 200


def test_others_find_no_admin_behind_a_second_factor(acme: Customer) -> None:
    assert signed_in(acme.owner, has_factor=True).get("/admin/", follow=True).status_code == 404


def test_a_passkey_nested_without_end_is_none() -> None:
    """Past pytest's own depth of calls, where Python gives up."""
    response = Client().post("/login/passkey", {"credential": "[" * 1_000_000})
    assert response.status_code == 400
