"""A staff person with a member's eyes: sees their pages under a banner, changes nothing, ends by a click."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Person, Role
from accounts.services import api_keys
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

REASON = "Ticket 12: the quota looks wrong"
BANNER = "and change nothing"


@pytest.fixture
def person() -> Person:
    return samples.staff_person()


@pytest.fixture
def staff(person: Person) -> Client:
    return samples.signed_in(person)


def membership_of(acme: Customer, role: str = Role.OWNER) -> Membership:
    with tenancy.staff():
        return Membership.objects.get(organization=acme.organization, role=role)


def begin(staff: Client, membership: Membership, reason: str = REASON) -> str:
    """Where it leads."""
    address = reverse("admin:accounts_membership_impersonate", args=[membership.pk])
    answer = staff.post(address, {"_form_submitted": "True", "reason": reason})
    return str(answer.headers.get("HX-Redirect", ""))


def actions() -> list[str]:
    with tenancy.staff():
        events = AuditEvent.objects.filter(action__startswith="impersonation").order_by("pk")
        return list(events.values_list("action", flat=True))


def test_the_pages_of_a_member_open_under_a_banner(staff: Client, acme: Customer) -> None:
    assert staff.get(acme.url()).status_code == 404

    assert begin(staff, membership_of(acme)) == acme.url()

    text = staff.get(acme.url()).text
    assert BANNER in text
    assert acme.owner.email in text
    assert REASON in text
    assert staff.get(samples.customer("Borealis").url()).status_code == 404
    assert actions() == ["impersonation.begun"]


def test_a_member_sees_no_banner(acme: Customer, staff: Client) -> None:
    begin(staff, membership_of(acme))

    assert BANNER not in acme.client.get(acme.url()).text


def test_what_a_site_comes_to_is_shown(staff: Client, acme: Customer) -> None:
    site = samples.site(acme)
    begin(staff, membership_of(acme))

    answer = staff.post(acme.url(f"sites/{site.site_identifier}/preview"), {})

    assert answer.status_code == 200
    assert "Counts from" in answer.text


def test_nothing_can_be_changed(staff: Client, acme: Customer) -> None:
    site = samples.site(acme)
    begin(staff, membership_of(acme))

    answer = staff.post(acme.url(f"sites/{site.site_identifier}/delete"))

    assert answer.status_code == 403
    with acme.scope():
        site.refresh_from_db()
        assert site.deleted_at is None


def test_child_safety_and_keys_stay_closed(staff: Client, acme: Customer) -> None:
    with tenancy.staff():
        Membership.objects.filter(organization=acme.organization).update(
            has_child_safety=True, child_safety_granted_by="owner"
        )
    site = samples.site(acme)
    escalated = samples.decision(acme, site, is_escalated=True)
    usual = samples.decision(acme, site)
    with acme.scope():
        api_keys.create(
            organization=acme.organization, name="Warehouse", scopes=["analyze"], by=acme.owner.actor
        )
    assert "Warehouse" in acme.client.get(acme.url("keys")).text
    assert acme.client.get(acme.url(f"decisions/{escalated.pk}")).status_code == 200

    begin(staff, membership_of(acme))

    assert staff.get(acme.url(f"decisions/{escalated.pk}")).status_code == 404
    assert staff.get(acme.url(f"decisions/{usual.pk}")).status_code == 200
    assert "Warehouse" not in staff.get(acme.url("keys")).text
    assert staff.get(acme.url("keys/new")).status_code == 403


def test_one_click_ends_it(staff: Client, acme: Customer) -> None:
    membership = membership_of(acme)
    begin(staff, membership)

    answer = staff.post(reverse("impersonation-end"))

    assert answer["Location"] == reverse("admin:accounts_membership_change", args=[membership.pk])
    assert staff.get(acme.url()).status_code == 404
    assert actions() == ["impersonation.begun", "impersonation.ended"]
    assert staff.post(reverse("impersonation-end")).status_code == 302  # once more does nothing
    assert len(actions()) == 2


def test_it_ends_when_another_begins(staff: Client, acme: Customer) -> None:
    borealis = samples.customer("Borealis")
    begin(staff, membership_of(acme))

    assert begin(staff, membership_of(borealis)) == borealis.url()

    assert actions() == ["impersonation.begun", "impersonation.ended", "impersonation.begun"]
    assert staff.get(acme.url()).status_code == 404
    assert staff.get(borealis.url()).status_code == 200


def test_it_ends_after_an_hour(staff: Client, acme: Customer) -> None:
    begin(staff, membership_of(acme))

    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        assert staff.get(acme.url()).status_code == 404

    assert actions() == ["impersonation.begun", "impersonation.ended"]


def test_it_ends_with_the_session(staff: Client, acme: Customer) -> None:
    begin(staff, membership_of(acme))

    with tenancy.staff():
        staff.logout()

    assert actions() == ["impersonation.begun", "impersonation.ended"]


def test_it_ends_when_the_person_is_no_longer_staff(staff: Client, person: Person, acme: Customer) -> None:
    begin(staff, membership_of(acme))
    with tenancy.staff():
        Person.objects.filter(pk=person.pk).update(is_staff=False)

    assert staff.get(acme.url()).status_code == 404
    assert actions()[-1] == "impersonation.ended"


def test_it_ends_when_the_member_is_gone(staff: Client, acme: Customer) -> None:
    viewer = samples.member(acme, Role.VIEWER)
    begin(staff, membership_of(acme, Role.VIEWER))
    assert staff.get(acme.url()).status_code == viewer.get(acme.url()).status_code == 200
    with tenancy.staff():
        Membership.objects.filter(organization=acme.organization, role=Role.VIEWER).delete()

    assert staff.get(acme.url()).status_code == 404


def test_a_reason_is_needed(staff: Client, acme: Customer) -> None:
    assert begin(staff, membership_of(acme), reason="no") == ""
    assert actions() == []


def test_a_customer_cannot_begin(acme: Customer) -> None:
    assert begin(acme.client, membership_of(acme)) == ""
    assert actions() == []
