"""A decision as its page shows it: in words for a person who must explain it to someone else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.domain.labels import in_words
from moderation.models import Decision, DecisionEvent, DecisionKind
from moderation.portal import words
from moderation.portal.deployment_view import Event, sign
from moderation.portal.drawings import Drawing, drawing_of

SENTENCES = {
    DecisionKind.APPROVED: "This picture may be shown.",
    DecisionKind.FLAGGED: "A person has to look before this picture is shown.",
    DecisionKind.REJECTED: "This picture must not be shown.",
}
MISSING = {
    "caption": (
        "No caption was written, so nobody looked for words that tell of a child. "
        "That is why a picture with a sexual part is never approved, and an approval is only about nudity."
    ),
    "detection": "No detector looked at the picture. It is flagged because nothing is known about it.",
}
EVENTS = {
    "caption_answered": "The caption came",
    "caption_missing": "No caption will come",
    "resolved": "A person decided",
    "undone": "The person's decision was undone",
}


@dataclass(frozen=True)
class ScoreRow:
    """One detection: its score against the threshold, its weight, what it adds."""

    index: int
    label: str
    words_of_label: str
    percent: float
    threshold: float
    weight: float
    contribution: float
    counts: bool

    @property
    def shown(self) -> str:
        return f"{self.percent:.1f}"

    @property
    def tone(self) -> str:
        return "rejected" if self.contribution else "neutral"

    @property
    def words(self) -> str:
        side = "reaches" if self.counts else "is under"
        return f"{self.words_of_label}: {self.percent:.1f} % {side} the threshold of {self.threshold:g} %"


@dataclass(frozen=True)
class DecisionView:
    decision: Decision
    sentence: str
    rows: list[ScoreRow]
    drawing: Drawing | None
    missing: list[str]
    timeline: list[Event]
    use: str


def view_of(decision: Decision, events: Sequence[DecisionEvent] = ()) -> DecisionView:
    return DecisionView(
        decision=decision,
        sentence=SENTENCES[DecisionKind(decision.by_now)],
        rows=rows_of(decision),
        drawing=drawing_of(decision.labels, decision.scored, decision.image_width, decision.image_height),
        missing=[
            MISSING.get(stage, f"The stage {stage} did not answer.")
            for stage in missing_by_now(decision, events)
        ],
        timeline=timeline_of(decision, events),
        use=words.title_of_intent(decision.usage_intent) or decision.usage_intent or "none named",
    )


def missing_by_now(decision: Decision, events: Sequence[DecisionEvent]) -> list[str]:
    """The stages that nobody has answered, also not later."""
    later = [event.data["stages_missing"] for event in events if "stages_missing" in event.data]
    missing: list[str] = later[-1] if later else decision.stages_missing
    return missing


def rows_of(decision: Decision) -> list[ScoreRow]:
    """Every detection, the most that it adds first."""
    rows = [row_of(index, scored, decision.threshold or 0) for index, scored in enumerate(decision.scored)]
    return sorted(rows, key=lambda row: (-row.contribution, -row.percent))


def row_of(index: int, scored: dict[str, Any], threshold: float) -> ScoreRow:
    return ScoreRow(
        index=index,
        label=scored["label"],
        words_of_label=in_words(scored["label"]).capitalize(),
        percent=scored["score"],
        threshold=threshold,
        weight=scored["weight"],
        contribution=scored["contribution"],
        counts=scored["counts"],
    )


def timeline_of(decision: Decision, events: Iterable[DecisionEvent]) -> list[Event]:
    """Newest last: the machine's decision, then what happened to it."""
    kind = DecisionKind(decision.decision)
    machine = f"{decision.server_name or 'No server'}, version {decision.config_version or 'unknown'}"
    return [
        Event(
            title=f"{kind.label} by the machine",
            at=decision.created_at,
            by=decision.created_by,
            tone=kind.value,
            icon=sign(icon="cpu"),
            text=machine,
        ),
        *(event_of(event) for event in events),
    ]


def event_of(event: DecisionEvent) -> Event:
    title = EVENTS.get(event.kind, event.kind.replace("_", " ").capitalize())
    became = f": {DecisionKind(event.decision).label.lower()}" if event.decision else ""
    return Event(
        title=f"{title}{became}",
        at=event.created_at,
        by=event.created_by,
        tone=event.decision or "neutral",
        icon=sign(icon="pencil"),
        text=text_of(event),
    )


def text_of(event: DecisionEvent) -> str:
    """Why, in the words of whoever wrote the event: a reason, or the first of a verdict's reasons."""
    reasons = event.data.get("reasons") or [{}]
    return str(event.data.get("reason") or reasons[0].get("message", ""))
