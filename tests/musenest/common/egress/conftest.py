"""A machine of loopback that counts who comes, and a resolver that answers what the test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from musenest.common.egress import calls

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Behaviour = Callable[[socket.socket], None]


def answering(answer: bytes) -> Behaviour:
    def behave(peer: socket.socket) -> None:
        peer.recv(65536)
        peer.sendall(answer)

    return behave


class Machine:
    """Takes connections on 127.0.0.1 and treats each as `behave` says."""

    def __init__(self) -> None:
        self.behave: Behaviour = answering(OK)
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def serve(self) -> None:
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self.treat, args=(peer,), daemon=True).start()

    def treat(self, peer: socket.socket) -> None:
        with peer:
            try:
                self.behave(peer)
            except OSError:
                return


@pytest.fixture
def machine() -> Iterator[Machine]:
    found = Machine()
    yield found
    found.listener.close()
    calls.client().close()
    calls.client.cache_clear()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Addresses by name, in the resolver's order. Other names are really looked up."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host not in known:
            return real(host, port, *args, **kwargs)
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known
