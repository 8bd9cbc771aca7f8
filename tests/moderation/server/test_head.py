"""The head that is done here gives what the model's own last layers give."""

import numpy as np
import onnxruntime
import pytest

from moderation.server.detector import Detector, prepared
from moderation.server.model_file import model_path
from moderation.server.suppression import CANDIDATE_FLOOR
from tests.moderation.server import samples


@pytest.fixture(scope="module")
def whole() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(model_path()), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("seed", range(6))
def test_candidates_equal_the_whole_models(whole: onnxruntime.InferenceSession, seed: int) -> None:
    picture = samples.collage(seed)
    expected = whole.run(None, {"images": prepared(picture)})[0][0]
    expected = expected[:, expected[4:].max(axis=0) >= CANDIDATE_FLOOR]
    found = Detector(model_path()).infer(picture)
    found = found[:, found[4:].max(axis=0) >= CANDIDATE_FLOOR]
    assert expected.shape[1] > 20, "a picture on which something is seen"
    assert found.shape == expected.shape
    assert np.abs(found[:4] - expected[:4]).max() < 1e-3, "boxes, in model pixels"
    assert np.abs(found[4:] - expected[4:]).max() < 1e-6, "scores"


def test_a_picture_of_nothing_has_no_candidate() -> None:
    empty = Detector(model_path()).infer(np.zeros((64, 64, 3), np.uint8))
    assert empty.shape == (22, 0)
