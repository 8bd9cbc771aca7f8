"""A MuseNest to be killed: moderation server, worker and beat on the test's database and Valkey."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import override_settings

from script.support import postgres, programs, valkey
from script.support.supervisor import Program, Supervisor, kill_group
from tests import plugin
from tests.ports import free_port

READY_SECONDS = 60


@dataclass
class Stack:
    """The processes, each of which a test may kill and start again."""

    supervisor: Supervisor
    moderation_port: int
    data: Path

    def start(self, *names: str) -> None:
        makers: dict[str, Callable[[], Program]] = {
            "moderation": lambda: programs.moderation(self.data, self.moderation_port),
            "worker": lambda: programs.worker(os.environ["REDIS_URL"]),
            "beat": programs.beat,
        }
        together = [makers[name]() for name in names]
        for program in together:
            self.supervisor.start(program)
        for program in together:
            self.supervisor.wait_until_ready(program, READY_SECONDS)

    def kill(self, name: str) -> None:
        """SIGKILL to the program and all its children, as when a machine dies."""
        process = self.supervisor.running.pop(name)
        kill_group(process.pid)
        process.wait()

    def kill_and_start(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def kill_postgres(self) -> None:
        """SIGKILL to PostgreSQL's first process, and its sessions with it; it starts on what the disk has."""
        connections.close_all()
        os.kill(plugin.SERVICES.postgres.pid, signal.SIGKILL)
        started = postgres.start(plugin.SERVICES.folder / "postgres", durable=True)
        object.__setattr__(plugin.SERVICES, "postgres", started)

    def kill_valkey(self) -> None:
        """SIGKILL to Valkey, which comes back empty: every ring that waited is gone."""
        os.kill(plugin.SERVICES.valkey.pid, signal.SIGKILL)
        object.__setattr__(plugin.SERVICES, "valkey", valkey.start(plugin.SERVICES.run_folder))


@pytest.fixture
def stack(committed_db: None, tmp_path: Path) -> Iterator[Stack]:
    port = free_port()
    allowed = f"127.0.0.1:{port}"
    environment = os.environ | {
        "EGRESS_ALLOW": allowed,
        "PYTHONPATH": str(plugin.ROOT),
        "LOG_LEVEL": "WARNING",
    }
    running = Stack(Supervisor(tmp_path, environment), port, tmp_path / "data")
    with override_settings(EGRESS_ALLOW=[allowed]):
        try:
            running.start("moderation", "worker", "beat")
            yield running
        finally:
            running.supervisor.stop()


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {seconds} s")
        time.sleep(0.05)
