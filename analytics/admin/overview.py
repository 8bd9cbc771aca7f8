"""The first page of the admin (Unfold's DASHBOARD_CALLBACK)."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from analytics.selectors import operations
from analytics.selectors.operations import Figure, Problem
from musenest.common.admin import pill


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Sets the title and adds `cards` (title, total, link, figures) and `problems` (name, reason, link)."""
    cards = [
        card("Moderation servers", operations.servers(), "moderation_server", "status__exact"),
        card("Sites", operations.sites(), "moderation_site", "deployment_status__exact"),
        card("Decisions today (UTC)", operations.decisions_today(), "moderation_decision", "standing"),
        card("Work", operations.work(), "moderation_deployment", "state__exact"),
    ]
    return context | {"title": "Overview", "cards": cards, "problems": list(shown(operations.problems()))}


def card(title: str, figures: list[Figure], admin_name: str, parameter: str) -> dict[str, Any]:
    address = reverse(f"admin:{admin_name}_changelist")
    return {
        "title": title,
        "total": sum(figure.count for figure in figures),
        "link": address,
        "figures": [
            {
                "pill": pill(figure.state),
                "count": figure.count,
                "link": f"{address}?{parameter}={figure.state}",
            }
            for figure in figures
        ],
    }


def shown(problems: Iterable[Problem]) -> Iterable[dict[str, str]]:
    for problem in problems:
        name = problem.model.replace(".", "_")
        yield {
            "name": problem.name,
            "reason": problem.reason or "No reason was given.",
            "link": reverse(f"admin:{name}_change", args=[problem.pk]),
        }
