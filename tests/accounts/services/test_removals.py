from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from accounts.models import Membership, Organization, Person, Role
from accounts.services import memberships, removals
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, MuseNestError
from tests import samples


def removed(organization: Organization, role: str = Role.MEMBER) -> tuple[Person, str]:
    """Somebody whose membership has just ended, and the proof of it."""
    membership = samples.membership(organization, role)
    with tenancy.organization(organization.pk):
        proof = removals.proof_of(membership)
        memberships.remove(membership=membership, by=SYSTEM)
    return membership.person, proof


def undo(organization: Organization, proof: str) -> Membership:
    with tenancy.organization(organization.pk):
        return removals.undo(organization=organization, proof=proof, by=SYSTEM)


def count_of(organization: Organization) -> int:
    with tenancy.staff():
        return Membership.objects.filter(organization=organization).count()


@pytest.mark.django_db
def test_undoing_brings_the_role_back_and_is_recorded() -> None:
    organization = samples.organization()
    person, proof = removed(organization, Role.REVIEWER)
    back = undo(organization, proof)
    assert (back.person, back.role) == (person, Role.REVIEWER)
    assert samples.recorded() == ["membership.removed", "membership.added"]


@pytest.mark.django_db
def test_proof_is_for_one_organization_and_ten_minutes() -> None:
    organization, other = samples.organization(), samples.organization("Borealis")
    person, proof = removed(organization)
    assert removals.offered(organization=organization, proof=proof) == person.email
    assert removals.offered(organization=other, proof=proof) == ""
    with pytest.raises(ConflictError) as error:
        undo(other, proof)
    assert error.value.code == "REMOVAL_NOT_UNDOABLE"
    with time_machine.travel(timezone.now() + timedelta(seconds=removals.SECONDS + 2)):
        assert removals.offered(organization=organization, proof=proof) == ""
        with pytest.raises(ConflictError):
            undo(organization, proof)
    assert count_of(organization) + count_of(other) == 0


@pytest.mark.django_db
def test_person_who_is_gone_does_not_come_back() -> None:
    organization = samples.organization()
    person, proof = removed(organization)
    with tenancy.staff():
        Person.objects.filter(pk=person.pk).delete()
    with pytest.raises(ConflictError):
        undo(organization, proof)


@pytest.mark.django_db
def test_who_left_since_is_not_brought_back_by_the_same_proof() -> None:
    organization = samples.organization()
    person, proof = removed(organization)
    samples.membership(organization)
    undo(organization, proof)
    memberships.leave(organization=organization, person=person)

    with pytest.raises(ConflictError) as error:
        undo(organization, proof)

    assert error.value.code == "REMOVAL_NOT_UNDOABLE"
    assert count_of(organization) == 1


def test_undone_many_times_at_once_it_is_one_membership(committed_db: None) -> None:
    organization = samples.organization()
    _, proof = removed(organization)

    def attempt(_: int) -> str:
        try:
            undo(organization, proof)
        except MuseNestError as error:
            return error.code
        finally:
            connections.close_all()
        return "undone"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(attempt, range(8)))
    assert outcomes == ["ALREADY_MEMBER"] * 7 + ["undone"]
    assert count_of(organization) == 1
