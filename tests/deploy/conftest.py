"""nginx with the configuration that ships, on ports of loopback and before another upstream."""

import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from script.support import nginx
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "musenest.example"


@dataclass(frozen=True)
class Proxy:
    plain: int
    tls: int
    folder: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.tls}"

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, verify=False, headers={"Host": HOST}, timeout=20)  # noqa: S501 -- a certificate of our own

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.folder / "certificates" / "fullchain.pem"))
        raw = socket.create_connection(("127.0.0.1", self.tls), timeout=20)
        return context.wrap_socket(raw, server_hostname=HOST)


def configured(proxy: Proxy, upstream: str, replaced: dict[str, str]) -> str:
    """The configuration that ships, in which only places and ports differ, and what a test names."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = "\n".join(line for line in text.splitlines() if "[::]:" not in line)
    places = {
        "/tmp/": f"{proxy.folder}/",  # noqa: S108 -- as it stands in the configuration
        "listen 8080": f"listen 127.0.0.1:{proxy.plain}",
        "listen 8443": f"listen 127.0.0.1:{proxy.tls}",
        "server web:3000;": f"server {upstream};",
        "/etc/nginx/certificates": f"{proxy.folder}/certificates",
        "/var/www/acme": f"{proxy.folder}/acme",
        "/dev/stdout": f"{proxy.folder}/access.log",
        **replaced,
    }
    for old, new in places.items():
        assert old in text, old
        text = text.replace(old, new)
    return ("user root;\n" if os.geteuid() == 0 else "") + text


Start = Callable[..., Proxy]


@pytest.fixture
def start_proxy(tmp_path: Path) -> Iterator[Start]:
    """`start_proxy("127.0.0.1:3000", {"10s": "1s"})`: nginx before that upstream; ended with the test."""
    program = nginx.find()
    if program is None:
        pytest.skip("nginx is missing")
    started: list[subprocess.Popen[bytes]] = []

    def start(upstream: str, replaced: dict[str, str] | None = None) -> Proxy:
        proxy = Proxy(free_port(), free_port(), tmp_path)
        for folder in ("bodies", "answers", "acme"):
            (tmp_path / folder).mkdir(exist_ok=True)
        subprocess.run([ROOT / "deploy" / "self-signed", HOST, tmp_path / "certificates"], check=True)
        path = tmp_path / "nginx.conf"
        path.write_text(configured(proxy, upstream, replaced or {}))
        log = (tmp_path / "nginx.log").open("wb")
        command = [program, "-c", str(path), "-g", "daemon off;"]
        started.append(subprocess.Popen(command, stdout=log, stderr=log))
        wait_for(proxy.tls, (tmp_path / "nginx.log").read_text)
        return proxy

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_for(port: int, said: Callable[[], str], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > deadline:
            pytest.fail(said()[-3000:])
        time.sleep(0.1)
