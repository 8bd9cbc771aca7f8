import pytest

from accounts.models import Role
from tests.samples import Customer, customer, decision, deployed, member, server, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    server()
    return customer("Acme")


def steps(of: Customer) -> list[tuple[bool, bool]]:
    return [(step.is_done, step.is_next) for step in of.client.get(of.url()).context["guide"]]


def test_guide_begins_with_the_first_site(acme: Customer) -> None:
    assert steps(acme) == [(False, True), (False, False), (False, False)]
    text = acme.client.get(acme.url()).text
    assert "Make the first site" in text
    assert "0 of 3 done" in text


def test_guide_goes_on_with_what_is_done(acme: Customer) -> None:
    made = site(acme)
    assert steps(acme) == [(True, False), (False, True), (False, False)]
    assert acme.url(f"sites/{made}") in acme.client.get(acme.url()).text
    deployed(acme, "acme-shop", "marketplace")
    assert steps(acme) == [(True, False), (True, False), (False, True)]


def test_guide_is_gone_when_all_is_done(acme: Customer) -> None:
    decision(acme, deployed(acme))
    assert steps(acme) == []
    assert "The first two minutes" not in acme.client.get(acme.url()).text


def test_guide_is_for_who_may_do_it(acme: Customer) -> None:
    viewer = member(acme, Role.VIEWER)
    text = viewer.get(acme.url()).text
    assert "The first two minutes" not in text
    assert "No sites yet" in text


def test_guide_of_another_organisation_counts_nothing(acme: Customer) -> None:
    borealis = customer("Borealis")
    decision(borealis, deployed(borealis, "borealis"))
    assert steps(acme) == [(False, True), (False, False), (False, False)]
