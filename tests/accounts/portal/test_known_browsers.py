"""The cookie of a browser that was signed in: it lets its owner past what others have used up."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.samples import PASSWORD, Customer

pytestmark = pytest.mark.django_db


def post(client: Client, who: Customer, password: str = PASSWORD) -> int:
    return client.post("/login", {"email": who.owner.email, "password": password}).status_code


def known(who: Customer) -> Client:
    """A browser that has signed in and out."""
    client = Client()
    assert post(client, who) == 302
    client.post("/logout")
    return client


def test_the_cookie_is_for_no_script_and_signs_nobody_in(acme: Customer) -> None:
    cookie = known(acme).cookies["device"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert acme.owner.email not in cookie.value
    client = Client()
    client.cookies["device"] = cookie.value
    assert client.get("/settings/security").status_code == 302


def test_a_stranger_who_guesses_locks_out_only_themselves(acme: Customer) -> None:
    mine, stranger = known(acme), Client()
    for _ in range(5):
        assert post(stranger, acme, "wrong") == 422

    answer = stranger.post("/login", {"email": acme.owner.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 800
    assert post(mine, acme) == 302
    assert (
        Client(REMOTE_ADDR="198.51.100.7")
        .post("/login", {"email": acme.owner.email, "password": PASSWORD})
        .status_code
        == 302
    )


def test_requests_of_an_address_are_counted_but_not_of_a_known_browser(acme: Customer, limited: None) -> None:
    mine, stranger = known(acme), Client()
    while post(stranger, acme, "wrong") != 429:
        pass

    assert post(mine, acme) == 302


def test_without_a_counter_nobody_comes_in(
    acme: Customer, limited: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be counted is not let through."""
    from musenest.common.rates import counters

    monkeypatch.setattr(counters, "connection", counters.Connection())
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert post(Client(), acme) == 503


def test_at_a_code_ones_own_name_and_cookie_buy_no_further_tries(acme: Customer, limited: None) -> None:
    """The cookie stands for the account that it signed in to, not for whose code is tried."""
    mine = known(acme)
    form = {"email": acme.owner.email, "code": "000000"}

    answers = [Client().post("/login/second-factor", form).status_code for _ in range(5)]

    assert 429 in [*answers, mine.post("/login/second-factor", form).status_code]
    assert mine.post("/login/second-factor", form).status_code == 429
