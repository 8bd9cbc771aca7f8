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

from moderation.server.protobuf import field, fields, number

Floats = npt.NDArray[np.float32]

STRIDES = (8, 16, 32)  # model pixels between two anchors of a level
# By level: what both branches are fed, a logit for each label, 64 numbers for a box (4 sides of 16 bins).
FEATURES = tuple(f"/model.{layer}/cv2/act/Mul_output_0" for layer in (15, 18, 21))
LOGITS = tuple(f"/model.22/cv3.{level}/cv3.{level}.2/Conv_output_0" for level in range(len(STRIDES)))
BOXES = tuple(f"/model.22/cv2.{level}/cv2.{level}.2/Conv_output_0" for level in range(len(STRIDES)))
_SIDES, _BINS = 4, 16
_REACH = 2  # anchors by which two convolutions of 3 x 3 look around
_SLACK = np.float32(1e-4)  # what a logit may lack: the score decides

# Of ONNX's messages (onnx.proto): the numbers of the fields that are touched.
_GRAPH_OF_MODEL = 7
_NODE_OF_GRAPH, _WEIGHTS_OF_GRAPH, _INPUT_OF_GRAPH, _OUTPUT_OF_GRAPH = 1, 5, 11, 12
_INPUT_OF_NODE, _OUTPUT_OF_NODE = 1, 2
_NAME_OF_WEIGHTS = 8
_NAME_OF_VALUE, _TYPE_OF_VALUE = 1, 2
_TENSOR_OF_TYPE, _KIND_OF_TENSOR, _SHAPE_OF_TENSOR, _AXIS_OF_SHAPE = 1, 1, 2, 1
_FLOAT = 1
_AXES = 4  # batch, channels, height, width


def body(model: bytes) -> bytes:
    """The model's file up to FEATURES and LOGITS, which are its outputs. Raises ValueError for something that
    is no such file.
    """
    return _part(model, (*FEATURES, *LOGITS))


def branch(model: bytes, level: int) -> bytes:
    """The part of the model's file that works this level's BOXES out of its FEATURES, or of some of them."""
    return _part(model, (BOXES[level],), FEATURES[level])


def _part(model: bytes, outputs: Sequence[str], start: str | None = None) -> bytes:
    return b"".join(
        field(kind, _cut(content, outputs, start)) if kind == _GRAPH_OF_MODEL else whole
        for kind, whole, content in fields(model)
    )


def _cut(graph: bytes, outputs: Sequence[str], start: str | None) -> bytes:
    parts = list(fields(graph))
    nodes, values = _needed([content for kind, _, content in parts if kind == _NODE_OF_GRAPH], outputs, start)
    kept = [whole for kind, whole, content in parts if _is_kept(kind, content, nodes, values, start)]
    start_of = [] if start is None else [field(_INPUT_OF_GRAPH, _value(start))]
    return b"".join([*kept, *start_of, *(field(_OUTPUT_OF_GRAPH, _value(name)) for name in outputs)])


def _is_kept(kind: int, content: bytes, nodes: set[bytes], values: set[bytes], start: str | None) -> bool:
    if kind == _NODE_OF_GRAPH:
        return content in nodes
    if kind == _WEIGHTS_OF_GRAPH:
        return any(name in values for part, _, name in fields(content) if part == _NAME_OF_WEIGHTS)
    return kind != _OUTPUT_OF_GRAPH and (kind != _INPUT_OF_GRAPH or start is None)


def _needed(
    nodes: Sequence[bytes], outputs: Sequence[str], start: str | None
) -> tuple[set[bytes], set[bytes]]:
    """The nodes that the outputs come from, back to `start`, and the values between them; a graph's nodes
    stand in the order of their work.
    """
    values, needed = {name.encode() for name in outputs}, set()
    for node in reversed(nodes):
        ends: dict[int, set[bytes]] = {_INPUT_OF_NODE: set(), _OUTPUT_OF_NODE: set()}
        for kind, _, content in fields(node):
            ends.get(kind, set()).add(content)
        if ends[_OUTPUT_OF_NODE] & values and (start or "").encode() not in ends[_OUTPUT_OF_NODE]:
            needed.add(node)
            values |= ends[_INPUT_OF_NODE]
    return needed, values


def _value(name: str) -> bytes:
    """A tensor of floats with four axes of any length."""
    shape = field(_AXIS_OF_SHAPE, b"") * _AXES
    tensor = number(_KIND_OF_TENSOR, _FLOAT) + field(_SHAPE_OF_TENSOR, shape)
    return field(_NAME_OF_VALUE, name.encode()) + field(_TYPE_OF_VALUE, field(_TENSOR_OF_TYPE, tensor))


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
