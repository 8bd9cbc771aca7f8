from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from billing.domain import offers
from billing.domain.limits import UNLIMITED
from musenest.common import tenancy
from musenest.common.append_only import append_only

FREE = "free"  # where a new organisation begins
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

    def clean(self) -> None:
        """Features and limits are described ones, with figures that make sense (`billing.domain.offers`)."""
        problems = list(offers.problems_of(self.features, self.ai_limits))
        wrong: dict[str, list[str]] = {}
        for found in problems:
            field, _, name = found.path.partition(".")
            wrong.setdefault(field, []).append(f"{name}: {found.message}" if name else found.message)
        if self.tier_name == FREE and not self.is_active:
            wrong["is_active"] = ["A new organisation begins on this tier."]
        if wrong:
            raise ValidationError(wrong)

    @property
    def yearly_price(self) -> Decimal | None:
        """Ten months' price (REQUIREMENTS.md, decision 6)."""
        return None if self.monthly_price is None else self.monthly_price * MONTHS_OF_A_YEARLY_PRICE

    def figures(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIGURES}

    @property
    def coming(self) -> list[str]:
        """What it lists that nothing does yet (`billing.domain.offers`)."""
        return offers.coming_of(self.features, self.ai_limits)

    def has_feature(self, feature: str) -> bool:
        return feature in self.features

    def keep_in_accord(self, told: Collection[str]) -> None:
        """Make the columns that repeat a feature say what `features` says; where only the column was told,
        the other way round.
        """
        for feature in offers.FEATURES:
            if not feature.is_column:
                continue
            if feature.name in told and "features" not in told:
                rest = [name for name in self.features if name != feature.name]
                self.features = [*rest, feature.name] if getattr(self, feature.name) else rest
            setattr(self, feature.name, self.has_feature(feature.name))


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
