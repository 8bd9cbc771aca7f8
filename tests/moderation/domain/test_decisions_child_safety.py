from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.decisions import decide
from moderation.domain.detections import Detection
from moderation.domain.keywords import BUILT_IN_CHILD_KEYWORDS
from moderation.domain.labels import LABELS, SEXUAL_LABELS
from moderation.domain.profiles import Profile
from tests.moderation.domain.strategies import (
    codes,
    contexts,
    decided,
    detections,
    intents,
    profile,
    profiles,
    sexual_detections,
)

NO_SEXUAL_WEIGHT = dict.fromkeys(SEXUAL_LABELS, 0)


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
    assert verdict.stages_missing


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
