"""The deny list, against addresses that ways around such lists are made of."""

import pytest
from pytest_django.fixtures import Settings

from musenest.common import egress
from musenest.common.egress.addresses import is_forbidden, parsed
from tests.musenest.common.egress.conftest import Machine

FORBIDDEN = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::a9fe:a9fe",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a9fe:a9fe",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]

ALLOWED = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.15",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1",
    "2a00:1450:4001::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2400:cb00::1",
]

# Each is some way to write a forbidden address so that a comparison of texts misses it.
SPELLINGS = [
    "127.0.0.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.1",
    "127.0.1",
    "0",
    "0x0",
    "00",
    "0.0",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "3232235521",
    "0xc0a80001",
    "192.168.1",
    "10.1",
    "012.0.0.1",
    "localhost",
    "LOCALHOST",
    "127.0.0.1.",
    "127.000.000.001",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[0000:0000:0000:0000:0000:ffff:7f00:0001]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[::ffff:169.254.169.254]",
    "１２７.０.０.１",
    "127。0。0。1",
    "⑫7.0.0.1",
    "user@127.0.0.1",
    "example.com@127.0.0.1",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_address_is_forbidden(text: str) -> None:
    assert is_forbidden(parsed(text))


@pytest.mark.parametrize("text", ALLOWED)
def test_address_beside_a_forbidden_network_is_allowed(text: str) -> None:
    assert not is_forbidden(parsed(text))


@pytest.mark.django_db
@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_reaches_loopback(machine: Machine, host: str) -> None:
    with pytest.raises((egress.ForbiddenAddressError, egress.UnreachableError)):
        egress.call("GET", f"http://{host}:{machine.port}/", timeout=5)

    assert machine.visits == 0


def test_the_corpus_is_large_enough() -> None:
    assert len(set(FORBIDDEN)) + len(set(SPELLINGS)) >= 100


@pytest.mark.django_db
def test_the_machine_can_be_reached_where_it_is_allowed(machine: Machine, settings: Settings) -> None:
    """Without this the tests above could pass because nothing answers."""
    settings.EGRESS_ALLOW = [f"127.0.0.1:{machine.port}"]

    answer = egress.call("GET", machine.url, timeout=5)

    assert (answer.status, answer.body, machine.visits) == (200, b"ok", 1)
