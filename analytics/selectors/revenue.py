"""Revenue, as M-120 defines it and as it is really paid (REQUIREMENTS.md, decision 14). Runs in staff's
scope.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from billing.models import BillingCycle, Subscription, SubscriptionStatus, Tier

CENT = Decimal("0.01")
MONTHS = 12
ACTIVE = SubscriptionStatus.ACTIVE


@dataclass(frozen=True)
class TierRevenue:
    """An active tier, also without subscribers; no price is by agreement, and then counts as nothing."""

    tier_name: str
    display_name: str
    monthly_price: Decimal | None
    subscriber_count: int

    @property
    def tier_revenue(self) -> Decimal:
        return (self.monthly_price or Decimal("0.00")) * self.subscriber_count


@dataclass(frozen=True)
class Revenue:
    """`monthly_revenue` is list prices times active subscribers (M-120, M-121); `mrr` is what is really paid
    a month: yearly payments divided by twelve, discounts and agreed amounts as they are.
    """

    revenue_by_tier: list[TierRevenue]
    mrr: Decimal

    @property
    def monthly_revenue(self) -> Decimal:
        return sum((tier.tier_revenue for tier in self.revenue_by_tier), Decimal("0.00"))


def now() -> Revenue:
    return Revenue(by_tier(), mrr())


def by_tier() -> list[TierRevenue]:
    """Active tiers, cheapest first."""
    subscribers = Count("subscriptions", filter=Q(subscriptions__subscription_status=ACTIVE))
    found = Tier.objects.filter(is_active=True).annotate(subscribers=subscribers).order_by("rank", "pk")
    return [
        TierRevenue(tier.tier_name, tier.display_name, tier.monthly_price, tier.subscribers) for tier in found
    ]


def mrr() -> Decimal:
    """Rounded once, at the end, so that twelve yearly cents are a monthly one."""
    active = Subscription.objects.filter(subscription_status=ACTIVE)
    paid = dict(active.values_list("billing_cycle").annotate(paid=Sum("amount_paid")).order_by())
    monthly, yearly = (paid.get(cycle, Decimal(0)) for cycle in (BillingCycle.MONTHLY, BillingCycle.YEARLY))
    return (monthly + yearly / MONTHS).quantize(CENT)
