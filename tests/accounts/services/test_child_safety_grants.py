"""The grant to see child-safety cases: never staff's, and no owner is left in the dark about one."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Notification, Organization, Role
from accounts.services import memberships
from musenest.common import tenancy, work
from musenest.common.errors import DeniedError
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return samples.organization()


@pytest.fixture
def owner(organization: Organization) -> Membership:
    return samples.membership(organization, Role.OWNER)


def staffs(of: Organization, role: str = Role.OWNER) -> Membership:
    return samples.membership(of, role, samples.person(is_staff=True))


def grant(to: Membership, by: Membership) -> Membership:
    with tenancy.organization(to.organization_id):
        return memberships.grant_child_safety(membership=to, by=by.person.actor)


def letters() -> list[Notification]:
    with tenancy.staff():
        found = Notification.objects.filter(template="child_safety_granted").select_related("person")
        return list(found.order_by("created_at"))


def refused(to: Membership, by: Membership) -> str:
    with pytest.raises(DeniedError) as raised:
        grant(to, by)
    with tenancy.staff():
        assert not Membership.objects.filter(has_child_safety=True).exists()
    assert (letters(), samples.recorded()) == ([], [])
    return raised.value.code


def test_staff_who_made_themselves_an_owner_grant_nobody(owner: Membership) -> None:
    intruder = staffs(owner.organization)
    member = samples.membership(owner.organization)

    for to in (intruder, member, owner):
        assert refused(to, by=intruder) == "GRANT_NOT_STAFFS"


def test_an_owner_cannot_grant_it_to_staff(owner: Membership) -> None:
    assert refused(staffs(owner.organization, Role.MEMBER), by=owner) == "GRANT_NOT_STAFFS"


def test_what_staff_held_from_before_is_taken_back(owner: Membership) -> None:
    held = staffs(owner.organization)
    with tenancy.staff():
        Membership.objects.filter(pk=held.pk).update(has_child_safety=True, child_safety_granted_by="x")

    with tenancy.organization(owner.organization_id):
        taken = memberships.withdraw_child_safety(membership=held, by=owner.person.actor)

    assert not taken.has_child_safety


def test_staff_add_themselves_in_the_admin_and_see_no_case(acme: Customer, staff: Client) -> None:
    """The whole way that was open: added as an owner by the admin, then granted through the API."""
    intruder = samples.person(is_staff=True)
    form = {"organization": acme.organization.pk, "person": intruder.pk, "role": "owner"}
    assert staff.post(reverse("admin:accounts_membership_add"), form).status_code == 302

    client, slug = api.program_of(intruder), acme.organization.slug
    path = f"/api/organizations/{slug}/members/{intruder.pk}"
    denied = client.patch(path, {"has_child_safety": True}, format="json")

    assert api.code(denied, 403) == "GRANT_NOT_STAFFS"


def test_every_owner_is_told_of_a_grant(owner: Membership) -> None:
    other = samples.membership(owner.organization, Role.OWNER)
    member = samples.membership(owner.organization)
    samples.membership(owner.organization, Role.ADMIN)
    samples.membership(samples.organization("Other"), Role.OWNER)

    grant(member, by=owner)
    grant(member, by=owner)  # again, which changes nothing

    assert {letter.person for letter in letters()} == {owner.person, other.person}
    assert len(letters()) == 2
    work.run("notification", str(letters()[0].pk))
    (sent,) = mail.outbox
    assert sent.subject == f"{member.person.email} may now see the child-safety cases of Acme"
    assert owner.person.email in sent.body
    assert f"/o/{owner.organization.slug}/team" in sent.body


def test_withdrawing_is_written_to_nobody(owner: Membership) -> None:
    member = samples.membership(owner.organization, child_safety=True)
    before = len(letters())

    with tenancy.organization(owner.organization_id):
        memberships.withdraw_child_safety(membership=member, by=owner.person.actor)

    assert len(letters()) == before


def test_the_page_of_a_staff_member_offers_no_grant(acme: Customer) -> None:
    theirs = staffs(acme.organization, Role.MEMBER)
    member = samples.membership(acme.organization)

    page = acme.client.get(acme.url(f"team/members/{theirs.person_id}")).text
    usual = acme.client.get(acme.url(f"team/members/{member.person_id}")).text

    assert "staff neither grant it nor get it." in page
    assert "Grant access" not in page
    assert "Grant access" in usual
