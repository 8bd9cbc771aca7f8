"""What an organisation has subscribed to."""

from accounts.models import Organization
from billing.models import Subscription, Tier
from billing.models.subscriptions import CURRENT
from musenest.common.errors import DeniedError


def current_of(organization: Organization) -> Subscription:
    """The current subscription with its tier. Raises DeniedError where there is none."""
    found = (
        Subscription.objects.filter(organization=organization, subscription_status__in=CURRENT)
        .select_related("organization", "tier", "tier_version")
        .first()
    )
    if found is None:
        raise DeniedError(
            "The organisation has no subscription.",
            code="SUBSCRIPTION_MISSING",
            details=denied("no subscription"),
        )
    return found


def tier_of(organization: Organization) -> Tier:
    """The tier whose entitlements count. Raises DeniedError while the subscription is paused or suspended."""
    subscription = current_of(organization)
    if not subscription.is_serving:
        status = subscription.subscription_status
        raise DeniedError(
            f"The subscription is {status}.", code="SUBSCRIPTION_INACTIVE", details=denied(status)
        )
    return subscription.tier


def denied(reason: str) -> dict[str, object]:
    return {"allowed": False, "reason": reason, "upgrade_required": None, "upgrade_url": "/billing"}
