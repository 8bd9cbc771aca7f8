"""The model's last layers, done where something is seen.

The file's graph ends with two branches for each of three levels (YOLOv8's head): one scores the anchors, one
describes their boxes. It then turns all 2,100 anchors' descriptions into boxes (a softmax over 16 bins for
each of four sides, "DFL"), although few are ever looked at. Here the model ends with the scores and with what
both branches are fed; boxes are worked out of the part of it around the anchors that score. Where little is
seen that spares most of a fifth of the model, and the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from moderation.server import graph

Floats = npt.NDArray[np.float32]

STRIDES = (8, 16, 32)  # model pixels between two anchors of a level
# By level: what both branches are fed, a logit for each label, 64 numbers for a box (4 sides of 16 bins).
FEATURES = tuple(f"/model.{layer}/cv2/act/Mul_output_0" for layer in (15, 18, 21))
LOGITS = tuple(f"/model.22/cv3.{level}/cv3.{level}.2/Conv_output_0" for level in range(len(STRIDES)))
BOXES = tuple(f"/model.22/cv2.{level}/cv2.{level}.2/Conv_output_0" for level in range(len(STRIDES)))
_SIDES, _BINS = 4, 16
_REACH = 2  # anchors by which two convolutions of 3 x 3 look around
_SLACK = np.float32(1e-4)  # what a logit may lack: the score decides


def body(model: bytes) -> bytes:
    """The model's file up to FEATURES and LOGITS, which are its outputs. Raises ValueError for something that
    is no such file.
    """
    return graph.part(graph.halved(model), (*FEATURES, *LOGITS))


def branch(model: bytes, level: int) -> bytes:
    """The part of the model's file that works this level's BOXES out of its FEATURES, or of some of them."""
    return graph.part(model, (BOXES[level],), FEATURES[level])


def candidates(
    features: Sequence[Floats],
    logits: Sequence[Floats],
    describe: Callable[[int, Floats], Floats],
    floor: float,
) -> Floats:
    """From the values of FEATURES and LOGITS to what the whole model gives, for the anchors whose best score
    reaches `floor`: (4 + labels, anchors), boxes as centre and size in model pixels.

    `describe` answers with a level's BOXES for a part of its FEATURES.
    """
    wanted = np.float32(np.log(floor / (1 - floor))) - _SLACK
    levels = []
    for level, scored in enumerate(logits):
        rows, columns = np.nonzero(scored[0].max(axis=0) >= wanted)
        found = scored[0][:, rows, columns]
        boxes = found[:4]
        if rows.size:
            top, left, part = _around(features[level], rows, columns)
            described = describe(level, part)[0][:, rows - top, columns - left]
            boxes = _boxes(described, rows, columns, STRIDES[level])
        levels.append(np.concatenate([boxes, 1 / (1 + np.exp(-found))]))
    return np.concatenate(levels, axis=1)


def _around(
    features: Floats, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]
) -> tuple[int, int, Floats]:
    """The first row and column of the part that the anchors' boxes depend on, and the part."""
    top, left = max(0, int(rows.min()) - _REACH), max(0, int(columns.min()) - _REACH)
    part = features[:, :, top : rows.max() + _REACH + 1, left : columns.max() + _REACH + 1]
    return top, left, np.ascontiguousarray(part)


def _boxes(
    described: Floats, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], stride: int
) -> Floats:
    bins = described.reshape(_SIDES, _BINS, -1)
    shares = np.exp(bins - bins.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    sides = np.einsum("sba,b->sa", shares, np.arange(_BINS, dtype=np.float32))
    centres = np.stack([columns, rows]).astype(np.float32) + np.float32(0.5)
    first, last = centres - sides[:2], centres + sides[2:]
    return np.concatenate([(first + last) / 2 * stride, (last - first) * stride])
