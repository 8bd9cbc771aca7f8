"""Where settings come from: the real environment first, then `.env` in the root of the repository."""

import re
from datetime import timedelta
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()
environ.Env.read_env(ROOT / ".env", overwrite=False)

ENVIRONMENT = env.str("ENVIRONMENT", default=env.str("NODE_ENV", default="development"))
IS_PRODUCTION = ENVIRONMENT == "production"

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    """What `7d`, `12h`, `30m` or `9s` say. Nothing starts with another text."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        raise environ.ImproperlyConfigured(f"A duration is a number and s, m, h or d, as in 7d, not {text}.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def secret(name: str, *aliases: str) -> str:
    """The secret `name` (or, where unset, one of its aliases).

    In production a missing secret ends the start; elsewhere `script/server` generates one, and a value that
    is plainly not secret stands in for commands that need none (linters, `makemigrations`).
    """
    for candidate in (name, *aliases):
        value = env.str(candidate, default="")
        if value:
            return str(value)
    if IS_PRODUCTION:
        raise environ.ImproperlyConfigured(f"{name} must be set in production.")
    return f"not-secret-{name.lower()}-for-development-only-0123456789abcdef"
