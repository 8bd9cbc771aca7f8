"""`manage.py check --deploy`: what is not an open door by itself, and yet must not go to production.

Deploying asks them once (deploy/compose.yaml, before it migrates), where starting asks only
`musenest.common.checks`. Every answer has an id and a hint of what to do.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.utils import timezone

from musenest.common.checks import Configs
from musenest.common.egress.addresses import is_forbidden

CLOCK_SECONDS = 2.0
UNSENT_MAIL = ("console", "dummy", "filebased", "locmem")


@register(Tags.security, deploy=True)
def deployment(app_configs: Configs, **options: Any) -> list[CheckMessage]:
    """Asked of production's settings; elsewhere `check --deploy` tells that they are not."""
    if not settings.IS_PRODUCTION:
        return [
            Error(
                "These are not production's settings.",
                hint="Set ENVIRONMENT=production where MuseNest serves people.",
                id="musenest.E100",
            )
        ]
    return [*address_errors(), *cookie_errors(), *reach_errors(), *guard_errors(), *clock_errors()]


def address_errors() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    base = urlsplit(settings.BASE_URL)
    if base.scheme != "https" or is_private(base.hostname or ""):
        found.append(
            Error(
                "BASE_URL is not a public https address.",
                hint="Links in e-mails begin with it: https://musenest.example",
                id="musenest.E101",
            )
        )
    if any(not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        found.append(
            Error(
                "CSRF_TRUSTED_ORIGINS trusts a page that came without TLS.",
                hint="Every origin begins with https://.",
                id="musenest.E102",
            )
        )
    return found


def cookie_errors() -> list[CheckMessage]:
    if settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY:
        return []
    return [
        Error(
            "Cookies travel without TLS, or scripts may read them.",
            hint="SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE and SESSION_COOKIE_HTTPONLY are true.",
            id="musenest.E103",
        )
    ]


def reach_errors() -> list[CheckMessage]:
    """Who reaches us through what, and whom our requests may reach."""
    found: list[CheckMessage] = []
    private = [entry for entry in settings.EGRESS_ALLOW if is_private(entry.rpartition(":")[0])]
    if private:
        found.append(
            Error(
                f"EGRESS_ALLOW opens private addresses: {', '.join(private)}.",
                hint="Unset it, and add an egress allowance in the admin, which is audited.",
                id="musenest.E104",
            )
        )
    header: object = settings.SECURE_PROXY_SSL_HEADER  # Django's default is None, whatever its stubs say
    if settings.SECURE_SSL_REDIRECT and header is None:
        found.append(
            Error(
                "BEHIND_PROXY is false: no request counts as https, so each is redirected for ever.",
                hint="Put the proxy of deploy/ before MuseNest and set BEHIND_PROXY=true.",
                id="musenest.E105",
            )
        )
    if not settings.TRUSTED_PROXIES:
        found.append(
            Error(
                "TRUSTED_PROXIES is not set: everybody is counted as one client, the proxy.",
                hint="The proxy of deploy/ is one: TRUSTED_PROXIES=1.",
                id="musenest.E112",
            )
        )
    if not settings.METRICS_TOKEN:
        found.append(
            Error(
                "METRICS_TOKEN is not set: behind a proxy on the same machine everybody reads /metrics.",
                hint="Give Prometheus a token of 50 random characters.",
                id="musenest.E106",
            )
        )
    return found


def is_private(host: str) -> bool:
    """Whether the host is an address that nobody outside has, or a name that only this network knows."""
    host = host.strip("[]").lower()
    try:
        return is_forbidden(ip_address(host))
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def guard_errors() -> list[CheckMessage]:
    """What an operator may switch off for a test, and forget."""
    found: list[CheckMessage] = []
    if not settings.RATE_LIMIT_ENABLED:
        found.append(
            Error(
                "Requests are not limited.",
                hint="Unset RATE_LIMIT_ENABLED, or set it true.",
                id="musenest.E107",
            )
        )
    if not settings.STAFF_MFA_REQUIRED:
        found.append(
            Error(
                "Staff may sign in without a second factor.",
                hint="Unset STAFF_MFA_REQUIRED, or set it true.",
                id="musenest.E108",
            )
        )
    if settings.EMAIL_BACKEND.split(".")[-2] in UNSENT_MAIL:
        found.append(
            Error(
                f"No e-mail leaves this machine: {settings.EMAIL_BACKEND}.",
                hint="Set up a provider of e-mail (.env.example, *E-mail*).",
                id="musenest.E109",
            )
        )
    return found


def clock_errors() -> list[CheckMessage]:
    zones = {settings.TIME_ZONE, settings.CELERY_TIMEZONE}
    if settings.USE_TZ and zones == {"UTC"}:
        return []
    return [
        Error(
            "Django, Celery or both do not count in UTC.",
            hint="Billing periods are UTC's: USE_TZ is true, TIME_ZONE and CELERY_TIMEZONE are UTC.",
            id="musenest.E110",
        )
    ]


@register(Tags.database, deploy=True)
def database_clock(
    app_configs: Configs, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Leases and tokens end by this machine's clock, rows are stamped by it: PostgreSQL's must agree."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((timezone.now() - cursor.fetchone()[0]).total_seconds())
    if apart <= CLOCK_SECONDS:
        return []
    return [
        Error(
            f"The clocks of this machine and of PostgreSQL are {apart:.0f} s apart.",
            hint="Let both take their time from an NTP server.",
            id="musenest.E111",
        )
    ]
