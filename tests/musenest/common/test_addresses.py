"""Whose word about a client's address counts."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from musenest.common import addresses


def seen(peer: str, sent: str = "") -> str:
    headers = {"X-Forwarded-For": sent} if sent else {}
    request = RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers)
    return addresses.client_address(request)


@pytest.mark.parametrize("sent", ["", "6.6.6.6", "6.6.6.6, 7.7.7.7", "unknown", ",", "::1"])
def test_without_a_proxy_only_the_peer_counts(sent: str) -> None:
    assert seen("9.9.9.9", sent) == "9.9.9.9"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("", "10.0.0.1"),
        ("1.1.1.1", "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("6.6.6.6, nonsense", "10.0.0.1"),
        ("1.1.1.1:80", "10.0.0.1"),
    ],
)
def test_behind_one_proxy_what_it_wrote_counts(settings: Settings, sent: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = ["1"]
    assert seen("10.0.0.1", sent) == expected


def test_a_chain_shorter_than_the_proxies_is_not_believed(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["2"]
    assert seen("10.0.0.1", "6.6.6.6") == "10.0.0.1"
    assert seen("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2") == "1.1.1.1"


@pytest.mark.parametrize(
    ("peer", "sent", "expected"),
    [
        ("9.9.9.9", "6.6.6.6", "9.9.9.9"),
        ("10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "6.6.6.6, garbage", "10.0.0.1"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
    ],
)
def test_named_networks_are_believed_and_nobody_else(
    settings: Settings, peer: str, sent: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "fd00::/8"]
    assert seen(peer, sent) == expected


def test_one_address_has_one_spelling() -> None:
    assert seen("::ffff:1.2.3.4") == "1.2.3.4"
    assert seen("2001:DB8:0::1") == "2001:db8::1"
    assert seen("") == ""


def test_an_ipv6_client_is_counted_by_its_network() -> None:
    subjects = {
        addresses.subject_of(RequestFactory(REMOTE_ADDR=peer).get("/"))
        for peer in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:0:5::")
    }
    assert subjects == {"2001:db8::"}
    assert addresses.subject_of(RequestFactory(REMOTE_ADDR="1.2.3.4").get("/")) == "1.2.3.4"
