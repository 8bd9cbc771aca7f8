"""The rollups, to be looked at: what the figures of the dashboards are summed of."""

from typing import Any

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateFilter

from analytics.models import DailyDecisions, DailyDecisionsTotal, DailyUsage, DailyUsageTotal
from musenest.common.admin import Endless, OrganizationFilter, OrganizationNamed, RecordAdmin, pill

USED = ("uses", "quantity", "responses", "average")
DAY = ("day", RangeDateFilter)


class UsageFiguresAdmin(Endless[Any], RecordAdmin[Any]):
    search_fields = ("=usage_type",)

    @admin.display(description="Average response, ms")
    def average(self, row: Any) -> str:
        return f"{row.response_ms / row.responses:,.0f}" if row.responses else self.get_empty_value_display()


@admin.register(DailyUsageTotal)
class DailyUsageTotalAdmin(UsageFiguresAdmin):
    list_display = ("day", "usage_type", *USED)
    list_filter = (DAY,)
    fields = ("day", "usage_type", "slot", *USED)


@admin.register(DailyUsage)
class DailyUsageAdmin(UsageFiguresAdmin, OrganizationNamed[Any]):
    list_display = ("organization", "day", "usage_type", *USED)
    list_filter = (OrganizationFilter, DAY)
    fields = ("organization", "day", "usage_type", "slot", *USED)


class DecisionFiguresAdmin(Endless[Any], RecordAdmin[Any]):
    @admin.display(description="Decision")
    def kind(self, row: Any) -> str:
        return pill(row.decision)


@admin.register(DailyDecisionsTotal)
class DailyDecisionsTotalAdmin(DecisionFiguresAdmin):
    list_display = ("day", "kind", "pictures")
    list_filter = (DAY,)
    search_fields = ("=decision",)
    fields = ("day", "kind", "slot", "pictures")


@admin.register(DailyDecisions)
class DailyDecisionsAdmin(DecisionFiguresAdmin, OrganizationNamed[Any]):
    list_display = ("organization", "day", "kind", "pictures")
    list_filter = (OrganizationFilter, DAY)
    search_fields = ("=decision",)
    fields = ("organization", "day", "kind", "slot", "pictures")
