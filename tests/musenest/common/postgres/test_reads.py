"""A read in SQL finds what the ORM would find."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization, Person, Profile
from accounts.services import profiles
from musenest.common import tenancy
from musenest.common.postgres.reads import Read
from tests import samples

pytestmark = pytest.mark.django_db

MEMBER = Read(
    """
    SELECT {columns}
    FROM {person}
        LEFT JOIN ({membership} JOIN {organization} ON organization.id = membership.organization_id)
            ON membership.person_id = person.id
    WHERE person.id = %(person)s
    """,
    person=Person,
    membership=Membership,
    organization=(Organization, ("slug",)),
)
ASKING = Read(
    """
    SELECT {columns}
    FROM {person}
        LEFT JOIN ({membership} JOIN {organization} ON organization.id = membership.organization_id)
            ON membership.person_id = person.id
    WHERE person.id = %(person)s
    LIMIT 1
    """,
    asking=("organization.id", "person.id"),
    person=Person,
    membership=Membership,
    organization=Organization,
)
PROFILE = Read("SELECT {columns} FROM {profile} WHERE profile.person_id = %(person)s", profile=Profile)


def columns(instance: object) -> dict[str, object]:
    return {name: value for name, value in vars(instance).items() if name != "_state"}


def test_the_rows_are_the_models_that_the_orm_finds() -> None:
    organization = samples.organization()
    member = samples.membership(organization, "admin")
    with tenancy.staff():
        found = MEMBER.first({"person": member.person.pk})
        assert found is not None
        person, membership, its = found
        assert columns(person) == columns(Person.objects.get(pk=member.person.pk))
        assert columns(membership) == columns(Membership.objects.get(pk=member.pk))
        assert (its.pk, its.slug) == (organization.pk, organization.slug)
        assert its.get_deferred_fields() >= {"name", "created_at"}
        assert its.name == organization.name


def test_what_an_outer_join_does_not_find_has_no_key() -> None:
    alone = samples.person()
    with tenancy.staff():
        found = MEMBER.first({"person": alone.pk})
    assert found is not None
    assert [row.pk for row in found] == [alone.pk, None, None]


def test_nothing_is_found_outside_of_the_scope() -> None:
    member = samples.membership(samples.organization(), "admin")
    with tenancy.person(samples.person().pk):
        assert MEMBER.first({"person": member.person.pk}) is None


def test_json_and_encrypted_columns_are_values_of_python() -> None:
    person = samples.person()
    fields = {"preferences": {"theme": ["dark", None]}, "v0_api_key": "secret"}
    profiles.update(person=person, fields=fields, by=person.actor)
    with tenancy.person(person.pk):
        found = PROFILE.first({"person": person.pk})
    assert found is not None
    assert (found[0].preferences, found[0].v0_api_key) == ({"theme": ["dark", None]}, "secret")


def told() -> tuple[str, str, str]:
    """What PostgreSQL holds, asked in a way that tells it nothing."""
    with connection.connection.cursor() as cursor:
        row = cursor.execute(
            "SELECT current_user, current_setting('musenest.organization'),"
            " current_setting('musenest.person')"
        ).fetchone()
    user, organization, person = row
    return user, organization, person


def test_who_asks_is_in_their_scope_afterwards() -> None:
    organization, _ = samples.organization(), samples.organization("Another")
    person = samples.membership(organization, "admin").person
    with tenancy.staff():
        found = ASKING.first({"person": person.pk})
        assert found is not None
        assert (found[0].pk, found[2].pk) == (person.pk, organization.pk)
        assert told() == ("musenest_app", str(organization.pk), str(person.pk))
        assert Organization.objects.count() > 1  # staff again, because the scope of the code is still staff's

    with (
        tenancy.organization(organization.pk, person=person.pk),
        CaptureQueriesContext(connection) as queries,
    ):
        assert Organization.objects.get() == organization
        assert len(queries) == 1


def test_who_belongs_to_nobody_is_in_their_own_scope() -> None:
    alone = samples.person()
    with tenancy.staff():
        found = ASKING.first({"person": alone.pk})
    assert found is not None
    assert found[2].pk is None
    assert told() == ("musenest_app", "", str(alone.pk))


def test_nobody_found_moves_nobody() -> None:
    with tenancy.staff():
        assert ASKING.first({"person": uuid4()}) is None
        assert told()[0] == "musenest_staff"


def test_a_move_does_not_outlive_the_rollback_of_its_transaction() -> None:
    person = samples.membership(samples.organization(), "admin").person
    with tenancy.staff(), pytest.raises(ValueError, match="back"), transaction.atomic():
        ASKING.first({"person": person.pk})
        raise ValueError("back")
    with tenancy.person(person.pk):
        assert list(Person.objects.all()) == [person]
    with tenancy.staff():
        assert Person.objects.filter(pk=person.pk).exists()
