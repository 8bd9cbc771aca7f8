"""How often one address may try by the API: each account and token by itself, and all together."""

from typing import Any

import pytest
from django.test import Client

from accounts.services import tokens
from tests import samples
from tests.samples import PASSWORD, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limited")]


def login(email: str, password: str = PASSWORD, **more: Any) -> Any:
    return api.anonymous().post("/api/auth/login", {"email": email, "password": password}, **more)


def test_an_office_signs_in() -> None:
    people = [samples.person() for _ in range(12)]

    assert [login(person.email).status_code for person in people] == [200] * 12


def test_one_account_is_tried_five_times_a_minute() -> None:
    who, other = samples.person(), samples.person()

    assert [login(who.email, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert login(other.email).status_code == 200


def test_all_accounts_together_are_tried_a_hundred_times_in_a_quarter_of_an_hour() -> None:
    answers = [
        api.anonymous().post("/api/auth/refresh", {"refresh": f"guess {number}"}).status_code
        for number in range(101)
    ]

    assert answers == [401] * 100 + [429]


def test_what_an_address_reads_keeps_nobody_from_signing_in() -> None:
    person = samples.person()
    reads = [api.anonymous().get(api.TIERS).status_code for _ in range(101)]
    assert reads == [200] * 100 + [429]

    assert login(person.email).status_code == 200
    assert Client().post("/login", {"email": person.email, "password": PASSWORD}).status_code == 302


def test_who_tried_too_often_still_reads() -> None:
    for number in range(100):
        api.anonymous().post("/api/auth/refresh", {"refresh": f"guess {number}"})

    assert login(samples.person().email).status_code == 429
    assert api.anonymous().get(api.TIERS).status_code == 200


def test_many_programs_refresh_behind_one_address() -> None:
    pairs = [tokens.begin(samples.person()) for _ in range(12)]

    for pair in pairs:
        api.data(api.anonymous().post("/api/auth/refresh", {"refresh": pair.refresh}))


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"email": 5}'])
def test_what_cannot_be_read_is_a_try_too(body: str) -> None:
    answers = [
        api.anonymous().post("/api/auth/login", body, content_type="application/json").status_code
        for _ in range(6)
    ]

    assert set(answers[:5]) <= {400, 422}
    assert answers[5] == 429


def test_registering_is_counted_by_the_address() -> None:
    answers = [
        api.anonymous()
        .post("/api/auth/register", {"email": f"{number}@people.test", "password": PASSWORD})
        .status_code
        for number in range(6)
    ]

    assert answers == [201] * 5 + [429]
