"""Who an access token speaks for, in one statement: it stands before every request of a program.

Runs as staff: it finds the scope, so it cannot have one yet.
"""

from uuid import UUID

from accounts.models import Membership, Organization, Person
from accounts.selectors.callers import of_person
from musenest.common import tenancy
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError, NotSignedInError
from musenest.common.postgres.reads import Read

# The active person, if the token's family is alive, beside the membership that is meant: in the organisation
# that was named, or else the first one.
MEMBER = Read(
    """
    SELECT {columns}
    FROM {person}
        LEFT JOIN ({membership}
            JOIN {organization} ON organization.id = membership.organization_id
        ) ON membership.person_id = person.id AND (%(slug)s = '' OR organization.slug = %(slug)s)
    WHERE person.id = %(person)s AND person.is_active AND EXISTS (
        SELECT FROM refresh_families AS family
        WHERE family.id = %(family)s AND family.person_id = person.id
            AND family.ended_at IS NULL AND family.expires_at > statement_timestamp()
    )
    ORDER BY membership.created_at, membership.id
    LIMIT 1
    """,
    asking=("organization.id", "person.id"),
    person=Person,
    membership=(Membership, ("organization_id", "person_id", "role", "has_child_safety")),
    organization=Organization,
)


def of_token(person: UUID, family: UUID, slug: str) -> tuple[Person, Caller]:
    """The person and whom it acts for. Refused from the next request on: a disabled one, and every token
    whose family has ended. Raises NotFoundError for an organisation of others.
    """
    with tenancy.staff():
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
