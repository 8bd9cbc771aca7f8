"""What an organisation's tier allows, enforced: features, and limits that hold however many ask at once."""

from collections.abc import Callable

from accounts.models import Organization
from billing.models import CURRENT, Subscription, Tier
from billing.selectors import access, subscriptions
from billing.selectors.access import Access
from musenest.common.errors import DeniedError


def require(organization: Organization, feature: str) -> None:
    """Return when the tier has the feature; raise DeniedError naming the cheapest that has it otherwise."""
    tier = subscriptions.tier_of(organization)
    message = f"{tier.display_name} does not include {feature}."
    require_access(access.to_feature(tier, feature), message, "FEATURE_NOT_IN_PLAN", feature=feature)


def figure(organization: Organization, name: str, default: int) -> int:
    """A technical limit of the tier as it is now (-1: none), or the default where the tier does not say."""
    limits_of_the_tier = subscriptions.currents_of(organization).values_list("tier__ai_limits", flat=True)
    found = (limits_of_the_tier.first() or {}).get(name, default)
    return found if isinstance(found, int) else default


def require_room_for_a_site(organization: Organization, count_sites: Callable[[], int]) -> None:
    """Within a transaction: return when one more site fits; raise DeniedError otherwise (M-91).

    The subscription's row is locked first and sites are counted after that, so that of many who ask at
    once exactly as many get through as there is room.
    """
    Subscription.objects.select_for_update().get(organization=organization, subscription_status__in=CURRENT)
    found = access.to_room_for_a_site(subscriptions.tier_of(organization), count_sites())
    require_access(found, found.reason, "SITE_LIMIT")


def require_access(found: Access, message: str, code: str, **details: str) -> None:
    if not found.has_access:
        raise DeniedError(message, code=code, details=found.denial() | details)


def monthly_denial(tier: Tier, used: int) -> dict[str, object]:
    """The details of a request beyond the month's quota (M-93, decision 7)."""
    return access.to_a_picture(tier, used).denial() | {"decision": "flagged"}
