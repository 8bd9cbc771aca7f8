"""PDQ beside the reference implementation's own results, and its properties.

The vectors were computed once by Meta's C++ code (ThreatExchange, through the Python bindings pdqhash 0.2.8)
on the pictures that scikit-image bundles. Floats round differently in two
programs, so two bits may differ.
"""

import cv2
import numpy as np
import pytest

from moderation.server.perceptual import distance, pdq
from tests.moderation.server import samples

REFERENCE = {
    "astronaut.png": ("2d6b1af3a956c529e79ca3d2526fa834d4196c81cedd04de0a26b855fc99b724", 100),
    "camera.png": ("dc9c9d3b746978f888f40ce6e5c3f70f7266623e8d989cb99f21f2010841e1c7", 100),
    "chelsea.png": ("5feb5321f01da156898e2bf629a5d3438412cdbd23f48942464526315db33ffd", 100),
    "clock_motion.png": ("26cc3ccc933373334c34d778acc94cccb326f3394c932666934cd99d25337674", 34),
    "coffee.png": ("8c629e779a663698b9a33866c026726c21a679f61eb6e1f8c79ba7e23c8299e0", 100),
    "color.png": ("94939c2c53c7530c4a93f5b42ad6ae3cab4b38c64516c5f4549b9d98aaeb3363", 100),
    "hubble_deep_field.jpg": ("1c6715e46266634f72d42df2324ad397e70e86be9c665c59a42ec19c3369b919", 100),
    "microaneurysms.png": ("537ebc9160a955ff3f50f6b38480437ee77485036f95ac0b7d4a7397880241f8", 82),
    "moon.png": ("131645cde366d981e1e371b264d8b25b9e4d13771d8c4f366d946ca57133d0c9", 83),
    "page.png": ("965b26d62ed3636b192ccdddcc91d88c3925812979849815e37b1cce4732a6fb", 100),
    "retina.jpg": ("83d22b5802d238191b87b1f8bf1ad487fc0f55f8405adc011fafa8f4ebfc2a59", 100),
    "rocket.jpg": ("8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376", 100),
    "text.png": ("f46721c01b1bd9936bb5cde6660a8a12430c6c9d25d95e47cbe2a6b89d6e6786", 100),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_hash_agrees_with_the_reference(name: str) -> None:
    digits, quality = REFERENCE[name]
    ours = pdq(samples.pixels(name))
    assert distance(ours.hex, digits) <= 2
    assert ours.quality == quality


def test_hash_survives_compression_and_scaling() -> None:
    picture = samples.pixels("astronaut.png")
    squeezed = cv2.imdecode(
        cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR
    )
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    for other in (squeezed, half):
        assert distance(pdq(picture).hex, pdq(np.asarray(other, np.uint8)).hex) <= 16


def test_hashes_of_different_pictures_differ_in_about_half_their_bits() -> None:
    astronaut, cat = (pdq(samples.pixels(name)).hex for name in ("astronaut.png", "chelsea.png"))
    assert 90 <= distance(astronaut, cat) <= 166


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (63, 65), (3000, 2)])
def test_hash_of_any_size(size: tuple[int, int]) -> None:
    assert len(pdq(np.full((*size, 3), 127, np.uint8)).hex) == 64


def test_quality_of_a_plain_picture_is_nothing() -> None:
    assert pdq(np.full((200, 200, 3), 127, np.uint8)).quality == 0
