"""What comes after the first minutes: a key, and colleagues."""

import pytest

from accounts.models import Role
from accounts.services import api_keys
from tests.samples import Customer, customer, decision, deployed, member, server

pytestmark = pytest.mark.django_db

TITLE = "What comes next"


@pytest.fixture
def acme() -> Customer:
    """With a first decision, and no key."""
    server()
    acme = customer("Acme")
    decision(acme, deployed(acme))
    return acme


def test_first_decision_leads_on_to_the_quick_start_and_the_team(acme: Customer) -> None:
    text = acme.client.get(acme.url()).text
    assert TITLE in text
    assert f'href="{acme.url("quick-start")}"' in text.split(TITLE)[1].split("</section>")[0]
    assert f'href="{acme.url("team")}"' in text.split(TITLE)[1].split("</section>")[0]


def test_next_steps_are_gone_with_the_first_key(acme: Customer) -> None:
    borealis = customer("Borealis")
    make_key(borealis)
    assert TITLE in acme.client.get(acme.url()).text
    make_key(acme)
    assert TITLE not in acme.client.get(acme.url()).text


def make_key(of: Customer) -> None:
    with of.scope():
        api_keys.create(organization=of.organization, name="key", scopes=["analyze"], by=of.owner.actor)


def test_next_steps_wait_for_the_first_decision() -> None:
    server()
    borealis = customer("Borealis")
    deployed(borealis)
    assert TITLE not in borealis.client.get(borealis.url()).text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER])
def test_next_steps_are_for_who_may_make_keys(acme: Customer, role: Role) -> None:
    assert TITLE not in member(acme, role).get(acme.url()).text


def test_stranger_sees_none(acme: Customer) -> None:
    assert customer("Borealis").client.get(acme.url()).status_code == 404
