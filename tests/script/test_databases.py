"""Which database is backed up, as whom, and by which programs."""

import os
from pathlib import Path

import psycopg
import pytest

from script.support import databases, postgres
from script.support.service import ServiceError

URLS = {
    "DATABASE_URL": "postgresql://musenest_app:a%2Fb@db.example:5433/musenest?sslmode=require",
    "DATABASE_OWNER_URL": "postgresql://musenest_owner:x@db.example:5433/musenest",
    "DATABASE_ADMIN_URL": "postgresql://postgres:x@db.example:5433/postgres",
}


def test_the_embedded_postgresql_is_started_and_stopped_again(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"):
        monkeypatch.delenv(name)
    folder = open_folder / "var" / "postgres"

    with databases.reached(open_folder) as environment:
        assert databases.name_in(environment) == "musenest"
        with psycopg.connect(environment["DATABASE_ADMIN_URL"]) as connection:
            assert databases.sees_everything(connection)

    assert not postgres.is_running(folder)


def test_an_outside_server_is_reached_by_the_environment_and_makes_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", URLS["DATABASE_URL"])

    with databases.reached(tmp_path) as environment:
        assert environment["DATABASE_URL"] == URLS["DATABASE_URL"]
    assert list(tmp_path.iterdir()) == []


def test_programs_are_pointed_at_another_database_of_the_same_server() -> None:
    pointed = databases.pointed_at(URLS, "musenest_restoring")

    assert pointed["DATABASE_URL"] == (
        "postgresql://musenest_app:a%2Fb@db.example:5433/musenest_restoring?sslmode=require"
    )
    assert pointed["DATABASE_OWNER_URL"].endswith("/musenest_restoring")
    assert pointed["DATABASE_ADMIN_URL"] == URLS["DATABASE_ADMIN_URL"]
    assert databases.name_in(pointed) == "musenest_restoring"
    assert databases.name_in({"DB_HOST": "db.example"}) == "musenest"


def test_passwords_are_given_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c row_security=on")

    given = databases.connection_environment(URLS["DATABASE_URL"], "other")

    assert (given["PGUSER"], given["PGPASSWORD"], given["PGHOST"]) == ("musenest_app", "a/b", "db.example")
    assert (given["PGPORT"], given["PGDATABASE"], given["PGSSLMODE"]) == ("5433", "other", "require")
    assert "PGOPTIONS" not in given


def test_without_an_administrator_nothing_is_tried() -> None:
    with pytest.raises(ServiceError, match="Set DATABASE_BACKUP_URL or DATABASE_ADMIN_URL"):
        databases.administrator({}, "DATABASE_BACKUP_URL", "DATABASE_ADMIN_URL")


def test_a_program_of_an_older_version_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.18'\n")
    old.chmod(0o755)

    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"]) as connection:
        found = databases.program("pg_dump", connection)
        assert "pginstall18" in str(found)
        monkeypatch.setattr(databases, "candidates", lambda name: iter([old, found]))
        assert databases.program("pg_dump", connection) == found
        monkeypatch.setattr(databases, "candidates", lambda name: iter([old]))
        with pytest.raises(ServiceError, match="pg_dump of PostgreSQL 18 was not found"):
            databases.program("pg_dump", connection)
