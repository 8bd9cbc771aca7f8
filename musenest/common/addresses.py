"""Where a request comes from, as far as it can be believed."""

from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# Whoever has one IPv6 address has as many as they like in its network.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """The client's address: the peer's, or what the proxies of TRUSTED_PROXIES say of it; "" on a socket.

    TRUSTED_PROXIES is a number of proxies, or their networks. `X-Forwarded-For` is read from its end, where
    the nearest proxy wrote, only as far as a trusted one wrote it: what a client sends itself is not looked
    at.
    """
    peer = canonical(str(request.META.get("REMOTE_ADDR", "")))
    trusted = parsed_proxies(tuple(settings.TRUSTED_PROXIES))
    if not trusted:
        return peer
    chain = [*forwarded(request), peer]
    if isinstance(trusted, int):
        return (chain[-1 - trusted] if len(chain) > trusted else "") or peer
    while len(chain) > 1 and chain[-2] and is_within(chain[-1], trusted):
        chain.pop()
    return chain[-1]


def subject_of(request: HttpRequest) -> str:
    """The address under which a client is counted: of IPv6 the network of 64 bits."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False).network_address)


@cache
def parsed_proxies(words: tuple[str, ...]) -> int | list[IPv4Network | IPv6Network]:
    """The setting: one number, or networks. Raises ValueError for anything else."""
    if len(words) == 1 and words[0].isdecimal():
        return int(words[0])
    return [ip_network(word) for word in words]


def forwarded(request: HttpRequest) -> list[str]:
    sent = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return [canonical(part) for part in sent.split(",")] if sent else []


def canonical(text: str) -> str:
    """One spelling of an address; "" for what is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address).partition("%")[0]


def is_within(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    return bool(address) and any(ip_address(address) in network for network in networks)
