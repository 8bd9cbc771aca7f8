from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.detections import Detection
from moderation.domain.scores import RISK_LEVELS, Scored, nudity_score, risk_level, scored
from tests.moderation.domain.strategies import detections, percents, weights


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0, "minimal"),
        (24.999, "minimal"),
        (25, "low"),
        (39.999, "low"),
        (40, "medium"),
        (69.999, "medium"),
        (70, "high"),
        (100, "high"),
    ],
)
def test_risk_level_at_its_edges(score: float, level: str) -> None:
    assert risk_level(score) == level
    assert level in RISK_LEVELS


@pytest.mark.parametrize(
    ("label", "score", "threshold", "expected"),
    [
        ("BUTTOCKS_EXPOSED", 83.5, 25, 83.5),
        ("BELLY_EXPOSED", 38.8, 25, 0),
        ("FEMALE_BREAST_COVERED", 60, 25, 24),
        ("FEMALE_BREAST_EXPOSED", 22, 25, 0),
        ("FEMALE_BREAST_EXPOSED", 25, 25, 25),
        ("FACE_FEMALE", 72, 25, 0),
    ],
)
def test_nudity_score_with_the_default_weights(
    label: str, score: float, threshold: float, expected: float
) -> None:
    assert nudity_score([Detection(label, score)], threshold, {}) == expected


def test_nudity_score_is_the_highest_product_not_the_highest_score() -> None:
    seen = [Detection("FEMALE_BREAST_COVERED", 90), Detection("ANUS_EXPOSED", 40), Detection("FACE_MALE", 99)]
    assert nudity_score(seen, 25, {}) == 40
    assert nudity_score(seen, 25, {"FACE_MALE": 0.5}) == 49.5


def test_nudity_score_of_nothing_is_zero() -> None:
    assert nudity_score([], 0, {}) == 0


def test_scored_tells_what_each_detection_added() -> None:
    seen = [Detection("BUTTOCKS_EXPOSED", 50), Detection("ANUS_EXPOSED", 20)]
    assert scored(seen, 25, {"BUTTOCKS_EXPOSED": 0.5}) == (
        Scored("BUTTOCKS_EXPOSED", 50, 0.5, counts=True, contribution=25),
        Scored("ANUS_EXPOSED", 20, 1, counts=False, contribution=0),
    )


@given(st.lists(detections, max_size=6), percents, weights)
def test_nudity_score_stays_within_percent_and_grows_with_detections(
    seen: Sequence[Detection], threshold: float, label_weights: Mapping[str, float]
) -> None:
    score = nudity_score(seen, threshold, label_weights)
    assert 0 <= score <= 100
    assert score >= nudity_score(seen[1:], threshold, label_weights)
