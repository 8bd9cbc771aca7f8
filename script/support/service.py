"""What the two embedded services (PostgreSQL and Valkey) have in common: ports, locks, logs, clear errors."""

import errno
import fcntl
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
# Below those which Linux hands out to outgoing connections (32768 and up): a kept port is not borrowed.
FIRST_PORT, LAST_PORT = 20_000, 32_000
LARGEST_LOG = 10 * 1024 * 1024


class ServiceError(Exception):
    """A service did not start or stop; the text says why, for a person."""


def port_is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen on the port now. A port that the system forbids raises ServiceError."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise ServiceError(f"Port {port} cannot be used: {error.strerror}.") from error
    return True


def choose_port(kept: int | None = None) -> int:
    """The kept port where it is free, else a new free one.

    Half a second is left to a killed program, whose threads may hold the port a moment longer than it lives.
    """
    for _ in range(6):
        if kept is None:
            break
        if port_is_free(kept):
            return kept
        time.sleep(0.1)
    for _ in range(200):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT)
        if port_is_free(port):
            return port
    raise ServiceError(f"No free port was found between {FIRST_PORT} and {LAST_PORT}.")


def process_command(pid: int) -> str | None:
    """The command line of a living process, "" where the system does not tell it, None where it is gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        if stat.rpartition(")")[2].split()[0] == "Z":  # ended, and not yet collected by its parent
            return None
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        return "" if not Path("/proc/self").exists() else None


def last_lines(log: Path, count: int = 20, *, since: int = 0) -> str:
    """The last lines of a log, from the byte `since` on; "" where there is none."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(since, size - 64 * 1024, 0))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])


def rotate(log: Path) -> None:
    """Makes the log's folder, and sets a log over 10 MiB aside as `<name>.1` (one is kept)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))


def write_private(path: Path, text: str) -> None:
    """Writes the file whole or not at all, readable by its owner only."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time is inside, for one path; others wait. The lock falls with its process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
