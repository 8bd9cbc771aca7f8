import json

import pytest
from django.test import Client, RequestFactory

from accounts.models import AuditEvent, Notification, SignIn
from accounts.services import tokens
from musenest.common import tenancy
from musenest.common.errors import NotSignedInError
from tests import samples
from tests.samples import PASSWORD, Customer, customer, signed_in

pytestmark = pytest.mark.django_db

NEW = "another horse entirely"


def reset_link() -> str:
    with tenancy.staff():
        secrets = Notification.objects.filter(template="reset_password").latest("created_at").secrets
    return str(json.loads(secrets)["link"]).removeprefix("http://127.0.0.1:3000")


def may_sign_in(email: str, password: str) -> bool:
    return Client().post("/login", {"email": email, "password": password}).status_code == 302


def test_known_and_unknown_addresses_are_answered_alike(acme: Customer) -> None:
    answers = [
        Client().post("/reset-password", {"email": email})
        for email in (acme.owner.email, acme.owner.email.upper(), "nobody@people.test")
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/reset-password/sent")}
    with tenancy.staff():
        assert set(Notification.objects.values_list("address", flat=True)) <= {
            acme.owner.email,
            acme.owner.email.upper(),
        }


def test_a_disabled_person_gets_no_link() -> None:
    who = samples.person(is_active=False)
    Client().post("/reset-password", {"email": who.email})

    with tenancy.staff():
        assert not Notification.objects.exists()


def test_the_link_sets_a_password_once_and_ends_every_sign_in(acme: Customer) -> None:
    pair = tokens.begin(acme.owner)
    Client().post("/reset-password", {"email": acme.owner.email})
    link, client = reset_link(), Client()
    form = client.get(link)["Location"]
    assert client.get(form).status_code == 200

    answer = client.post(form, {"password1": NEW, "password2": NEW})

    assert answer["Location"] == "/reset-password/done"
    assert may_sign_in(acme.owner.email, NEW)
    assert not may_sign_in(acme.owner.email, PASSWORD)
    assert acme.client.get("/dashboard")["Location"].startswith("/login")
    with pytest.raises(NotSignedInError):
        tokens.rotate(pair.refresh)
    assert "no longer good" in Client().get(link).text


def test_a_link_for_somebody_else_is_no_good(acme: Customer) -> None:
    other = customer("Borealis")
    Client().post("/reset-password", {"email": acme.owner.email})
    Client().post("/reset-password", {"email": other.owner.email})
    uid, _, key = reset_link().rpartition("/")[2].partition("-")
    Client().post("/reset-password", {"email": acme.owner.email})
    mine = reset_link().rpartition("/")[2].partition("-")[0]
    assert uid != mine

    assert "no longer good" in Client().get(f"/reset-password/{mine}-{key}").text


@pytest.mark.parametrize("link", ["x-y", "0-0", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-1-2"])
def test_a_forged_link_is_no_good(link: str) -> None:
    assert "no longer good" in Client().get(f"/reset-password/{link}").text


def test_a_link_is_under_our_own_address_whatever_host_was_asked(acme: Customer) -> None:
    Client().post("/reset-password", {"email": acme.owner.email}, headers={"Host": "localhost:9999"})

    assert reset_link().startswith("/reset-password/")


def test_changing_it_needs_the_old_one_and_ends_other_sign_ins(acme: Customer) -> None:
    elsewhere = signed_in(acme.owner)
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert acme.client.post("/settings/security/password", form).status_code == 422

    assert (
        acme.client.post("/settings/security/password", form | {"oldpassword": PASSWORD}).status_code == 302
    )

    assert acme.client.get("/settings/security").status_code == 200
    assert elsewhere.get("/settings/security").status_code == 302
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="password.changed").count() == 1
        told = Notification.objects.get(template="security_notice")
    assert told.context["what"] == "password_changed"
    assert told.context["ip"] == RequestFactory().get("/").META["REMOTE_ADDR"]


def test_guesses_at_the_old_one_are_limited_and_told_like_those_to_sign_in(acme: Customer) -> None:
    form = {"oldpassword": "guess", "password1": NEW, "password2": NEW}
    guesses = [acme.client.post("/settings/security/password", form).status_code for _ in range(5)]

    assert guesses == [422] * 5
    assert Client().post("/login", {"email": acme.owner.email, "password": PASSWORD}).status_code == 429
    with tenancy.staff():
        told = SignIn.objects.filter(person=acme.owner).order_by("pk").values_list("outcome", flat=True)
        assert list(told) == ["wrong_password"] * 5 + ["limited"]


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    assert Client().get("/settings/security/password")["Location"].startswith("/login")
