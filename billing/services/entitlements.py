"""What an organisation's tier allows, enforced: features, and limits that hold however many ask at once."""

from collections.abc import Callable

from accounts.models import Organization
from billing.domain import limits
from billing.models import Subscription, Tier
from billing.models.subscriptions import CURRENT
from billing.selectors import subscriptions, tiers
from musenest.common.errors import DeniedError

UPGRADE_URL = "/billing"


def require(organization: Organization, feature: str) -> None:
    """Return when the tier has the feature; raise DeniedError naming the cheapest that has it otherwise."""
    tier = subscriptions.tier_of(organization)
    if tier.has_feature(feature):
        return
    upgrade = limits.cheapest_with_feature(tiers.plans(), feature)
    raise DeniedError(
        f"{tier.display_name} does not include {feature}.",
        code="FEATURE_NOT_IN_PLAN",
        details=denial(f"{feature} is not in {tier.display_name}", upgrade),
    )


def require_room_for_a_site(organization: Organization, count_sites: Callable[[], int]) -> None:
    """Within a transaction: return when one more site fits; raise DeniedError otherwise (M-91).

    The subscription's row is locked first and sites are counted after that, so that of many who ask at
    once exactly as many get through as there is room.
    """
    Subscription.objects.select_for_update().get(organization=organization, subscription_status__in=CURRENT)
    tier = subscriptions.tier_of(organization)
    used = count_sites()
    if limits.has_room(tier.max_sites, used):
        return
    upgrade = limits.cheapest_with_room(tiers.plans(), "max_sites", used)
    reason = f"Maximum sites exceeded ({tier.max_sites})"
    raise DeniedError(reason, code="SITE_LIMIT", details=denial(reason, upgrade))


def monthly_denial(tier: Tier, used: int) -> dict[str, object]:
    """The details of a request beyond the month's quota (M-93, decision 7)."""
    upgrade = limits.cheapest_with_room(tiers.plans(), "max_monthly_requests", used)
    reason = f"Monthly request limit exceeded ({tier.max_monthly_requests})"
    return denial(reason, upgrade) | {"decision": "flagged"}


def denial(reason: str, upgrade: str | None) -> dict[str, object]:
    """The shape of every denial (decision 3)."""
    return {"allowed": False, "reason": reason, "upgrade_required": upgrade, "upgrade_url": UPGRADE_URL}
