"""The port by which lower apps ask what an organisation's tier allows. Billing fills it in its AppConfig.

entitlements.require(organization, "api_keys")               # returns, or raises DeniedError
entitlements.figure(organization, "pictures_per_second", 1)  # a number; -1 is no limit
entitlements.standing(organization)                          # the subscription in brief
"""

from collections.abc import Mapping
from typing import Any, Protocol


class Entitlements(Protocol):
    def require(self, organization: Any, feature: str) -> None:
        """Return when the organisation may use `feature`; raise DeniedError with the tier that allows it
        otherwise.
        """

    def figure(self, organization: Any, name: str, default: int) -> int:
        """The tier's technical limit `name`; -1 is unlimited, `default` where the tier does not say."""

    def standing(self, organization: Any) -> Mapping[str, Any] | None:
        """What the organisation is subscribed to, for its members; None where it is to nothing."""


_provider: Entitlements | None = None


def provide(provider: Entitlements) -> None:
    global _provider  # noqa: PLW0603 -- one port, filled once at start-up
    _provider = provider


def require(organization: Any, feature: str) -> None:
    """Raise DeniedError unless the organisation's tier has `feature`."""
    provider().require(organization, feature)


def figure(organization: Any, name: str, default: int) -> int:
    """A technical limit of the organisation's tier as it is now: nothing caches it (decision 19)."""
    return provider().figure(organization, name, default)


def standing(organization: Any) -> Mapping[str, Any] | None:
    """`tier_name`, `display_name`, `subscription_status`, `is_serving`, `expires_at`; None without one."""
    return provider().standing(organization)


def provider() -> Entitlements:
    """Raises RuntimeError where no app has provided the entitlements: nothing is then allowed."""
    if _provider is None:
        raise RuntimeError("No app has provided the entitlements.")
    return _provider
