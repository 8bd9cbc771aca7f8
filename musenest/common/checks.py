"""System checks: settings and database roles that must not serve people (RELIABILITY.md, *Unsafe settings*).

The check of the settings runs with every command, the one of the database's role by
`check --database default`. Web and worker, which run no checks of Django, call `refuse_to_serve` first.
"""

import sys
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from musenest.settings.database import is_owner_command

SHORTEST_SECRET = 32
FEWEST_LETTERS = 8
SECRETS = ("SECRET_KEY", "JWT_SECRET", "SEAL_KEY")

Configs = Sequence[AppConfig] | None


def refuse_to_serve() -> None:
    """Raise ImproperlyConfigured, with every reason, instead of serving people with an open door."""
    errors = [*production_settings(None), *role_errors()]
    connections.close_all()  # the processes that are forked from this one must not share its connection
    if errors:
        raise ImproperlyConfigured("MuseNest does not start: " + " ".join(error.msg for error in errors))


@register(Tags.security)
def production_settings(app_configs: Configs, **options: Any) -> list[Error]:
    """What would be an open door in production; elsewhere nothing is refused."""
    if not settings.IS_PRODUCTION:
        return []
    return [*door_errors(), *secret_errors(), *encryption_errors()]


def door_errors() -> list[Error]:
    found = []
    if settings.DEBUG:
        found.append(Error("DEBUG shows source and settings to everybody.", id="musenest.E001"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error("ALLOWED_HOSTS must name the hosts that MuseNest answers for.", id="musenest.E002")
        )
    return found


def secret_errors() -> list[Error]:
    found = [
        Error(f"{name} is too short or too plain.", hint="Use 50 random characters.", id="musenest.E003")
        for name in SECRETS
        if is_weak(getattr(settings, name))
    ]
    if len({getattr(settings, name) for name in SECRETS}) < len(SECRETS):
        found.append(Error("Two of the secrets are the same.", hint=", ".join(SECRETS), id="musenest.E004"))
    return found


def is_weak(secret: str) -> bool:
    is_plain = len(set(secret)) < FEWEST_LETTERS or secret.startswith(("not-secret", "django-insecure"))
    return len(secret) < SHORTEST_SECRET or is_plain


def encryption_errors() -> list[Error]:
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


ROLE = """
    SELECT role.rolsuper OR role.rolbypassrls, pg_has_role(session_user, 'musenest_staff', 'USAGE'),
           EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = role.oid)
    FROM pg_roles role WHERE role.rolname = session_user
"""


@register(Tags.database)
def database_role(
    app_configs: Configs, databases: Sequence[str] | None = None, **options: Any
) -> list[Error]:
    """The application's role must be held by row-level security; the owner's commands serve nobody."""
    is_asked = "default" in (databases or ())
    return role_errors() if is_asked and not is_owner_command(sys.argv) else []


def role_errors() -> list[Error]:
    with connections["default"].cursor() as cursor:
        cursor.execute(ROLE)
        ignores_policies, inherits_staff, owns_tables = cursor.fetchone()
    found = []
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
