"""Limits of guessing that nobody can turn against somebody else."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from accounts.models import Person, SignIn
from accounts.services import devices, sign_ins
from musenest.common import tenancy
from musenest.common.errors import LimitError
from tests import samples

pytestmark = pytest.mark.django_db

ANN = "ann@people.test"


@pytest.fixture
def ann() -> Person:
    return samples.person(ANN)


def request(address: str = "192.0.2.1", cookie: str = "") -> Any:
    """What a browser at this address sends."""
    return SimpleNamespace(
        META={"REMOTE_ADDR": address, "HTTP_USER_AGENT": "Browser/1"}, COOKIES={devices.COOKIE: cookie}
    )


def known(email: str = ANN, device: str = "d" * 32) -> str:
    return signing.dumps([devices.account_of(email), device], salt=devices.SALT)


def try_it(email: str = ANN, password: str = "wrong", **client: str) -> Person | None:
    return sign_ins.by_password(request=request(**client), email=email, password=password)


def guess(times: int, email: str = ANN, **client: str) -> None:
    for _ in range(times):
        assert try_it(email, **client) is None


def refused(call: Callable[[], object]) -> LimitError:
    with pytest.raises(LimitError) as caught:
        call()
    return caught.value


def outcomes() -> list[str]:
    with tenancy.staff():
        return list(SignIn.objects.order_by("id").values_list("outcome", flat=True))


def test_one_address_tries_one_account_five_times(ann: Person) -> None:
    guess(5)

    error = refused(lambda: try_it(password=samples.PASSWORD))

    assert error.code == "TOO_MANY_TRIES"
    assert 880 < (error.retry_after or 0) <= 901
    assert outcomes() == ["wrong_password"] * 5 + ["limited"]


def test_another_address_is_let_in_meanwhile(ann: Person) -> None:
    guess(5)
    refused(try_it)

    assert try_it(password=samples.PASSWORD, address="198.51.100.7") == ann


def test_an_unknown_account_is_limited_like_a_known_one(ann: Person) -> None:
    guess(5, "nobody@people.test")

    unknown = refused(lambda: try_it("nobody@people.test"))
    guess(5, address="192.0.2.2")
    known_one = refused(lambda: try_it(address="192.0.2.2"))

    assert (unknown.code, unknown.message) == (known_one.code, known_one.message)


def test_all_spellings_are_one_account(ann: Person) -> None:
    guess(3, "ANN@people.test")
    guess(2, "  ann@People.TEST ")

    refused(try_it)


def test_one_address_tries_thirty_times_over_all_accounts() -> None:
    for number in range(30):
        guess(1, f"{number}@people.test")

    refused(lambda: try_it("another@people.test"))
    assert try_it("another@people.test", address="192.0.2.2") is None


def test_addresses_of_one_ipv6_network_are_one() -> None:
    for number in range(5):
        guess(1, address=f"2001:db8::{number + 1}")

    refused(lambda: try_it(address="2001:db8::ffff"))
    guess(1, address="2001:db8:0:1::1")


def test_an_account_that_is_tried_from_everywhere_leaves_each_address_one_try(ann: Person) -> None:
    for number in range(20):
        guess(1, address=f"203.0.113.{number}")

    assert try_it(password=samples.PASSWORD, address="198.51.100.7") == ann
    guess(1, address="198.51.100.8")
    refused(lambda: try_it(address="198.51.100.8"))


def test_a_known_browser_is_let_in_whatever_others_do_there(ann: Person) -> None:
    guess(5)
    for number in range(20):
        guess(1, address=f"203.0.113.{number}")
    refused(lambda: try_it(password=samples.PASSWORD))

    assert try_it(password=samples.PASSWORD, cookie=known()) == ann


def test_a_known_browser_has_ten_tries_and_then_is_refused_too(ann: Person) -> None:
    guess(10, cookie=known())

    refused(lambda: try_it(cookie=known()))
    assert try_it(password=samples.PASSWORD, cookie=known(device="e" * 32)) == ann


@pytest.mark.parametrize(
    "cookie",
    [known("bob@people.test"), "forged", known() + "x", signing.dumps("x")],
    ids=["another's", "forged", "changed", "of another kind"],  # signed at the second of collecting
)
def test_a_cookie_that_is_anothers_or_forged_knows_nobody(ann: Person, cookie: str) -> None:
    guess(5)

    refused(lambda: try_it(password=samples.PASSWORD, cookie=cookie))


def test_after_a_quarter_of_an_hour_one_may_try_again(ann: Person) -> None:
    guess(5)
    with tenancy.staff():
        SignIn.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))

    assert try_it(password=samples.PASSWORD) == ann


def test_what_succeeded_does_not_count(ann: Person) -> None:
    for _ in range(7):
        assert try_it(password=samples.PASSWORD) == ann


def test_each_attempt_says_when_how_from_where_and_why_not(ann: Person) -> None:
    samples.person("off@people.test", is_active=False)
    guess(1)
    guess(1, "nobody@people.test")
    try_it("off@people.test", password=samples.PASSWORD)

    with tenancy.staff():
        wrong, unknown, disabled = SignIn.objects.select_related("person").order_by("id")
    assert (wrong.person, wrong.method, wrong.outcome) == (ann, "password", "wrong_password")
    assert (wrong.address, wrong.agent) == ("192.0.2.1", "Browser/1")
    assert (unknown.person, unknown.outcome) == (None, "unknown")
    assert "nobody" not in str(unknown.__dict__)
    assert disabled.outcome == "disabled"


def test_old_attempts_are_forgotten(ann: Person) -> None:
    guess(2)
    with tenancy.staff():
        SignIn.objects.filter(pk=SignIn.objects.latest("pk").pk).update(
            at=timezone.now() - timedelta(days=401)
        )
        assert sign_ins.forget_old() == 1
        assert SignIn.objects.count() == 1
