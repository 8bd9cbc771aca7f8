"""Who an access token speaks for, in one statement: it stands before every request of a program.

Written in SQL, because building these two queries by Django's ORM costs several times what running them does.
Runs as staff: it finds the scope, so it cannot have one yet.
"""

from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from accounts.models import Membership, Organization, Person
from accounts.selectors.callers import of_person
from musenest.common import tenancy
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError, NotSignedInError

READ = (Person, Membership, Organization)
# The active person, if the token's family is alive, beside the membership that is meant: in the organisation
# that was named, or else the first one.
STATEMENT = """
    SELECT {columns}
    FROM {people} AS person
        LEFT JOIN ({memberships} AS membership
            JOIN {organizations} AS organization ON organization.id = membership.organization_id
        ) ON membership.person_id = person.id AND (%(slug)s = '' OR organization.slug = %(slug)s)
    WHERE person.id = %(person)s AND person.is_active AND EXISTS (
        SELECT FROM refresh_families AS family
        WHERE family.id = %(family)s AND family.person_id = person.id
            AND family.ended_at IS NULL AND family.expires_at > statement_timestamp()
    )
    ORDER BY membership.created_at, membership.id
    LIMIT 1
"""


def of_token(person: UUID, family: UUID, slug: str) -> tuple[Person, Caller]:
    """The person and whom it acts for. Refused from the next request on: a disabled one, and every token
    whose family has ended. Raises NotFoundError for an organisation of others.
    """
    with tenancy.staff(), connection.cursor() as cursor:
        cursor.execute(statement(), {"person": person, "family": family, "slug": slug})
        row = cursor.fetchone()
    if row is None:
        raise NotSignedInError("Invalid token", code="INVALID_TOKEN")
    found, membership, organization = models_of(row)
    if membership.pk is None:
        if slug:
            raise NotFoundError("It does not exist, or it is not yours.")
        return found, of_person(found, None)
    membership.organization, membership.person = organization, found
    return found, of_person(found, membership)


@cache
def statement() -> str:
    columns = ", ".join(
        f"{model._meta.model_name}.{connection.ops.quote_name(str(field.column))}"
        for model in READ
        for field in model._meta.concrete_fields
    )
    return STATEMENT.format(
        columns=columns,
        people=Person._meta.db_table,
        memberships=Membership._meta.db_table,
        organizations=Organization._meta.db_table,
    )


def models_of(row: tuple[Any, ...]) -> list[Any]:
    """The row's three objects; those that were not joined have no key."""
    found, start = [], 0
    for model in READ:
        names = field_names(model)
        found.append(model.from_db(connection.alias, names, row[start : start + len(names)]))
        start += len(names)
    return found


@cache
def field_names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
