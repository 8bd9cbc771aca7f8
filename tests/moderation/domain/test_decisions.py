from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.decisions import decide, severity
from moderation.domain.detections import Detection
from moderation.domain.keywords import BUILT_IN_CHILD_KEYWORDS
from moderation.domain.labels import LABELS, SEXUAL_LABELS
from moderation.domain.profiles import Profile
from moderation.domain.scores import risk_level
from moderation.domain.verdicts import DECISIONS, Verdict
from tests.moderation.domain.strategies import (
    contexts,
    detections,
    intents,
    profile,
    profiles,
    sexual_detections,
)

NO_SEXUAL_WEIGHT = dict.fromkeys(SEXUAL_LABELS, 0)
captions = st.none() | st.sampled_from(["", " ", "a woman smiling", "two kids in a park", "a drawing"])


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


@pytest.mark.parametrize("score", [20, 20.5, 59])
@pytest.mark.parametrize("label", sorted(SEXUAL_LABELS))
def test_decide_flags_a_sexual_part_without_a_caption(label: str, score: float) -> None:
    verdict = decided(label, score, profile(95, 100, weights=NO_SEXUAL_WEIGHT))
    assert (verdict.decision, codes(verdict)) == ("flagged", ["CHILD_SAFETY_NOT_RUN"])


@pytest.mark.parametrize("caption", ["", "  ", "\n"])
def test_decide_takes_a_blank_caption_for_none(caption: str) -> None:
    verdict = decided("ANUS_EXPOSED", 30, profile(95, 100), caption=caption)
    assert (verdict.decision, verdict.stages_missing) == ("flagged", ("caption",))


def test_decide_approves_a_sexual_part_under_twenty_without_a_caption() -> None:
    assert decided("ANUS_EXPOSED", 19.999).decision == "approved"


@pytest.mark.parametrize("label", sorted(set(LABELS) - SEXUAL_LABELS))
def test_decide_approves_other_parts_beside_a_child(label: str) -> None:
    verdict = decided(label, 30, caption="a child with its mother", children_detected=True)
    assert (verdict.decision, verdict.escalated, verdict.child_safety) == ("approved", False, "assessed")


def test_decide_names_both_reasons_when_both_flag() -> None:
    assert codes(decided("ANUS_EXPOSED", 40)) == ["RISK_BETWEEN_THRESHOLDS", "CHILD_SAFETY_NOT_RUN"]


def test_decide_escalates_a_childs_picture_even_if_only_the_server_says_so() -> None:
    verdict = decided("ANUS_EXPOSED", 20, profile(95, 100), children_detected=True)
    assert (verdict.decision, verdict.escalated, verdict.preserve) == ("rejected", True, True)
    assert (verdict.child_risk, verdict.final_risk_score, verdict.risk_level) == (100, 100, "high")
    assert verdict.child_safety == "assessed"
    assert verdict.reasons[0].details == {
        "label": "ANUS_EXPOSED",
        "score": 20,
        "minimum_score": 20,
        "keywords": [],
        "children_detected": True,
    }


def test_decide_escalates_for_a_sites_own_keyword_and_its_plural() -> None:
    site = profile(95, 100, keywords=["cheerleader"])
    assert decided("ANUS_EXPOSED", 20, site, caption="three cheerleaders").escalated
    assert not decided("ANUS_EXPOSED", 20, profile(95, 100), caption="three cheerleaders").escalated


@pytest.mark.parametrize("expected", [True, False])
def test_decide_tells_whether_child_safety_may_still_come(expected: bool) -> None:
    verdict = decide(
        [],
        profile(),
        context_type=None,
        usage_intent=None,
        caption=None,
        children_detected=None,
        caption_expected=expected,
    )
    assert verdict.child_safety == ("pending" if expected else "unavailable")
    assert not verdict.is_final


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


@given(
    sexual_detections,
    st.lists(detections, max_size=3),
    profiles,
    contexts,
    intents,
    st.sampled_from(BUILT_IN_CHILD_KEYWORDS) | st.none(),
)
def test_decide_escalates_whatever_the_settings_say(
    sexual: Detection,
    others: Sequence[Detection],
    site: Profile,
    context_type: str | None,
    usage_intent: str | None,
    keyword: str | None,
) -> None:
    verdict = decide(
        [*others, sexual],
        site,
        context_type=context_type,
        usage_intent=usage_intent,
        caption=None if keyword is None else f"A {keyword.title()}, in a garden",
        children_detected=True if keyword is None else None,
    )
    assert (verdict.decision, verdict.escalated, verdict.child_risk) == ("rejected", True, 100)


@given(
    sexual_detections,
    profiles,
    contexts,
    intents,
    st.sampled_from([None, False]),
    st.sampled_from([None, "", " "]),
)
def test_decide_never_approves_a_sexual_part_without_a_caption(
    sexual: Detection,
    site: Profile,
    context_type: str | None,
    usage_intent: str | None,
    children_detected: bool | None,
    caption: str | None,
) -> None:
    verdict = decide(
        [sexual],
        site,
        context_type=context_type,
        usage_intent=usage_intent,
        caption=caption,
        children_detected=children_detected,
    )
    assert verdict.decision != "approved"
    assert ("CHILD_SAFETY_NOT_RUN" in codes(verdict)) == (verdict.decision == "flagged")


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
