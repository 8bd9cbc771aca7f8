"""The first page of the admin (Unfold's DASHBOARD_CALLBACK)."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse

from analytics.admin import charts
from analytics.selectors import dashboard as figures
from analytics.selectors.customers import NearLimit
from analytics.selectors.dashboard import Dashboard
from analytics.selectors.operations import Figure, Kinds, Problem
from musenest.common.admin import pill


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the cards, charts, tables and problems of templates/admin/index.html."""
    found = figures.now()
    return context | {
        "title": "Overview",
        "cards": [
            card("Moderation servers", found.servers, "moderation_server", "status__exact"),
            card("Sites", found.sites, "moderation_site", "deployment_status__exact"),
            card("Decisions today (UTC)", found.decisions_today, "moderation_decision", "standing"),
            work(found.work),
        ],
        "decided": charts.decisions_by_day(found.decided),
        "earned": charts.revenue_by_tier(found.revenue),
        "monthly_revenue": f"{found.revenue.monthly_revenue:,.2f}",
        "mrr": f"{found.revenue.mrr:,.2f}",
        "tiers": list(tiers(found)),
        "usage": list(usage(found)),
        "customers": found.customers,
        "near_limit": [near(each) for each in found.customers.near_limit],
        "problems": list(shown(found.problems)),
    }


def card(title: str, figures: list[Figure], admin_name: str, parameter: str) -> dict[str, Any]:
    address = reverse(f"admin:{admin_name}_changelist")
    return {
        "title": title,
        "total": f"{sum(figure.count for figure in figures):,}",
        "link": address,
        "figures": [
            {
                "pill": pill(figure.state),
                "count": f"{figure.count:,}",
                "link": f"{address}?{parameter}={figure.state}",
            }
            for figure in figures
        ],
    }


def work(kinds: Kinds) -> dict[str, Any]:
    """Each kind of work in each of its states, with the way to these very rows."""
    figures = [
        {
            "pill": pill(state),
            "name": apps.get_model(label)._meta.verbose_name,
            "count": f"{count:,}",
            "link": f"{list_of(label)}?state__exact={state}",
        }
        for label, state, count in sorted(kinds)
    ]
    return {
        "title": "Work",
        "total": f"{sum(count for _, _, count in kinds):,}",
        "link": figures[0]["link"] if figures else list_of("moderation.deployment"),
        "figures": figures,
    }


def list_of(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def tiers(found: Dashboard) -> Iterable[dict[str, str]]:
    for tier in found.revenue.revenue_by_tier:
        yield {
            "name": tier.display_name,
            "price": "by agreement" if tier.monthly_price is None else f"{tier.monthly_price:,.2f}",
            "subscribers": f"{tier.subscriber_count:,}",
            "revenue": f"{tier.tier_revenue:,.2f}",
            "requests": f"{found.requests_by_tier.get(tier.tier_name, 0):,}",
        }


def usage(found: Dashboard) -> Iterable[dict[str, str]]:
    for each in found.usage_breakdown:
        average = each.avg_response_time
        yield {
            "name": each.usage_type.replace("_", " "),
            "uses": f"{each.total_requests:,}",
            "requests": f"{each.total_count:,}",
            "average": "—" if average is None else f"{average:,.0f} ms",
        }


def near(limit: NearLimit) -> dict[str, str]:
    return {
        "name": limit.organization,
        "words": f"{limit.used:,} of {limit.limit:,} on {limit.tier}",
        "percent": f"{limit.percent} %",
        "link": reverse("admin:billing_subscription_change", args=[limit.subscription]),
    }


def shown(problems: Iterable[Problem]) -> Iterable[dict[str, str]]:
    for problem in problems:
        name = problem.model.replace(".", "_")
        yield {
            "name": problem.name,
            "reason": problem.reason or "No reason was given.",
            "way_out": problem.way_out,
            "link": reverse(f"admin:{name}_change", args=[problem.pk]),
        }
