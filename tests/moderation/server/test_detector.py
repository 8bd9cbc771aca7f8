"""The short way to the model's input gives the same input as the long way."""

import cv2
import numpy as np
import pytest

from moderation.server.detector import INPUT_SIDE, prepared
from tests.moderation.server import samples

SIZES = [
    (1, 1),
    (1, 900),
    (319, 320),
    (320, 320),
    (321, 200),
    (768, 1024),
    (1024, 768),
    (997, 641),
    (480, 640),
]


def the_long_way(picture: samples.Pixels) -> samples.Pixels:
    """Pad to the whole square first, as the shipped class does."""
    height, width = picture.shape[:2]
    side = max(height, width)
    square = cv2.copyMakeBorder(picture, 0, side - height, 0, side - width, cv2.BORDER_CONSTANT)
    blob = cv2.dnn.blobFromImage(square, 1 / 255.0, (INPUT_SIDE, INPUT_SIDE), (0, 0, 0), False, False)
    return np.asarray(blob)


@pytest.mark.parametrize("size", SIZES)
def test_prepared_equals_padding_the_whole_square(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(5).integers(0, 256, (*size, 3), dtype=np.uint8)
    assert np.array_equal(prepared(picture), the_long_way(picture))


def test_prepared_equals_padding_the_whole_square_at_random_sizes() -> None:
    random = np.random.default_rng(6)
    for _ in range(60):
        height, width = (int(value) for value in random.integers(1, 1600, 2))
        picture = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        assert np.array_equal(prepared(picture), the_long_way(picture)), (height, width)
