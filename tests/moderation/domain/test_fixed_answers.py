"""The fixed answers of the test mode."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import fixed_answers
from moderation.domain.fixed_answers import PICTURES, Fixed
from moderation.domain.pictures import read_header

FOLDER = Path(__file__).parents[3] / "docs" / "test-pictures"


def test_the_pictures_of_the_documentation_are_the_ones_of_the_table() -> None:
    found = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.png")}
    assert found == {outcome.value: image_hash for image_hash, outcome in PICTURES.items()}
    assert set(PICTURES.values()) == set(Fixed)
    for path in FOLDER.glob("*.png"):
        assert read_header(path.read_bytes()).format == "PNG"


@pytest.mark.parametrize(
    ("digits", "outcome"),
    [("0123456789", Fixed.APPROVED), ("abc", Fixed.FLAGGED), ("def", Fixed.REJECTED)],
)
def test_the_first_digit_decides_about_any_other_picture(digits: str, outcome: Fixed) -> None:
    for digit in digits:
        assert fixed_answers.outcome_of(digit * 64) == outcome


@given(st.binary(max_size=64))
def test_one_picture_has_one_outcome_with_a_verdict(content: bytes) -> None:
    image_hash = hashlib.sha256(content).hexdigest()
    outcome = fixed_answers.outcome_of(image_hash)
    assert fixed_answers.outcome_of(image_hash) == outcome
    assert fixed_answers.verdict_of(outcome).decision == outcome.value


def test_what_a_verdict_says() -> None:
    decisions = {
        Fixed.APPROVED: "approved",
        Fixed.FLAGGED: "flagged",
        Fixed.REJECTED: "rejected",
        Fixed.ESCALATED: "rejected",
        Fixed.UNASSESSED: "flagged",
    }
    for outcome, decision in decisions.items():
        verdict = fixed_answers.verdict_of(outcome)
        assert verdict.decision == decision
        assert verdict.escalated == verdict.preserve == (outcome == Fixed.ESCALATED)
        assert bool(verdict.stages_missing) == (outcome == Fixed.UNASSESSED)
        named = bool(fixed_answers.detections_of(outcome))
        assert named == (outcome in {Fixed.FLAGGED, Fixed.REJECTED, Fixed.ESCALATED})
