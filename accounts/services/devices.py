"""Browsers that a person has signed in with: a cookie that only such a browser has.

It opens nothing. It lets its owner past limits that somebody else has used up (OWASP's device cookies).
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase
from django.utils.crypto import salted_hmac

from musenest.common import addresses, rates

COOKIE = "device"
SALT = "accounts.devices"
DAYS = 180


@dataclass(frozen=True)
class Client:
    """Who asks: the address, what is counted of it, the browser, and its known device (empty: unknown)."""

    address: str
    subject: str
    agent: str
    device: str = ""


UNKNOWN = Client(address="", subject="", agent="")


def account_of(email: str) -> str:
    """A name for the account that is the same for every spelling and tells nobody the address."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()


def client_of(request: Any, email: str = "") -> Client:
    """What the request tells of its client; the device counts for the account that it signed in to only."""
    return Client(
        address=addresses.client_address(request),
        subject=addresses.subject_of(request),
        agent=str(request.META.get("HTTP_USER_AGENT", ""))[:200],
        device=device_of(request.COOKIES.get(COOKIE, ""), account_of(email)),
    )


def subject_of_tries(request: Any, what: str) -> str:
    """Under which name tries of one thing (an account, a token) from one address are counted: an office
    behind one address is not one person. Without a thing, the address.
    """
    subject = addresses.subject_of(request)
    return f"{subject}:{account_of(what)}" if what.strip() else subject


def count_try(request: Any, what: str, *, knows_devices: bool = False) -> None:
    """Count one try of one thing: five a minute for each address and what is tried there, so that an office
    behind one address does not lock itself out; and all that an address tries. What it reads counts apart.

    `knows_devices`: what others do at this address does not count against a browser that is known to this
    account. Raises LimitError, and UnavailableError where it cannot be counted.
    """
    known = client_of(request, what).device if knows_devices else ""
    of_address = f"device:{known}" if known else addresses.subject_of(request)
    of_this = of_address if known else subject_of_tries(request, what)
    rates.answer_with(request, rates.take((rates.AUTH, of_this), (rates.TRIES, of_address)))


def device_of(cookie: str, account: str) -> str:
    try:
        owner, device = signing.loads(cookie, salt=SALT, max_age=DAYS * 86_400)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return str(device) if owner == account else ""


def remember(response: HttpResponseBase, email: str) -> None:
    """Give the browser that has just signed in a device of its own."""
    response.set_cookie(
        COOKIE,
        signing.dumps([account_of(email), secrets.token_hex(16)], salt=SALT),
        max_age=DAYS * 86_400,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
