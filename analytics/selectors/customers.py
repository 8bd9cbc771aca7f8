"""Who subscribes, how many pay, and whom a larger plan would serve (M-130). Runs in staff's scope."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from billing.models import Subscription, SubscriptionStatus, UsageCounter
from billing.models.subscriptions import CURRENT, SERVING
from billing.selectors.usage import MONTHLY_REQUESTS, this_month

NEAR_PERCENT = 80
AT_MOST = 8


@dataclass(frozen=True)
class NearLimit:
    """An organisation that used most of this month's pictures of its tier."""

    organization: str
    slug: str
    subscription: int
    tier: str
    used: int
    limit: int

    @property
    def percent(self) -> int:
        return self.used * 100 // self.limit


@dataclass(frozen=True)
class Customers:
    """Current subscriptions, and those of them that are active on a tier with a price."""

    subscribers: int
    paying: int
    near_limit: list[NearLimit]

    @property
    def conversion_percent(self) -> float:
        return round(self.paying * 100 / self.subscribers, 1) if self.subscribers else 0.0


def now() -> Customers:
    is_paying = Q(subscription_status=SubscriptionStatus.ACTIVE) & (
        Q(tier__monthly_price__gt=0) | Q(amount_paid__gt=0)
    )
    counted = Subscription.objects.filter(subscription_status__in=CURRENT).aggregate(
        subscribers=Count("pk"), paying=Count("pk", filter=is_paying)
    )
    return Customers(counted["subscribers"], counted["paying"], near_limit())


def near_limit() -> list[NearLimit]:
    """The ones nearest to their limit first: a larger plan is worth telling them of."""
    sold = Subscription.objects.filter(organization=OuterRef("organization"), subscription_status__in=SERVING)
    counters = (
        UsageCounter.objects.filter(meter=MONTHLY_REQUESTS, month=this_month())
        # 80 times the largest limit is more than its column's integers hold.
        .annotate(most=Cast(Subquery(sold.values("tier__max_monthly_requests")[:1]), BigIntegerField()))
        .filter(most__gt=0, used__gte=F("most") * NEAR_PERCENT / 100)
        .annotate(
            share=F("used") * 100 / F("most"),
            tier=Subquery(sold.values("tier__display_name")[:1]),
            subscription=Subquery(sold.values("pk")[:1]),
        )
        .select_related("organization")
        .order_by("-share", "organization_id")
    )
    return [
        NearLimit(
            each.organization.name,
            each.organization.slug,
            each.subscription,
            each.tier,
            each.used,
            each.most,
        )
        for each in counters[:AT_MOST]
    ]
