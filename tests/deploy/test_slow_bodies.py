"""Forty senders that never end hold up nobody: they wait in the proxy, not in a thread of the application."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.deploy.conftest import HOST, ROOT, Proxy, Start, wait_for
from tests.ports import free_port
from tests.production import SAFE

SENDERS = 40
# A form, whose body is read to look for its token.
REQUEST = (
    b"POST /login HTTP/1.1\r\nHost: musenest.example\r\nOrigin: https://musenest.example\r\n"
    b"Cookie: csrftoken=abcdefghijklmnopqrstuvwxyz012345\r\nX-Forwarded-Proto: https\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\nbegin"
)


@pytest.fixture
def web(committed_db: None, tmp_path: Path) -> Iterator[int]:
    """A web process with production's settings, as deploy/Dockerfile starts it; its port."""
    port = free_port()
    log = tmp_path / "web.log"
    granian = Path(sys.executable).with_name("granian")
    command: list[str | Path] = [
        granian,
        "musenest.wsgi:application",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *command,
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--workers",
                "2",
                "--blocking-threads",
                "8",
            ],
            cwd=ROOT,
            env=os.environ | SAFE | {"DB_POOL_MAX": "10", "DB_POOL_MIN": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(port, log.read_text)
        wait_until_healthy(port, log.read_text)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_until_healthy(port: int, said: Callable[[], str]) -> None:
    for _ in range(300):
        try:
            if health(f"http://127.0.0.1:{port}", 2) == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    pytest.fail(said()[-3000:])


def health(base: str, seconds: float) -> int:
    headers = {"Host": HOST, "X-Probe": secrets.token_hex(4)}
    return httpx.get(f"{base}/health", headers=headers, verify=False, timeout=seconds).status_code  # noqa: S501 -- a certificate of our own


def test_slow_senders_block_the_application_alone_and_nobody_behind_the_proxy(
    web: int, start_proxy: Start
) -> None:
    proxy: Proxy = start_proxy(f"127.0.0.1:{web}")

    with ExitStack() as senders:
        for _ in range(SENDERS):
            senders.enter_context(proxy.connect()).sendall(REQUEST)
        time.sleep(1)
        behind = [health(proxy.url, 5) for _ in range(20)]

    assert behind == [200] * 20


def test_without_the_proxy_they_do_block(web: int) -> None:
    """What the proxy is for; where this fails, granian has learnt to read bodies first, and it may go."""
    with ExitStack() as senders:
        for _ in range(SENDERS):
            sender = senders.enter_context(socket.create_connection(("127.0.0.1", web)))
            sender.sendall(REQUEST)
        time.sleep(1)
        with pytest.raises(httpx.TimeoutException):
            for _ in range(20):
                health(f"http://127.0.0.1:{web}", 3)
