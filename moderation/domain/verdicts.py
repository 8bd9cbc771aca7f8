"""What was decided about a picture and why, complete enough to be explained to the person who sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from moderation.domain.scores import UNKNOWN_LEVEL, Scored

DECISIONS: tuple[str, ...] = ("approved", "flagged", "rejected")  # from the mildest to the strictest


@dataclass(frozen=True)
class Reason:
    """One ground: a stable code, one sentence with its figures, and the figures again for a program."""

    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "details": dict(self.details)}


@dataclass(frozen=True)
class Verdict:
    """A decision with everything that led to it. Scores, risks and the threshold are percentages.

    `threshold` is the context's, under which a detection does not count. `escalated` means that the
    child-safety rule fired, `preserve` that whoever holds the original must keep it. `child_safety` is
    `assessed`, `pending` (a caption is still to come) or `unavailable`. A stage is `detection` or `caption`;
    the decision is final when none is missing.
    """

    decision: str
    reasons: tuple[Reason, ...]
    nudity_score: float
    child_risk: float
    final_risk_score: float
    risk_level: str
    threshold: float
    usage_intent: str
    escalated: bool
    preserve: bool
    child_safety: str
    stages_done: tuple[str, ...]
    stages_missing: tuple[str, ...]
    scored: tuple[Scored, ...] = ()

    def payload(self) -> dict[str, Any]:
        """The verdict as JSON, its fields under their own names."""
        return {
            "decision": self.decision,
            "reasons": [reason.payload() for reason in self.reasons],
            "nudity_score": self.nudity_score,
            "child_risk": self.child_risk,
            "final_risk_score": self.final_risk_score,
            "risk_level": self.risk_level,
            "threshold": self.threshold,
            "usage_intent": self.usage_intent,
            "escalated": self.escalated,
            "preserve": self.preserve,
            "child_safety": self.child_safety,
            "stages_done": list(self.stages_done),
            "stages_missing": list(self.stages_missing),
            "scored": [item.payload() for item in self.scored],
        }


def severity(decision: str) -> int:
    """0 for approved, 1 for flagged, 2 for rejected; any other word counts as flagged, never as approved."""
    return DECISIONS.index(decision if decision in DECISIONS else "flagged")


def stricter(verdict: Verdict, decision: str) -> Verdict:
    """The verdict, made as strict as the server's own `decision` where that is stricter.

    A reason `SERVER_STRICTER` is then put first, and says what our rules came to. A decision that cannot be
    read counts as `flagged`. Scores and everything else stay ours.
    """
    theirs = DECISIONS[severity(decision)]
    if severity(theirs) <= severity(verdict.decision):
        return verdict
    reason = Reason(
        "SERVER_STRICTER",
        f"The moderation server decided {theirs}, which is stricter than this site's rules, by which the "
        f"picture would be {verdict.decision}: the stricter of the two stands.",
        {"server_decision": str(decision)[:64], "own_decision": verdict.decision},
    )
    return replace(verdict, decision=theirs, reasons=(reason, *verdict.reasons))


def held(verdict: Verdict, reason: Reason) -> Verdict:
    """The verdict with `reason` put first, and no milder than flagged: a person has to look."""
    decision = max(verdict.decision, "flagged", key=severity)
    return replace(verdict, decision=decision, reasons=(reason, *verdict.reasons))


def revised(earlier: Verdict, later: Verdict) -> Verdict:
    """What stands when a later stage (a caption) has answered: the later verdict, never milder than the
    earlier one.

    Where the earlier decision is stricter it stays, with a reason `EARLIER_DECISION_STANDS` before both
    verdicts' reasons. An escalation stays in any case.
    """
    later = replace(
        later, escalated=earlier.escalated or later.escalated, preserve=earlier.preserve or later.preserve
    )
    if severity(later.decision) >= severity(earlier.decision):
        return later
    reason = Reason(
        "EARLIER_DECISION_STANDS",
        f"The picture was {earlier.decision} before its caption was known; "
        "a caption can only make a decision stricter.",
        {"earlier_decision": earlier.decision, "later_decision": later.decision},
    )
    return replace(later, decision=earlier.decision, reasons=(reason, *earlier.reasons, *later.reasons))


def flagged_for(code: str, message: str) -> Verdict:
    """The verdict about a picture that nobody could assess: an error, a time-out, an answer that cannot be
    read.

    It is flagged with this one reason. Its scores are 0 and mean nothing: no stage is done and the level is
    `unknown`.
    """
    return Verdict(
        decision="flagged",
        reasons=(Reason(code, message),),
        nudity_score=0.0,
        child_risk=0.0,
        final_risk_score=0.0,
        risk_level=UNKNOWN_LEVEL,
        threshold=0.0,
        usage_intent="",
        escalated=False,
        preserve=False,
        child_safety="unavailable",
        stages_done=(),
        stages_missing=("detection", "caption"),
    )
