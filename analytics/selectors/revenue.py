"""Revenue, as M-120 defines it and as it is really paid (REQUIREMENTS.md, decision 14). Runs in staff's
scope.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import BillingCycle, Subscription, SubscriptionStatus, Tier, UsageCounter
from billing.models.subscriptions import CURRENT
from billing.selectors.usage import MONTHLY_REQUESTS, this_month

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


def requests_by_tier() -> dict[str, int]:
    """Pictures of this calendar month by the tier of the current subscription, a paused one too; from the
    counters of the quota.
    """
    sold = Subscription.objects.filter(organization=OuterRef("organization"), subscription_status__in=CURRENT)
    counters = UsageCounter.objects.filter(meter=MONTHLY_REQUESTS, month=this_month())
    return dict(
        counters.annotate(tier=Subquery(sold.values("tier__tier_name")[:1]))
        .exclude(tier=None)
        .values_list("tier")
        .annotate(requests=Sum("used"))
        .order_by()
    )


def now() -> Revenue:
    """One statement over the subscriptions; tiers are the cheapest first."""
    is_active = Q(subscriptions__subscription_status=ACTIVE)
    tiers = Tier.objects.order_by("rank", "pk").annotate(
        subscribers=Count("subscriptions", filter=is_active),
        monthly=paid(is_active & Q(subscriptions__billing_cycle=BillingCycle.MONTHLY)),
        yearly=paid(is_active & Q(subscriptions__billing_cycle=BillingCycle.YEARLY)),
    )
    return Revenue(
        revenue_by_tier=[
            TierRevenue(tier.tier_name, tier.display_name, tier.monthly_price, tier.subscribers)
            for tier in tiers
            if tier.is_active
        ],
        # Rounded once, at the end; who subscribed to a tier that is no longer sold still pays.
        mrr=sum((tier.monthly + tier.yearly / MONTHS for tier in tiers), Decimal(0)).quantize(CENT),
    )


def paid(those: Q) -> Coalesce:
    return Coalesce(Sum("subscriptions__amount_paid", filter=those), Decimal(0))
