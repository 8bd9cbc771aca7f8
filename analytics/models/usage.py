from django.db import models

from analytics.models.rollups import OfOrganization, Rollup, isolated_total
from musenest.common import tenancy


class UsageFigures(models.Model):
    """Uses of the live mode. A void takes its use off again."""

    usage_type = models.CharField(max_length=40)
    uses = models.BigIntegerField(help_text="rows, less those that were taken back")
    quantity = models.BigIntegerField(help_text="sum of the requests counted")
    responses = models.BigIntegerField(help_text="how many told their response time")
    response_ms = models.BigIntegerField("response time, sum in ms")

    class Meta:
        abstract = True


class DailyUsage(UsageFigures, OfOrganization):
    """What one organisation used of one type on one UTC day, in one slot."""

    class Meta:
        db_table = "usage_by_organization_and_day"
        verbose_name_plural = "usage by organisation and day"
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "day", "usage_type", "slot"],
                name="daily_usage_once_per_organization_day_type_and_slot",
            ),
            tenancy.Isolation(name="daily_usage_is_isolated"),
        ]

    def __str__(self) -> str:
        return f"{self.usage_type} on {self.day}: {self.quantity}"


class DailyUsageTotal(UsageFigures, Rollup):
    """What all organisations together used of one type on one UTC day, in one slot."""

    class Meta:
        db_table = "usage_by_day"
        verbose_name_plural = "usage by day"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "usage_type", "slot"], name="daily_usage_total_once_per_day_type_and_slot"
            ),
            isolated_total("daily_usage_total_is_for_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.usage_type} on {self.day}: {self.quantity}"
