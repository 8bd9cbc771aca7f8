"""Which addresses may be called. The networks are listed, because `ipaddress.is_private` misses some that
matter.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

FORBIDDEN = tuple(
    ip_network(network)
    for network in (
        # IPv4: IANA's special-purpose registry, multicast, clouds' metadata (100.100.100.200, 168.63.129.16)
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # IPv6: unspecified, loopback, mapped and translated IPv4, discard, Teredo and other protocol
        # assignments, documentation, 6to4, segment routing, unique local, link and site local, multicast
        "::/128", "::1/128", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48",
        "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


def parsed(text: str) -> IPv4Address | IPv6Address:
    """The address, without the zone of a link-local one."""
    return ip_address(text.partition("%")[0])


def one_spelling(host: str) -> str:
    """Of the many spellings of a host one: lower case, an IPv6 address short and without its brackets."""
    name = host.strip().strip("[]").lower()
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def is_forbidden(address: IPv4Address | IPv6Address) -> bool:
    """Whether nobody may call this address unless an allowance names it."""
    return any(address in network for network in FORBIDDEN if network.version == address.version)
