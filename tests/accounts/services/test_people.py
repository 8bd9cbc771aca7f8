"""Registering, disabling and enabling people; what a person says about itself."""

from typing import Any

import pytest
from django.utils import translation

from accounts.models import AuditEvent, Membership, Person, Profile, RefreshFamily
from accounts.services import people, profiles, tokens
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError, InvalidError
from tests import samples

pytestmark = pytest.mark.django_db


def test_registering_makes_the_person_and_an_organization_that_it_owns() -> None:
    person = people.register(email=" Anna@People.test", password=samples.PASSWORD)

    with tenancy.staff():
        membership = Membership.objects.select_related("organization").get(person=person)
    assert (person.email, membership.role, membership.organization.name) == (
        "anna@people.test",
        "owner",
        "anna",
    )
    assert {"person.registered", "organization.created"} <= set(samples.recorded())


def test_a_registration_that_fails_leaves_nothing() -> None:
    people.register(email="anna@people.test", password=samples.PASSWORD)

    with pytest.raises(ConflictError):
        people.register(email="ANNA@people.test", password=samples.PASSWORD)
    with pytest.raises(InvalidError):
        people.register(email="ben@people.test", password="short")

    with tenancy.staff():
        assert (Person.objects.count(), Membership.objects.count()) == (1, 1)


def test_disabling_ends_what_lets_the_person_in_and_is_recorded_once() -> None:
    person, staff = samples.person(), samples.person(is_staff=True)
    tokens.begin(person)

    for _ in range(2):
        disabled = people.disable(person=person, by=staff.actor)

    assert not disabled.is_active
    assert disabled.signed_out_at
    with tenancy.staff():
        assert RefreshFamily.objects.get().end_reason == "disabled"
    assert samples.recorded() == ["refresh_family.ended", "person.disabled"]


def test_enabling_brings_nothing_back_that_was_ended() -> None:
    person = samples.person()
    pair = tokens.begin(person)
    people.disable(person=person, by=SYSTEM)

    assert people.enable(person=person, by=SYSTEM).is_active

    with tenancy.staff():
        assert RefreshFamily.objects.get(pk=tokens.opened(pair.access).family).ended_at


def test_only_staff_disable_and_nobody_himself() -> None:
    person, staff = samples.person(), samples.person(is_staff=True)

    with pytest.raises(DeniedError):
        people.disable(person=staff, by=person.actor)
    with pytest.raises(DeniedError):
        people.enable(person=staff, by=person.actor)
    with pytest.raises(ConflictError):
        people.disable(person=staff, by=staff.actor)


def test_a_profile_is_changed_by_what_is_named() -> None:
    person = samples.person()

    profiles.update(person=person, fields={"preferences": {"theme": "dark"}}, by=person.actor)
    profile = profiles.update(person=person, fields={"locale": "de", "v0_api_key": "k"}, by=person.actor)

    assert (profile.person.locale, profile.preferences, profile.v0_api_key) == ("de", {"theme": "dark"}, "k")
    with tenancy.staff():
        changes = AuditEvent.objects.latest("id").changes
    assert changes == {"locale": ["en", "de"], "v0_api_key": "set"}


def test_the_same_again_records_nothing() -> None:
    person = samples.person()

    profiles.update(person=person, fields={"locale": "en", "v0_api_key": ""}, by=person.actor)

    assert samples.recorded() == []


@pytest.mark.parametrize(
    "fields", [{"time_zone": "Nowhere"}, {"locale": "xx"}, {"preferences": {"x": "y" * 5000}}]
)
def test_what_is_not_there_is_refused(fields: dict[str, Any]) -> None:
    person = samples.person()

    with pytest.raises(InvalidError):
        profiles.update(person=person, fields=fields, by=person.actor)


def test_a_profile_is_the_persons_alone() -> None:
    person = samples.person()
    profiles.update(person=person, fields={"v0_api_key": "k"}, by=person.actor)
    fellow = samples.membership(samples.membership(samples.organization(), who=person).organization).person

    with tenancy.person(fellow.pk):
        assert not Profile.objects.exists()
    with tenancy.person(person.pk):
        assert Profile.objects.get().v0_api_key == "k"


def test_who_registers_in_german_reads_german() -> None:
    with translation.override("de"):
        person = people.register(email="neu@example.com", password=samples.PASSWORD)
    assert person.locale == "de"
