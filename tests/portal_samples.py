"""The old name of `tests.samples`, until nobody asks for it."""

from tests.samples import (
    PASSWORD,
    SHOP,
    Customer,
    customer,
    decision,
    deployed,
    end,
    member,
    server,
    signed_in,
    site,
    sites_of,
)

__all__ = [
    "PASSWORD",
    "SHOP",
    "Customer",
    "customer",
    "decision",
    "deployed",
    "end",
    "member",
    "server",
    "signed_in",
    "site",
    "sites_of",
]
