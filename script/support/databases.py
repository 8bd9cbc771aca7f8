"""What backing up and restoring share: which database, as whom, by which programs, with how many rows."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from script.support import environment, postgres, serve
from script.support.cluster import installed_programs
from script.support.service import ServiceError

Connection = psycopg.Connection[tuple[Any, ...]]

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.compile(r"\) (\d+)")
TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_')
    ORDER BY 1
"""


@contextmanager
def reached(root: Path) -> Iterator[dict[str, str]]:
    """The environment of MuseNest's programs, with its addresses of PostgreSQL.

    The embedded PostgreSQL is started where it does not run, and then stopped again.
    """
    if not is_embedded(root):
        found = environment.read(root)
        has_own_secrets = (root / "var" / "secrets.json").exists()
        yield serve.build(root).environment if has_own_secrets else found
        return
    folder = root / "var" / "postgres"
    was_running = postgres.is_running(folder)
    server = serve.build(root)
    server.start_postgres()
    try:
        yield server.environment
    finally:
        if not was_running:
            postgres.stop(folder)


def is_embedded(root: Path) -> bool:
    """Whether MuseNest runs a PostgreSQL of its own: the environment names no other."""
    return not {"DATABASE_URL", "DB_HOST"} & environment.read(root).keys()


def name_in(settings: Mapping[str, str]) -> str:
    """The name of the database that serves."""
    url = settings.get("DATABASE_URL")
    return str(conninfo_to_dict(url)["dbname"]) if url else settings.get("DB_NAME", "musenest")


def pointed_at(settings: Mapping[str, str], database: str) -> dict[str, str]:
    """The environment of programs that use another database of the same server."""
    urls = {
        name: urlsplit(settings[name])._replace(path=f"/{quote(database, safe='')}").geturl()  # noqa: SLF001 -- public in named tuples
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        if name in settings
    }
    return {**settings, **urls, "DB_NAME": database}


def administrator(settings: Mapping[str, str], *names: str) -> str:
    """The first of these addresses that is set; ServiceError where none is."""
    for name in names:
        if settings.get(name):
            return settings[name]
    raise ServiceError(f"Set {' or '.join(names)}: row-level security hides rows from every other role.")


def connect(url: str, database: str) -> Connection:
    return psycopg.connect(url, dbname=database, autocommit=True)


def count_rows(connection: Connection) -> dict[str, int]:
    """Rows of every table, partitions by themselves. No policy may hold the role: see `sees_everything`."""
    counts = {}
    for (table,) in connection.execute(TABLES).fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(table))
        counts[table] = one(connection, query)
    return counts


def one(connection: Connection, query: LiteralString | sql.Composed) -> Any:
    """The first column of the first row of a query that has one."""
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def sees_everything(connection: Connection) -> bool:
    query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return one(connection, query) is True


def program(name: str, connection: Connection) -> Path:
    """PostgreSQL's own program, of the server's version or a newer one; ServiceError where there is none."""
    wanted = connection.info.server_version // 10_000
    for candidate in candidates(name):
        found = VERSION.search(output([candidate, "--version"]))
        if found and int(found[1]) >= wanted:
            return candidate
    raise ServiceError(f"{name} of PostgreSQL {wanted} was not found. On Debian: postgresql-client-{wanted}.")


def candidates(name: str) -> Iterator[Path]:
    with suppress(ServiceError, ModuleNotFoundError):  # not for this machine: the system's may do
        yield installed_programs() / name
    if found := shutil.which(name):
        yield Path(found)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)


def output(command: list[str | Path], variables: Mapping[str, str] | None = None) -> str:
    """What the command says; ServiceError with its last words where it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(variables) if variables is not None else None,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        words = done.stdout.strip()[-4000:]
        raise ServiceError(f"{Path(command[0]).name} ended with status {done.returncode}:\n{words}")
    return done.stdout.strip()


def manage(settings: Mapping[str, str], *command: str) -> str:
    return output([sys.executable, "manage.py", *command], settings)


def connection_environment(url: str, database: str) -> dict[str, str]:
    """The address as PostgreSQL's programs find it in their environment: an argument shows its password."""
    given = {
        option.envvar.decode(): option.val.decode()
        for option in Conninfo.parse(url.encode())
        if option.envvar and option.val is not None
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return inherited | given | {"PGDATABASE": database, "PGAPPNAME": "musenest-backup"}
