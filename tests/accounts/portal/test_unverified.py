"""Somebody who has not shown that the address is theirs: told on every page, and lets nobody in."""

import json
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.models import ApiKey, Invitation, Membership, Notification, Person, Role
from accounts.services import api_keys, invitations, organizations, people
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, Customer, signed_in

pytestmark = pytest.mark.django_db

TOLD = "Verify your address: we wrote to"
FIRST = "Verify your address first"
AGAIN = "/settings/security/email/send-again"
KEY = {"name": "Shop", "mode": "test", "scopes": ["analyze"], "lives": "30"}


@pytest.fixture
def acme() -> Customer:
    """Somebody who has just registered, whose e-mail was not opened, with a colleague who is verified."""
    owner = people.register(email="new@people.test", password=PASSWORD, organization="Acme")
    with tenancy.staff():
        organization = Membership.objects.select_related("organization").get(person=owner).organization
    samples.membership(organization, Role.ADMIN, samples.person("colleague@people.test"))
    return Customer(organization, owner, signed_in(owner))


def letters() -> int:
    with tenancy.staff():
        return Notification.objects.filter(template="verify_email").count()


def open_the_link() -> None:
    with tenancy.staff():
        secrets = Notification.objects.filter(template="verify_email").latest("created_at").secrets
    assert Client().post(urlsplit(json.loads(secrets)["link"]).path).status_code == 302


def test_the_page_of_the_link_does_not_ask_for_the_link(acme: Customer) -> None:
    acme.client.post(AGAIN)
    with tenancy.staff():
        secrets = Notification.objects.filter(template="verify_email").latest("created_at").secrets
    path = urlsplit(json.loads(secrets)["link"]).path

    page = acme.client.get(path).text

    assert "Verify this address" in page
    assert TOLD not in page
    assert "To your overview" in page
    assert 'href="/login"' not in page
    assert 'href="/login"' in Client().get(path).text


@pytest.mark.parametrize("path", ["", "sites", "team", "settings", "keys"])
def test_every_page_says_so_until_the_link_was_opened(acme: Customer, path: str) -> None:
    page = acme.client.get(acme.url(path)).text
    assert TOLD in page
    assert "new@people.test" in page
    acme.client.post(AGAIN)

    open_the_link()

    assert TOLD not in acme.client.get(acme.url(path)).text


def test_so_do_the_pages_about_oneself(acme: Customer) -> None:
    assert TOLD in acme.client.get("/settings/security").text
    assert TOLD in acme.client.get("/organizations/new").text


def test_the_link_is_sent_again_but_not_at_once(acme: Customer) -> None:
    page = acme.url("team")
    answer = acme.client.post(AGAIN, headers={"Referer": f"http://testserver{page}"})
    assert answer["Location"] == page
    assert "on its way to new@people.test" in acme.client.get(page).text

    acme.client.post(AGAIN, headers={"Referer": f"http://testserver{page}"})

    assert letters() == 1
    assert "within the last minute" in acme.client.get(page).text


def test_who_is_verified_gets_no_link(acme: Customer) -> None:
    with tenancy.staff():
        colleague = Person.objects.get(email="colleague@people.test")

    signed_in(colleague).post(AGAIN)

    assert letters() == 0


@pytest.mark.parametrize("path", ["team", "keys/new", "team/transfer"])
def test_a_notice_stands_where_the_form_would(acme: Customer, path: str) -> None:
    with tenancy.staff():
        colleague = Person.objects.get(email="colleague@people.test")
        Membership.objects.filter(person=colleague).update(role=Role.OWNER)
    page = acme.client.get(acme.url(path)).text
    theirs = signed_in(colleague).get(acme.url(path)).text

    assert FIRST in page
    assert FIRST not in theirs
    assert TOLD not in theirs
    for field in ('name="addresses"', 'name="scopes"', 'name="typed"'):
        assert field not in page
    assert any(field in theirs for field in ('name="addresses"', 'name="scopes"', 'name="typed"'))


def test_nobody_is_invited(acme: Customer) -> None:
    answer = acme.client.post(acme.url("team/invite"), {"addresses": "x@people.test", "role": "member"})

    assert answer.status_code == 422
    with tenancy.staff():
        assert not Invitation.objects.exists()


def test_no_key_is_made_or_rotated(acme: Customer) -> None:
    answer = acme.client.post(acme.url("keys/new"), KEY)
    assert (answer.status_code, FIRST in answer.text) == (422, True)
    with tenancy.staff():
        colleague = Person.objects.get(email="colleague@people.test")
    with acme.scope():
        key, _ = api_keys.create(
            organization=acme.organization, name="Shop", scopes=["analyze"], by=colleague.actor
        )
    assert 'data-open="#rotate-' not in acme.client.get(acme.url("keys")).text

    answer = acme.client.post(acme.url(f"keys/{key.pk}/rotate"))

    assert answer.status_code == 403
    assert "ADDRESS_NOT_VERIFIED" in answer.text
    with acme.scope():
        assert ApiKey.objects.get().digest == key.digest


def test_the_organization_is_not_handed_on(acme: Customer) -> None:
    with tenancy.staff():
        heir = Membership.objects.get(person__email="colleague@people.test")
    fields = {"member": str(heir.person_id), "typed": acme.organization.name}

    assert acme.client.post(acme.url("team/transfer"), fields).status_code == 422
    owner = acme.client.post(acme.url(f"team/members/{heir.person_id}/role"), {"role": "owner"})

    assert owner.status_code == 403
    with tenancy.staff():
        heir.refresh_from_db()
    assert heir.role == Role.ADMIN


def test_accepting_an_invitation_proves_the_address(acme: Customer) -> None:
    other = samples.organization("Borealis")
    inviter = samples.membership(other, Role.OWNER).person
    with tenancy.organization(other.pk, person=inviter.pk):
        invitations.invite(organization=other, email=acme.owner.email, role="viewer", by=inviter.actor)
    with tenancy.staff():
        link = json.loads(Notification.objects.get(template="invitation").secrets)["link"]

    assert acme.client.post(urlsplit(link).path).status_code == 302

    assert TOLD not in acme.client.get(acme.url()).text


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    assert Client().post(AGAIN)["Location"].startswith("/login?next=")


def test_a_new_address_counts_once_it_is_verified_and_is_the_one_then(acme: Customer) -> None:
    acme.client.post(AGAIN)
    open_the_link()
    acme.client.post("/settings/security/email", {"action_add": "1", "email": "newer@people.test"})
    assert TOLD not in acme.client.get(acme.url()).text

    open_the_link()

    with tenancy.staff():
        person = Person.objects.get(pk=acme.owner.pk)
    assert (person.email, person.is_verified) == ("newer@people.test", True)


def test_staff_may_hand_on_whatever_is_not_verified(acme: Customer) -> None:
    staff = people.create(email="s@staff.test", password=PASSWORD, by=acme.owner.actor, is_staff=True)
    with tenancy.staff():
        heir = Membership.objects.get(person__email="colleague@people.test")
        organizations.transfer(organization=acme.organization, to=heir, by=staff.actor)
        heir.refresh_from_db()
    assert heir.role == Role.OWNER
