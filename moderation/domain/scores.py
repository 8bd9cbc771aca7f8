"""From detections to one figure, and from a figure to a word (PROTOCOL.md, "Scores and decisions")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.detections import Detection
from moderation.domain.labels import DEFAULT_WEIGHTS

# The level of a verdict about a picture that nobody could score.
UNKNOWN_LEVEL = "unknown"
_FLOORS = ((70, "high"), (40, "medium"), (25, "low"), (0, "minimal"))
RISK_LEVELS: tuple[str, ...] = ("minimal", "low", "medium", "high", UNKNOWN_LEVEL)


@dataclass(frozen=True)
class Scored:
    """How one detection was counted: `contribution` is score times weight, 0 under the threshold."""

    label: str
    score: float
    weight: float
    counts: bool
    contribution: float

    def payload(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "score": self.score,
            "weight": self.weight,
            "counts": self.counts,
            "contribution": self.contribution,
        }


def scored(
    detections: Iterable[Detection], threshold: float, weights: Mapping[str, float]
) -> tuple[Scored, ...]:
    """Every detection in its order, with what it adds. A label absent from `weights` has its default
    weight.
    """
    return tuple(_scored(detection, threshold, weights) for detection in detections)


def nudity_score(detections: Iterable[Detection], threshold: float, weights: Mapping[str, float]) -> float:
    """The highest score times weight of the detections that reach `threshold` (percent); 0 where none
    does.
    """
    return max((item.contribution for item in scored(detections, threshold, weights)), default=0.0)


def risk_level(score: float) -> str:
    """`minimal` under 25, `low` under 40, `medium` under 70, `high` from there on."""
    return next((level for floor, level in _FLOORS if score >= floor), "minimal")


def _scored(detection: Detection, threshold: float, weights: Mapping[str, float]) -> Scored:
    weight = weights.get(detection.label, DEFAULT_WEIGHTS.get(detection.label, 0))
    counts = detection.score >= threshold
    return Scored(
        detection.label, detection.score, weight, counts, float(detection.score * weight) if counts else 0.0
    )
