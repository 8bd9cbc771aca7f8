"""The port by which billing asks about sites. Moderation, which keeps them, fills it in its AppConfig."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from accounts.models import Organization
from billing.domain import limits
from billing.selectors import subscriptions


@dataclass(frozen=True)
class Room:
    """An organisation's sites against its plan's limit (-1: none)."""

    used: int
    limit: int

    @property
    def is_unlimited(self) -> bool:
        return self.limit == limits.UNLIMITED

    @property
    def is_full(self) -> bool:
        return not limits.has_room(self.limit, self.used)


class Sites(Protocol):
    def count_of(self, organization: Organization) -> int:
        """How many sites the organisation has."""

    def is_of(self, organization: Organization, pk: UUID) -> bool:
        """Whether the site is there and the organisation's."""


_provider: Sites | None = None


def provide(provider: Sites) -> None:
    global _provider  # noqa: PLW0603 -- one port, filled once at start-up
    _provider = provider


def provider() -> Sites:
    if _provider is None:
        raise RuntimeError("No app has provided the sites.")
    return _provider


def count_of(organization: Organization) -> int:
    return provider().count_of(organization)


def is_of(organization: Organization, pk: UUID) -> bool:
    return provider().is_of(organization, pk)


def room_of(organization: Organization) -> Room | None:
    """None without a subscription."""
    current = subscriptions.currents_of(organization).first()
    return Room(count_of(organization), current.tier.max_sites) if current else None
