"""What an organisation's tier allows, enforced: features, and limits that hold however many ask at once."""

from collections.abc import Callable
from typing import Any

from accounts.models import Organization
from billing.models import CURRENT, Subscription, Tier
from billing.selectors import access, subscriptions
from musenest.common.errors import DeniedError


def require(organization: Organization, feature: str) -> None:
    """Return when the tier has the feature; raise DeniedError naming the cheapest that has it otherwise."""
    tier = subscriptions.tier_of(organization)
    found = access.to_feature(tier, feature)
    if not found.has_access:
        raise DeniedError(
            "%(tier)s does not include %(feature)s.",
            figures={"tier": tier.display_name, "feature": feature},
            code="FEATURE_NOT_IN_PLAN",
            details=found.denial() | {"feature": feature},
        )


def figure(organization: Organization, name: str, default: int) -> int:
    """A technical limit of the tier as it is now (-1: none), or the default where the tier does not say."""
    found = subscriptions.limits_of(organization).get(name, default)
    return found if isinstance(found, int) else default


def standing(organization: Organization) -> dict[str, Any] | None:
    """The current subscription in brief, for whoever signs in (O-12); None where there is none."""
    found = subscriptions.currents_of(organization).first()
    if found is None:
        return None
    return {
        "tier_name": found.tier.tier_name,
        "display_name": found.tier.display_name,
        "subscription_status": found.subscription_status,
        "is_serving": found.is_serving,
        "expires_at": found.expires_at,
    }


def require_room_for_a_site(organization: Organization, count_sites: Callable[[], int]) -> None:
    """Within a transaction: return when one more site fits; raise DeniedError otherwise (M-91).

    The subscription's row is locked first and sites are counted after that, so that of many who ask at
    once exactly as many get through as there is room.
    """
    current = Subscription.objects.filter(organization=organization, subscription_status__in=CURRENT)
    subscriptions.found_or_denied(current.select_for_update())
    found = access.to_room_for_a_site(subscriptions.tier_of(organization), count_sites())
    if not found.has_access:
        raise DeniedError(found.reason, code="SITE_LIMIT", details=found.denial())


def monthly_denial(tier: Tier, used: int) -> dict[str, object]:
    """The details of a request beyond the month's quota (M-93, decision 7)."""
    return access.to_a_picture(tier, used).denial() | {"decision": "flagged"}
