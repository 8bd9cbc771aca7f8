"""Starts programs, watches them, and ends them all together.

A program that ends by itself ends everything: in production an outside supervisor starts anew, and in
development a clear end is better than half a site.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from script.support.service import ServiceError, last_lines, process_command, rotate

CHILD = Path(__file__).with_name("child.py")
POLL_SECONDS = 0.2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked for the end by a signal. Not an Exception: no library in between may take it for one."""


@dataclass(frozen=True)
class Program:
    """A program to run, and how to see that it is ready."""

    name: str
    command: Sequence[str | Path]
    is_ready: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Service:
    """A process started elsewhere (PostgreSQL, Valkey) that is watched by its number."""

    name: str
    pid: int
    log: Path


@dataclass
class Supervisor:
    """Programs of one repository: pids in `var/run/`, logs in `var/log/`, each in its own process group."""

    root: Path
    environment: dict[str, str]
    grace_seconds: float = 10.0
    services: list[Service] = field(default_factory=list)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def log(self, name: str) -> Path:
        return self.root / "var" / "log" / f"{name}.log"

    def pid_file(self, name: str) -> Path:
        return self.root / "var" / "run" / f"{name}.pid"

    def watch(self, name: str, pid: int) -> None:
        """A service ends everything too, when it dies."""
        self.services.append(Service(name, pid, self.log(name)))
        self._note_pid(name, pid)

    def start(self, program: Program) -> None:
        log = self.log(program.name)
        rotate(log)
        launcher = [sys.executable, "-I", "-S", str(CHILD), str(os.getpid())]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*launcher, *program.command],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running[program.name] = process
        self._note_pid(program.name, process.pid)

    def wait_until_ready(self, program: Program, seconds: float) -> None:
        """Raises ServiceError where a program dies meanwhile or this one does not answer in time."""
        deadline = time.monotonic() + seconds
        while True:
            self.check()
            if program.is_ready():
                return
            if time.monotonic() > deadline:
                told = last_lines(self.log(program.name))
                raise ServiceError(
                    f"{program.name} did not answer within {seconds:.0f} s. Its log ends:\n{told}"
                )
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raises ServiceError naming a program that died, with its status and the end of its log."""
        for name, process in self.running.items():
            status = process.poll()
            if status is not None:
                raise ServiceError(
                    f"{name} ended with {describe(status)}. Its log ends:\n{last_lines(self.log(name))}"
                )
        for service in self.services:
            if process_command(service.pid) is None:
                raise ServiceError(f"{service.name} ended. Its log ends:\n{last_lines(service.log)}")

    def run(self) -> None:
        """Watches until something dies (ServiceError) or a signal ends it (Stopped)."""
        while True:
            self.check()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Asks every program to end (TERM); what is left after the grace, its children too, is killed."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + self.grace_seconds
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            kill_group(process.pid)
            process.wait()
        for name in [*self.running, *(service.name for service in self.services)]:
            self.pid_file(name).unlink(missing_ok=True)
        self.running.clear()
        self.services.clear()

    def _note_pid(self, name: str, pid: int) -> None:
        path = self.pid_file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{pid}\n")


def kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def describe(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


def stop_on_signals() -> None:
    """From now on SIGINT, SIGTERM or SIGHUP raises Stopped; a SIGHUP that is ignored (nohup) stays so.

    SIGINT is taken also where it is ignored: a shell ignores it for what it starts in the background.
    """
    for each in SIGNALS:
        if each != signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _raise_stopped)


def ignore_signals() -> None:
    """The end is under way: nothing interrupts it."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    ignore_signals()
    raise Stopped
