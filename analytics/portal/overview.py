"""The first page of an organisation."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from analytics.portal.charts import decisions_by_day
from analytics.portal.guide import guide_of, next_of
from analytics.selectors import overview
from moderation.models import DecisionKind
from moderation.selectors import reasons
from musenest.common.portal import PortalRequest, organization_page

NEAR = 90  # percent of the quota


@require_GET
@organization_page("analytics:read")
def show(request: PortalRequest) -> HttpResponse:
    found = overview.of_caller(request.caller)
    is_near_quota = found.quota is not None and found.quota.percent >= NEAR
    guide = guide_of(found, request.caller)
    context = {
        "section": "overview",
        "guide": guide,
        "next_steps": next_of(found, request.caller),
        "guide_done": sum(step.is_done for step in guide),
        "overview": found,
        "latest": [
            (decision, reasons.first(decision.verdict_by_now["reasons"])) for decision in found.latest
        ],
        "chart": decisions_by_day(found.days),
        "is_near_quota": is_near_quota,
        "needs_attention": bool(found.failed or found.offline or found.outdated or is_near_quota),
        "totals": {kind: f"{found.total(kind):,}" for kind in DecisionKind.values},
    }
    return render(request, "analytics/overview.html", context)
