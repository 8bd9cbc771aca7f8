"""What can be known to fail is said before anything is installed or started. Standard library only.

`python -m script.support.preflight` ends with a sentence and status 1 where `script/server` could not work.
"""

import fcntl
import shutil
import sys
from pathlib import Path
from typing import IO

from script.support import environment
from script.support.service import ServiceError, port_is_free

ROOT = Path(__file__).resolve().parents[2]
GIBIBYTE = 1024**3
# The first start installs about 1.7 GiB; later ones only write logs and rows.
FREE_AT_FIRST, FREE_LATER = 2.5, 0.2


def lock(root: Path) -> IO[str]:
    """The lock of a running `script/server`, held while the file is open; ServiceError if it is taken."""
    path = root / "var" / "run" / "server.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        running = root / "var" / "run" / "server.pid"
        number = running.read_text().strip() if running.exists() else "unknown"
        raise ServiceError(f"script/server runs already in this folder (process {number}).") from None
    return file


def check(root: Path) -> None:
    """Raises ServiceError for a second server, a taken port, or a full disk."""
    lock(root).close()
    check_environment(root)


def check_environment(root: Path) -> None:
    found = environment.read(root)
    check_port(found, "PORT", environment.WEB_PORT)
    check_port(found, "MODERATION_PORT", environment.MODERATION_PORT)
    check_disk(root)


def check_port(found: dict[str, str], name: str, default: int) -> None:
    port = environment.port(found, name, default)
    if not port_is_free(port):
        raise ServiceError(f"Port {port} is taken by another program. Stop it, or set {name} to a free port.")


def check_disk(root: Path) -> None:
    is_set_up = (root / ".venv" / ".musenest").exists()
    needed = FREE_LATER if is_set_up else FREE_AT_FIRST
    free = shutil.disk_usage(root).free / GIBIBYTE
    if free < needed:
        raise ServiceError(f"The disk is full: {root} has {free:.1f} GiB free, {needed} GiB are needed.")


if __name__ == "__main__":
    try:
        check(ROOT)
    except (ServiceError, OSError) as error:
        sys.exit(str(error))
