"""Who an access token speaks for, in one statement: it stands before every request of a program."""

from uuid import UUID

from accounts.models import Membership, Organization, Person
from accounts.selectors.callers import of_person
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError, NotSignedInError
from musenest.common.postgres.reads import Entry

MEMBER = Entry(
    "SELECT {columns} FROM musenest_caller_of_token(%(person)s, %(family)s, %(slug)s)",
    person=Person,
    membership=(Membership, ("organization_id", "person_id", "role", "has_child_safety")),
    organization=Organization,
)


def of_token(person: UUID, family: UUID, slug: str) -> tuple[Person, Caller]:
    """The person and whom it acts for. Refused from the next request on: a disabled one, and every token
    whose family has ended. Raises NotFoundError for an organisation of others.
    """
    row = MEMBER.first({"person": person, "family": family, "slug": slug})
    if row is None:
        raise NotSignedInError("Invalid token", code="INVALID_TOKEN")
    found, membership, organization = row
    if membership.pk is None:
        if slug:
            raise NotFoundError("It does not exist, or it is not yours.")
        return found, of_person(found, None)
    membership.organization, membership.person = organization, found
    return found, of_person(found, membership)
