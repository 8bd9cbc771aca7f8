"""Members: who may change whom, an owner always remains, and what counts on the next request."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from accounts.models import Membership, Organization, Person, Role
from accounts.selectors import callers
from accounts.services import memberships
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError, MuseNestError, NotFoundError
from tests import samples


@pytest.fixture
def acme(db: None) -> Organization:
    return samples.organization()


@pytest.fixture
def owner(acme: Organization) -> Membership:
    return samples.membership(acme, "owner")


def change(of: Membership, role: str, by: Person) -> None:
    with tenancy.organization(of.organization_id):
        memberships.change_role(membership=of, role=role, by=by.actor)


def remove(of: Membership, by: Person) -> None:
    with tenancy.organization(of.organization_id):
        memberships.remove(membership=of, by=by.actor)


def is_member(of: Membership) -> bool:
    with tenancy.staff():
        return Membership.objects.filter(pk=of.pk).exists()


def test_adding_a_member_is_recorded(acme: Organization) -> None:
    who = samples.person()

    with tenancy.staff():
        made = memberships.add(organization=acme, person=who, role="viewer", by=SYSTEM)
    (event,) = samples.events()

    assert (event.action, event.target_id, event.changes) == (
        "membership.added",
        str(made.pk),
        {"role": "viewer"},
    )


@pytest.mark.django_db
def test_a_person_is_a_member_once() -> None:
    membership = samples.membership(samples.organization())

    with tenancy.staff(), pytest.raises(IntegrityError, match="membership_once_per_person"):
        memberships.add(
            organization=membership.organization, person=membership.person, role="owner", by=SYSTEM
        )


@pytest.mark.django_db
def test_an_unknown_role_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="membership_role_is_known"):
        samples.membership(samples.organization(), "emperor")


def test_a_changed_role_counts_on_the_next_request_and_is_recorded(owner: Membership) -> None:
    member = samples.membership(owner.organization)
    assert callers.in_first_organization(member.person).may("sites:write")

    change(member, "viewer", owner.person)

    assert not callers.in_first_organization(member.person).may("sites:write")
    (event,) = samples.events()
    assert (event.action, event.changes) == ("membership.role_changed", {"role": ["member", "viewer"]})


def test_the_same_role_again_changes_nothing(owner: Membership) -> None:
    change(samples.membership(owner.organization), "member", owner.person)

    assert samples.recorded() == []


# who      whom      to
BEYOND = [
    ("admin", "member", "owner"),
    ("admin", "owner", "viewer"),
    ("member", "viewer", "member"),
    ("reviewer", "member", "viewer"),
    ("viewer", "viewer", "admin"),
]


@pytest.mark.parametrize(("who", "whom", "to"), BEYOND)
def test_nobody_gives_or_takes_more_than_he_has(owner: Membership, who: str, whom: str, to: str) -> None:
    actor = samples.membership(owner.organization, who)
    target = samples.membership(owner.organization, whom)

    with pytest.raises(DeniedError) as raised:
        change(target, to, actor.person)

    assert raised.value.code == "ROLE_BEYOND_YOURS"
    assert samples.recorded() == []


@pytest.mark.parametrize(("role", "whom"), [("admin", "owner"), ("member", "admin"), ("viewer", "member")])
def test_nobody_removes_somebody_with_more_rights(owner: Membership, role: str, whom: str) -> None:
    actor, target = samples.membership(owner.organization, role), samples.membership(owner.organization, whom)

    with pytest.raises(DeniedError):
        remove(target, actor.person)
    assert is_member(target)


def test_a_removed_member_is_a_stranger_on_the_next_request(owner: Membership) -> None:
    member = samples.membership(owner.organization)

    remove(member, owner.person)

    with pytest.raises(NotFoundError):
        callers.in_organization(member.person, owner.organization.slug)
    assert samples.recorded() == ["membership.removed"]


def test_removing_twice_is_not_found(owner: Membership) -> None:
    member = samples.membership(owner.organization)
    remove(member, owner.person)

    with pytest.raises(NotFoundError):
        remove(member, owner.person)


def test_a_member_leaves(owner: Membership) -> None:
    member = samples.membership(owner.organization)

    memberships.leave(organization=owner.organization, person=member.person)

    assert not is_member(member)
    assert samples.recorded() == ["membership.left"]


def ways_out(owner: Membership) -> list[Callable[[], object]]:
    return [
        lambda: memberships.leave(organization=owner.organization, person=owner.person),
        lambda: remove(owner, owner.person),
        lambda: change(owner, "admin", owner.person),
    ]


@pytest.mark.parametrize("way", range(3))
def test_the_last_owner_stays(owner: Membership, way: int) -> None:
    samples.membership(owner.organization, "admin")

    with pytest.raises(ConflictError) as raised:
        ways_out(owner)[way]()

    assert raised.value.code == "LAST_OWNER"
    assert is_member(owner)


def test_a_stranger_changes_nobody(owner: Membership) -> None:
    stranger = samples.membership(samples.organization("Other"), "owner")

    with pytest.raises(DeniedError):
        change(samples.membership(owner.organization), "viewer", stranger.person)
    with tenancy.organization(stranger.organization_id), pytest.raises(Organization.DoesNotExist):
        memberships.remove(membership=owner, by=stranger.person.actor)
    assert is_member(owner)


def test_a_grant_says_who_gave_it_and_is_taken_back(owner: Membership) -> None:
    member = samples.membership(owner.organization)

    with tenancy.organization(owner.organization_id):
        granted = memberships.grant_child_safety(membership=member, by=owner.person.actor)
        assert (granted.has_child_safety, granted.child_safety_granted_by) == (True, owner.person.email)
        withdrawn = memberships.withdraw_child_safety(membership=member, by=owner.person.actor)
        assert (withdrawn.has_child_safety, withdrawn.child_safety_granted_by) == (False, "")

    assert samples.recorded() == ["membership.child_safety_granted", "membership.child_safety_withdrawn"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_an_owner_grants_child_safety(owner: Membership, role: str) -> None:
    actor = samples.membership(owner.organization, role)

    with tenancy.organization(owner.organization_id), pytest.raises(DeniedError):
        memberships.grant_child_safety(membership=actor, by=actor.person.actor)


def test_staff_grant_no_child_safety(owner: Membership) -> None:
    staff = samples.person(is_staff=True)

    with tenancy.staff(), pytest.raises(DeniedError):
        memberships.grant_child_safety(membership=owner, by=staff.actor)


@pytest.mark.django_db
def test_a_grant_by_nobody_is_refused_by_the_database() -> None:
    member = samples.membership(samples.organization())

    with tenancy.staff(), pytest.raises(IntegrityError, match="was_granted_by_somebody"):
        Membership.objects.filter(pk=member.pk).update(has_child_safety=True)


@pytest.mark.django_db
def test_a_grant_in_another_organization_is_refused() -> None:
    member = samples.membership(samples.organization())

    with tenancy.organization(samples.organization().pk), pytest.raises(Organization.DoesNotExist):
        memberships.grant_child_safety(membership=member, by=SYSTEM)


def test_of_five_owners_who_leave_at_once_one_remains(committed_db: None) -> None:
    organization = samples.organization()
    owners = [samples.membership(organization, "owner") for _ in range(5)]
    barrier = threading.Barrier(5)

    def leave(owner: Membership) -> str:
        barrier.wait(timeout=30)
        try:
            memberships.leave(organization=organization, person=owner.person)
        except MuseNestError as error:
            return error.code
        finally:
            connection.close()
        return "left"

    with ThreadPoolExecutor(5) as pool:
        found = sorted(pool.map(leave, owners))

    assert found == ["LAST_OWNER", *["left"] * 4]
