"""From what was detected to approved, flagged or rejected (PROTOCOL.md, "Scores and decisions").

MuseNest and its moderation servers call these same functions; where their verdicts differ, the stricter
stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.domain.detections import Detection
from moderation.domain.keywords import BUILT_IN_CHILD_KEYWORDS, expand, found_in
from moderation.domain.labels import SEXUAL_LABELS, in_words
from moderation.domain.profiles import Profile
from moderation.domain.scores import Scored, risk_level, scored
from moderation.domain.verdicts import Reason, Verdict, flagged_for, held, revised, severity, stricter

__all__ = ["Reason", "Verdict", "decide", "figure", "flagged_for", "held", "revised", "severity", "stricter"]

# Names these rules in every recorded decision; counts up with each change of what they decide.
RULES_VERSION = 1
# From this score on a sexual label makes the child-safety rule apply, whatever a site's thresholds say.
CHILD_SAFETY_SCORE = 20
_BUILT_IN = expand(BUILT_IN_CHILD_KEYWORDS)
_DEFAULT_CONTEXT = "public_gallery"
_PRIVATE_CONTEXTS = frozenset({"private", "private_share"})
_INTENT_OF_CONTEXT = {"public_gallery": "public_site", "private_share": "private"}


@dataclass(frozen=True)
class _Picture:
    """What is known about one picture, and the figures that apply to it."""

    intent: str
    threshold: float
    scored: tuple[Scored, ...]
    has_caption: bool
    keywords: tuple[str, ...]  # the words of the caption that tell of a child
    children_reported: bool
    caption_expected: bool

    @property
    def worst(self) -> Scored | None:
        return max(self.scored, key=lambda item: item.contribution, default=None)

    @property
    def nudity_score(self) -> float:
        return self.worst.contribution if self.worst else 0.0

    @property
    def sexual(self) -> Scored | None:
        """The surest part that the child-safety rule looks at, whatever its weight and the threshold."""
        parts = (
            item for item in self.scored if item.label in SEXUAL_LABELS and item.score >= CHILD_SAFETY_SCORE
        )
        return max(parts, key=lambda item: item.score, default=None)


def decide(
    detections: Sequence[Detection],
    profile: Profile,
    *,
    context_type: str | None,
    usage_intent: str | None,
    caption: str | None,
    children_detected: bool | None,
    caption_expected: bool = False,
) -> Verdict:
    """Decide about one picture. It never raises for a profile and detections that their parsers accepted.

    In this order: the child-safety rule rejects and escalates; an intent that the profile does not have
    flags; the risk is compared with the intent's thresholds; and without a caption, a sexual part makes an
    approval a flag.

    Args:
        detections: everything that the server saw, also under the threshold.
        profile: the configuration that was deployed.
        context_type: `private` and `private_share` use the private threshold, all others (and None) the
            public one.
        usage_intent: one of the profile's; None means the context's own.
        caption: None or blank while there is none.
        children_detected: what the server says; only True has an effect.
        caption_expected: whether a missing caption may still come, which makes `child_safety` `pending`.

    """
    context = context_type or _DEFAULT_CONTEXT
    threshold = _threshold(profile, context)
    named = usage_intent or context
    picture = _Picture(
        intent=_INTENT_OF_CONTEXT.get(named, named),
        threshold=threshold,
        scored=scored(detections, threshold, profile.moderation_rules.get("label_weights", {})),
        has_caption=bool(caption and caption.strip()),
        keywords=_child_keywords(caption or "", profile),
        children_reported=children_detected is True,
        caption_expected=caption_expected,
    )
    if picture.sexual and (picture.keywords or picture.children_reported):
        return _escalated(picture, picture.sexual)
    decision, reason = _by_risk(picture, profile.usage_intents.get(picture.intent))
    if picture.has_caption or not picture.sexual or decision == "rejected":
        return _verdict(picture, decision, (reason,))
    not_run = _child_safety_not_run(picture.sexual)
    return _verdict(picture, "flagged", (not_run,) if decision == "approved" else (reason, not_run))


def _threshold(profile: Profile, context: str) -> float:
    key = "private_share_threshold" if context in _PRIVATE_CONTEXTS else "public_gallery_threshold"
    threshold: float = profile.nudenet.get(key, 0)
    return threshold


def _child_keywords(caption: str, profile: Profile) -> tuple[str, ...]:
    if not caption.strip():
        return ()
    own = expand(profile.blip.get("child_safety_keywords", ()))
    return tuple(found_in(caption, [*_BUILT_IN, *own]))


def _escalated(picture: _Picture, sexual: Scored) -> Verdict:
    signs = [f"the caption says {word!r}" for word in picture.keywords]
    if picture.children_reported:
        signs.append("the moderation server reports a child")
    reason = Reason(
        "CHILD_SAFETY",
        f"{_found(sexual)}, and {' and '.join(signs)}: rejected and escalated, whatever the settings say.",
        {
            "label": sexual.label,
            "score": sexual.score,
            "minimum_score": CHILD_SAFETY_SCORE,
            "keywords": list(picture.keywords),
            "children_detected": picture.children_reported,
        },
    )
    return _verdict(picture, "rejected", (reason,), escalated=True)


def _by_risk(picture: _Picture, thresholds: Mapping[str, float] | None) -> tuple[str, Reason]:
    """What the intent's thresholds say; without the intent a person has to look."""
    if thresholds is None:
        message = (
            f"This site has no usage intent {picture.intent[:64]!r}, so nothing says what it allows there."
        )
        return "flagged", Reason("INTENT_UNKNOWN", message, {"usage_intent": picture.intent[:64]})
    risk, approval, rejection = (
        picture.nudity_score,
        thresholds["approval_threshold"],
        thresholds["rejection_threshold"],
    )
    # Rejection comes first: were the two ever inverted, the stricter would win.
    if risk >= rejection:
        code, decision = "RISK_REACHES_REJECTION", "rejected"
        sentence = f"this reaches {rejection:g} %, from which {picture.intent} rejects"
    elif risk <= approval:
        code, decision = "RISK_WITHIN_APPROVAL", "approved"
        sentence = f"this is not over {approval:g} %, up to which {picture.intent} approves"
    else:
        code, decision = "RISK_BETWEEN_THRESHOLDS", "flagged"
        sentence = (
            f"this lies between {approval:g} %, up to which {picture.intent} approves, "
            f"and {rejection:g} %, from which it rejects, so a person decides"
        )
    return decision, Reason(
        code, f"{_risk_in_words(picture)}; {sentence}.", _risk_details(picture, thresholds)
    )


def _risk_in_words(picture: _Picture) -> str:
    worst = picture.worst
    if worst is None or worst.contribution == 0:
        return f"No part that counts reached the threshold of {picture.threshold:g} %, so the risk is 0 %"
    return f"{_found(worst)}; with its weight of {worst.weight:g} the risk is {figure(worst.contribution)} %"


def figure(percent: float) -> str:
    """At most two decimals: more say nothing to a person."""
    return f"{round(percent, 2):g}"


def _found(part: Scored) -> str:
    return f"The detector found {in_words(part.label)} with a score of {figure(part.score)} %"


def _risk_details(picture: _Picture, thresholds: Mapping[str, float]) -> dict[str, Any]:
    worst = picture.worst if picture.nudity_score else None
    return {
        "risk": picture.nudity_score,
        "label": worst.label if worst else None,
        "score": worst.score if worst else None,
        "weight": worst.weight if worst else None,
        "threshold": picture.threshold,
        "usage_intent": picture.intent,
        "approval_threshold": thresholds["approval_threshold"],
        "rejection_threshold": thresholds["rejection_threshold"],
    }


def _child_safety_not_run(sexual: Scored) -> Reason:
    return Reason(
        "CHILD_SAFETY_NOT_RUN",
        f"{_found(sexual)}, and there is no caption to look for a child in: "
        f"at {CHILD_SAFETY_SCORE} % or more this is never approved without a person.",
        {"label": sexual.label, "score": sexual.score, "minimum_score": CHILD_SAFETY_SCORE},
    )


def _verdict(
    picture: _Picture, decision: str, reasons: tuple[Reason, ...], *, escalated: bool = False
) -> Verdict:
    child_risk = 100.0 if escalated else 0.0
    final_risk = max(picture.nudity_score, child_risk)
    return Verdict(
        decision=decision,
        reasons=reasons,
        nudity_score=picture.nudity_score,
        child_risk=child_risk,
        final_risk_score=final_risk,
        risk_level=risk_level(final_risk),
        threshold=picture.threshold,
        usage_intent=picture.intent,
        escalated=escalated,
        preserve=escalated,
        child_safety=_child_safety(picture, escalated=escalated),
        stages_done=("detection", "caption") if picture.has_caption else ("detection",),
        stages_missing=() if picture.has_caption else ("caption",),
        scored=picture.scored,
    )


def _child_safety(picture: _Picture, *, escalated: bool) -> str:
    if picture.has_caption or escalated:
        return "assessed"
    return "pending" if picture.caption_expected else "unavailable"
