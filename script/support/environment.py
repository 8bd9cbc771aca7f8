"""The environment that the commands give to the programs they start. Standard library only.

The shell's environment wins over `.env` in the root of the repository, and that over what is generated.
"""

import base64
import json
import os
import secrets
from pathlib import Path

from script.support.service import ServiceError, write_private

WEB_PORT, MODERATION_PORT = 3000, 5000
GENERATED = (
    "SECRET_KEY",
    "JWT_SECRET",
    "SEAL_KEY",
    "MODERATION_SERVER_API_KEY",
    "APP_PASSWORD",
    "OWNER_PASSWORD",
)


def read(root: Path) -> dict[str, str]:
    """The shell's environment over `.env`. An empty value counts as unset."""
    return {name: value for name, value in (env_file(root / ".env") | dict(os.environ)).items() if value}


def env_file(path: Path) -> dict[str, str]:
    """The assignments of a file: `NAME=value`, quotes and `export` allowed, `#` begins a comment."""
    if not path.exists():
        return {}
    values = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, assigned, value = line.strip().removeprefix("export ").partition("=")
        if assigned and not name.startswith("#"):
            values[name.strip()] = unquoted(value.strip())
    return values


def unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()


def port(environment: dict[str, str], name: str, default: int) -> int:
    """The port that the variable names; ServiceError where it is none."""
    value = environment.get(name, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:  # noqa: PLR2004 -- the number of ports
        raise ServiceError(f"{name} must be a port between 1 and 65535, not {value!r}.")
    return int(value)


def generated_secrets(root: Path) -> dict[str, str]:
    """The secrets of `var/secrets.json`, made once and readable by their owner only."""
    path = root / "var" / "secrets.json"
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ServiceError(
                f"{path} is damaged: {error}. Restore it, or what it encrypted stays unreadable."
            ) from error
    made = {name: secrets.token_urlsafe(48) for name in GENERATED}
    made["ENCRYPTION_KEYS"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    if not made.keys() <= kept.keys():
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = made | kept
        write_private(path, json.dumps(kept, indent=2))
    return kept
