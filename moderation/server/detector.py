"""The NudeNet model: one onnxruntime session of one thread.

More pictures at once are more processes, not more threads: a second thread in a session gains little on this
small model, and onnxruntime's spinning takes the core from the neighbour.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from moderation.server import head
from moderation.server.suppression import CANDIDATE_FLOOR, Found, detections
from moderation.server.suppression_modes import PER_CLASS

INPUT_SIDE = 320
_ERRORS = 3  # of onnxruntime's severities

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class Detector:
    """NudeNet on decoded pictures, one at a time."""

    def __init__(self, path: Path, suppression: str = PER_CLASS) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        options.log_severity_level = _ERRORS  # it warns of what the head leaves behind
        model = path.read_bytes()
        self._body = _session(head.body(model), options)
        self._branches = [_session(head.branch(model, level), options) for level in range(len(head.STRIDES))]
        self._input = self._body.get_inputs()[0].name
        self._suppression = suppression

    def infer(self, picture: Picture) -> npt.NDArray[np.float32]:
        """Run the model on an upright 8-bit BGR picture (height, width, 3); raw output (22, anchors), of the
        anchors that see something.
        """
        outputs = self._body.run([*head.FEATURES, *head.LOGITS], {self._input: prepared(picture)})
        levels = len(head.STRIDES)
        return head.candidates(outputs[:levels], outputs[levels:], self._described, CANDIDATE_FLOOR)

    def _described(self, level: int, features: Floats) -> Floats:
        boxes: Floats = self._branches[level].run([head.BOXES[level]], {head.FEATURES[level]: features})[0]
        return boxes

    def found(self, output: npt.NDArray[np.float32], picture: Picture) -> list[Found]:
        """Turn the raw output for a picture into detections in that picture's pixels."""
        height, width = picture.shape[:2]
        return detections(output, width, height, INPUT_SIDE, self._suppression)


def _session(model: bytes, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def prepared(picture: Picture) -> Floats:
    """Pad to a square with black at the right and lower edge, scale to the model's side, and to 0-1.

    The channels stay in OpenCV's order, blue first: the shipped class swaps red and blue twice, so this is
    what it feeds the model, and every published figure of this model's detections was made that way.
    """
    small = _scaled(picture)
    height, width = small.shape[:2]
    blob = np.zeros((1, 3, INPUT_SIDE, INPUT_SIDE), np.float32)
    np.multiply(small.transpose(2, 0, 1), np.float32(1 / 255), out=blob[0, :, :height, :width])
    return blob


def _scaled(picture: Picture) -> Picture:
    """The padded square in the model's size, without the rows and columns that are black in any case.

    Scaling down, every whole number of model pixels can be scaled by itself: the black that follows reaches
    into none of them. So the picture is padded only to the next such edge, not to the whole square.
    """
    height, width = picture.shape[:2]
    side = max(height, width)
    step = side // math.gcd(side, INPUT_SIDE) if side >= INPUT_SIDE else side
    high, wide = (min(-(-length // step) * step, side) for length in (height, width))
    below, beside = high - height, wide - width
    if below or beside:
        picture = np.asarray(cv2.copyMakeBorder(picture, 0, below, 0, beside, cv2.BORDER_CONSTANT), np.uint8)
    size = (wide * INPUT_SIDE // side, high * INPUT_SIDE // side)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)
