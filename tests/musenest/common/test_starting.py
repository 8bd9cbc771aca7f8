"""A process that starts before PostgreSQL waits for it, with a bound, and says so."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

from musenest.common import checks, starting
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
WEB = [
    str(Path(sys.executable).with_name("granian")),
    "musenest.wsgi:application",
    *("--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1"),
]
WORKER = [sys.executable, "-m", "celery", "-A", "musenest", "worker", "--pool", "solo", "--loglevel", "INFO"]


class AwayDatabase:
    """A connection that is refused a number of times."""

    def __init__(self, times: int) -> None:
        self.times, self.tries = times, 0

    def ensure_connection(self) -> None:
        self.tries += 1
        if self.tries <= self.times:
            raise OperationalError("connection refused\nmore words")


def away(monkeypatch: pytest.MonkeyPatch, times: int) -> AwayDatabase:
    database = AwayDatabase(times)
    monkeypatch.setattr(starting, "connections", {"default": database})
    monkeypatch.setattr(starting, "PAUSE_SECONDS", 0.0)
    return database


def test_postgresql_that_comes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    database = away(monkeypatch, 3)

    starting.wait_for_database(60)

    assert database.tries == 4


def test_postgresql_that_stays_away_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    away(monkeypatch, 10**9)
    started = time.monotonic()

    with pytest.raises(OperationalError):
        starting.wait_for_database(0.2)

    assert time.monotonic() - started < 20


@pytest.mark.django_db
def test_a_role_that_nothing_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "close_all", lambda: None)
    starting.refuse_to_serve()

    monkeypatch.setattr(checks, "role_errors", lambda: [Error("The role.")])

    with pytest.raises(ImproperlyConfigured, match=r"does not start: The role\."):
        starting.refuse_to_serve()
    assert connections["default"].connection is not None


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(command: list[str], log: Path, port: int, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"GRANIAN_PORT": str(port), "LOG_LEVEL": "INFO"} | environment,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def wait_until(condition: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(log.read_text()[-3000:])
        time.sleep(0.1)


@pytest.mark.parametrize("command", [WEB, WORKER], ids=["web", "worker"])
def test_a_process_without_postgresql_says_so_and_ends_with_an_error(
    command: list[str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    nobody = f"postgresql://musenest_app:x@127.0.0.1:{free_port()}/musenest"
    process = start(
        command, log, free_port(), DATABASE_URL=nobody, DATABASE_WAIT_SECONDS="2", DB_POOL_MAX="0"
    )
    try:
        status = process.wait(60)
    finally:
        end(process)

    assert status not in (0, None)
    assert "waiting_for_database" in log.read_text()
