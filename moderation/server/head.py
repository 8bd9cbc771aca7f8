"""The model's last layers, done here: boxes and scores of the few anchors that see something.

The file's graph ends by turning all 2,100 anchors' distributions into boxes (a softmax over 16 bins for each
of four sides, YOLOv8's "DFL"), although few are ever looked at: a twelfth of the time of the whole model.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from moderation.server.protobuf import field, fields

Floats = npt.NDArray[np.float32]

STRIDES = (8, 16, 32)  # model pixels between two anchors of a level
# What the layers before give, by level: 64 numbers for a box (4 sides of 16 bins), a logit for each label.
BOXES = tuple(f"/model.22/cv2.{level}/cv2.{level}.2/Conv_output_0" for level in range(len(STRIDES)))
LOGITS = tuple(f"/model.22/cv3.{level}/cv3.{level}.2/Conv_output_0" for level in range(len(STRIDES)))
_SIDES, _BINS = 4, 16
_SLACK = np.float32(1e-4)  # what a logit may lack: the score decides

# Of ONNX's messages (onnx.proto): the numbers of the fields that are touched.
_GRAPH_OF_MODEL, _NODE_OF_GRAPH, _OUTPUT_OF_GRAPH = 7, 1, 12
_INPUT_OF_NODE, _OUTPUT_OF_NODE = 1, 2
_NAME_OF_OUTPUT, _TYPE_OF_OUTPUT = 1, 2
_FLOAT_TENSOR = b"\x0a\x02\x08\x01"


def without_head(model: bytes) -> bytes:
    """The model's file with BOXES and LOGITS as its outputs, without the nodes that follow them.

    Raises ValueError for something that is no such file.
    """
    return b"".join(
        field(number, _shortened(content)) if number == _GRAPH_OF_MODEL else whole
        for number, whole, content in fields(model)
    )


def _shortened(graph: bytes) -> bytes:
    parts = list(fields(graph))
    nodes = [content for number, _, content in parts if number == _NODE_OF_GRAPH]
    needed = _needed(nodes)
    kept = (
        whole
        for number, whole, content in parts
        if number != _OUTPUT_OF_GRAPH and (number != _NODE_OF_GRAPH or content in needed)
    )
    return b"".join([*kept, *map(_output, (*BOXES, *LOGITS))])


def _needed(nodes: list[bytes]) -> set[bytes]:
    """The nodes that BOXES and LOGITS come from; a graph's nodes stand in the order of their work."""
    values, needed = {name.encode() for name in (*BOXES, *LOGITS)}, set()
    for node in reversed(nodes):
        ends: dict[int, set[bytes]] = {_INPUT_OF_NODE: set(), _OUTPUT_OF_NODE: set()}
        for number, _, content in fields(node):
            ends.get(number, set()).add(content)
        if ends[_OUTPUT_OF_NODE] & values:
            needed.add(node)
            values |= ends[_INPUT_OF_NODE]
    return needed


def candidates(outputs: Sequence[Floats], floor: float) -> Floats:
    """From the values of BOXES and LOGITS to what the whole model gives, for the anchors whose best score
    reaches `floor`: (4 + labels, anchors), boxes as centre and size in model pixels.
    """
    levels = len(STRIDES)
    logits = np.concatenate([_flat(level) for level in outputs[levels:]], axis=1)
    wanted = np.float32(np.log(floor / (1 - floor))) - _SLACK
    kept = np.flatnonzero(logits.max(axis=0) >= wanted)
    boxes = np.concatenate([_flat(level) for level in outputs[:levels]], axis=1)[:, kept]
    scores = 1 / (1 + np.exp(-logits[:, kept]))
    anchors = _anchors(tuple(level.shape[2:] for level in outputs[:levels]))
    return np.concatenate([_boxes(boxes, anchors[:, kept]), scores])


def _flat(level: Floats) -> Floats:
    """(1, channels, height, width) as (channels, anchors)."""
    return level.reshape(level.shape[1], -1)


def _boxes(distributions: Floats, anchors: Floats) -> Floats:
    bins = distributions.reshape(_SIDES, _BINS, -1)
    shares = np.exp(bins - bins.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    sides = np.einsum("sba,b->sa", shares, np.arange(_BINS, dtype=np.float32))
    centres, stride = anchors[:2], anchors[2]
    first, last = centres - sides[:2], centres + sides[2:]
    return np.concatenate([(first + last) / 2 * stride, (last - first) * stride])


@lru_cache(maxsize=1)
def _anchors(sizes: tuple[tuple[int, int], ...]) -> Floats:
    """x, y (in steps of the level) and the stride of every anchor, row by row."""
    levels = []
    for stride, size in zip(STRIDES, sizes, strict=True):
        y, x = np.indices(size, dtype=np.float32).reshape(2, -1) + np.float32(0.5)
        levels.append(np.stack([x, y, np.full_like(x, stride)]))
    return np.concatenate(levels, axis=1)


def _output(name: str) -> bytes:
    described = field(_NAME_OF_OUTPUT, name.encode()) + field(_TYPE_OF_OUTPUT, _FLOAT_TENSOR)
    return field(_OUTPUT_OF_GRAPH, described)
