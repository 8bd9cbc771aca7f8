from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.decisions import decide, severity
from moderation.domain.detections import Detection
from moderation.domain.profiles import Profile
from moderation.domain.scores import risk_level
from moderation.domain.verdicts import DECISIONS
from tests.moderation.domain.strategies import (
    codes,
    contexts,
    decided,
    detections,
    intents,
    profile,
    profiles,
)

captions = st.none() | st.sampled_from(["", " ", "a woman smiling", "two kids in a park", "a drawing"])


@pytest.mark.parametrize(
    ("label", "score", "caption", "thresholds", "nudity", "decision", "reason_codes", "escalated"),
    [
        ("BUTTOCKS_EXPOSED", 83.5, None, (15, 60), 83.5, "rejected", ["RISK_REACHES_REJECTION"], False),
        ("BELLY_EXPOSED", 38.8, None, (15, 60), 0, "approved", ["RISK_WITHIN_APPROVAL"], False),
        ("FEMALE_BREAST_COVERED", 60, None, (15, 60), 24, "flagged", ["RISK_BETWEEN_THRESHOLDS"], False),
        ("FEMALE_BREAST_EXPOSED", 22, None, (15, 60), 0, "flagged", ["CHILD_SAFETY_NOT_RUN"], False),
        ("FEMALE_BREAST_EXPOSED", 22, "a child on a beach", (50, 85), 0, "rejected", ["CHILD_SAFETY"], True),
        ("FACE_FEMALE", 72, "a woman smiling", (15, 60), 0, "approved", ["RISK_WITHIN_APPROVAL"], False),
    ],
)
def test_decide_as_the_protocols_table(
    label: str,
    score: float,
    caption: str | None,
    thresholds: tuple[float, float],
    nudity: float,
    decision: str,
    reason_codes: list[str],
    escalated: bool,
) -> None:
    verdict = decided(label, score, profile(*thresholds), caption=caption)
    assert (verdict.nudity_score, verdict.decision, verdict.escalated) == (nudity, decision, escalated)
    assert codes(verdict) == reason_codes
    assert verdict.stages_missing == (() if caption else ("caption",))
    assert verdict.stages_done == (("detection", "caption") if caption else ("detection",))
    assert verdict.threshold == 25


@pytest.mark.parametrize(
    ("score", "decision"),
    [(15, "approved"), (15.001, "flagged"), (59.999, "flagged"), (60, "rejected"), (0, "approved")],
)
def test_decide_at_the_edges_of_an_intent(score: float, decision: str) -> None:
    assert decided("ANUS_EXPOSED", score, profile(threshold=0), caption="a person").decision == decision


def test_decide_names_both_reasons_when_both_flag() -> None:
    assert codes(decided("ANUS_EXPOSED", 40)) == ["RISK_BETWEEN_THRESHOLDS", "CHILD_SAFETY_NOT_RUN"]


@pytest.mark.parametrize("intent", ["store", "forum", "private"])
def test_decide_flags_an_intent_that_the_site_does_not_have(intent: str) -> None:
    verdict = decided("FACE_MALE", 90, caption="a man", usage_intent=intent)
    assert (verdict.decision, codes(verdict), verdict.usage_intent) == ("flagged", ["INTENT_UNKNOWN"], intent)


@pytest.mark.parametrize(
    ("context_type", "usage_intent", "threshold", "intent"),
    [
        (None, None, 25, "public_site"),
        ("", "", 25, "public_site"),
        ("public_gallery", None, 25, "public_site"),
        ("private_share", None, 40, "private"),
        ("private", None, 40, "private"),
        ("private_share", "public_site", 40, "public_site"),
        (None, "private", 25, "private"),
        ("public_gallery", "store", 25, "store"),
        ("forum", None, 25, "forum"),
    ],
)
def test_decide_takes_threshold_from_the_context_and_intent_from_the_caller(
    context_type: str | None, usage_intent: str | None, threshold: float, intent: str
) -> None:
    verdict = decided("FACE_MALE", 1, context_type=context_type, usage_intent=usage_intent)
    assert (verdict.threshold, verdict.usage_intent) == (threshold, intent)


def test_decide_counts_everything_where_there_is_no_threshold() -> None:
    site = profile()
    bare = Profile({}, site.blip, site.moderation_rules, site.usage_intents)
    verdict = decided("BUTTOCKS_COVERED", 5, bare, caption="a man")
    assert (verdict.threshold, verdict.nudity_score) == (0, 2)


def test_decide_gives_the_figures_that_a_statement_of_reasons_needs() -> None:
    verdict = decided("FEMALE_BREAST_COVERED", 60, caption="a woman")
    assert verdict.reasons[0].details == {
        "risk": 24,
        "label": "FEMALE_BREAST_COVERED",
        "score": 60,
        "weight": 0.4,
        "threshold": 25,
        "usage_intent": "public_site",
        "approval_threshold": 15,
        "rejection_threshold": 60,
    }
    for figure in ("covered female breast", "60 %", "0.4", "24 %", "15 %", "public_site"):
        assert figure in verdict.reasons[0].message


def test_decide_records_how_every_detection_was_counted() -> None:
    seen = [Detection("FEMALE_BREAST_COVERED", 60), Detection("ANUS_EXPOSED", 10)]
    verdict = decide(
        seen, profile(), context_type=None, usage_intent=None, caption="a woman", children_detected=None
    )
    assert [item.payload() for item in verdict.scored] == [
        {"label": "FEMALE_BREAST_COVERED", "score": 60, "weight": 0.4, "counts": True, "contribution": 24},
        {"label": "ANUS_EXPOSED", "score": 10, "weight": 1, "counts": False, "contribution": 0},
    ]


@given(
    st.lists(detections, max_size=4),
    profiles,
    contexts,
    intents,
    captions | st.text(),
    st.sampled_from([None, True, False]),
)
def test_decide_is_total_and_consistent(
    seen: Sequence[Detection],
    site: Profile,
    context_type: str | None,
    usage_intent: str | None,
    caption: str | None,
    children_detected: bool | None,
) -> None:
    verdict = decide(
        seen,
        site,
        context_type=context_type,
        usage_intent=usage_intent,
        caption=caption,
        children_detected=children_detected,
    )
    assert verdict.decision in DECISIONS
    assert verdict.reasons
    assert all(reason.message.endswith(".") for reason in verdict.reasons)
    assert verdict.final_risk_score == max(verdict.nudity_score, verdict.child_risk)
    assert verdict.risk_level == risk_level(verdict.final_risk_score)
    assert verdict.preserve == verdict.escalated
    assert {*verdict.stages_done, *verdict.stages_missing} == {"detection", "caption"}
    assert len(verdict.scored) == len(seen)


@given(st.lists(detections, min_size=1, max_size=4), profiles, contexts, intents, captions)
def test_decide_never_gets_milder_with_one_more_detection(
    seen: Sequence[Detection],
    site: Profile,
    context_type: str | None,
    usage_intent: str | None,
    caption: str | None,
) -> None:
    fewer, more = (
        decide(
            part,
            site,
            context_type=context_type,
            usage_intent=usage_intent,
            caption=caption,
            children_detected=None,
        )
        for part in (seen[1:], seen)
    )
    assert severity(more.decision) >= severity(fewer.decision)
