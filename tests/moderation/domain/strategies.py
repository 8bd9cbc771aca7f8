"""Hypothesis' strategies for what the domain takes in, and short ways to a profile and a verdict."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from moderation.domain.decisions import decide
from moderation.domain.detections import Box, Detection
from moderation.domain.labels import LABELS, SEXUAL_LABELS
from moderation.domain.profiles import Profile, parse_profile
from moderation.domain.schemas import INTENTS
from moderation.domain.verdicts import Verdict

percents = st.one_of(st.integers(0, 100), st.floats(0, 100))
fractions = st.one_of(st.sampled_from([0, 1]), st.floats(0, 1))
words = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12)
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
boxes = st.builds(Box, *([st.floats(0, 5000)] * 4))
detections = st.builds(Detection, st.sampled_from(LABELS), percents, st.none() | boxes)
sexual_detections = st.builds(Detection, st.sampled_from(sorted(SEXUAL_LABELS)), st.floats(20, 100))
contexts = st.sampled_from([None, "", "public_gallery", "private_share", "private", "forum"])
intents = st.sampled_from([None, "", *INTENTS, "forum"])

threshold_pairs = (
    st.tuples(percents, percents)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: {"approval_threshold": min(pair), "rejection_threshold": max(pair)})
)
usage_intents = st.dictionaries(st.sampled_from(INTENTS), threshold_pairs)
weights = st.dictionaries(st.sampled_from(LABELS), fractions)
profiles = st.fixed_dictionaries(
    {
        "nudenet": st.fixed_dictionaries(
            {}, optional={"public_gallery_threshold": percents, "private_share_threshold": percents}
        ),
        "blip": st.fixed_dictionaries({}, optional={"child_safety_keywords": st.lists(phrases, max_size=5)}),
        "moderation_rules": st.fixed_dictionaries({}, optional={"label_weights": weights}),
        "usage_intents": usage_intents,
    }
).map(parse_profile)

documents = st.fixed_dictionaries(
    {
        "nudenet_config": st.fixed_dictionaries(
            {},
            optional={
                "detection_threshold": fractions,
                "body_parts": st.lists(st.sampled_from(LABELS), min_size=1, max_size=5),
            },
        ),
        "blip_config": st.fixed_dictionaries(
            {}, optional={"child_keywords": st.lists(phrases, max_size=5), "risk_multiplier": st.floats(0, 5)}
        ),
        "moderation_rules": st.fixed_dictionaries({}, optional={"label_weights": weights}),
        "usage_intents": usage_intents,
    }
)


def profile(
    approval: float = 15,
    rejection: float = 60,
    *,
    threshold: float = 25,
    weights: Mapping[str, float] | None = None,
    keywords: list[str] | None = None,
) -> Profile:
    """A profile whose one intent is `public_site`; the private threshold is 15 over the public one."""
    parts: dict[str, Any] = {
        "nudenet": {"public_gallery_threshold": threshold, "private_share_threshold": threshold + 15},
        "blip": {"child_safety_keywords": keywords or []},
        "moderation_rules": {"label_weights": weights or {}},
        "usage_intents": {"public_site": {"approval_threshold": approval, "rejection_threshold": rejection}},
    }
    return parse_profile(parts)


def decided(
    label: str,
    score: float,
    site: Profile | None = None,
    *,
    caption: str | None = None,
    context_type: str | None = None,
    usage_intent: str | None = None,
    children_detected: bool | None = None,
) -> Verdict:
    return decide(
        [Detection(label, score)],
        site or profile(),
        context_type=context_type,
        usage_intent=usage_intent,
        caption=caption,
        children_detected=children_detected,
    )


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]
