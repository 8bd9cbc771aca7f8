from django.db import models

from analytics.models.rollups import OfOrganization, Rollup, isolated_total
from musenest.common import tenancy


class DecisionFigures(models.Model):
    """Decisions of the live mode as the machine made them, without those that were escalated at once."""

    decision = models.CharField(max_length=8)
    pictures = models.BigIntegerField()

    class Meta:
        abstract = True


class DailyDecisions(DecisionFigures, OfOrganization):
    """How often one organisation's pictures were decided in one way on one UTC day, in one slot."""

    class Meta:
        db_table = "decisions_by_organization_and_day"
        verbose_name_plural = "decisions by organisation and day"
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "day", "decision", "slot"],
                name="daily_decisions_once_per_organization_day_kind_and_slot",
            ),
            tenancy.Isolation(name="daily_decisions_is_isolated"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} on {self.day}: {self.pictures}"


class DailyDecisionsTotal(DecisionFigures, Rollup):
    """How often pictures of all organisations were decided in one way on one UTC day, in one slot."""

    class Meta:
        db_table = "decisions_by_day"
        verbose_name_plural = "decisions by day"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "decision", "slot"], name="daily_decisions_total_once_per_day_kind_and_slot"
            ),
            isolated_total("daily_decisions_total_is_for_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} on {self.day}: {self.pictures}"
