"""The audit trail: written, sealed, and what was changed afterwards is found."""

import os
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import psycopg
import pytest
import structlog
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, AuditSeal, Organization, UnsealedEvent
from accounts.selectors import audit as trail
from accounts.services import audit
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples


def write(organization: Organization | None, count: int = 1) -> None:
    with tenancy.staff():
        for number in range(count):
            audit.record(
                "thing.changed",
                by=SYSTEM,
                target=organization or samples.organization(),
                organization=organization.pk if organization else None,
                changes={"figure": [number, 1.10], "text": ["ä", None]},
            )


def seal() -> int:
    with tenancy.staff():
        return audit.seal_new()


def breaks() -> list[trail.Break]:
    with tenancy.staff():
        return list(trail.breaks())


@pytest.fixture
def sealed(committed_db: None) -> tuple[Organization, Organization]:
    """Two organisations with 12 sealed events each, and 3 of the platform's."""
    both = samples.organization("First"), samples.organization("Second")
    for _ in range(4):
        for organization in both:
            write(organization, 3)
    write(None, 3)
    assert seal() == 27
    return both


@pytest.mark.django_db
def test_a_record_says_who_did_what_to_what_in_which_request() -> None:
    organization, who = samples.organization(), samples.person()
    with tenancy.organization(organization.pk), structlog.contextvars.bound_contextvars(request_id="r-1"):
        audit.record(
            "organization.updated",
            by=who.actor,
            target=organization,
            organization=organization.pk,
            changes={"a": [1, 2]},
        )
        event = trail.visible_to(organization).get()

    assert (event.action, event.actor_label, event.target_id) == (
        "organization.updated",
        who.email,
        str(organization.pk),
    )
    assert (event.changes, event.request_id) == ({"a": [1, 2]}, "r-1")


@pytest.mark.django_db
def test_events_are_sealed_once_into_their_organizations_chain() -> None:
    first, second = samples.organization(), samples.organization()
    write(first, 2)
    write(second, 1)

    assert (seal(), seal()) == (3, 0)
    write(first, 1)
    assert seal() == 1

    with tenancy.staff():
        assert not UnsealedEvent.objects.exists()
        found = AuditSeal.objects.order_by("id").values_list("organization_id", "sequence")
        assert sorted(found) == sorted([(first.pk, 1), (first.pk, 2), (second.pk, 1), (first.pk, 3)])
    assert breaks() == []


@pytest.mark.django_db
def test_an_organization_sees_its_own_trail_only() -> None:
    first, second = samples.organization(), samples.organization()
    write(first)
    write(second)
    write(None)
    seal()

    with tenancy.organization(first.pk):
        assert AuditEvent.objects.count() == AuditSeal.objects.count() == 1


@pytest.mark.django_db
def test_an_event_of_another_organization_cannot_be_written() -> None:
    first, second = samples.organization(), samples.organization()
    with tenancy.organization(first.pk), pytest.raises(Exception, match="row-level security"):
        audit.record("x.y", by=SYSTEM, target=first, organization=second.pk)


def test_sealers_at_once_make_one_chain(committed_db: None) -> None:
    organization = samples.organization()
    barrier = threading.Barrier(4)

    def work(number: int) -> int:
        barrier.wait(timeout=30)
        total = 0
        for _ in range(10):
            write(organization, 2)
            total += seal()
        connection.close()
        return total

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) + seal() == 80
    with tenancy.staff():
        sequence = AuditSeal.objects.order_by("sequence").values_list("sequence", flat=True)
        assert list(sequence) == list(range(1, 81))
    assert breaks() == []


# Tampering, by who owns the tables and has the triggers out of the way


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as found:
        for table in ("audit_events", "audit_seals", "audit_unsealed"):
            found.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            found.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield found


TAMPERINGS = {
    "action": "UPDATE audit_events SET action = 'x.y' WHERE id = %(event)s",
    "actor": "UPDATE audit_events SET actor_label = 'somebody' WHERE id = %(event)s",
    "changes": "UPDATE audit_events SET changes = '{}' WHERE id = %(event)s",
    "instant": "UPDATE audit_events SET created_at = created_at + interval '1 us' WHERE id = %(event)s",
    "organization": "UPDATE audit_events SET organization_id = gen_random_uuid() WHERE id = %(event)s",
    "removed": "DELETE FROM audit_events WHERE id = %(event)s",
    "unsealed": "DELETE FROM audit_seals WHERE event_id = %(event)s",
    "resealed": "UPDATE audit_seals SET seal = repeat('0', 64) WHERE event_id = %(event)s",
    "swapped": "UPDATE audit_events SET actor_id = 'x', target_id = 'y' WHERE id = %(event)s",
}
ROUNDS = 300


def test_every_one_of_300_tamperings_is_found(
    sealed: tuple[Organization, Organization], owner: psycopg.Connection
) -> None:
    seed = int(os.environ.get("SEED", "0")) or random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    events = [row[0] for row in owner.execute("SELECT id FROM audit_events ORDER BY id")]
    owner.execute("CREATE TABLE kept_events AS SELECT * FROM audit_events")
    owner.execute("CREATE TABLE kept_seals AS SELECT * FROM audit_seals")
    missed = []
    for _ in range(ROUNDS):
        how, event = chance.choice(list(TAMPERINGS)), chance.choice(events)
        owner.execute(TAMPERINGS[how], {"event": event})
        found = breaks()
        if not any(event == each.event_id or "links are missing" in each.problem for each in found):
            missed.append((how, event, found))
        restore(owner, event)
    assert missed == []
    assert breaks() == []


def restore(owner: psycopg.Connection, event: int) -> None:
    owner.execute("DELETE FROM audit_events WHERE id = %s", [event])
    owner.execute("DELETE FROM audit_seals WHERE event_id = %s", [event])
    owner.execute("INSERT INTO audit_events SELECT * FROM kept_events WHERE id = %s", [event])
    owner.execute("INSERT INTO audit_seals SELECT * FROM kept_seals WHERE event_id = %s", [event])


def test_an_event_that_escaped_the_queue_is_found(committed_db: None, owner: psycopg.Connection) -> None:
    organization = samples.organization()
    write(organization)  # no trigger queues it

    assert [found.problem for found in breaks()] == ["was never sealed"]


def test_an_event_that_waits_is_no_break(committed_db: None) -> None:
    write(samples.organization())

    assert breaks() == []


def test_chains_longer_than_one_reading_are_followed(
    sealed: tuple[Organization, Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "LINKS_AT_ONCE", 5)

    assert breaks() == []


def test_verify_ends_well_and_counts(sealed: tuple[Organization, Organization]) -> None:
    out = StringIO()
    call_command("verify", stdout=out)

    assert out.getvalue().splitlines()[-1] == "The audit trail is intact: 27 sealed events."


def test_verify_names_the_first_bad_row(
    sealed: tuple[Organization, Organization], owner: psycopg.Connection
) -> None:
    found: Any = owner.execute("SELECT id FROM audit_events ORDER BY id OFFSET 5 LIMIT 1").fetchone()
    owner.execute(TAMPERINGS["action"], {"event": found[0]})

    with pytest.raises(CommandError, match=f"Audit event {found[0]} .*was changed"):
        call_command("verify")


def test_another_key_breaks_every_link(sealed: tuple[Organization, Organization], settings: Settings) -> None:
    settings.SEAL_KEY = "another"

    assert len(breaks()) == 27
