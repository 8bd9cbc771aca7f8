import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.decisions import decide
from moderation.domain.detections import Detection
from moderation.domain.profiles import Profile
from moderation.domain.verdicts import (
    DECISIONS,
    Reason,
    Verdict,
    flagged_for,
    held,
    revised,
    severity,
    stricter,
)
from tests.moderation.domain.strategies import detections, profile, profiles


def verdict_about(seen: Sequence[Detection], site: Profile, caption: str | None = None) -> Verdict:
    return decide(seen, site, context_type=None, usage_intent=None, caption=caption, children_detected=None)


APPROVED = verdict_about([], profile(), "a chair")
FLAGGED = verdict_about([Detection("FEMALE_BREAST_COVERED", 60)], profile(), "a woman")
REJECTED = verdict_about([Detection("ANUS_EXPOSED", 90)], profile(), "a woman")


@pytest.mark.parametrize("verdict", [APPROVED, FLAGGED, REJECTED], ids=DECISIONS)
@pytest.mark.parametrize("decision", DECISIONS)
def test_stricter_takes_the_stricter_of_the_two(verdict: Verdict, decision: str) -> None:
    made = stricter(verdict, decision)
    assert severity(made.decision) == max(severity(verdict.decision), severity(decision))
    changed = severity(decision) > severity(verdict.decision)
    assert (made is verdict) != changed
    assert (made.reasons[0].code == "SERVER_STRICTER") == changed
    assert made.reasons[-len(verdict.reasons) :] == verdict.reasons
    assert made.nudity_score == verdict.nudity_score


@pytest.mark.parametrize("verdict", [APPROVED, FLAGGED, REJECTED], ids=DECISIONS)
def test_held_is_never_milder_than_flagged_and_says_why_first(verdict: Verdict) -> None:
    made = held(verdict, Reason("DOUBTFUL", "Somebody has to look."))
    assert made.decision == ("rejected" if verdict is REJECTED else "flagged")
    assert made.reasons[0].code == "DOUBTFUL"
    assert made.reasons[1:] == verdict.reasons
    assert made.scored == verdict.scored


@pytest.mark.parametrize("decision", ["", "APPROVED", "ok", "none"])
def test_stricter_takes_an_unreadable_decision_for_a_flag(decision: str) -> None:
    assert stricter(APPROVED, decision).decision == "flagged"
    assert stricter(REJECTED, decision) is REJECTED


def test_revised_keeps_the_earlier_flag_when_the_caption_is_harmless() -> None:
    seen, site = [Detection("FEMALE_BREAST_EXPOSED", 22)], profile()
    stands = revised(verdict_about(seen, site), verdict_about(seen, site, "a woman smiling"))
    assert (stands.decision, stands.stages_missing) == ("flagged", ())
    assert [reason.code for reason in stands.reasons] == [
        "EARLIER_DECISION_STANDS",
        "CHILD_SAFETY_NOT_RUN",
        "RISK_WITHIN_APPROVAL",
    ]


def test_revised_rejects_when_the_caption_tells_of_a_child() -> None:
    seen, site = [Detection("FEMALE_BREAST_EXPOSED", 22)], profile()
    later = verdict_about(seen, site, "a child on a beach")
    assert revised(verdict_about(seen, site), later) == later


@given(st.lists(detections, max_size=3), profiles, st.text(), st.text())
def test_revised_is_never_milder_and_keeps_an_escalation(
    seen: Sequence[Detection], site: Profile, earlier_caption: str, later_caption: str
) -> None:
    earlier = verdict_about(seen, site, f"a child {earlier_caption}")
    later = verdict_about(seen, site, later_caption)
    stands = revised(earlier, later)
    assert severity(stands.decision) >= max(severity(earlier.decision), severity(later.decision))
    assert stands.escalated == (earlier.escalated or later.escalated)
    assert stands.preserve == stands.escalated


def test_flagged_for_is_a_flag_that_nothing_was_assessed_for() -> None:
    verdict = flagged_for("SERVER_TIMEOUT", "The moderation server did not answer within 10 s.")
    assert (verdict.decision, verdict.child_safety, verdict.risk_level) == (
        "flagged",
        "unavailable",
        "unknown",
    )
    assert (verdict.stages_done, verdict.stages_missing) == ((), ("detection", "caption"))
    assert [reason.payload() for reason in verdict.reasons] == [
        {
            "code": "SERVER_TIMEOUT",
            "message": "The moderation server did not answer within 10 s.",
            "details": {},
        }
    ]


@pytest.mark.parametrize("verdict", [APPROVED, FLAGGED, REJECTED, flagged_for("A", "B.")])
def test_payload_holds_every_field_as_json(verdict: Verdict) -> None:
    payload = verdict.payload()
    assert set(payload) == set(Verdict.__dataclass_fields__)
    assert json.loads(json.dumps(payload, allow_nan=False)) == payload
