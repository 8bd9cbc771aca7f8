"""The caller of a request, whatever the credential: who, for which organisation, with which permissions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from musenest.common.actors import Actor


@dataclass(frozen=True)
class Caller:
    """One authenticated caller. `organization` is None for a person who belongs to none.

    `permissions` are the words of the matrix in `accounts.rules` (`sites:read`, `deploy`, …).
    """

    actor: Actor
    person: Any = None
    organization: Any = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    is_staff: bool = False
    mode: str = "live"
    proved_at: float = 0.0  # when the person last proved who they are, in seconds of the epoch

    def may(self, permission: str) -> bool:
        return permission in self.permissions


# Accounts fills this port in its AppConfig: (person, organisation's slug) -> Caller, or NotFoundError for a
# stranger.
_in_organization: Callable[[Any, str], Caller] | None = None
# And this: (staff person, id of a membership) -> Caller who sees what that member sees.
_as_member: Callable[[Any, int], Caller] | None = None


def provide(
    in_organization: Callable[[Any, str], Caller], as_member: Callable[[Any, int], Caller] | None = None
) -> None:
    global _in_organization, _as_member
    _in_organization, _as_member = in_organization, as_member


def in_organization(person: Any, slug: str) -> Caller:
    """The person as a member of the organisation `slug`; raises NotFoundError when they are none."""
    if _in_organization is None:
        raise RuntimeError("No app has provided the callers.")
    return _in_organization(person, slug)


def as_member(person: Any, membership: int) -> Caller:
    """The staff person with a member's eyes; raises NotFoundError when there is no such member any more."""
    if _as_member is None:
        raise RuntimeError("No app has provided the callers.")
    return _as_member(person, membership)
