import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.detections import Box, Detection, UnreadableDetectionError, parse_detections
from tests.moderation.domain.strategies import detections


@given(st.lists(detections, max_size=5))
def test_parse_detections_reads_back_a_payload(given_detections: Sequence[Detection]) -> None:
    assert parse_detections([item.payload() for item in given_detections]) == tuple(given_detections)


def test_parse_detections_reads_a_list_as_box_and_an_old_label() -> None:
    parsed = parse_detections([{"label": "EXPOSED_BREAST_F", "score": 7, "box": [1, 2, 3.5, 4], "new": 1}])
    assert parsed == (Detection("FEMALE_BREAST_EXPOSED", 7, Box(1, 2, 3.5, 4)),)


def test_parse_detections_of_nothing_is_nothing() -> None:
    assert parse_detections([]) == ()


@pytest.mark.parametrize("edge", [0, 0.0, 100, 100.0])
def test_parse_detections_accepts_the_edges(edge: float) -> None:
    assert parse_detections([{"label": "ANUS_EXPOSED", "score": edge}])[0].score == edge


@pytest.mark.parametrize(
    "score",
    [
        math.nan,
        math.inf,
        -math.inf,
        100.01,
        101,
        -0.01,
        -1,
        10**400,
        True,
        "50",
        None,
        [50],
        math.nextafter(100, 101),
    ],
)
def test_parse_detections_refuses_a_score(score: object) -> None:
    with pytest.raises(UnreadableDetectionError) as caught:
        parse_detections([{"label": "FACE_MALE", "score": 1}, {"label": "ANUS_EXPOSED", "score": score}])
    assert caught.value.path == "labels.1.score"


@pytest.mark.parametrize("label", [None, 5, "NOSE", ""])
def test_parse_detections_refuses_a_label(label: object) -> None:
    with pytest.raises(UnreadableDetectionError) as caught:
        parse_detections([{"label": label, "score": 1}])
    assert caught.value.path == "labels.0.label"


@pytest.mark.parametrize(
    "box",
    [
        [1, 2, 3],
        {"x": 1, "y": 2, "width": 3},
        [1, 2, math.nan, 4],
        [1, 2, 3, math.inf],
        [1, 2, -3, 4],
        [1, 2, 3, "4"],
        [10**400, 2, 3, 4],
        "1234",
        5,
    ],
)
def test_parse_detections_refuses_a_box(box: object) -> None:
    with pytest.raises(UnreadableDetectionError) as caught:
        parse_detections([{"label": "ANUS_EXPOSED", "score": 1, "box": box}])
    assert caught.value.path == "labels.0.box"


@pytest.mark.parametrize("labels", [None, {}, "ANUS_EXPOSED", 5, [None], ["ANUS_EXPOSED"], [[]]])
def test_parse_detections_refuses_what_is_no_list_of_objects(labels: object) -> None:
    with pytest.raises(UnreadableDetectionError):
        parse_detections(labels)
