"""What left the database tells that the newest of the audit trail was cut off, seal and all."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.models import AuditSeal, Organization
from accounts.selectors import audit as trail
from accounts.selectors import checkpoints as written
from accounts.services import audit, checkpoints
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.work import schedules
from tests import samples


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.CHECKPOINT_FOLDER = str(tmp_path)
    return tmp_path


def write(organization: Organization | None, count: int = 1) -> None:
    """Events, sealed."""
    with tenancy.staff():
        for _ in range(count):
            target = organization or samples.organization()
            audit.record(
                "thing.changed",
                by=SYSTEM,
                target=target,
                organization=organization.pk if organization else None,
            )
        audit.seal_new()


def checkpoint() -> Path | None:
    with tenancy.staff():
        return checkpoints.write()


def breaks(folder: Path) -> list[str]:
    with tenancy.staff():
        assert list(trail.breaks()) == []
        return list(written.breaks(folder))


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """Who owns the tables, with the triggers and policies out of the way meanwhile."""
    tables = ("audit_events", "audit_seals")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as found:
        for table in tables:
            found.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
        yield found
        for table in tables:
            found.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY")


def cut_newest() -> None:
    """As who covers a trace: the newest event and its seal."""
    with owner() as connection:
        (newest,) = connection.execute("SELECT max(event_id) FROM audit_seals").fetchone() or (None,)
        connection.execute("DELETE FROM audit_events WHERE id = %s", [newest])
        connection.execute("DELETE FROM audit_seals WHERE event_id = %s", [newest])


@pytest.mark.django_db
def test_a_checkpoint_names_the_ends_of_the_chains_that_moved(folder: Path) -> None:
    first, second = samples.organization("First"), samples.organization("Second")
    write(first, 3)
    write(None, 2)
    one = checkpoint()
    write(second)
    two = checkpoint()

    assert (checkpoint(), checkpoint()) == (None, None)
    assert one is not None
    assert two is not None
    assert (one.name, two.name) == ("checkpoint-0000000001.json", "checkpoint-0000000002.json")
    assert {link[:2] for link in written.read(one).chains} == {(first.pk, 3), (None, 2)}
    assert {link[:2] for link in written.read(two).chains} == {(second.pk, 1)}
    assert written.read(two).previous == written.read(one).signature
    assert breaks(folder) == []


@pytest.mark.django_db
def test_what_a_killed_process_left_is_not_written_into(folder: Path) -> None:
    """It may be read-only, which holds everybody but root."""
    left = folder / "left"
    left.write_text("half")
    (folder / "checkpoint-0000000001.part").hardlink_to(left)
    write(samples.organization())

    assert checkpoint() is not None
    assert left.read_text() == "half"


@pytest.mark.django_db
def test_without_a_folder_nothing_is_written(settings: Settings, tmp_path: Path) -> None:
    settings.CHECKPOINT_FOLDER = ""
    write(samples.organization())

    assert checkpoint() is None


def test_the_newest_event_removed_with_its_seal_is_found(committed_db: None, folder: Path) -> None:
    organization = samples.organization()
    write(organization, 3)
    assert checkpoint()

    cut_newest()

    call_command("verify", stdout=StringIO())  # the chain itself is whole
    with pytest.raises(CommandError, match=rf"link 3 of {organization.pk} is gone"):
        call_command("verify", checkpoints=folder)


def test_a_history_that_was_cut_and_written_anew_is_found(committed_db: None, folder: Path) -> None:
    organization = samples.organization()
    write(organization, 3)
    assert checkpoint()

    cut_newest()
    write(organization, 2)

    assert breaks(folder) == [f"checkpoint-0000000001.json: link 3 of {organization.pk} is another one."]


def test_after_an_older_backup_every_chain_is_named_anew(committed_db: None, folder: Path) -> None:
    quiet, busy = samples.organization("Quiet"), samples.organization("Busy")
    write(quiet)
    write(busy, 2)
    assert checkpoint()
    cut_newest()

    path = checkpoint()

    assert path is not None
    assert {link[:2] for link in written.read(path).chains} == {(quiet.pk, 1), (busy.pk, 1)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda document: document["chains"][0].__setitem__(1, 1), "was changed, or signed with another key"),
        (lambda document: document.__setitem__("number", 7), "was changed, or signed with another key"),
        (lambda document: document.pop("signature"), "is damaged"),
        (lambda document: document.__setitem__("chains", [["x", 1, "y"]]), "is damaged"),
    ],
)
def test_a_checkpoint_that_was_changed_is_found(folder: Path, change: object, problem: str) -> None:
    write(samples.organization(), 2)
    path = checkpoint()
    assert path is not None
    assert callable(change)
    document = json.loads(path.read_text())
    change(document)
    path.chmod(0o600)
    path.write_text(json.dumps(document))

    assert breaks(folder) == [f"{path.name} {problem}."]
    write(samples.organization())
    with pytest.raises(written.UnreadableCheckpointError):
        checkpoint()


@pytest.mark.django_db
def test_a_checkpoint_that_is_missing_is_found_and_the_oldest_may_go(folder: Path) -> None:
    for _ in range(3):
        write(samples.organization())
        assert checkpoint()

    (folder / "checkpoint-0000000002.json").rename(folder / "aside")
    assert breaks(folder) == [
        "checkpoint-0000000003.json does not follow checkpoint-0000000001.json: checkpoints are missing."
    ]
    (folder / "checkpoint-0000000001.json").unlink()
    assert breaks(folder) == []


@pytest.mark.django_db
def test_another_key_bears_nothing_out(folder: Path, settings: Settings) -> None:
    write(samples.organization())
    assert checkpoint()
    settings.SEAL_KEY = "another"

    with tenancy.staff():
        assert "another key" in next(written.breaks(folder))


@pytest.mark.django_db
def test_verify_counts_checkpoints_and_fails_where_there_is_none(folder: Path) -> None:
    write(samples.organization(), 2)
    with pytest.raises(CommandError, match="There is no checkpoint in"):
        call_command("verify", "--checkpoints")

    assert checkpoint()
    out = StringIO()
    call_command("verify", "--checkpoints", stdout=out)

    assert out.getvalue().splitlines()[-2:] == [
        "It holds what 1 checkpoints say.",
        "The audit trail is intact: 2 sealed events.",
    ]
    with tenancy.staff():
        assert AuditSeal.objects.count() == 2


def test_it_is_written_by_a_schedule() -> None:
    assert schedules.plans["audit.checkpoint"].run is checkpoints.write
