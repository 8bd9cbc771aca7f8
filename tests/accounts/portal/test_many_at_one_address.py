"""Many people behind one address sign in at the same time; who guesses from there comes no further."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from tests import samples
from tests.samples import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limited")]

COLLEAGUES = 12  # in one minute; five was all that an office had


def sign_in(email: str, password: str = PASSWORD, **more: Any) -> Any:
    return Client().post("/login", {"email": email, "password": password, **more})


@pytest.fixture
def people() -> list[Person]:
    return [samples.person(f"colleague{number}@office.test") for number in range(COLLEAGUES)]


def test_an_office_signs_in(people: list[Person]) -> None:
    assert [sign_in(person.email).status_code for person in people] == [302] * COLLEAGUES


def test_one_account_is_tried_five_times_a_minute_and_the_others_are_let_in(people: list[Person]) -> None:
    victim, other = people[:2]
    answers = [
        sign_in(spelling, "wrong").status_code for spelling in [victim.email] * 3 + [victim.email.upper()] * 3
    ]

    assert answers == [422] * 5 + [429]
    assert sign_in(other.email).status_code == 302


def test_an_address_guesses_at_thirty_accounts_and_no_more() -> None:
    answers = [sign_in(f"guess{number}@office.test", "wrong").status_code for number in range(40)]

    assert answers == [422] * 30 + [429] * 10


def test_a_thousand_forged_addresses_help_nobody() -> None:
    email = samples.person("victim@office.test").email
    answers = [
        Client()
        .post(
            "/login",
            {"email": email, "password": "wrong"},
            headers={"X-Forwarded-For": f"10.{number // 250}.{number % 250}.1"},
        )
        .status_code
        for number in range(1000)
    ]

    assert (answers.count(422), answers.count(429)) == (5, 995)


def test_whoever_tried_too_often_is_told_how_long_to_wait_and_where_to_go(people: list[Person]) -> None:
    for _ in range(5):
        sign_in(people[0].email, "wrong")

    answer = sign_in(people[0].email, next="/o/acme/sites")

    assert answer.status_code == 429
    wait = int(answer["Retry-After"])
    assert 0 < wait <= 900
    assert f"in {wait} second" in answer.text or f"in {-(-wait // 60)} minutes" in answer.text
    assert 'href="/login?next=%2Fo%2Facme%2Fsites"' in answer.text
    assert 'href="/reset-password"' in answer.text


@pytest.mark.parametrize("path", ["/login/second-factor", "/login/passkey"])
@pytest.mark.parametrize("credential", ["", "[]", '{"id": "one"}', "{"])
def test_other_ways_in_are_counted_too(path: str, credential: str) -> None:
    form = {"code": "000000", "credential": credential}

    answers = [Client().post(path, form).status_code for _ in range(6)]

    assert 429 not in answers[:5]
    assert answers[5] == 429


def test_passkeys_of_many_are_not_one(people: list[Person]) -> None:
    answers = [
        Client().post("/login/passkey", {"credential": f'{{"id": "{n}"}}'}).status_code for n in range(9)
    ]

    assert 429 not in answers
