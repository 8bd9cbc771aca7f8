"""The embedded PostgreSQL 18: initialised, started and stopped by us, on loopback, with a password.

The package's own way of starting is not used: under root it opens the permissions of parent folders.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from script.support.cluster import Cluster, place
from script.support.service import (
    HOST,
    ServiceError,
    choose_port,
    last_lines,
    locked,
    rotate,
    write_private,
)

SUPERUSER = "postgres"
START_SECONDS = 120  # a recovery after a crash may take its time
STOP_SECONDS = 30
TRIES = 5

ALWAYS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path may have 107 bytes only, and nobody needs it
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

INITDB = (
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)

# What PostgreSQL's log says, and what it means for a person.
REASONS = (
    (r"No space left on device", "the disk is full"),
    (r"checkpoint record|PANIC|invalid data in|is missing|incompatible with|could not open (file|directory)",
     "its data are damaged or of another version; restore a backup, or remove {data} to begin anew"),
    (r"could not (map|create|resize).*shared memory|Cannot allocate memory", "there is too little memory"),
)  # fmt: skip
PORT_TAKEN = re.compile(r"could not bind|Address already in use")
STILL_ENDING = re.compile(r"shared memory block .* is still in use|lock file .* already exists")


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL."""

    host: str
    port: int
    pid: int
    password: str
    data: Path

    @property
    def admin_url(self) -> str:
        """The superuser's address of the database `postgres`."""
        return self.url("postgres", user=SUPERUSER, password=self.password)

    def url(self, database: str, *, user: str, password: str) -> str:
        who = f"{quote(user, '')}:{quote(password, '')}"
        return f"postgresql://{who}@{self.host}:{self.port}/{quote(database, '')}"


def start(folder: Path, *, durable: bool, log: Path | None = None) -> Postgres:
    """The folder's PostgreSQL, running and answering; one that runs already is returned.

    In order: finds or makes the cluster (see `script.support.cluster`), removes a pid file whose process
    is gone, starts on the port of the last time (a new one where another program has taken it), waits for an
    answer. `durable=False` buys speed with what a crash of the machine would cost: for tests only. The log is
    appended to.
    Raises ServiceError with the reason and the last lines of the log.
    """
    log = (log or folder / "postgres.log").resolve()
    try:
        with locked(folder / "lock"):
            cluster = place(folder)
            running = _find(cluster)
            if running is not None:
                return running
            rotate(log)
            _initialise(cluster, durable=durable)
            return _start(cluster, durable=durable, log=log)
    except (OSError, subprocess.SubprocessError) as error:
        raise ServiceError(f"PostgreSQL did not start: {error}") from error


def stop(folder: Path) -> None:
    """Ends the folder's PostgreSQL, where one runs. Sessions are cut; what they committed is on the disk."""
    if not folder.exists():
        return
    with locked(folder / "lock"):
        cluster = place(folder)
        if cluster.pid is None:
            return
        for mode in ("fast", "immediate"):
            arguments = ("stop", "-D", cluster.data, "-m", mode, "-s", "-w", "-t", str(STOP_SECONDS))
            done = cluster.program("pg_ctl", *arguments)
            if done.returncode == 0 or cluster.pid is None:
                return
    raise ServiceError(f"PostgreSQL did not stop: {done.stdout.strip()}")


def is_running(folder: Path) -> bool:
    """Whether the folder's PostgreSQL runs and answers."""
    return folder.exists() and _find(place(folder)) is not None


def _kept(cluster: Cluster) -> dict[str, object]:
    path = cluster.home / "cluster.json"
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text())
    except ValueError:
        kept = None
    if not isinstance(kept, dict) or "password" not in kept:
        raise ServiceError(f"PostgreSQL did not start: {path} is damaged, so its password is unknown.")
    return kept


def _keep(cluster: Cluster, **values: object) -> None:
    write_private(cluster.home / "cluster.json", json.dumps(_kept(cluster) | values))


def _find(cluster: Cluster) -> Postgres | None:
    pid = cluster.pid
    if pid is None:
        return None
    kept = _kept(cluster)
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    found = Postgres(HOST, int(lines[3]), pid, str(kept.get("password")), cluster.data)
    deadline = time.monotonic() + START_SECONDS
    while (problem := _problem(found)) is not None:
        if cluster.pid is None:
            return None
        if time.monotonic() > deadline:
            raise ServiceError(f"PostgreSQL runs (process {pid}) but does not answer: {problem}")
        time.sleep(0.2)
    return found


def _problem(server: Postgres) -> str | None:
    """Why the server does not answer; None where it does. A wrong password is an error at once."""
    try:
        with psycopg.connect(server.admin_url, connect_timeout=5) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise ServiceError(
                f"PostgreSQL in {server.data} does not know its kept password any more."
            ) from error
        return str(error).strip()
    return None


def _initialise(cluster: Cluster, *, durable: bool) -> None:
    if cluster.exists:
        return
    fresh = cluster.home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    if cluster.data.exists():
        raise ServiceError(f"PostgreSQL did not start: {cluster.data} is damaged (it has no PG_VERSION).")
    password = secrets.token_urlsafe(24)
    secret = cluster.home / "password"
    write_private(secret, password)
    if cluster.identity.uid is not None and cluster.identity.gid is not None:
        os.chown(secret, cluster.identity.uid, cluster.identity.gid)
    try:
        done = cluster.program(
            "initdb", "-D", fresh, f"--pwfile={secret}", *INITDB, *([] if durable else ["-N"])
        )
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise _explained(done.stdout, cluster)
    # The password first: a cluster whose password is not kept would be of no use.
    write_private(cluster.home / "cluster.json", json.dumps({"password": password}))
    fresh.rename(cluster.data)


def _start(cluster: Cluster, *, durable: bool, log: Path) -> Postgres:
    said = ""
    for _ in range(TRIES):
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)  # its process is gone: _find looked
        kept = _kept(cluster).get("port")
        port = choose_port(kept if isinstance(kept, int) else None)
        said = _try(cluster, port, durable=durable, log=log)
        if not said:
            _keep(cluster, port=port)
            found = _find(cluster)
            if found is not None:
                return found
            said = last_lines(log)
        if STILL_ENDING.search(said):  # processes of one that was killed are still ending
            time.sleep(2)
        elif not PORT_TAKEN.search(said):  # taken in the moment between looking and starting: look again
            break
    raise _explained(said, cluster)


def _try(cluster: Cluster, port: int, *, durable: bool, log: Path) -> str:
    """Starts once. Returns "" or what PostgreSQL said."""
    settings = ALWAYS | {"port": str(port)} | ({} if durable else NOT_DURABLE)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    arguments = ("start", "-D", cluster.data, "-s", "-w", "-t", str(START_SECONDS), "-o", options)
    with log.open("a") as file:
        since = file.seek(0, os.SEEK_END)
        done = cluster.program("pg_ctl", *arguments, log=file)
    if done.returncode == 0:
        return ""
    return last_lines(log, since=since) or f"pg_ctl ended with {done.returncode}"


def _explained(said: str, cluster: Cluster) -> ServiceError:
    lines = "\n".join(said.strip().splitlines()[-20:])
    for pattern, reason in REASONS:
        if re.search(pattern, said):
            return ServiceError(f"PostgreSQL did not start: {reason.format(data=cluster.home)}.\n{lines}")
    return ServiceError(f"PostgreSQL did not start:\n{lines}")
