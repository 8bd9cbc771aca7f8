"""The port by which billing asks about sites. Moderation, which keeps them, fills it in its AppConfig."""

from typing import Protocol
from uuid import UUID

from accounts.models import Organization


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
