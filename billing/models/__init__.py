from billing.models.subscriptions import CURRENT, SERVING, BillingCycle, Subscription, SubscriptionStatus
from billing.models.tiers import FREE, Tier, TierVersion
from billing.models.usage import UsageCounter, UsageKey, UsageRecord, UsageState

__all__ = [
    "CURRENT",
    "FREE",
    "SERVING",
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
