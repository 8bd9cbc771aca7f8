"""System checks: settings and database roles that must not serve people (RELIABILITY.md, *Unsafe settings*).

The check of the settings runs with every command, the one of the database's role by
`check --database default`. Web and worker, which run no checks of Django, ask both before they serve
(`musenest.common.starting`). What `check --deploy` asks beside them: `musenest.common.deployment_checks`.
"""

import re
import sys
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from musenest.common.addresses import parsed_proxies
from musenest.settings.database import is_owner_command

SHORTEST_SECRET = 32
FEWEST_LETTERS = 8
SECRETS = ("SECRET_KEY", "JWT_SECRET", "SEAL_KEY")
# What stands where somebody meant to put a secret, and did not.
PLACEHOLDERS = re.compile("django-insecure|change.?me|placeholder|example|secret|password|musenest")

Configs = Sequence[AppConfig] | None


@register(Tags.security)
def production_settings(app_configs: Configs, **options: Any) -> list[CheckMessage]:
    """What would be an open door in production; elsewhere nothing is refused."""
    if not settings.IS_PRODUCTION:
        return []
    return [*door_errors(), *secret_errors(), *encryption_errors(), *proxy_errors()]


def door_errors() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG shows source and settings to everybody.", id="musenest.E001"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error("ALLOWED_HOSTS must name the hosts that MuseNest answers for.", id="musenest.E002")
        )
    return found


def secret_errors() -> list[CheckMessage]:
    found: list[CheckMessage] = [
        Error(f"{name} is too short or too plain.", hint="Use 50 random characters.", id="musenest.E003")
        for name in SECRETS
        if is_weak(getattr(settings, name))
    ]
    if len({getattr(settings, name) for name in SECRETS}) < len(SECRETS):
        found.append(Error("Two of the secrets are the same.", hint=", ".join(SECRETS), id="musenest.E004"))
    return found


def is_weak(secret: str) -> bool:
    is_plain = len(set(secret)) < FEWEST_LETTERS or PLACEHOLDERS.search(secret.lower()) is not None
    return len(secret) < SHORTEST_SECRET or is_plain


def encryption_errors() -> list[CheckMessage]:
    keys = settings.ENCRYPTION_KEYS
    if keys and all(is_fernet_key(key) for key in keys):
        return []
    return [Error("ENCRYPTION_KEYS must be one or more Fernet keys, the newest first.", id="musenest.E005")]


def is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def proxy_errors() -> list[CheckMessage]:
    try:
        parsed_proxies(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        hint = "One number of proxies, or their networks: 10.0.0.0/8."
        return [Error(f"TRUSTED_PROXIES cannot be read: {error}.", hint=hint, id="musenest.E009")]
    return []


ROLE = """
    SELECT role.rolsuper OR role.rolbypassrls, pg_has_role(session_user, 'musenest_staff', 'USAGE'),
           EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = role.oid)
    FROM pg_roles role WHERE role.rolname = session_user
"""


@register(Tags.database)
def database_role(
    app_configs: Configs, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """The application's role must be held by row-level security; the owner's commands serve nobody."""
    is_asked = "default" in (databases or ())
    return role_errors() if is_asked and not is_owner_command(sys.argv) else []


def role_errors() -> list[CheckMessage]:
    with connections["default"].cursor() as cursor:
        cursor.execute(ROLE)
        ignores_policies, inherits_staff, owns_tables = cursor.fetchone()
    found: list[CheckMessage] = []
    if ignores_policies:
        found.append(Error("The database role ignores row-level security.", hint=HINT, id="musenest.E006"))
    elif inherits_staff:
        found.append(Error("The database role has staff's rights unasked.", hint=HINT, id="musenest.E007"))
    if owns_tables:
        found.append(
            Error("The database role owns tables and could drop policies.", hint=HINT, id="musenest.E008")
        )
    return found


HINT = "DATABASE_URL must connect as musenest_app, as `manage.py bootstrap_roles` makes it."
