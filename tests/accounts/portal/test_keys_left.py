"""Removing and leaving in the portal: what becomes of the keys, and whose keys the list shows."""

import pytest

from accounts.models import ApiKey, Membership, Role
from accounts.services import api_keys
from tests import samples
from tests.samples import Customer, signed_in

pytestmark = pytest.mark.django_db

BOX = 'name="revoke_keys"'
GONE = "Maker is no longer a member"


@pytest.fixture
def anna(acme: Customer) -> Membership:
    anna = samples.membership(acme.organization, Role.ADMIN)
    with acme.scope():
        api_keys.create(organization=acme.organization, name="Shop", scopes=["analyze"], by=anna.person.actor)
    return anna


def is_live(acme: Customer) -> bool:
    with acme.scope():
        return ApiKey.objects.usable().exists()


def test_the_confirmation_offers_it_checked(acme: Customer, anna: Membership) -> None:
    page = acme.client.get(acme.url(f"team/members/{anna.person_id}")).text

    assert BOX in page
    assert page.count(BOX) == 2  # with another role, and with the removal
    assert all("checked" in rest.partition(">")[0] for rest in page.split(BOX)[1:])
    assert "Revoke the 1 API key that this person made" in " ".join(page.split())


def test_nothing_is_offered_where_there_is_no_key(acme: Customer) -> None:
    other = samples.membership(acme.organization)

    assert BOX not in acme.client.get(acme.url(f"team/members/{other.person_id}")).text
    assert BOX not in acme.client.get(acme.url("team")).text


def test_with_the_box_the_keys_end(acme: Customer, anna: Membership) -> None:
    answer = acme.client.post(acme.url(f"team/members/{anna.person_id}/remove"), {"revoke_keys": "yes"})

    assert not is_live(acme)
    assert "1 API key of this person is revoked" in acme.client.get(answer["Location"]).text


def test_without_it_they_go_on_and_the_list_says_whose_they_were(acme: Customer, anna: Membership) -> None:
    assert GONE not in acme.client.get(acme.url("keys")).text

    answer = acme.client.post(acme.url(f"team/members/{anna.person_id}/remove"))

    assert is_live(acme)
    assert "goes on working" in acme.client.get(answer["Location"]).text
    page = acme.client.get(acme.url("keys")).text
    assert GONE in page
    assert anna.person.email in page


def demote(acme: Customer, anna: Membership, **more: str) -> str:
    """What the page says after she was made a viewer, whose role analyses nothing."""
    address = acme.url(f"team/members/{anna.person_id}/role")
    return str(acme.client.post(address, {"role": "viewer"} | more, follow=True).text)


def test_a_demotion_says_that_keys_open_more_than_the_new_role(acme: Customer, anna: Membership) -> None:
    assert "goes on working" in demote(acme, anna)
    assert is_live(acme)


def test_with_the_box_a_demotion_ends_them(acme: Customer, anna: Membership) -> None:
    page = acme.client.get(acme.url(f"team/members/{anna.person_id}")).text
    assert BOX in page.partition('id="remove"')[0]

    assert "1 API key of this person is revoked" in demote(acme, anna, revoke_keys="yes")
    assert not is_live(acme)


def test_who_leaves_is_offered_it_too(acme: Customer, anna: Membership) -> None:
    client = signed_in(anna.person)
    assert BOX in client.get(acme.url("team")).text

    client.post(acme.url("team/leave"), {"revoke_keys": "yes"})

    assert not is_live(acme)


def test_a_stranger_ends_nothing(acme: Customer, anna: Membership) -> None:
    stranger = samples.customer("Borealis").client

    answer = stranger.post(acme.url(f"team/members/{anna.person_id}/remove"), {"revoke_keys": "yes"})

    assert answer.status_code == 404
    assert is_live(acme)
