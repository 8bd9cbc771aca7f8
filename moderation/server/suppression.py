"""From the model's raw output to detections: boxes, scores and non-maximum suppression, without a Python
loop.

The arithmetic and its order follow the class that is shipped with the model, in 32-bit floats, so that
`agnostic` suppression gives the same labels, boxes and scores as that class does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from moderation.server.suppression_modes import AGNOSTIC

Floats = npt.NDArray[np.float32]

# The order of the model's outputs.
MODEL_LABELS: tuple[str, ...] = (
    "FEMALE_GENITALIA_COVERED",
    "FACE_FEMALE",
    "BUTTOCKS_EXPOSED",
    "FEMALE_BREAST_EXPOSED",
    "FEMALE_GENITALIA_EXPOSED",
    "MALE_BREAST_EXPOSED",
    "ANUS_EXPOSED",
    "FEET_EXPOSED",
    "BELLY_COVERED",
    "FEET_COVERED",
    "ARMPITS_COVERED",
    "ARMPITS_EXPOSED",
    "FACE_MALE",
    "BELLY_EXPOSED",
    "MALE_GENITALIA_EXPOSED",
    "ANUS_COVERED",
    "FEMALE_BREAST_COVERED",
    "BUTTOCKS_COVERED",
)

CANDIDATE_FLOOR = 0.20  # what the model's output must reach to be looked at
AGNOSTIC_FLOOR = 0.25  # what the shipped class returns at least
OVERLAP = 0.45  # intersection over union above which the weaker box goes


@dataclass(frozen=True)
class Found:
    """One detection. `score` is 0-1, `box` is (x, y, width, height) in pixels of the upright picture."""

    label: str
    score: float
    box: tuple[int, int, int, int]


def detections(output: Floats, width: int, height: int, side: int, suppression: str) -> list[Found]:
    """Turn the output (4 + labels rows, one column per anchor) into detections, the surest first.

    `width` and `height` are the upright picture's, `side` the model's input side. The picture was padded to a
    square at its right and lower edge, so one scale serves both axes.
    """
    best = output[4:].max(axis=0)
    kept = np.flatnonzero(best >= CANDIDATE_FLOOR)
    if not kept.size:
        return []
    scores = best[kept]
    classes = output[4:, kept].argmax(axis=0)
    boxes = _boxes(output[:4, kept], width, height, side)
    return [
        Found(MODEL_LABELS[classes[index]], float(scores[index]), _whole(boxes[index]))
        for index in _survivors(boxes, scores, classes, suppression)
    ]


def _boxes(centred: Floats, width: int, height: int, side: int) -> Floats:
    square = np.float32(max(width, height))
    x, y, w, h = centred
    x, y, w, h = (value * square / np.float32(side) for value in (x - w / 2, y - h / 2, w, h))
    x, y = np.clip(x, 0, width), np.clip(y, 0, height)
    return np.stack([x, y, np.minimum(w, width - x), np.minimum(h, height - y)], axis=1)


def _survivors(boxes: Any, scores: Any, classes: npt.NDArray[np.intp], suppression: str) -> Iterable[int]:
    # OpenCV's stubs ask for lists; it takes arrays as well.
    if suppression == AGNOSTIC:
        return cv2.dnn.NMSBoxes(boxes, scores, AGNOSTIC_FLOOR, OVERLAP)
    labels: Any = classes.astype(np.int32)
    return cv2.dnn.NMSBoxesBatched(boxes, scores, labels, CANDIDATE_FLOOR, OVERLAP)


def _whole(box: Floats) -> tuple[int, int, int, int]:
    x, y, w, h = (int(value) for value in box)
    return x, y, w, h
