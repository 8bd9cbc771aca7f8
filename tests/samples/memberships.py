from django.test import Client

from accounts.models import Membership, Organization, Person, Role
from accounts.services import memberships
from musenest.common import tenancy
from tests.samples.browsers import signed_in
from tests.samples.organizations import Customer
from tests.samples.people import MAKER, person


def membership(
    of: Organization, role: str = Role.MEMBER, who: Person | None = None, *, child_safety: bool = False
) -> Membership:
    """Of somebody, or of somebody new."""
    who = who or person()
    with tenancy.staff():
        made = memberships.add(organization=of, person=who, role=role, by=MAKER)
        return memberships.grant_child_safety(membership=made, by=MAKER) if child_safety else made


def member(of: Customer, role: str = Role.MEMBER, *, child_safety: bool = False) -> Client:
    """A browser of somebody else in the organisation."""
    return signed_in(membership(of.organization, role, child_safety=child_safety).person)
