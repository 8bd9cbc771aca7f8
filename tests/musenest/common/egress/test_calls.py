"""Calls: what is reached, what is not followed, what is bounded."""

import socket
import threading
import time
from collections.abc import Iterator
from itertools import cycle

import pytest
from pytest_django.fixtures import Settings

from musenest.common import egress, tenancy
from tests.musenest.common.egress.conftest import OK, Machine, answering

pytestmark = pytest.mark.django_db


@pytest.fixture
def allowed(machine: Machine, settings: Settings) -> Machine:
    settings.EGRESS_ALLOW = [f"127.0.0.1:{machine.port}"]
    return machine


# Names


def test_a_name_of_a_private_address_is_refused(machine: Machine, names: dict[str, list[str]]) -> None:
    names["innocent.test"] = ["127.0.0.1"]

    with pytest.raises(egress.ForbiddenAddressError):
        egress.call("GET", f"http://innocent.test:{machine.port}/", timeout=5)

    assert machine.visits == 0


@pytest.mark.parametrize(
    "addresses", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "::1"]]
)
def test_one_private_address_among_public_ones_refuses_the_name(
    machine: Machine, names: dict[str, list[str]], addresses: list[str]
) -> None:
    names["mixed.test"] = addresses

    with pytest.raises(egress.ForbiddenAddressError):
        egress.call("GET", f"http://mixed.test:{machine.port}/", timeout=5)

    assert machine.visits == 0


def test_a_name_that_is_resolved_anew_is_judged_anew(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: public when it is looked at, private when it is called. It is looked at once, and that is
    called.
    """
    answers = cycle(["203.0.114.1", "127.0.0.1"])
    connected: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def create_connection(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)

    for error in (egress.UnreachableError, egress.ForbiddenAddressError) * 2:
        with pytest.raises(error):
            egress.call("GET", f"http://rebinding.test:{machine.port}/", timeout=5)

    assert connected == ["203.0.114.1"] * 2
    assert machine.visits == 0


def test_the_next_address_is_tried_where_one_refuses(
    machine: Machine, names: dict[str, list[str]], settings: Settings
) -> None:
    settings.EGRESS_ALLOW = [f"two.test:{machine.port}"]
    names["two.test"] = ["::1", "127.0.0.1"]

    assert egress.call("GET", f"http://two.test:{machine.port}/", timeout=5).status == 200


def test_a_name_that_does_not_exist_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    with pytest.raises(egress.UnreachableError) as caught:
        egress.call("GET", "http://nowhere.test/", timeout=5)
    assert str(caught.value) == "The name could not be resolved."


def test_a_resolver_that_does_not_answer_costs_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(30))
    started = time.monotonic()

    with pytest.raises(egress.TimedOutError):
        egress.call("GET", "http://slow.test/", timeout=0.3)

    assert time.monotonic() - started < 10
    over.set()


# Allowances


@pytest.mark.parametrize(
    "entry",
    ["127.0.0.1", "127.0.0.1:*", "*", "127.0.0.1:1", "localhost:{port}", "127.0.0.1:{port}0", "127.0.0.0/8"],
)
def test_only_the_exact_host_and_port_are_allowed(machine: Machine, settings: Settings, entry: str) -> None:
    settings.EGRESS_ALLOW = [entry.format(port=machine.port)]

    with pytest.raises(egress.ForbiddenAddressError):
        egress.call("GET", machine.url, timeout=5)


def test_an_allowance_of_staff_counts_in_every_scope(machine: Machine) -> None:
    with tenancy.staff():
        egress.EgressAllowance.objects.create(host="127.0.0.1", port=machine.port, reason="test")

    assert egress.call("GET", machine.url, timeout=5).status == 200


# Answers


def test_a_redirect_is_returned_and_not_followed(allowed: Machine) -> None:
    allowed.behave = answering(
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    )

    answer = egress.call("GET", allowed.url, timeout=5)

    assert (answer.status, answer.is_success, allowed.visits) == (302, False, 1)


@pytest.mark.parametrize(
    ("status", "is_success"), [(200, True), (204, True), (299, True), (199, False), (300, False)]
)
def test_only_2xx_is_a_success(status: int, is_success: bool) -> None:
    from httpx import Headers

    assert egress.Answer(status, Headers(), b"", 0.0).is_success is is_success


@pytest.mark.parametrize("has_length", [True, False])
def test_an_answer_above_the_cap_is_refused(allowed: Machine, has_length: bool) -> None:
    length = b"Content-Length: 5000\r\n" if has_length else b""
    allowed.behave = answering(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + b"x" * 5000)

    with pytest.raises(egress.TooMuchAnswerError):
        egress.call("GET", allowed.url, timeout=5, max_bytes=4999)
    assert len(egress.call("GET", allowed.url, timeout=5, max_bytes=5000).body) == 5000


def test_an_endless_answer_ends_at_the_cap(allowed: Machine) -> None:
    def endless(peer: socket.socket) -> None:
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            peer.sendall(b"x" * 65536)

    allowed.behave = endless

    with pytest.raises(egress.TooMuchAnswerError):
        egress.call("GET", allowed.url, timeout=10)


def test_a_packed_answer_stays_packed(allowed: Machine) -> None:
    allowed.behave = answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz")

    assert egress.call("GET", allowed.url, timeout=5).body == b"zzzz"


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", OK[:-1], b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000]
)
def test_a_broken_answer_is_unreachable(allowed: Machine, answer: bytes) -> None:
    allowed.behave = answering(answer)

    with pytest.raises(egress.UnreachableError):
        egress.call("GET", allowed.url, timeout=5)


@pytest.mark.parametrize("body", [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"{", b"\xff"])
def test_what_is_not_json_is_a_value_error(allowed: Machine, body: bytes) -> None:
    allowed.behave = answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with pytest.raises(ValueError):
        egress.call("GET", allowed.url, timeout=5).json()


def test_a_cookie_of_one_call_is_not_sent_with_the_next(allowed: Machine) -> None:
    heard: list[bytes] = []

    def behave(peer: socket.socket) -> None:
        heard.append(peer.recv(65536))
        peer.sendall(
            b"HTTP/1.1 200 OK\r\nSet-Cookie: tenant=1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )

    allowed.behave = behave
    for _ in range(2):
        egress.call("GET", allowed.url, timeout=5)

    assert len(heard) == 2
    assert b"cookie" not in heard[1].lower()


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "//x", ""]
)
def test_other_schemes_are_unreachable(url: str) -> None:
    with pytest.raises(egress.UnreachableError):
        egress.call("GET", url, timeout=5)


def test_no_error_tells_what_the_network_said(allowed: Machine) -> None:
    allowed.listener.shutdown(socket.SHUT_RDWR)
    allowed.listener.close()

    with pytest.raises(egress.UnreachableError) as caught:
        egress.call("GET", allowed.url, timeout=5)

    assert str(caught.value) == "The other side could not be reached, or broke off."


# Deadlines


def drops(first: bytes) -> Iterator[bytes]:
    yield first
    while True:
        yield b"x"


@pytest.mark.parametrize(
    "first",
    [b"H", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"],
    ids=["status", "head", "body"],
)
def test_one_byte_at_a_time_ends_at_the_deadline(allowed: Machine, first: bytes) -> None:
    """A time-out for each read would never end."""

    def behave(peer: socket.socket) -> None:
        peer.recv(65536)
        for drop in drops(first):
            peer.sendall(drop)
            time.sleep(0.1)

    allowed.behave = behave
    started = time.monotonic()

    with pytest.raises(egress.TimedOutError):
        egress.call("GET", allowed.url, timeout=0.6)

    assert 0.5 < time.monotonic() - started < 10


def test_a_peer_that_reads_slowly_ends_at_the_deadline(allowed: Machine) -> None:
    def behave(peer: socket.socket) -> None:
        while peer.recv(65536):
            time.sleep(0.1)  # half a minute in all

    allowed.behave = behave
    started = time.monotonic()

    with pytest.raises(egress.TimedOutError):
        egress.call("POST", allowed.url, timeout=0.6, json="x" * 20_000_000)

    assert time.monotonic() - started < 10


def test_a_silent_peer_ends_at_the_deadline(allowed: Machine) -> None:
    over = threading.Event()

    def behave(peer: socket.socket) -> None:
        over.wait(30)

    allowed.behave = behave
    started = time.monotonic()

    with pytest.raises(egress.TimedOutError):
        egress.call("GET", allowed.url, timeout=0.3)

    assert time.monotonic() - started < 10
    over.set()
