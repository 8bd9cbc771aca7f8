from billing.models.subscriptions import SERVING, BillingCycle, Subscription, SubscriptionStatus
from billing.models.tiers import Tier, TierVersion
from billing.models.usage import UsageCounter, UsageKey, UsageRecord, UsageState

__all__ = [
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
