"""A decision as its page shows it: in words for a person who must explain it to someone else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_noop

from moderation.models import ConfigurationVersion, Decision, DecisionEvent, DecisionKind
from moderation.portal.deployment_view import Event, sign
from moderation.portal.drawings import Drawing, drawing_of
from moderation.selectors import reasons

SENTENCES = {
    DecisionKind.APPROVED: gettext_noop("This picture may be shown."),
    DecisionKind.FLAGGED: gettext_noop("A person has to look before this picture is shown."),
    DecisionKind.REJECTED: gettext_noop("This picture must not be shown."),
}
MISSING = {
    "caption": gettext_noop(
        "No caption was written, so nobody looked for words that tell of a child. "
        "That is why a picture with a sexual part is never approved, and an approval is only about nudity."
    ),
    "detection": gettext_noop(
        "No detector looked at the picture. It is flagged because nothing is known about it."
    ),
}
STAGES = {
    "detection": gettext_noop("Looking for parts of a body"),
    "caption": gettext_noop("Describing the picture in words"),
}
CHILD_SAFETY = {
    "assessed": gettext_noop("A caption was searched for words that tell of a child."),
    "pending": gettext_noop("A caption is still to come; until then nothing sexual is approved."),
    "unavailable": gettext_noop("There was no caption to search; nothing sexual was approved."),
}
LEVELS = {
    "minimal": gettext_noop("minimal"),
    "low": gettext_noop("low"),
    "medium": gettext_noop("medium"),
    "high": gettext_noop("high"),
    "unknown": gettext_noop("unknown"),
}
EVENTS = {
    "caption_answered": gettext_noop("The caption came"),
    "caption_missing": gettext_noop("No caption will come"),
    "resolved": gettext_noop("A person decided"),
    "undone": gettext_noop("The person's decision was undone"),
}
KINDS = {
    DecisionKind.APPROVED: gettext_noop("approved"),
    DecisionKind.FLAGGED: gettext_noop("flagged"),
    DecisionKind.REJECTED: gettext_noop("rejected"),
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
        sentence = (
            gettext("%(part)s: %(score)s %% reaches the threshold of %(threshold)s %%")
            if self.counts
            else gettext("%(part)s: %(score)s %% is under the threshold of %(threshold)s %%")
        )
        return sentence % {
            "part": self.words_of_label,
            "score": self.shown,
            "threshold": f"{self.threshold:g}",
        }


@dataclass(frozen=True)
class Stage:
    name: str
    words: str
    is_done: bool


@dataclass(frozen=True)
class Rules:
    """What the configuration that decided said about this picture's use."""

    number: int
    template: str
    made_by: str
    made_at: datetime
    approval: str
    rejection: str


@dataclass(frozen=True)
class DecisionView:
    decision: Decision
    sentence: str
    reasons: list[tuple[str, str]]
    stages: list[Stage]
    child_safety: str
    level: str
    risk: float | None
    rules: Rules | None
    rows: list[ScoreRow]
    drawing: Drawing | None
    missing: list[str]
    timeline: list[Event]
    use: str


def view_of(
    decision: Decision,
    events: Sequence[DecisionEvent] = (),
    version: ConfigurationVersion | None = None,
) -> DecisionView:
    verdict = decision.verdict_by_now
    missing = verdict["stages_missing"]
    return DecisionView(
        decision=decision,
        sentence=sentence_of(decision.by_now),
        reasons=[(reasons.sentence(reason), reason["code"]) for reason in verdict["reasons"]],
        stages=stages_of(missing),
        child_safety=in_language(CHILD_SAFETY, verdict["child_safety"]),
        level=in_language(LEVELS, verdict["risk_level"]),
        risk=verdict["final_risk_score"],
        rules=rules_of(version, decision.usage_intent) if version else None,
        rows=rows_of(decision),
        drawing=drawing_of(decision.labels, decision.scored, decision.image_width, decision.image_height),
        missing=[
            gettext(MISSING[stage])
            if stage in MISSING
            else gettext("The stage %(stage)s did not answer.") % {"stage": stage}
            for stage in missing
        ],
        timeline=timeline_of(decision, events),
        use=reasons.intent(decision.usage_intent) or gettext("none named"),
    )


def sentence_of(standing: str) -> str:
    return gettext(SENTENCES[DecisionKind(standing)])


def stages_of(missing: Sequence[str]) -> list[Stage]:
    return [Stage(name, gettext(said), is_done=name not in missing) for name, said in STAGES.items()]


def in_language(known: Mapping[str, str], name: str) -> str:
    """The words for a name; what is not known stays as it is."""
    return gettext(known[name]) if name in known else name


def rules_of(version: ConfigurationVersion, usage_intent: str) -> Rules:
    thresholds = version.usage_intents.get(usage_intent) or {}
    return Rules(
        number=version.number,
        template=gettext(version.template_version.template.display_name),
        made_by=version.created_by,
        made_at=version.created_at,
        approval=f"{thresholds['approval_threshold']:g}" if thresholds else "",
        rejection=f"{thresholds['rejection_threshold']:g}" if thresholds else "",
    )


def rows_of(decision: Decision) -> list[ScoreRow]:
    """Every detection, the most that it adds first."""
    rows = [row_of(index, scored, decision.threshold or 0) for index, scored in enumerate(decision.scored)]
    return sorted(rows, key=lambda row: (-row.contribution, -row.percent))


def row_of(index: int, scored: dict[str, Any], threshold: float) -> ScoreRow:
    return ScoreRow(
        index=index,
        label=scored["label"],
        words_of_label=reasons.part(scored["label"]),
        percent=scored["score"],
        threshold=threshold,
        weight=scored["weight"],
        contribution=scored["contribution"],
        counts=scored["counts"],
    )


def timeline_of(decision: Decision, events: Iterable[DecisionEvent]) -> list[Event]:
    """Newest last: the machine's decision, then what happened to it."""
    kind = DecisionKind(decision.decision)
    machine = gettext("%(server)s, version %(version)s") % {
        "server": decision.server_name or gettext("No server"),
        "version": decision.config_version or gettext("unknown"),
    }
    return [
        Event(
            title=gettext("By the machine: %(decision)s") % {"decision": gettext(KINDS[kind])},
            at=decision.created_at,
            by=decision.created_by,
            tone=kind.value,
            icon=sign(icon="cpu"),
            text=machine,
        ),
        *(event_of(event) for event in events),
    ]


def event_of(event: DecisionEvent) -> Event:
    known = EVENTS.get(event.kind)
    title = gettext(known) if known else event.kind.replace("_", " ").capitalize()
    became = f": {gettext(KINDS[DecisionKind(event.decision)])}" if event.decision else ""
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
    found = event.data.get("reasons") or [{}]
    return reasons.as_recorded(str(event.data.get("reason", ""))) or reasons.sentence(found[0])
