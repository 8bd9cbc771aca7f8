"""`script/backup [FOLDER] [--keep N]`: one dump of the database, and what it must hold when it is restored.

Writes `<database>-<time>.dump` (PostgreSQL's custom format: tables, rows, policies, triggers, privileges; of
the roles only their names) and beside it `….json` with its SHA-256 and the rows of every table, counted in
the dump's own snapshot. Only their owner may read them, for few fields are encrypted. Pictures are in
neither: the database holds none (REQUIREMENTS.md, 21).
"""

import argparse
import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from script.support import databases
from script.support.service import ServiceError, write_private

STAMP = "%Y%m%dT%H%M%SZ"


def take(root: Path, folder: Path) -> Path:
    """Backs up the database that serves; returns the dump's path.

    Raises ServiceError where the role would not see every row, or a program fails; no half dump is left.
    """
    with databases.reached(root) as environment:
        url = databases.administrator(environment, "DATABASE_BACKUP_URL", "DATABASE_ADMIN_URL")
        database = databases.name_in(environment)
        now = datetime.now(tz=UTC)
        path = folder / f"{database}-{now.strftime(STAMP)}.dump"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with databases.connect(url, database) as connection:
            facts = dump(connection, url, path)
        manifest = {"database": database, "taken_at": now.isoformat(timespec="seconds"), **facts}
        write_private(manifest_of(path), json.dumps(manifest, indent=2) + "\n")
    return path


def dump(connection: databases.Connection, url: str, path: Path) -> dict[str, Any]:
    """Writes the dump and returns what is known of it. Rows are counted in the snapshot that is dumped."""
    if not databases.sees_everything(connection):
        raise ServiceError(
            "The role of the backup must be a superuser or have BYPASSRLS: it would miss rows."
        )
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    snapshot = databases.one(connection, "SELECT pg_export_snapshot()")
    rows = databases.count_rows(connection)
    half = path.with_suffix(".part")
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        databases.output(
            [
                databases.program("pg_dump", connection),
                "--format=custom",
                f"--snapshot={snapshot}",
                "--no-password",
                f"--file={half}",
            ],
            databases.connection_environment(url, connection.info.dbname),
        )
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.rename(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    facts = {"server_version": connection.info.server_version, "bytes": path.stat().st_size}
    return facts | {"sha256": digest(path), "rows": rows}


def manifest_of(path: Path) -> Path:
    return path.with_suffix(".json")


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_older(path: Path, keep: int) -> list[Path]:
    """Removes the oldest dumps of the same database, so that `keep` are left; returns them."""
    database = path.stem.rpartition("-")[0]
    dumps = sorted(found for found in path.parent.glob("*.dump") if found.stem.rpartition("-")[0] == database)
    removed = dumps[:-keep]
    for old in removed:
        old.unlink()
        manifest_of(old).unlink(missing_ok=True)
    return removed


def main(arguments: list[str], root: Path = databases.ROOT) -> int:
    parser = argparse.ArgumentParser(prog="script/backup", description="Backs up MuseNest's database.")
    parser.add_argument("folder", nargs="?", type=Path, default=root / "var" / "backups")
    parser.add_argument("--keep", type=int, metavar="N", help="then remove all but the newest N dumps")
    given = parser.parse_args(arguments)
    if given.keep is not None and given.keep < 1:
        parser.error("--keep is at least 1")
    path = take(root, given.folder.resolve())
    rows = json.loads(manifest_of(path).read_text())["rows"]
    print(f"{path}: {path.stat().st_size:,} bytes, {sum(rows.values()):,} rows in {len(rows)} tables.")
    for old in remove_older(path, given.keep) if given.keep else ():
        print(f"Removed {old}.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServiceError, OSError, psycopg.Error) as error:
        sys.exit(f"The backup was not taken: {error}")
