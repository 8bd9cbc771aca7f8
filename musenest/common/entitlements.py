"""The port by which lower apps ask what an organisation's tier allows. Billing fills it in its AppConfig.

    entitlements.require(organization, "api_keys")

It returns, or raises DeniedError with the tier that would allow it.
"""

from typing import Any, Protocol


class Entitlements(Protocol):
    def require(self, organization: Any, feature: str) -> None:
        """Return when the organisation may use `feature`; raise DeniedError with the tier that allows it
        otherwise.
        """


_provider: Entitlements | None = None


def provide(provider: Entitlements) -> None:
    global _provider  # noqa: PLW0603 -- one port, filled once at start-up
    _provider = provider


def require(organization: Any, feature: str) -> None:
    """Raise DeniedError unless the organisation's tier has `feature`. Without a provider nothing is."""
    if _provider is None:
        raise RuntimeError("No app has provided the entitlements.")
    _provider.require(organization, feature)
