"""What an organisation has used: against its quota, by day and by type."""

from collections import Counter
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from analytics.portal.charts import uses_by_day
from analytics.selectors import overview, usage
from billing.domain import usage_types
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("billing:read")
def show(request: PortalRequest) -> HttpResponse:
    quota, tier_name = overview.quota_of(request.caller)
    rows = usage.of_organization(request.caller.organization.pk)
    days = usage.by_day(rows)
    on_day = Counter[object]()
    for day in days:
        on_day[day.on] += day.total_count
    all_days = [usage.first_day() + timedelta(days=offset) for offset in range(usage.DAYS)]
    context = {
        "section": "usage",
        "quota": quota,
        "tier_name": tier_name,
        "chart": uses_by_day([(day, on_day[day]) for day in all_days]),
        "types": [(words(found.usage_type), found) for found in usage.by_type(rows)],
        "days": [(day.on, words(day.usage_type), day.total_count) for day in reversed(days)],
    }
    return render(request, "analytics/usage.html", context)


def words(usage_type: str) -> str:
    """A type's name; one that somebody else invented is read as words."""
    return gettext(usage_types.label(usage_type))
