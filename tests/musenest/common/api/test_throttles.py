"""Who is counted under which rate, and what the ones too many are answered."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.test import APIClient

from billing.models import Tier
from musenest.common import rates, tenancy
from musenest.common.rates import requests
from tests.samples import Customer, api, customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limited")]

LOGIN = "/api/auth/login"
WRONG = {"email": "nobody@acme.test", "password": "wrong"}


@pytest.fixture
def acme() -> Customer:
    return customer("acme", tier="free")


@pytest.fixture
def no_redis() -> Any:
    with patch.object(requests, "count", side_effect=RedisConnectionError("gone")):
        yield


def left(response: Any) -> tuple[int, int]:
    """(limit, remaining) as the answer's headers say."""
    return int(response["RateLimit-Limit"]), int(response["RateLimit-Remaining"])


def test_an_anonymous_caller_has_100_in_a_quarter_of_an_hour() -> None:
    answers = [api.anonymous().get(api.TIERS) for _ in range(101)]

    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert [left(answer) for answer in (answers[0], answers[99])] == [(100, 99), (100, 0)]
    refused = answers[100]
    assert api.error(refused, 429)["code"] == "RATE_LIMITED"
    assert api.error(refused, 429)["details"] == {"rate": "anonymous", "limit": 100, "seconds": 900}
    assert 800 < int(refused["Retry-After"]) <= 900
    assert left(refused) == (100, 0)


def test_forged_addresses_help_nobody() -> None:
    client = api.anonymous()
    answers = [
        client.get(api.TIERS, headers={"X-Forwarded-For": f"10.{number // 250}.{number % 250}.1"}).status_code
        for number in range(1000)
    ]
    assert (answers.count(200), answers.count(429)) == (100, 900)


def test_another_address_is_another_caller() -> None:
    for _ in range(6):
        api.anonymous().post(LOGIN, WRONG)
    assert api.anonymous().post(LOGIN, WRONG).status_code == 429
    assert APIClient(REMOTE_ADDR="192.0.2.9").post(LOGIN, WRONG).status_code == 401


def test_signing_in_is_tried_five_times_a_minute() -> None:
    answers = [api.anonymous().post(LOGIN, WRONG) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert [left(answer) for answer in answers] == [(5, 4), (5, 3), (5, 2), (5, 1), (5, 0), (5, 0)]
    assert api.error(answers[5], 429)["details"]["rate"] == "auth"


def test_a_bad_credential_counts_as_none(acme: Customer) -> None:
    guessing = APIClient(headers={"Authorization": "Bearer guessed"})
    answers = [guessing.get(api.SITES).status_code for _ in range(101)]

    assert answers == [401] * 100 + [429]
    assert api.owner(acme).get(api.SITES).status_code == 200, "whoever is signed in is not held up by it"


@pytest.mark.parametrize("who", [api.owner, lambda of: api.with_key(of, "sites:read")])
def test_a_program_has_100_a_minute(acme: Customer, who: Callable[[Customer], APIClient]) -> None:
    client = who(acme)
    assert [client.get(api.SITES).status_code for _ in range(101)] == [200] * 100 + [429]
    assert who(customer("other", tier="free")).get(api.SITES).status_code == 200, "a stranger has its own"


def test_more_keys_give_an_organization_no_more_than_its_own_rate(
    acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rates.ORGANIZATION.amount == 1000
    monkeypatch.setattr(rates, "ORGANIZATION", rates.ORGANIZATION.with_amount(6))
    keys = [api.with_key(acme, "sites:read"), api.with_key(acme, "sites:read", mode="test"), api.owner(acme)]

    answers = [client.get(api.SITES) for _ in range(2) for client in keys]
    refused = api.with_key(acme, "sites:read").get(api.SITES)

    assert [left(answer) for answer in answers] == [(6, remaining) for remaining in (5, 4, 3, 2, 1, 0)]
    assert api.error(refused, 429)["details"] == {"rate": "organization", "limit": 6, "seconds": 60}
    assert api.with_key(customer("other", tier="free"), "sites:read").get(api.SITES).status_code == 200
    assert left(api.staff().get(api.SERVERS)) == (200, 199), "who serves them all belongs to none"


def test_staff_have_200_a_minute() -> None:
    client = api.staff()
    assert left(client.get(api.SERVERS)) == (200, 199)


def test_what_is_refused_counts_too(acme: Customer) -> None:
    client = api.owner(acme)
    assert left(client.get(f"{api.SITES}/nowhere")) == (100, 99)
    assert left(client.get(api.SERVERS)) == (100, 98)


def test_pictures_are_limited_each_second_by_the_tier_as_it_is_now(acme: Customer) -> None:
    client = api.with_key(acme, "analyze")
    picture = {"site": "nowhere"}

    assert left(client.post(api.ANALYZE, picture, format="multipart")) == (2, 1)
    client.post(api.ANALYZE, picture, format="multipart")
    assert client.post(api.ANALYZE, picture, format="multipart").status_code == 429
    with tenancy.staff():
        Tier.objects.filter(tier_name="free").update(ai_limits={"pictures_per_second": 20})
    assert left(client.post(api.ANALYZE, picture, format="multipart")) == (20, 17)
    with tenancy.staff():
        Tier.objects.filter(tier_name="free").update(ai_limits={"pictures_per_second": -1})
    assert "RateLimit-Limit" not in client.post(api.ANALYZE, picture, format="multipart")
    with tenancy.staff():
        Tier.objects.filter(tier_name="free").update(ai_limits={})
    assert client.post(api.ANALYZE, picture, format="multipart").status_code == 429


def test_every_key_of_an_organization_draws_from_one_rate_of_pictures(acme: Customer) -> None:
    for _ in range(2):
        api.with_key(acme, "analyze").post(api.ANALYZE, {}, format="multipart")

    assert api.with_key(acme, "analyze").post(api.ANALYZE, {}, format="multipart").status_code == 429
    stranger = api.with_key(customer("other", tier="free"), "analyze")
    assert stranger.post(api.ANALYZE, {}, format="multipart").status_code != 429


def test_without_redis_nobody_signs_in_and_no_picture_passes(acme: Customer, no_redis: None) -> None:
    for answer in (
        api.anonymous().post(LOGIN, WRONG),
        api.with_key(acme, "analyze").post(api.ANALYZE, {}, format="multipart"),
    ):
        assert api.code(answer, 503) == "RATES_UNAVAILABLE"
        assert answer["Retry-After"] == "5"


def test_without_redis_reading_goes_on(acme: Customer, no_redis: None) -> None:
    answer = api.owner(acme).get(api.SITES)
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer
    assert api.anonymous().get(api.TIERS).status_code == 200


def test_pages_are_not_counted(client: Client) -> None:
    assert "RateLimit-Limit" not in client.get("/health")
