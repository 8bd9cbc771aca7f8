"""The first page of an organisation."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from analytics.portal.charts import decisions_by_day
from analytics.selectors import overview
from moderation.models import DecisionKind
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("analytics:read")
def show(request: PortalRequest) -> HttpResponse:
    found = overview.of_caller(request.caller)
    context = {
        "section": "overview",
        "overview": found,
        "chart": decisions_by_day(found.days),
        "needs_attention": bool(found.failed or found.offline or found.outdated),
        "totals": {kind: f"{found.total(kind):,}" for kind in DecisionKind.values},
        "used": f"{found.quota.used:,}" if found.quota else "0",
        "limit": f"{found.quota.limit:,}" if found.quota else "0",
    }
    return render(request, "analytics/overview.html", context)
