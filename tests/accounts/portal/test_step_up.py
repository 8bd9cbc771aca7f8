"""Asked again before money and secrets."""

import pytest
from django.test import Client

from accounts.models import SignIn
from musenest.common import tenancy
from tests.samples import PASSWORD, Customer, signed_in

pytestmark = pytest.mark.django_db

SECRET = "/settings/security/authenticator"
HOUR = 3600


def test_somebody_who_has_just_signed_in_is_not_asked(acme: Customer) -> None:
    assert acme.client.get(SECRET).status_code == 200


def test_after_a_while_the_password_is_asked_and_leads_back(acme: Customer) -> None:
    client = signed_in(acme.owner, seconds_ago=HOUR)
    asked = client.get(SECRET)
    assert asked["Location"] == "/confirm?next=%2Fsettings%2Fsecurity%2Fauthenticator"
    page = client.get(asked["Location"])
    assert 'type="password"' in page.text

    answer = client.post("/confirm", {"password": PASSWORD, "next": SECRET})

    assert answer["Location"] == SECRET
    assert client.get(SECRET).status_code == 200
    with tenancy.staff():
        assert SignIn.objects.get(person=acme.owner).outcome == "confirmed"


def test_a_wrong_password_opens_nothing(acme: Customer) -> None:
    client = signed_in(acme.owner, seconds_ago=HOUR)

    assert client.post("/confirm", {"password": "wrong", "next": SECRET}).status_code == 422
    assert client.get(SECRET).status_code == 302


@pytest.mark.parametrize(
    ("referer", "leads_back_to"),
    [
        ("http://testserver/o/acme/keys?tab=live", "/o/acme/keys?tab=live"),
        ("https://evil.example/o/acme/keys", "/"),
        ("", "/"),
    ],
)
def test_a_form_that_was_open_too_long_leads_back_to_its_page(
    acme: Customer, referer: str, leads_back_to: str
) -> None:
    client = signed_in(acme.owner, seconds_ago=HOUR)

    answer = client.post(SECRET, {"code": "123456"}, headers={"Referer": referer})

    assert answer.status_code == 302
    assert client.get(answer["Location"]).context["redirect_field_value"] == leads_back_to


def test_htmx_is_told_to_leave_the_page(acme: Customer) -> None:
    client = signed_in(acme.owner, seconds_ago=HOUR)
    url = "http://testserver/o/acme/keys"

    answer = client.post(SECRET, {}, headers={"HX-Request": "true", "HX-Current-URL": url})

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/confirm?next=%2Fo%2Facme%2Fkeys"


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    for path in (SECRET, "/confirm", "/confirm/code", "/confirm/passkey"):
        assert Client().get(path)["Location"].startswith("/login?next=")
