"""What an organisation has subscribed to."""

from django.db.models import QuerySet

from accounts.models import Organization
from billing.models import CURRENT, Subscription, Tier
from musenest.common.errors import DeniedError


def current_of(organization: Organization) -> Subscription:
    """The current subscription with its tier. Raises DeniedError where there is none."""
    return found_or_denied(currents_of(organization).select_related("organization", "tier_version"))


def currents_of(organization: Organization) -> QuerySet[Subscription]:
    """None or one, with its tier."""
    current = Subscription.objects.filter(organization=organization, subscription_status__in=CURRENT)
    return current.select_related("tier")


def found_or_denied(current: QuerySet[Subscription]) -> Subscription:
    found = current.first()
    if found is None:
        raise DeniedError(
            "The organisation has no subscription.",
            code="SUBSCRIPTION_MISSING",
            details=denied("no subscription"),
        )
    return found


def tier_of(organization: Organization) -> Tier:
    """The tier whose entitlements count. Raises DeniedError while the subscription is paused or suspended."""
    subscription = found_or_denied(currents_of(organization))
    if not subscription.is_serving:
        status = subscription.subscription_status
        raise DeniedError(
            f"The subscription is {status}.", code="SUBSCRIPTION_INACTIVE", details=denied(status)
        )
    return subscription.tier


def denied(reason: str) -> dict[str, object]:
    return {"allowed": False, "reason": reason, "upgrade_required": None, "upgrade_url": "/billing"}
