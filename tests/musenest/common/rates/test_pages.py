"""Pages are counted by who asks: for each face a rate, and words for the one too many."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from musenest.common import rates
from musenest.common.rates import counters
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.usefixtures("limited")

LIMIT = 3
PUBLIC = "/pricing"


@pytest.fixture(autouse=True)
def few(settings: Settings) -> None:
    settings.PAGES_PER_MINUTE = LIMIT


@pytest.fixture
def acme(db: None) -> Customer:
    return samples.customer()


def statuses(client: Client, path: str, times: int = LIMIT + 1, **headers: Any) -> list[int]:
    return [client.get(path, **headers).status_code for _ in range(times)]


def test_a_person_is_told_in_words_when_to_go_on(acme: Customer) -> None:
    assert statuses(acme.client, acme.url("sites"), LIMIT) == [200] * LIMIT

    answer = acme.client.get(acme.url("decisions"))

    assert answer.status_code == 429
    assert "More than 3 pages were asked for in a minute. Wait a moment, then go on." in answer.text
    assert "RATE_LIMITED" in answer.text
    assert 58 <= int(answer["Retry-After"]) <= 60
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("3", "0")


@pytest.mark.django_db
def test_persons_and_addresses_are_counted_apart(acme: Customer) -> None:
    stranger = samples.customer("Borealis")
    assert statuses(acme.client, "/account")[-1] == 429
    assert stranger.client.get(stranger.url("sites")).status_code == 200
    assert statuses(Client(), PUBLIC) == [200, 200, 200, 429]
    assert samples.signed_in(acme.owner).get(acme.url("sites")).status_code == 429, "in another browser"


@pytest.mark.django_db
def test_a_forged_address_helps_nobody() -> None:
    found = [Client().get(PUBLIC, HTTP_X_FORWARDED_FOR=f"203.0.113.{last}").status_code for last in range(4)]
    assert found == [200, 200, 200, 429]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login", "/api/docs", "/nothing-is-here", "/o/nobodys/sites", "/admin/"])
def test_every_page_counts(path: str) -> None:
    found = statuses(Client(), path)
    assert 429 not in found[:LIMIT]
    assert found[LIMIT] == 429


def test_a_fragment_is_answered_by_a_toast(acme: Customer) -> None:
    statuses(acme.client, acme.url("sites"), LIMIT)

    answer = acme.client.post(acme.url("sites/nothing"), HTTP_HX_REQUEST="true")

    assert (answer.status_code, answer["HX-Retarget"]) == (429, "#toasts")
    assert "Wait a moment" in answer.text
    assert "<html" not in answer.text


def test_the_api_and_probes_are_not_counted_as_pages(acme: Customer) -> None:
    for path in (api.SITES, "/health", "/metrics"):
        assert 429 not in statuses(acme.client, path), path
    assert acme.client.get(acme.url("sites")).status_code == 200


def test_staff_have_their_own_rate_in_the_admin(staff: Client) -> None:
    person = staff.session["_auth_user_id"]
    for _ in range(rates.STAFF.amount - 1):
        rates.take((rates.STAFF, f"person:{person}"))

    assert statuses(staff, "/admin/", 2) == [200, 429]
    assert staff.get(PUBLIC).status_code == 200


def test_nobody_is_held_up_while_redis_is_off(acme: Customer, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    counters.part()
    try:
        assert statuses(acme.client, acme.url("sites"), LIMIT + 2) == [200] * (LIMIT + 2)
    finally:
        counters.part()


@pytest.mark.usefixtures("committed_db")
def test_as_many_pass_as_the_rate_says_however_many_ask_at_once(settings: Settings) -> None:
    settings.PAGES_PER_MINUTE = 20
    start = Barrier(16)

    def ask() -> list[int]:
        start.wait()
        return statuses(Client(), "/o/nobodys/sites", 3)

    with ThreadPoolExecutor(16) as pool:
        found = [status for each in pool.map(lambda _: ask(), range(16)) for status in each]
    assert (found.count(302), found.count(429)) == (20, 28)
