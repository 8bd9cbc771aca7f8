"""Whoever signs out everywhere is told how many sign-ins have ended."""

import pytest
from django.test import Client

from accounts.services import tokens
from musenest.common import tenancy
from tests.samples import PASSWORD, Customer, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    """The owner is signed in with three browsers, of which the sample's is the last, and one program."""
    acme = customer("Acme")
    for _ in range(3):
        acme.client = signed_in(acme)
    with tenancy.staff():
        tokens.begin(acme.owner)
    return acme


def signed_in(who: Customer) -> Client:
    client = Client()
    client.post("/login", {"email": who.owner.email, "password": PASSWORD})
    return client


def toasts(client: Client, address: str) -> list[str]:
    response = client.post(address, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def test_everywhere_counts_this_browser_too_and_says_it_at_the_sign_in(acme: Customer) -> None:
    said = toasts(acme.client, "/settings/security/sessions/end-all")
    assert said == ["You are signed out everywhere. 4 sign-ins have ended, in browsers and programs."]
    assert acme.client.get(acme.url()).status_code == 302


def test_elsewhere_counts_the_others(acme: Customer) -> None:
    borealis = customer("Borealis")
    borealis.client = signed_in(borealis)
    said = toasts(acme.client, "/settings/security/sessions/end-others")
    assert said == ["You are signed in here only. 3 sign-ins have ended, in browsers and programs."]
    assert acme.client.get(acme.url()).status_code == 200
    assert borealis.client.get(borealis.url()).status_code == 200
