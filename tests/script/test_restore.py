"""A backup is one when everything was dropped and it is all there again, and held as before."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connections

from accounts.models import AuditEvent, Person
from moderation.models import Site
from musenest.common import tenancy
from script.support import backup, databases, restore, serve, testing
from script.support.service import ServiceError
from tests import plugin, samples

SERVING = os.environ["DATABASE_URL"].rpartition("/")[2]


@pytest.fixture
def worlds(committed_db: None) -> tuple[samples.World, samples.World]:
    """Two organisations with one of everything."""
    return samples.world("mine"), samples.world("theirs")


@pytest.fixture
def dump(worlds: tuple[samples.World, samples.World], tmp_path: Path) -> Iterator[Path]:
    yield backup.take(plugin.ROOT, tmp_path / "backups")
    connections.close_all()
    for name in testing.databases(plugin.SERVICES.postgres, f"{SERVING}_"):
        testing.drop(plugin.SERVICES.postgres, name)


def drop_everything() -> None:
    connections.close_all()
    testing.drop(plugin.SERVICES.postgres, SERVING)


def test_what_was_dropped_is_restored_and_serves_and_is_held_as_before(
    worlds: tuple[samples.World, samples.World], dump: Path
) -> None:
    mine, theirs = worlds
    drop_everything()

    restored = restore.restore(plugin.ROOT, dump)

    assert restored.before == restored.after
    assert restored.before["public.site_configurations"] == 2
    assert restored.kept is None
    assert restored.verdict.startswith("The audit trail is intact: ")
    browser = samples.signed_in(mine_owner(mine))
    page = browser.get(f"/o/{mine.organization.slug}/sites")
    assert page.status_code == 200
    assert mine.site.site_name in page.content.decode()
    assert browser.get(f"/o/{theirs.organization.slug}/sites").status_code == 404
    with tenancy.organization(mine.organization.pk):
        assert [site.pk for site in Site.objects.all()] == [mine.site.pk]
        with pytest.raises(DatabaseError):
            AuditEvent.objects.update(action="x.y")


def mine_owner(of: samples.World) -> Person:
    with tenancy.staff():
        return Person.objects.get(email=f"{of.organization.name}@customer.example")


def test_rows_written_after_the_backup_are_kept_aside_not_overwritten(dump: Path) -> None:
    later = samples.world("later")

    with pytest.raises(ServiceError, match="has rows"):
        restore.restore(plugin.ROOT, dump)
    with tenancy.organization(later.organization.pk):
        assert Site.objects.count() == 1
    connections.close_all()
    restored = restore.restore(plugin.ROOT, dump, overwrite=True)

    with tenancy.organization(later.organization.pk):
        assert Site.objects.count() == 0
    assert restored.kept is not None
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], dbname=restored.kept) as kept:
        assert kept.execute("SELECT count(*) FROM site_configurations").fetchone() == (3,)


def test_another_database_takes_it_and_the_serving_one_stays(dump: Path) -> None:
    samples.world("later")

    restored = restore.restore(plugin.ROOT, dump, into=f"{SERVING}_copy")

    assert (restored.name, restored.kept) == (f"{SERVING}_copy", None)
    with tenancy.staff():
        assert Site.objects.count() == 3
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], dbname=restored.name) as copy:
        assert copy.execute("SELECT count(*) FROM site_configurations").fetchone() == (2,)


def test_the_embedded_cluster_is_migrated_again_after_a_restore(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"):
        monkeypatch.delenv(name)
    stamp = serve.migrated_stamp(tmp_path)
    stamp.parent.mkdir(parents=True)
    stamp.write_text("the newest")

    restored = restore.restore(tmp_path, dump)

    assert (restored.name, stamp.exists()) == (serve.DATABASE, False)


def test_a_database_whose_name_cannot_be_given_away_serves_as_before(dump: Path) -> None:
    connections.close_all()
    with databases.connect(os.environ["DATABASE_ADMIN_URL"], "postgres") as server:
        with pytest.raises(psycopg.errors.DuplicateDatabase):
            restore.rename(server, SERVING, "postgres")
        with pytest.raises(psycopg.errors.InvalidCatalogName):
            restore.take_the_name(server, os.environ["DATABASE_ADMIN_URL"], f"{SERVING}_restoring", SERVING)

    assert testing.databases(plugin.SERVICES.postgres, f"{SERVING}_") == []
    with tenancy.staff():
        assert Site.objects.count() == 2


def test_a_drill_checks_and_leaves_nothing(dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert restore.main([str(dump), "--drill"], plugin.ROOT) == 0

    said = capsys.readouterr().out
    assert "The audit trail is intact" in said
    assert "public.site_configurations " in said
    assert testing.databases(plugin.SERVICES.postgres, f"{SERVING}_") == []


def test_a_dump_that_was_changed_is_refused(dump: Path) -> None:
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)

    with pytest.raises(ServiceError, match="checksum differs"):
        restore.restore(plugin.ROOT, dump, drill=True)


def test_rows_that_do_not_come_back_are_named(dump: Path) -> None:
    noted = json.loads(backup.manifest_of(dump).read_text())
    noted["rows"]["public.site_configurations"] += 1
    backup.manifest_of(dump).write_text(json.dumps(noted))

    with pytest.raises(ServiceError, match=r"came back: public\.site_configurations"):
        restore.restore(plugin.ROOT, dump, overwrite=True)

    assert testing.databases(plugin.SERVICES.postgres, f"{SERVING}_") == []
    with tenancy.staff():
        assert Site.objects.count() == 2


def test_a_trail_that_was_tampered_with_is_not_restored_in_silence(
    worlds: tuple[samples.World, samples.World], tmp_path: Path
) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY")
        owner.execute("UPDATE audit_events SET action = 'x.y' WHERE id = (SELECT min(id) FROM audit_events)")
    tampered = backup.take(plugin.ROOT, tmp_path)

    with pytest.raises(ServiceError, match=r"verify|was changed"):
        restore.restore(plugin.ROOT, tampered, drill=True)


def test_a_backup_is_its_owners_and_holds_no_secret_of_the_server(dump: Path) -> None:
    assert stat.S_IMODE(dump.stat().st_mode) == stat.S_IMODE(backup.manifest_of(dump).stat().st_mode) == 0o600
    password = testing.password(plugin.SERVICES.postgres, testing.APP).encode()
    assert password not in dump.read_bytes()
    assert password not in backup.manifest_of(dump).read_bytes()


def test_a_role_that_would_miss_rows_takes_no_backup(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_BACKUP_URL", os.environ["DATABASE_OWNER_URL"])

    with pytest.raises(ServiceError, match="BYPASSRLS: it would miss rows"):
        backup.take(plugin.ROOT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_fails_leaves_no_half_dump(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "program", lambda name, connection: "/bin/false")

    with pytest.raises(ServiceError, match="false ended with status 1"):
        backup.take(plugin.ROOT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_older_backups_of_the_same_database_are_removed(tmp_path: Path) -> None:
    for name in ("musenest-20260101T000000Z", "musenest-20260102T000000Z", "other-20250101T000000Z"):
        (tmp_path / f"{name}.dump").touch()
        (tmp_path / f"{name}.json").touch()

    backup.remove_older(tmp_path / "musenest-20260102T000000Z.dump", keep=1)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "musenest-20260102T000000Z.dump",
        "musenest-20260102T000000Z.json",
        "other-20250101T000000Z.dump",
        "other-20250101T000000Z.json",
    ]
