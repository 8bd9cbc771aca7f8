"""Whom an access token speaks for, in one statement."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization, Person, RefreshFamily
from accounts.selectors import callers, token_callers
from accounts.services import tokens
from musenest.common import tenancy
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError, NotSignedInError
from tests import samples

pytestmark = pytest.mark.django_db


def asked(person: Person, slug: str = "") -> tuple[Person, Caller]:
    access = tokens.opened(tokens.begin(person).access)
    return token_callers.of_token(access.person, access.family, slug)


def of_two() -> tuple[Person, Organization, Organization]:
    """A member of two organisations, of which others are members too."""
    first, second = samples.organization("First"), samples.organization("Second")
    person = samples.membership(first, "viewer").person
    samples.membership(second, "owner", person)
    samples.membership(first, "owner")
    samples.membership(samples.organization("Theirs"), "owner")
    return person, first, second


def test_it_is_what_the_models_say() -> None:
    person, first, second = of_two()

    for slug, expected in ((first.slug, first), (second.slug, second), ("", first)):
        found, caller = asked(person, slug)
        assert caller == callers.in_organization(person, expected.slug)
        with tenancy.staff():
            person.refresh_from_db()
        fields = [field.attname for field in Person._meta.concrete_fields]
        assert [getattr(found, name) for name in fields] == [getattr(person, name) for name in fields]
        assert (caller.organization.name, caller.person) == (expected.name, person)


def test_it_is_one_statement() -> None:
    person, _, _ = of_two()
    access = tokens.opened(tokens.begin(person).access)
    token_callers.of_token(access.person, access.family, "")

    with CaptureQueriesContext(connection) as queries:
        token_callers.of_token(access.person, access.family, "")
    assert len(queries) == 1


def test_another_organization_is_not_there() -> None:
    person, _, _ = of_two()
    theirs = samples.organization("Theirs")
    samples.membership(theirs, "owner")

    for slug in (theirs.slug, "nowhere", "' OR '1'='1", "\N{SNOWMAN}"):
        with pytest.raises(NotFoundError):
            asked(person, slug)


def test_a_person_of_no_organization_may_nothing() -> None:
    found, caller = asked(samples.person())

    assert (caller.person, caller.organization, caller.permissions) == (found, None, frozenset())


def test_a_disabled_person_is_refused() -> None:
    with pytest.raises(NotSignedInError):
        asked(samples.person(is_active=False))


@pytest.mark.parametrize("change", [{"ended_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_a_family_that_is_over_is_refused(change: dict[str, object]) -> None:
    person, _, _ = of_two()
    access = tokens.opened(tokens.begin(person).access)
    with tenancy.staff():
        RefreshFamily.objects.filter(pk=access.family).update(**change)

    with pytest.raises(NotSignedInError):
        token_callers.of_token(access.person, access.family, "")


def test_a_family_of_another_person_is_refused() -> None:
    person, _, _ = of_two()
    theirs = tokens.opened(tokens.begin(samples.person()).access)

    for family in (theirs.family, uuid4()):
        with pytest.raises(NotSignedInError):
            token_callers.of_token(person.pk, family, "")
