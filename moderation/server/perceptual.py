"""PDQ, the perceptual hash of 256 bits, in numpy.

Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019):
luminance, a tent filter made of two passes of a box filter, 64 x 64 samples, the cosine transform's 16 x 16
lowest frequencies without the constant one, and one bit per coefficient: is it over their median.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

_SAMPLES: Final = 64
_FREQUENCIES: Final = 16
_QUALITY_STEP: Final = 90

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Perceptual:
    """`hex` has 64 digits; `quality` (0-100) says how much structure there was: under 50 a match means
    little.
    """

    hex: str
    quality: int


def pdq(picture: npt.NDArray[np.uint8]) -> Perceptual:
    """Return the hash of an upright BGR picture of 8 bits."""
    samples = _sampled(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False))
    transform = _transform()
    coefficients = (transform @ samples @ transform.T).astype(np.float32)
    bits = (coefficients > _median(coefficients)).ravel()
    # Bit 0 is the lowest frequency and is written last.
    return Perceptual(np.packbits(bits[::-1]).tobytes().hex(), _quality(samples))


def distance(left: str, right: str) -> int:
    """Return how many of the 256 bits differ; 31 and less is the usual threshold for "the same picture"."""
    return (int(left, 16) ^ int(right, 16)).bit_count()


def _sampled(luminance: npt.NDArray[np.uint8]) -> Floats:
    height, width = luminance.shape
    rows = np.stack(
        [band.weights @ luminance[band.first : band.end].astype(np.float32) for band in _bands(height)]
    )
    columns = [rows[:, band.first : band.end] @ band.weights for band in _bands(width)]
    samples: Floats = np.stack(columns, axis=1)
    return samples


@dataclass(frozen=True)
class _Band:
    """The rows (or columns) `first` to `end` that one sample is the weighted mean of."""

    first: int
    end: int
    weights: Floats


@lru_cache(maxsize=64)
def _bands(length: int) -> tuple[_Band, ...]:
    return tuple(_band(int((sample + 0.5) * length / _SAMPLES), length) for sample in range(_SAMPLES))


def _band(centre: int, length: int) -> _Band:
    """Two passes of the box filter at one place: the mean, over the box around it, of the means over their
    boxes.
    """
    inner = _box(centre, length)
    outer = [_box(place, length) for place in inner]
    first, end = outer[0].start, outer[-1].stop
    weights = np.zeros(end - first, np.float32)
    for box in outer:
        weights[box.start - first : box.stop - first] += 1 / (len(box) * len(inner))
    return _Band(first, end, weights)


def _box(centre: int, length: int) -> range:
    """A box of even width reaches one place further to the right; at the borders it holds what there is."""
    window = (length + 2 * _SAMPLES - 1) // (2 * _SAMPLES)
    right = window // 2
    return range(max(centre - (window - 1 - right), 0), min(centre + right + 1, length))


@cache
def _transform() -> Floats:
    frequency = np.arange(1, _FREQUENCIES + 1)[:, None]
    place = np.arange(_SAMPLES)[None, :]
    angles = np.pi / 2 / _SAMPLES * frequency * (2 * place + 1)
    return np.asarray(np.sqrt(2 / _SAMPLES) * np.cos(angles), np.float32)


def _median(coefficients: Floats) -> np.float32:
    ordered = np.sort(coefficients, axis=None)
    return np.float32(ordered[(ordered.size - 1) // 2])  # the lower of the two in the middle


def _quality(samples: Floats) -> int:
    steps = 0
    for axis in (0, 1):
        steps += int(np.abs((np.diff(samples, axis=axis) * 100 / 255).astype(np.int64)).sum())
    return min(100, steps // _QUALITY_STEP)
