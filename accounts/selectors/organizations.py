"""The organisations of a person."""

from typing import Any

from accounts.models import Organization, Person
from accounts.selectors import callers
from musenest.common import entitlements, tenancy


def of_person(person: Person) -> list[Organization]:
    """In the order of joining. Runs as staff: a person sees also those that are not in the address."""
    with tenancy.staff():
        return [membership.organization for membership in callers.memberships_of(person)]


def subscription_of(person: Person) -> dict[str, Any] | None:
    """What the organisation that the person joined first is subscribed to, in brief; None without one."""
    own = of_person(person)
    if not own:
        return None
    with tenancy.organization(own[0].pk, person=person.pk):
        standing = entitlements.standing(own[0])
    return {"organization": own[0].slug, **standing} if standing else None
