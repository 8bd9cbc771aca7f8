"""Our vectorised post-processing beside the class that is shipped with the model."""

from typing import Any

import cv2
import numpy as np
import pytest
from nudenet import NudeDetector
from nudenet import nudenet as shipped_module

from moderation.domain.labels import LABELS
from moderation.server.detector import Detector
from moderation.server.model_file import model_path
from moderation.server.suppression import MODEL_LABELS, Found, detections
from tests.moderation.server import samples

BUNDLED = sorted(path.name for path in samples.FOLDER.glob("*.[pj][np]g"))


@pytest.fixture(scope="module")
def shipped() -> NudeDetector:
    return NudeDetector()


@pytest.fixture(scope="module", params=["agnostic", "per-class"])
def both(request: pytest.FixtureRequest) -> Detector:
    return Detector(model_path(), request.param)


@pytest.fixture(scope="module")
def agnostic() -> Detector:
    return Detector(model_path(), "agnostic")


@pytest.fixture(scope="module")
def per_class() -> Detector:
    return Detector(model_path())


def found(detector: Detector, picture: samples.Pixels) -> list[Found]:
    return detector.found(detector.infer(picture), picture)


def same(theirs: list[dict[str, Any]], ours: list[Found]) -> None:
    assert [(item["class"], tuple(item["box"])) for item in theirs] == [
        (item.label, item.box) for item in ours
    ]
    assert [item["score"] for item in theirs] == pytest.approx([item.score for item in ours], abs=1e-5)


def test_labels_of_the_model_are_those_of_the_domain() -> None:
    assert set(MODEL_LABELS) == set(LABELS)
    assert len(MODEL_LABELS) == 18


@pytest.mark.parametrize("name", BUNDLED)
def test_agnostic_equals_the_shipped_class_on_bundled_pictures(
    name: str, shipped: NudeDetector, agnostic: Detector
) -> None:
    picture = samples.pixels(name)
    same(shipped.detect(picture), found(agnostic, picture))


def test_agnostic_equals_the_shipped_class_on_collages(shipped: NudeDetector, agnostic: Detector) -> None:
    total = 0
    for seed in range(24):
        width, height = (1024, 768) if seed % 2 else (700, 1100)
        picture = samples.collage(seed, width, height)
        theirs = shipped.detect(picture)
        same(theirs, found(agnostic, picture))
        total += len(theirs)
    assert total >= 48  # two a picture on average: the suppression had something to do


def test_detections_on_bundled_pictures(per_class: Detector) -> None:
    def scores(name: str) -> dict[str, float]:
        return {item.label: round(item.score, 2) for item in reversed(found(per_class, samples.pixels(name)))}

    assert scores("astronaut.png") == {"FACE_FEMALE": 0.72, "FACE_MALE": 0.49}
    assert scores("color.png")["BUTTOCKS_EXPOSED"] in {0.83, 0.84}
    assert scores("moon.png")["BELLY_EXPOSED"] == 0.39
    assert scores("chelsea.png") == {}


def test_agnostic_hides_the_weaker_label_in_the_same_place(agnostic: Detector) -> None:
    labels = [item.label for item in found(agnostic, samples.pixels("astronaut.png"))]
    assert labels == ["FACE_FEMALE"]


def anchors(*rows: tuple[float, float, float, float, int, float]) -> Any:
    """Raw output with one column per (centre x, centre y, width, height, label, score)."""
    output = np.zeros((22, len(rows)), np.float32)
    for column, (x, y, w, h, label, score) in enumerate(rows):
        output[:4, column] = x, y, w, h
        output[4 + label, column] = score
    return output


def test_per_class_keeps_exposed_beside_covered_in_one_place() -> None:
    output = anchors((100, 100, 50, 50, 16, 0.9), (101, 100, 50, 50, 3, 0.6), (102, 100, 50, 50, 3, 0.5))
    labels = [item.label for item in detections(output, 320, 320, 320, "per-class")]
    assert labels == ["FEMALE_BREAST_COVERED", "FEMALE_BREAST_EXPOSED"]
    assert len(detections(output, 320, 320, 320, "agnostic")) == 1


@pytest.mark.parametrize(("suppression", "count"), [("per-class", 1), ("agnostic", 0)])
def test_floor_of_each_mode(suppression: str, count: int) -> None:
    output = anchors((100, 100, 50, 50, 3, 0.22), (200, 200, 50, 50, 3, 0.19))
    assert len(detections(output, 320, 320, 320, suppression)) == count


def test_agnostic_equals_the_shipped_post_processing_on_crowded_output() -> None:
    """Hundreds of overlapping candidates of all labels, which no picture gives, at several sizes."""
    random = np.random.default_rng(11)
    total = 0
    for width, height in [(1024, 768), (500, 900), (320, 320), (77, 41)]:
        output = np.zeros((22, 400), np.float32)
        output[:2] = random.uniform(0, 320, (2, 400))
        output[2:4] = random.uniform(10, 150, (2, 400))
        output[4:] = random.uniform(0, 1, (18, 400)) ** 6
        side = max(width, height)
        theirs = shipped_module._postprocess(
            [output[None]], side - width, side - height, 1, 1, width, height, 320, 320
        )
        same(theirs, detections(output, width, height, 320, "agnostic"))
        total += len(theirs)
    assert total > 100


@pytest.mark.parametrize(("shift", "count"), [(18, 1), (20, 2)])  # overlaps of 0.47 and 0.43 around 0.45
def test_overlap_from_which_the_weaker_box_goes(shift: float, count: int) -> None:
    output = anchors((100, 100, 50, 50, 3, 0.9), (100 + shift, 100, 50, 50, 3, 0.6))
    for suppression in ("per-class", "agnostic"):
        assert len(detections(output, 320, 320, 320, suppression)) == count


def test_box_is_scaled_and_clipped_to_the_picture() -> None:
    (item,) = detections(anchors((10, 10, 40, 40, 3, 0.9)), 640, 480, 320, "per-class")
    assert item.box == (0, 0, 80, 80)
    (item,) = detections(anchors((300, 230, 60, 60, 3, 0.9)), 640, 480, 320, "per-class")
    assert item.box == (540, 400, 100, 80)


def test_nothing_found_in_an_empty_picture(both: Detector) -> None:
    assert found(both, np.zeros((40, 60, 3), np.uint8)) == []


def test_one_pixel_is_examined(both: Detector) -> None:
    assert isinstance(found(both, np.zeros((1, 1, 3), np.uint8)), list)


def test_narrow_picture_equals_the_shipped_class(shipped: NudeDetector, agnostic: Detector) -> None:
    picture = np.asarray(cv2.resize(samples.pixels("color.png"), (90, 700)), np.uint8)
    same(shipped.detect(picture), found(agnostic, picture))
