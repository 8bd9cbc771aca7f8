"""Asked again, of whom nobody but Google can tell who they are."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import Notification, Person, SignIn
from accounts.services import people
from musenest.common import tenancy
from tests import fake_google
from tests.fake_google import FakeGoogle
from tests.samples import Customer, customer, signed_in

pytestmark = pytest.mark.django_db

EMAIL = "gina@people.test"
METHODS = "account_authentication_methods"
SECRET = "/settings/security/authenticator"
CONFIRM = f"/confirm?next={SECRET}"
HOUR = 3600


@pytest.fixture
def gina() -> Person:
    person = people.register(email=EMAIL, password=None)
    with tenancy.staff():
        SocialAccount.objects.create(user=person, provider="google", uid="1234567890")
    return person


@pytest.fixture
def client(gina: Person) -> Client:
    """Gina's browser, in which she signed in an hour ago."""
    return signed_in(gina, seconds_ago=HOUR)


def asked_again(client: Client, **fields: str) -> Any:
    """There and back."""
    answer = client.post("/auth/google", {"process": "reauthenticate", "next": SECRET} | fields)
    query = parse_qs(urlsplit(answer["Location"]).query)
    return client.get("/auth/google/callback", {"code": fake_google.CODE, "state": query["state"][0]})


def test_google_is_asked_and_leads_back(google: FakeGoogle, client: Client) -> None:
    assert client.get(SECRET)["Location"].startswith("/confirm?")
    page = client.get(CONFIRM)
    assert (page.status_code, "Ask Google again" in page.text) == (200, True)
    assert f'name="next" value="{SECRET}"' in page.text

    assert asked_again(client)["Location"] == SECRET

    assert client.get(SECRET).status_code == 200
    with tenancy.staff():
        kept = SignIn.objects.get(outcome="confirmed", person__email=EMAIL)
    assert kept.method == "google"


def test_it_leads_to_no_other_site(google: FakeGoogle, client: Client) -> None:
    assert asked_again(client, next="https://evil.example/")["Location"] == "/"
    assert "evil" not in client.get("/confirm?next=https://evil.example/").text


def test_another_account_at_google_proves_nothing(google: FakeGoogle, client: Client) -> None:
    google.claims = {"sub": "666", "email": "other@people.test"}

    answer = asked_again(client)

    assert answer["Location"] == "/auth/error?reason=another"
    assert "not the account" in client.get(answer["Location"]).text
    assert client.get(SECRET).status_code == 302
    assert client.get("/settings/security").status_code == 200
    with tenancy.staff():
        assert Person.objects.count() == 1


def test_another_persons_google_proves_nothing(google: FakeGoogle, client: Client) -> None:
    borealis = customer("Borealis")
    with tenancy.staff():
        SocialAccount.objects.create(user=borealis.owner, provider="google", uid="777")
    google.claims = {"sub": "777", "email": borealis.owner.email}

    assert asked_again(client)["Location"] == "/auth/error?reason=another"
    assert client.get(SECRET).status_code == 302


@pytest.mark.usefixtures("gina")
def test_nobody_is_signed_in_by_it(google: FakeGoogle) -> None:
    browser = Client()

    assert asked_again(browser)["Location"] == "/auth/error?reason=failed"
    assert browser.get(SECRET)["Location"].startswith("/login")


def test_who_has_a_password_gives_that(google: FakeGoogle) -> None:
    acme: Customer = customer("Acme")
    with tenancy.staff():
        SocialAccount.objects.create(user=acme.owner, provider="google", uid="1234567890")
    client = signed_in(acme.owner, seconds_ago=HOUR)
    assert 'type="password"' in client.get(CONFIRM).text

    assert asked_again(client)["Location"] == "/auth/error?reason=failed"
    assert client.get(SECRET).status_code == 302


def test_a_password_is_set_by_mail_instead(client: Client) -> None:
    page = client.get(CONFIRM)
    assert page.status_code == 200
    assert "Ask Google" not in page.text
    assert f'name="email" value="{EMAIL}"' in page.text

    assert client.post("/reset-password", {"email": EMAIL})["Location"] == "/reset-password/sent"

    with tenancy.staff():
        assert Notification.objects.get(template="reset_password").recipient == EMAIL


def test_what_google_said_an_hour_ago_is_old(google: FakeGoogle, client: Client) -> None:
    asked_again(client)
    session = client.session
    session[METHODS] = [record | {"at": record["at"] - HOUR} for record in session[METHODS]]
    session.save()

    assert client.get(SECRET).status_code == 302
