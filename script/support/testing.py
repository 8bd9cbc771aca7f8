"""PostgreSQL and Valkey for tests: one pair for everybody, a migrated template database, and clones of it.

PostgreSQL lives in `var/test/postgres` and is shared by runs that overlap; every run has a Valkey of its own
in `var/test/run-<process>`. A lock on `var/test/users` that every run shares tells whether a run is the only
one: it then removes what killed runs left, and at its end stops PostgreSQL.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, LiteralString

import psycopg
from psycopg import sql

from script.support import postgres, valkey
from script.support.postgres import Postgres
from script.support.service import ServiceError, locked
from script.support.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "musenest_template_"
CLONE = "musenest_test_"
APP, OWNER = "musenest_app", "musenest_owner"
# What a migrated database depends on.
MIGRATED_BY = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "musenest/settings/apps.py",
    "musenest/settings/database.py",
    "musenest/settings/stripe.py",
    "musenest/common/tenancy/*.py",
    "musenest/common/postgres/*.py",
    "requirements.txt",
)


@dataclass(frozen=True)
class Services:
    """PostgreSQL and Valkey of one run of the tests, which is named by its process id."""

    run: int
    folder: Path
    postgres: Postgres
    valkey: Valkey
    users: IO[str] | None = None

    @property
    def run_folder(self) -> Path:
        return self.folder / f"run-{self.run}"

    def database(self, worker: str) -> str:
        return f"{CLONE}{self.run}_{worker}"

    def stop(self) -> None:
        """Drops the run's clones, ends its Valkey, and PostgreSQL where no other run uses it."""
        drop_databases(self.postgres, f"{CLONE}{self.run}_")
        valkey.stop(self.run_folder)
        shutil.rmtree(self.run_folder, ignore_errors=True)
        if self.users is None:
            return
        if alone(self.users):
            postgres.stop(self.folder / "postgres")
        self.users.close()


def start(folder: Path, *, durable: bool) -> Services:
    """Starts a run's services: joins the PostgreSQL of an overlapping run where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    users = (folder / "users").open("a")
    if alone(users):
        clean(postgres.start(folder / "postgres", durable=durable), folder)
    fcntl.flock(users, fcntl.LOCK_SH)
    # Only now: while this run waited, the last other one may have stopped it.
    server = postgres.start(folder / "postgres", durable=durable)
    return Services(os.getpid(), folder, server, valkey.start(folder / f"run-{os.getpid()}"), users)


def join(folder: Path, run: int) -> Services:
    """The services of a run, for its workers."""
    return Services(
        run, folder, postgres.start(folder / "postgres", durable=False), valkey.start(folder / f"run-{run}")
    )


def alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def clean(server: Postgres, folder: Path) -> None:
    """Removes what killed runs left: clones, half-made templates, Valkeys."""
    drop_databases(server, CLONE)
    drop_databases(server, "musenest_building_")
    for run in folder.glob("run-*"):
        valkey.stop(run)
        shutil.rmtree(run, ignore_errors=True)


def password(server: Postgres, role: str) -> str:
    """The role's password: the same for every run on one cluster."""
    return hashlib.sha256(f"{role} {server.password}".encode()).hexdigest()[:32]


def urls(server: Postgres, database: str) -> dict[str, str]:
    """The three addresses by which settings reach the database."""
    return {
        "DATABASE_URL": server.url(database, user=APP, password=password(server, APP)),
        "DATABASE_OWNER_URL": server.url(database, user=OWNER, password=password(server, OWNER)),
        "DATABASE_ADMIN_URL": server.admin_url,
    }


def migration_digest(root: Path = ROOT) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in MIGRATED_BY for path in root.glob(pattern)}):
        relative = path.relative_to(root)
        if relative.parts[0] in {".venv", "node_modules", "var"}:
            continue
        digest.update(f"{relative}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def template(server: Postgres, folder: Path, root: Path = ROOT) -> str:
    """The name of the template database of the migrations as they are; made where it is missing.

    Making it: roles and privileges as in production, `manage.py migrate` as the owner. Nobody can connect to
    it afterwards (a database with connections cannot be cloned). Two before it are kept, older ones dropped.
    """
    name = f"{TEMPLATE}{migration_digest(root)}"
    with locked(folder / "template.lock"):
        if exists(server, name):
            return name
        building = f"musenest_building_{os.getpid()}"
        drop(server, building)
        migrate(server, building, root)
        with admin(server) as connection:
            execute(connection, "ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", building)
            execute(connection, "ALTER DATABASE {} RENAME TO {}", building, name)
        for old in databases(server, TEMPLATE)[:-3]:
            drop(server, old)
    return name


def migrate(server: Postgres, database: str, root: Path = ROOT) -> None:
    for command in (["bootstrap_roles"], ["migrate", "--noinput", "--verbosity=0"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=root,
            env=os.environ | urls(server, database),
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            raise ServiceError(f"manage.py {command[0]} ended with {done.returncode}:\n{done.stdout[-6000:]}")


def clone(server: Postgres, source: str, name: str) -> None:
    """Makes the database `name` anew from the template."""
    drop(server, name)
    with admin(server) as connection:
        execute(connection, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, source)


def drop(server: Postgres, name: str) -> None:
    """Drops the database, cutting its sessions."""
    with admin(server) as connection:
        execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def drop_databases(server: Postgres, prefix: str) -> None:
    for name in databases(server, prefix):
        drop(server, name)


def databases(server: Postgres, prefix: str) -> list[str]:
    """The names that begin so, the oldest first."""
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid"
    with admin(server) as connection:
        return [str(row[0]) for row in connection.execute(query, [prefix])]


def exists(server: Postgres, name: str) -> bool:
    return name in databases(server, name)


@contextmanager
def admin(server: Postgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        yield connection


def execute(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
