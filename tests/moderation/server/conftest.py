"""A real moderation server as a process of its own, on a free port of loopback."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Running:
    process: subprocess.Popen[str]
    url: str
    data: Path
    log: Path
    client: httpx.Client

    def analyze(self, picture: bytes | None, **fields: str) -> httpx.Response:
        files = {"image": ("p", picture)} if picture is not None else None
        return self.client.post("/analyze", data=fields, files=files or {"other": ("", b"")})

    def children(self) -> list[int]:
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listing.split()]


def command(data: Path, port: int, options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "moderation.server", "--port", str(port), "--data", str(data), *options]


@contextmanager
def running(folder: Path, *options: str, key: str | None = None) -> Iterator[Running]:
    """Start a server and wait for its line; end it with SIGTERM, and kill what does not end."""
    port, data, log = free_port(), folder / "data", folder / "log"
    environment = {**os.environ, **({"MODERATION_SERVER_API_KEY": key} if key else {})}
    with log.open("a") as stderr:
        process = subprocess.Popen(
            command(data, port, options),
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    assert process.stdout
    line = process.stdout.readline()
    assert "is ready" in line, log.read_text()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        try:
            yield Running(process, url, data, log, client)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                pytest.fail("the server did not end")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The one that most tests share: two workers."""
    with running(tmp_path_factory.mktemp("server"), "--workers", "2") as one:
        yield one


@pytest.fixture(scope="session")
def agnostic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("agnostic"), "--workers", "1", "--nms", "agnostic") as one:
        yield one


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A server that a test may ill-treat."""
    with running(tmp_path, "--workers", "2", "--queue", "2") as one:
        yield one


@pytest.fixture
def wait_until() -> Callable[[Callable[[], Any]], Any]:
    def wait(condition: Callable[[], Any], seconds: float = 15) -> Any:
        stop = time.monotonic() + seconds
        while time.monotonic() < stop:
            if result := condition():
                return result
            time.sleep(0.05)
        return pytest.fail("it did not come true in time")

    return wait


def log_lines(one: Running) -> list[dict[str, Any]]:
    return [json.loads(line) for line in one.log.read_text().splitlines()]
