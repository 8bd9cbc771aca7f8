"""What was found and decided, in the words of the protocol: v3's keys and native's beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moderation.domain.detections import Box, Detection
from moderation.domain.verdicts import Verdict

# v3's flags: a part that is switched off is left out of the answer's summary, never out of the decision.
_PARTS = {
    "breast": ("BREAST",),
    "genitalia": ("GENITALIA",),
    "buttocks": ("BUTTOCKS",),
    "anus": ("ANUS",),
    "face": ("FACE",),
}
_OFF = frozenset({"false", "0", "no", "off"})


def detections(found: Sequence[Sequence[Any]]) -> tuple[Detection, ...]:
    """Turn a worker's list into detections: scores in percent, boxes in pixels of the upright picture."""
    return tuple(Detection(label, round(score * 100, 4), Box(*box)) for label, score, box in found)


def switched_off(fields: Mapping[str, str]) -> frozenset[str]:
    """Return the words whose labels v3's `enable_<part>_detection` flags leave out of the summary."""
    words = (
        words
        for part, words in _PARTS.items()
        if fields.get(f"enable_{part}_detection", "").strip().lower() in _OFF
    )
    return frozenset(word for group in words for word in group)


def summary(found: Sequence[Detection], hidden: frozenset[str]) -> dict[str, Any]:
    """Return v3's `detected_parts` and `part_locations`: the surest detection of each label."""
    best: dict[str, Detection] = {}
    for item in found:
        if hidden.isdisjoint(item.label.split("_")) and item.score > getattr(
            best.get(item.label), "score", -1
        ):
            best[item.label] = item
    return {
        "detected_parts": {label: item.score for label, item in best.items()},
        "part_locations": {
            label: {**item.box.payload(), "confidence": item.score}
            for label, item in best.items()
            if item.box
        },
    }


def decision(verdict: Verdict, *, may_reject: bool) -> dict[str, Any]:
    """Return the decision's keys; v3 knows only approved and flagged, so `may_reject` is false where no site
    is named.

    An escalation stays a rejection everywhere.
    """
    decided = verdict.decision
    if decided == "rejected" and not may_reject and not verdict.escalated:
        decided = "flagged"
    return {
        "moderation_status": "approved" if decided == "approved" else "flagged",
        "decision": decided,
        "flagged": decided != "approved",
        "human_review_required": decided == "flagged",
        "usage_intent": verdict.usage_intent,
        "nudity_score": verdict.nudity_score,
        "final_risk_score": verdict.final_risk_score,
        "risk_level": verdict.risk_level,
        "reasons": [reason.payload() for reason in verdict.reasons],
        "escalated": verdict.escalated,
        "preserve": verdict.preserve,
        "child_safety": verdict.child_safety,
        "stages": {"done": list(verdict.stages_done), "missing": list(verdict.stages_missing)},
    }
