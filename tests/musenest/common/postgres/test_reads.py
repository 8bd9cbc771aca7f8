"""A read in SQL finds what the ORM would find."""

import pytest

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
