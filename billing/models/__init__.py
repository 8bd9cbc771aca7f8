from billing.models.subscriptions import CURRENT, SERVING, BillingCycle, Subscription, SubscriptionStatus
from billing.models.tiers import FREE, Tier, TierVersion
from billing.models.usage import LIVE, TEST, UsageCounter, UsageKey, UsageRecord, UsageState

__all__ = [
    "CURRENT",
    "FREE",
    "LIVE",
    "SERVING",
    "TEST",
    "BillingCycle",
    "Subscription",
    "SubscriptionStatus",
    "Tier",
    "TierVersion",
    "UsageCounter",
    "UsageKey",
    "UsageRecord",
    "UsageState",
]
