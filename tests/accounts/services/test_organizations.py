"""Making organisations: the slug, the owner, the free subscription, the record."""

import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import AuditEvent, Membership, Organization
from accounts.services import organizations
from accounts.signals import organization_created
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError
from tests import samples


@pytest.mark.django_db
def test_an_organization_has_its_owner_and_its_record() -> None:
    who = samples.person()

    made = organizations.create(name="Ünïque Näme", owner=who, by=who.actor)

    with tenancy.staff():
        assert (made.slug, made.email) == ("unique-name", who.email)
        assert Membership.objects.get(organization=made).role == "owner"
        event = AuditEvent.objects.get(action="organization.created")
        assert (event.organization_id, event.actor_id) == (made.pk, str(who.pk))


@pytest.mark.django_db
def test_a_taken_slug_gets_a_suffix() -> None:
    who = samples.person()

    slugs = [organizations.create(name="Acme", owner=who, by=SYSTEM).slug for _ in range(3)]

    assert slugs == ["acme", "acme-2", "acme-3"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"), [("株式会社", "organization"), ("!!!", "organization"), ("x" * 120, "x" * 50)]
)
def test_every_name_makes_a_slug(name: str, slug: str) -> None:
    assert organizations.create(name=name, owner=samples.person(), by=SYSTEM).slug == slug


@pytest.mark.django_db
def test_however_many_have_one_name_there_is_a_slug() -> None:
    who = samples.person()

    slugs = [organizations.create(name="info", owner=who, by=SYSTEM).slug for _ in range(15)]

    assert len(set(slugs)) == 15
    assert slugs[8] == "info-9"
    assert re.fullmatch(r"info-[0-9a-f]{6}", slugs[14])


@pytest.mark.django_db
def test_no_free_slug_at_all_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _: "same")
    who = samples.person()
    for _ in range(10):
        organizations.create(name="Acme", owner=who, by=SYSTEM)

    with pytest.raises(ConflictError) as caught:
        organizations.create(name="Acme", owner=who, by=SYSTEM)

    assert caught.value.code == "SLUG_TAKEN"


@pytest.mark.django_db
def test_a_listener_that_fails_leaves_nothing_behind() -> None:
    def fall(**_: object) -> None:
        raise ValueError("no tier")

    organization_created.connect(fall, weak=False)
    try:
        with pytest.raises(ValueError, match="no tier"):
            organizations.create(name="Acme", owner=samples.person(), by=SYSTEM)
    finally:
        organization_created.disconnect(fall)

    with tenancy.staff():
        assert not Organization.objects.exists()


@pytest.mark.django_db
def test_an_update_that_changes_nothing_records_nothing() -> None:
    acme = samples.organization()

    with tenancy.organization(acme.pk):
        same = organizations.update(organization=acme, fields={"name": acme.name}, by=SYSTEM)
        changed = organizations.update(organization=acme, fields={"contact": "dpo@acme.test"}, by=SYSTEM)

    assert (same.name, changed.contact) == ("Acme", "dpo@acme.test")
    with tenancy.staff():
        assert AuditEvent.objects.get().changes == {"contact": ["", "dpo@acme.test"]}


@pytest.mark.django_db
def test_another_organization_is_not_changed() -> None:
    acme, other = samples.organization(), samples.organization("Other")

    with tenancy.organization(other.pk), pytest.raises(Organization.DoesNotExist):
        organizations.update(organization=acme, fields={"name": "Mine"}, by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["admin", "member", "reviewer", "viewer"])
def test_only_an_owner_hands_an_organization_on(role: str) -> None:
    acme = samples.organization()
    samples.membership(acme, "owner")
    who, heir = samples.membership(acme, role).person, samples.membership(acme)

    with tenancy.organization(acme.pk), pytest.raises(DeniedError) as caught:
        organizations.transfer(organization=acme, to=heir, by=who.actor)

    assert caught.value.code == "TRANSFER_IS_AN_OWNERS"


@pytest.mark.django_db
def test_staff_hand_an_organization_on_and_take_no_part_in_it() -> None:
    acme = samples.organization()
    owner, heir = samples.membership(acme, "owner"), samples.membership(acme)

    with tenancy.organization(acme.pk):
        organizations.transfer(organization=acme, to=heir, by=samples.person(is_staff=True).actor)
        roles = {each.person_id: each.role for each in Membership.objects.all()}

    assert roles == {owner.person_id: "owner", heir.person_id: "owner"}


def test_organizations_of_one_name_made_at_once_all_get_a_slug(committed_db: None) -> None:
    makers = 8
    who = samples.person()
    barrier = threading.Barrier(makers)

    def make(_: int) -> str:
        barrier.wait(timeout=30)
        try:
            return organizations.create(name="Acme", owner=who, by=SYSTEM).slug
        finally:
            connection.close()

    with ThreadPoolExecutor(makers) as pool:
        slugs = sorted(pool.map(make, range(makers)))

    assert slugs == sorted(["acme", *(f"acme-{number}" for number in range(2, makers + 1))])
