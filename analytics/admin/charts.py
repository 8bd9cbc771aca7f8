"""Charts for Unfold's component: the title says the finding, the figures stand in a table behind it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.selectors.decisions import DecidedDay
from analytics.selectors.revenue import Revenue

KINDS = ("approved", "flagged", "rejected")


@dataclass(frozen=True)
class Chart:
    """`data` and `options` are chart.js's, as JSON; the colours are the variables of static/css/admin.css."""

    title: str
    data: str
    options: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def decisions_by_day(days: Sequence[DecidedDay]) -> Chart:
    return Chart(
        title=finding(days),
        data=json.dumps(
            {
                "labels": [f"{day.on:%-d %b}" for day in days],
                "datasets": [
                    bars(kind.title(), [getattr(day, kind) for day in days], kind) for kind in KINDS
                ],
            }
        ),
        options=options("pictures", is_stacked=True),
        head=("Day (UTC)", *(kind.title() for kind in KINDS)),
        rows=[
            (f"{day.on:%-d %b}", *(f"{getattr(day, kind):,}" for kind in KINDS))
            for day in reversed(days)
            if day.total
        ],
    )


def finding(days: Sequence[DecidedDay]) -> str:
    total = sum(day.total for day in days)
    if not total:
        return "No picture was decided in the last 30 days"
    held = sum(day.flagged + day.rejected for day in days)
    return f"{held * 100 / total:.0f} % of {total:,} pictures were held back in the last 30 days"


def revenue_by_tier(revenue: Revenue) -> Chart:
    tiers = revenue.revenue_by_tier
    best = max(tiers, key=lambda tier: tier.tier_revenue, default=None)
    title = "No tier earns anything yet"
    if best is not None and best.tier_revenue:
        share = best.tier_revenue * 100 / revenue.monthly_revenue
        title = f"{best.display_name} earns {share:.0f} % of the list revenue"
    return Chart(
        title=title,
        data=json.dumps(
            {
                "labels": [tier.display_name for tier in tiers],
                "datasets": [bars("USD a month", [float(tier.tier_revenue) for tier in tiers], "accent")],
            }
        ),
        options=options("USD a month", is_stacked=False),
        head=("Tier", "USD a month"),
        rows=[(tier.display_name, f"{tier.tier_revenue:,.2f}") for tier in tiers],
    )


def bars(label: str, values: Sequence[float], colour: str) -> dict[str, Any]:
    return {"label": label, "data": values, "backgroundColor": f"var(--mn-{colour})", "maxBarThickness": 28}


def options(unit: str, *, is_stacked: bool) -> str:
    muted = "#7b8696"  # legible on both themes: chart.js draws once, whatever the theme is later
    font = {"family": "'Inter Variable', system-ui, sans-serif", "size": 12}
    # Days may be skipped, tiers not.
    ticks = {
        "color": muted,
        "font": font,
        "maxRotation": 0 if is_stacked else 45,
        "autoSkip": is_stacked,
        "autoSkipPadding": 16,
    }
    return json.dumps(
        {
            "animation": False,
            "responsive": True,
            "maintainAspectRatio": False,
            "plugins": {
                "legend": {
                    "display": is_stacked,
                    "align": "end",
                    "labels": {
                        "color": muted,
                        "font": font,
                        "usePointStyle": True,
                        "boxWidth": 6,
                        "boxHeight": 6,
                    },
                },
            },
            "scales": {
                "x": {"stacked": is_stacked, "ticks": ticks, "grid": {"display": False}},
                "y": {
                    "stacked": is_stacked,
                    "beginAtZero": True,
                    "ticks": {"color": muted, "font": font, "precision": 0, "maxTicksLimit": 5},
                    "title": {"display": True, "text": unit, "color": muted, "font": font},
                    "grid": {},
                },
            },
        }
    )
