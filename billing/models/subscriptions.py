from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone

from billing.models.tiers import Tier, TierVersion
from musenest.common import tenancy


class SubscriptionStatus(models.TextChoices):
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


# The tier of these counts; a paused or suspended subscription gives nothing.
SERVING = (SubscriptionStatus.TRIALING, SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE)
# An organisation has one subscription in one of these; the others are history.
CURRENT = (*SERVING, SubscriptionStatus.PAUSED, SubscriptionStatus.SUSPENDED)


class BillingCycle(models.TextChoices):
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Subscription(tenancy.TenantModel):
    """What an organisation has subscribed to, from when to when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="who subscribed",
    )
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="subscriptions")
    tier_version = models.ForeignKey(
        TierVersion, on_delete=models.PROTECT, related_name="+", help_text="as it was sold"
    )
    subscription_status = models.CharField(
        max_length=10, choices=SubscriptionStatus, default=SubscriptionStatus.ACTIVE
    )
    provider_status = models.CharField(max_length=40, blank=True, help_text="the payment provider's own word")
    billing_cycle = models.CharField(max_length=7, choices=BillingCycle, default=BillingCycle.MONTHLY)
    amount_paid = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    billing_metadata = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "user_subscriptions"
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(subscription_status__in=CURRENT),
                name="subscription_one_current_per_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(subscription_status__in=SubscriptionStatus.values),
                name="subscription_status_is_known",
            ),
            tenancy.Isolation(name="subscription_is_isolated"),
        ]
        indexes = [
            models.Index(fields=["user", "subscription_status"], name="idx_subscriptions_user_status"),
            models.Index(
                fields=["organization"],
                condition=models.Q(subscription_status="active"),
                name="idx_active_subscriptions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} on {self.tier}"

    @property
    def is_serving(self) -> bool:
        return self.subscription_status in SERVING
