"""`script/restore DUMP [--into NAME] [--overwrite | --drill]`: a dump becomes a database again.

It is built beside the one that serves, under the name `<name>_restoring`, and takes the name only when it
holds what was backed up. What was there before is kept under `<name>_before_<time>`, never dropped.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from script.support import backup, databases, serve
from script.support.service import ServiceError


@dataclass(frozen=True)
class Restored:
    """Rows per table as backed up and as restored; where the database before went, if there was one."""

    name: str
    before: dict[str, int]
    after: dict[str, int]
    verdict: str
    kept: str | None = None


def restore(
    root: Path, dump: Path, *, into: str = "", overwrite: bool = False, drill: bool = False
) -> Restored:
    """Restores the dump into the database `into` (default: the one that serves) and checks it.

    In order: the dump's checksum; whether the target has rows (refused unless `overwrite`); a database of
    its own with the three roles and their privileges; PostgreSQL's `pg_restore`; the rows of every table, the
    role of the application and the audit trail's seals (`manage.py verify`); then the change of names. A
    `drill` ends before that and drops what it made. Raises ServiceError with the reason, and the target is as
    it was.
    """
    expected = checked_manifest(dump)["rows"]
    with databases.reached(root) as environment:
        url = databases.administrator(environment, "DATABASE_ADMIN_URL")
        name = into or databases.name_in(environment)
        building = f"{name}_restoring"
        with databases.connect(url, "postgres") as server:
            if not (overwrite or drill) and has_rows(server, url, name):
                raise ServiceError(f"The database {name} has rows. Say --overwrite, or --into another name.")
            drop(server, building)
            try:
                build(databases.pointed_at(environment, building), url, building, dump)
                after, verdict = check(databases.pointed_at(environment, building), url, building, expected)
            except BaseException:
                drop(server, building)
                raise
            if drill:
                drop(server, building)
                return Restored(building, expected, after, verdict)
            if databases.is_embedded(root):  # an older dump has older tables: script/server migrates again
                serve.migrated_stamp(root).unlink(missing_ok=True)
            return Restored(name, expected, after, verdict, take_the_name(server, url, building, name))


def checked_manifest(dump: Path) -> dict[str, dict[str, int]]:
    """What was noted of the dump; ServiceError where it is missing or the dump is not what was written."""
    noted = backup.manifest_of(dump)
    if not (dump.is_file() and noted.is_file()):
        raise ServiceError(f"{dump} and {noted.name} beside it are both needed.")
    try:
        manifest = json.loads(noted.read_text())
        is_whole = manifest["sha256"] == backup.digest(dump) and isinstance(manifest["rows"], dict)
    except (ValueError, KeyError, TypeError) as error:
        raise ServiceError(f"{noted} is damaged: {error}") from error
    if not is_whole:
        raise ServiceError(f"{dump} is not what was backed up: its checksum differs.")
    return dict(manifest)


def build(environment: dict[str, str], url: str, name: str, dump: Path) -> None:
    databases.manage(environment, "bootstrap_roles")
    with databases.connect(url, name) as connection:
        databases.output(
            [
                databases.program("pg_restore", connection),
                "--exit-on-error",
                "--no-password",
                f"--dbname={name}",
                dump,
            ],
            databases.connection_environment(url, name),
        )
        connection.execute("ANALYZE")


def check(
    environment: dict[str, str], url: str, name: str, expected: dict[str, int]
) -> tuple[dict[str, int], str]:
    """The rows that are there and the audit trail's verdict; ServiceError where anything is not as it was."""
    with databases.connect(url, name) as connection:
        found = databases.count_rows(connection)
    differing = sorted(
        table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table)
    )
    if differing:
        raise ServiceError(f"Not every row came back: {', '.join(differing)}.")
    databases.manage(environment, "check", "--database", "default")
    return found, databases.manage(environment, "verify").splitlines()[-1]


def has_rows(server: databases.Connection, url: str, name: str) -> bool:
    if not exists(server, name):
        return False
    with databases.connect(url, name) as connection:
        return any(databases.count_rows(connection).values())


def exists(server: databases.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(server: databases.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def take_the_name(server: databases.Connection, url: str, building: str, name: str) -> str | None:
    """Gives the built database its name; returns the new name of one that had it and had rows."""
    if not exists(server, name):
        rename(server, building, name)
        return None
    had_rows = has_rows(server, url, name)
    before = f"{name}_before_{datetime.now(tz=UTC).strftime(backup.STAMP).lower()}"
    rename(server, name, before)
    try:
        rename(server, building, name)
    except BaseException:
        rename(server, before, name)
        raise
    if had_rows:
        return before
    drop(server, before)
    return None


def rename(server: databases.Connection, name: str, new: str) -> None:
    """Cuts the database's sessions and renames it before the next one comes. Where that fails (a session may
    outlive the cut), it lets them in as before.
    """
    old, fresh = sql.Identifier(name), sql.Identifier(new)
    server.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(old))
    left = old
    try:
        server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, fresh))
        left = fresh
    finally:
        server.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(left))


def report(restored: Restored) -> str:
    width = max(map(len, restored.before), default=0)
    lines = [f"{'table':{width}}  backed up   restored"]
    lines += [
        f"{table:{width}} {rows:>10,} {restored.after[table]:>10,}"
        for table, rows in sorted(restored.before.items())
    ]
    return "\n".join([*lines, restored.verdict])


def main(arguments: list[str], root: Path = databases.ROOT) -> int:
    parser = argparse.ArgumentParser(prog="script/restore", description="Restores a backup of script/backup.")
    parser.add_argument("dump", type=Path)
    parser.add_argument("--into", default="", metavar="NAME", help="another database of the same server")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--overwrite", action="store_true", help="though the database has rows; they are kept aside"
    )
    how.add_argument("--drill", action="store_true", help="restore beside it, check, and drop it again")
    given = parser.parse_args(arguments)
    restored = restore(
        root, given.dump.resolve(), into=given.into, overwrite=given.overwrite, drill=given.drill
    )
    print(report(restored))
    if given.drill:
        print("The drill went well: this backup can be restored. Nothing was changed.")
        return 0
    print(f"The database {restored.name} is restored.")
    if restored.kept:
        print(f"What was there before is kept as {restored.kept}.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServiceError, OSError, psycopg.Error) as error:
        sys.exit(f"Nothing was restored: {error}")
