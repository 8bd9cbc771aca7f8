import pytest
from django.db import DatabaseError, IntegrityError

from accounts.models import AuditEvent, Membership
from accounts.services import memberships
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.accounts import samples

pytestmark = pytest.mark.django_db


def test_adding_a_member_is_recorded() -> None:
    organization, who = samples.organization(), samples.person()

    with tenancy.staff():
        made = memberships.add(organization=organization, person=who, role="viewer", by=SYSTEM)
        event = AuditEvent.objects.get()

    assert (event.action, event.target_id, event.changes) == (
        "membership.added",
        str(made.pk),
        {"role": "viewer"},
    )


def test_a_person_is_a_member_once() -> None:
    membership = samples.member(samples.organization())

    with tenancy.staff(), pytest.raises(IntegrityError, match="membership_once_per_person"):
        memberships.add(
            organization=membership.organization, person=membership.person, role="owner", by=SYSTEM
        )


def test_an_unknown_role_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="membership_role_is_known"):
        samples.member(samples.organization(), "emperor")


def test_a_grant_says_who_gave_it() -> None:
    organization = samples.organization()
    owner, member = samples.member(organization, "owner"), samples.member(organization)

    with tenancy.organization(organization.pk):
        memberships.grant_child_safety(membership=member, by=owner.person.actor)
        granted = Membership.objects.get(pk=member.pk)

    assert (granted.has_child_safety, granted.child_safety_granted_by) == (True, owner.person.email)
    with tenancy.staff():
        assert AuditEvent.objects.get().action == "membership.child_safety_granted"


def test_a_grant_by_nobody_is_refused_by_the_database() -> None:
    member = samples.member(samples.organization())

    with tenancy.staff(), pytest.raises(IntegrityError, match="was_granted_by_somebody"):
        Membership.objects.filter(pk=member.pk).update(has_child_safety=True)


def test_a_grant_in_another_organization_is_refused() -> None:
    member = samples.member(samples.organization())

    with tenancy.organization(samples.organization().pk), pytest.raises(DatabaseError):
        memberships.grant_child_safety(membership=member, by=SYSTEM)
