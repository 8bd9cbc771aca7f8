from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.append_only import append_only

UNLIMITED = -1
MONTHS_OF_A_YEARLY_PRICE = 10


class Tier(models.Model):
    """One plan of the live catalogue. What it was before is in its versions."""

    FIGURES = (
        "display_name",
        "monthly_price",
        "description",
        "features",
        "ai_limits",
        "max_sites",
        "max_monthly_requests",
        "priority_support",
        "whitelabel_available",
        "is_active",
        "rank",
    )

    tier_name = models.SlugField(max_length=40, unique=True)
    display_name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(default=0, help_text="order from cheapest to dearest")
    monthly_price = models.DecimalField(
        "price a month, USD", max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))], help_text="none: by agreement",
    )  # fmt: skip
    description = models.TextField(blank=True)
    features = models.JSONField(default=list, blank=True, help_text="names of features that this tier has")
    ai_limits = models.JSONField(
        default=dict, blank=True, help_text="technical limits by name; -1 is unlimited"
    )
    max_sites = models.IntegerField(
        default=1, validators=[MinValueValidator(UNLIMITED)], help_text="-1 is unlimited"
    )
    max_monthly_requests = models.IntegerField(
        default=0, validators=[MinValueValidator(UNLIMITED)], help_text="pictures a month; -1 is unlimited"
    )
    priority_support = models.BooleanField(default=False)
    whitelabel_available = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        db_table = "subscription_tiers"
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_sites__gte=UNLIMITED), name="tier_max_sites_is_a_limit"
            ),
            models.CheckConstraint(
                condition=models.Q(max_monthly_requests__gte=UNLIMITED),
                name="tier_max_monthly_requests_is_a_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_price=None) | models.Q(monthly_price__gte=0),
                name="tier_price_is_not_negative",
            ),
            tenancy.Isolation(name="tier_is_changed_by_staff", sees="true", changes="false"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def yearly_price(self) -> Decimal | None:
        """Ten months' price (REQUIREMENTS.md, decision 6)."""
        return None if self.monthly_price is None else self.monthly_price * MONTHS_OF_A_YEARLY_PRICE

    def figures(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIGURES}

    def has_feature(self, feature: str) -> bool:
        return feature in self.features


class TierVersion(models.Model):
    """What a tier said from one change to the next."""

    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    created_by = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "subscription_tier_versions"
        constraints = [
            models.UniqueConstraint(fields=["tier", "number"], name="tier_version_once_per_number"),
            tenancy.Isolation(name="tier_version_is_made_by_staff", sees="true", changes="false"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.tier} {self.number}"
