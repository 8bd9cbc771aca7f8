import pytest
from django.utils import translation

from moderation.selectors import reasons

RISK = {
    "risk": 41.75,
    "label": "BUTTOCKS_EXPOSED",
    "score": 83.504,
    "weight": 0.5,
    "threshold": 20,
    "usage_intent": "public_site",
    "approval_threshold": 15,
    "rejection_threshold": 40,
}


def of(code: str, **details: object) -> str:
    return reasons.sentence({"code": code, "message": "As recorded.", "details": details})


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        ("RISK_REACHES_REJECTION", "That reaches 40 %, from which “Public pages” rejects."),
        ("RISK_WITHIN_APPROVAL", "That is not over 15 %, up to which “Public pages” approves."),
        (
            "RISK_BETWEEN_THRESHOLDS",
            "approves up to 15 % and rejects from 40 %: in between a person decides.",
        ),
    ],
)
def test_sentence_names_figures_and_no_program_words(code: str, ends: str) -> None:
    said = of(code, **RISK)
    assert said.startswith("Exposed buttocks was found with a score of 83.5 %. With its weight of 0.5")
    assert said.endswith(ends)
    assert "public_site" not in said


def test_sentence_of_no_risk() -> None:
    said = of("RISK_WITHIN_APPROVAL", **RISK | {"label": None, "score": None, "weight": None, "risk": 0})
    assert said.startswith("No part that counts reached the threshold of 20 %")


def test_sentence_of_child_safety_names_every_sign() -> None:
    seen = {"label": "ANUS_EXPOSED", "score": 30, "minimum_score": 25}
    said = of("CHILD_SAFETY", **seen, keywords=["pupil", "girl"], children_detected=True)
    assert "the caption says “pupil”, “girl” and the moderation server reports a child" in said
    assert "from 25 % on this is never approved" in of("CHILD_SAFETY_NOT_RUN", **seen)


@pytest.mark.parametrize(
    "reason", [{}, {"code": "OF_LATER"}, {"code": "RISK_WITHIN_APPROVAL", "details": {}}]
)
def test_sentence_that_is_not_known_here_keeps_the_records(reason: dict[str, object]) -> None:
    assert reasons.sentence({"message": "As recorded.", **reason}) == "As recorded."


def test_sentence_is_in_the_readers_language() -> None:
    with translation.override("de"):
        said = of("SERVER_STRICTER", server_decision="rejected", own_decision="approved")
    assert "freigegeben" in said
