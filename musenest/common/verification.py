"""What `manage.py verify` checks. An app that keeps something which must agree registers it in its AppConfig:

    verification.register("rollups", rollups.verified)

The check runs in staff's scope, returns what is in order in words, and raises VerificationError naming what
is not.
"""

from collections.abc import Callable, Iterator

Check = Callable[[], str]
checks: dict[str, Check] = {}


class VerificationError(Exception):
    """Something that is kept is not what it should be; the message names the first such row."""


def register(name: str, check: Check) -> None:
    checks[name] = check


def run() -> Iterator[str]:
    """What each check found in order, the highest app's first, the audit trail's last. Raises
    VerificationError.
    """
    for check in reversed(checks.values()):
        yield check()
