"""The organisations of a person."""

from accounts.models import Organization, Person
from accounts.selectors import callers
from musenest.common import tenancy


def of_person(person: Person) -> list[Organization]:
    """In the order of joining. Runs as staff: a person sees also those that are not in the address."""
    with tenancy.staff():
        return [membership.organization for membership in callers.memberships_of(person)]
