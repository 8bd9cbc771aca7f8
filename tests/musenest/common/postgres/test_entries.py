"""Who asks is found in one statement, which leaves the session in their scope and in nobody else's."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization, Person
from accounts.selectors.callers import KEY
from accounts.selectors.token_callers import MEMBER
from accounts.services import tokens
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db

NOBODYS = ("musenest_app", "", "")


def told() -> tuple[str, str, str]:
    """What PostgreSQL holds, asked in a way that tells it nothing."""
    with connection.connection.cursor() as cursor:
        row = cursor.execute(
            "SELECT current_user, current_setting('musenest.organization'),"
            " current_setting('musenest.person')"
        ).fetchone()
    user, organization, person = row
    return user, organization, person


def of_token(person: Person, slug: str = "") -> dict[str, object]:
    family = tokens.opened(tokens.begin(person).access).family
    return {"person": person.pk, "family": family, "slug": slug}


def test_who_asks_is_in_their_scope_afterwards_by_one_statement() -> None:
    organization, _ = samples.organization(), samples.organization("Another")
    person = samples.membership(organization, "admin").person
    asked = of_token(person)
    with tenancy.staff():
        assert Organization.objects.count() > 1
    with CaptureQueriesContext(connection) as queries:
        found = MEMBER.first(asked)
        assert len(queries) == 1
    assert found is not None
    assert (found[0], found[2]) == (person, organization)
    assert told() == ("musenest_app", str(organization.pk), str(person.pk))

    with (
        tenancy.organization(organization.pk, person=person.pk),
        CaptureQueriesContext(connection) as queries,
    ):
        assert Organization.objects.get() == organization
        assert len(queries) == 1
    with tenancy.staff():
        assert Organization.objects.count() > 1


def test_the_rows_are_the_models_that_the_orm_finds() -> None:
    person = samples.membership(samples.organization(), "admin").person
    found = MEMBER.first(of_token(person))
    assert found is not None
    with tenancy.staff():
        for row in (found[0], found[2]):
            same = type(row).objects.get(pk=row.pk)
            assert {name: value for name, value in vars(row).items() if name != "_state"} == {
                name: value for name, value in vars(same).items() if name != "_state"
            }


def test_who_belongs_to_nobody_is_in_their_own_scope() -> None:
    alone = samples.person()
    found = MEMBER.first(of_token(alone))
    assert found is not None
    assert found[2].pk is None
    assert told() == ("musenest_app", "", str(alone.pk))


def test_nobody_found_is_in_nobodys_scope() -> None:
    person = samples.membership(samples.organization(), "admin").person
    asked = of_token(person)
    with tenancy.staff():
        assert MEMBER.first(asked | {"family": uuid4()}) is None
        assert told() == NOBODYS
        assert KEY.first({"digest": "0" * 64}) is None
        assert told() == NOBODYS
        assert Person.objects.filter(pk=person.pk).exists()  # staff again, as the code's scope is staff's


def test_a_scope_does_not_outlive_the_rollback_of_its_transaction() -> None:
    person = samples.membership(samples.organization(), "admin").person
    asked = of_token(person)
    with pytest.raises(ValueError, match="back"), transaction.atomic():
        MEMBER.first(asked)
        raise ValueError("back")
    with tenancy.person(person.pk):
        assert list(Person.objects.all()) == [person]
    with tenancy.staff():
        assert Person.objects.filter(pk=person.pk).exists()
