"""Decisions as the operator's staff see them: never a picture or its caption, never an escalated one.

REQUIREMENTS.md, decisions 22 and 24.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.contrib.filters.admin import RangeDateTimeFilter

from billing.models import LIVE, TEST
from moderation.domain.scores import RISK_LEVELS
from moderation.models import Decision, DecisionEvent
from moderation.models.decisions import DecisionKind
from moderation.selectors import decisions
from musenest.common.admin import (
    Endless,
    OrganizationFilter,
    OrganizationNamed,
    as_lines,
    pill,
    short,
    with_organization_name,
)
from musenest.common.admin.unfolded import DropdownFilter

# They describe the picture in words: the caption, and the server's own answer, which may carry one.
DESCRIBES_THE_PICTURE = ("caption", "server_answer")
DETECTIONS = """
    <table class="mn-table">
        <thead><tr><th>Label</th><th>Score</th><th>Weight</th></tr></thead>
        <tbody>{}</tbody>
    </table>
"""


class WordFilter(DropdownFilter):
    """Rows whose `parameter_name` is the word; to ask the table for its words would read all of it."""

    words: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(word, word.capitalize()) for word in self.words]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class StandingFilter(WordFilter):
    title, parameter_name, words = "decision", "standing", tuple(DecisionKind.values)


class RiskFilter(WordFilter):
    title, parameter_name, words = "risk level", "risk_level", RISK_LEVELS

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        decisions: Any = queryset
        return decisions.at_risk(self.value()) if self.value() else queryset


class ModeFilter(WordFilter):
    """Live ones, unless others are asked for."""

    title, parameter_name, words = "mode", "mode", (LIVE, TEST, "all")
    all_option = None

    def value(self) -> str:
        return super().value() or LIVE

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() == "all" else super().queryset(request, queryset)


@admin.register(Decision)
class DecisionAdmin(Endless[Decision], OrganizationNamed[Decision]):
    list_display = (
        "id",
        "result",
        "reason",
        "site_identifier",
        "organization",
        "risk",
        "level",
        "usage_intent",
        "mode",
        "created_at",
    )
    list_filter = (
        StandingFilter,
        RiskFilter,
        ModeFilter,
        OrganizationFilter,
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("=id", "=image_hash", "=external_id", "=request_id", "=site_identifier")
    search_help_text = (
        "A decision's number, a picture's SHA-256, an external id, a request's id or a site's identifier"
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "result",
                    "first",
                    "why",
                    "site_identifier",
                    "organization",
                    "usage_intent",
                    "context_type",
                    "external_id",
                    "created_by",
                    "created_at",
                    "later",
                ),
            },
        ),
        (
            "Scores",
            {
                "fields": (
                    "risk",
                    "level",
                    "nudity_score",
                    "threshold",
                    "child",
                    "safety",
                    "detections",
                    "done",
                    "missing",
                ),
            },
        ),
        (
            "How it came about",
            {
                "fields": (
                    "server_name",
                    "response_time_ms",
                    "config_version",
                    "rules_version",
                    "model_digest",
                    "image_hash",
                    "perceptual_hash",
                    "image_width",
                    "image_height",
                    "mode",
                    "request_id",
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        visible: QuerySet[Decision] = with_organization_name(decisions.visible_to_staff())
        return visible.defer(*DESCRIBES_THE_PICTURE)

    @admin.display(description="Decision")
    def result(self, decision: Any) -> str:
        return pill(decision.standing)

    @admin.display(description="At first")
    def first(self, decision: Decision) -> str:
        return pill(decision.decision)

    @admin.display(description="Reason")
    def reason(self, decision: Decision) -> str:
        return short(" ".join(str(reason["message"]) for reason in decision.verdict_by_now["reasons"]))

    @admin.display(description="Reasons")
    def why(self, decision: Decision) -> str:
        reasons = decision.verdict_by_now["reasons"]
        return as_lines(f"{reason['code']}: {reason['message']}" for reason in reasons)

    @admin.display(description="Detections")
    def detections(self, decision: Decision) -> str:
        rows = [(found["label"], found["score"], found["weight"]) for found in counted(decision)]
        if not rows:
            return self.get_empty_value_display()
        body = format_html_join("", "<tr><td>{}</td><td>{} %</td><td>{}</td></tr>", rows)
        return format_html(DETECTIONS, body)

    @admin.display(description="Risk")
    def risk(self, decision: Decision) -> str:
        return self.figure(decision, "final_risk_score")

    @admin.display(description="Risk level")
    def level(self, decision: Decision) -> str:
        return decision.verdict_by_now["risk_level"] or self.get_empty_value_display()

    @admin.display(description="Child risk")
    def child(self, decision: Decision) -> str:
        return self.figure(decision, "child_risk")

    def figure(self, decision: Decision, name: str) -> str:
        score = decision.verdict_by_now[name]
        return self.get_empty_value_display() if score is None else f"{score:.1f}"

    @admin.display(description="Child safety")
    def safety(self, decision: Decision) -> str:
        return str(decision.verdict_by_now["child_safety"])

    @admin.display(description="Stages done")
    def done(self, decision: Decision) -> str:
        return as_lines(decision.verdict_by_now["stages_done"])

    @admin.display(description="Stages missing")
    def missing(self, decision: Decision) -> str:
        return as_lines(decision.verdict_by_now["stages_missing"])

    @admin.display(description="What came later")
    def later(self, decision: Decision) -> str:
        return as_lines(
            f"{event.created_at:%Y-%m-%d %H:%M:%S} {event.kind} {event.decision}".strip()
            for event in decisions.events_of(decision)
        )


def of_visible_decision() -> Exists:
    """For rows that belong to a decision: that staff may see it."""
    decision = {"pk": OuterRef("decision_id"), "organization_id": OuterRef("organization_id")}
    return Exists(decisions.visible_to_staff().filter(**decision))


def counted(decision: Decision) -> list[dict[str, Any]]:
    """Label, score and weight of each detection, highest first; older rows may lack a figure."""
    rows = decision.scored or decision.labels
    shown = [
        {"label": row.get("label", ""), "score": row.get("score", 0), "weight": row.get("weight", "—")}
        for row in rows
    ]
    return sorted(shown, key=lambda row: -float(row["score"]))


@admin.register(DecisionEvent)
class DecisionEventAdmin(Endless[DecisionEvent], OrganizationNamed[DecisionEvent]):
    """Without its caption and its data, which tell what is on the picture."""

    list_display = ("decision_id", "kind", "became", "organization", "created_by", "created_at")
    list_filter = (OrganizationFilter, ("created_at", RangeDateTimeFilter))
    search_fields = ("=decision_id", "=kind")
    fields = ("decision_id", "kind", "became", "organization", "created_by", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DecisionEvent]:
        rows: QuerySet[DecisionEvent] = super().get_queryset(request).filter(of_visible_decision())
        return rows.defer("caption", "data")

    @admin.display(description="Became")
    def became(self, event: DecisionEvent) -> str:
        return pill(event.decision) if event.decision else self.get_empty_value_display()
