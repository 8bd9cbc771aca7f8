"""Cutting and rewriting the model's file, as far as speed needs it: no number that it works out changes.

The messages are ONNX's (onnx.proto), read and written field by field, so that no further library is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moderation.server.protobuf import field, fields, number, numeral

# The numbers of the fields that are touched.
_GRAPH_OF_MODEL = 7
_NODE_OF_GRAPH, _WEIGHTS_OF_GRAPH, _INPUT_OF_GRAPH, _OUTPUT_OF_GRAPH = 1, 5, 11, 12
_INPUT_OF_NODE, _OUTPUT_OF_NODE, _NAME_OF_NODE, _KIND_OF_NODE = 1, 2, 3, 4
_LENGTH_OF_WEIGHTS, _NAME_OF_WEIGHTS, _BYTES_OF_WEIGHTS = 1, 8, 9
_NAME_OF_VALUE, _TYPE_OF_VALUE = 1, 2
_TENSOR_OF_TYPE, _KIND_OF_TENSOR, _SHAPE_OF_TENSOR, _AXIS_OF_SHAPE = 1, 1, 2, 1
_FLOAT = 1
_AXES = 4  # batch, channels, height, width
_HALVES = 2


@dataclass(frozen=True)
class Node:
    """One operation: what it is, the names of the values that it takes and gives, and its settings."""

    kind: bytes
    inputs: tuple[bytes, ...]
    outputs: tuple[bytes, ...]
    settings: bytes = b""

    @property
    def content(self) -> bytes:
        names = [field(_INPUT_OF_NODE, name) for name in self.inputs]
        names += [field(_OUTPUT_OF_NODE, name) for name in self.outputs]
        return b"".join([*names, field(_KIND_OF_NODE, self.kind), self.settings])


def read(content: bytes) -> Node:
    found: dict[int, list[bytes]] = {_INPUT_OF_NODE: [], _OUTPUT_OF_NODE: [], _KIND_OF_NODE: [b""]}
    settings = b""
    for kind, whole, value in fields(content):
        if kind in found:
            found[kind].append(value)
        elif kind != _NAME_OF_NODE:
            settings += whole
    return Node(
        found[_KIND_OF_NODE][-1], tuple(found[_INPUT_OF_NODE]), tuple(found[_OUTPUT_OF_NODE]), settings
    )


def part(model: bytes, outputs: Sequence[str], start: str | None = None) -> bytes:
    """The part of the model's file that works the outputs out of its input, or of the value `start`.

    Raises ValueError for something that is no such file.
    """
    return _with_graph(model, lambda graph: _cut(graph, outputs, start))


def halved(model: bytes) -> bytes:
    """The model's file with two convolutions in the place of each whose channels are then split in two
    equal parts.

    Each has half of the weights, and every channel is worked out as before. onnxruntime lays channels out in
    blocks, and would put them in order and back for every split: a twentieth of its time.
    """
    return _with_graph(model, _halved)


def _with_graph(model: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return b"".join(
        field(kind, change(content)) if kind == _GRAPH_OF_MODEL else whole
        for kind, whole, content in fields(model)
    )


def _cut(graph: bytes, outputs: Sequence[str], start: str | None) -> bytes:
    parts = list(fields(graph))
    nodes, values = _needed([content for kind, _, content in parts if kind == _NODE_OF_GRAPH], outputs, start)
    kept = [whole for kind, whole, content in parts if _is_kept(kind, content, nodes, values, start)]
    begun = [] if start is None else [field(_INPUT_OF_GRAPH, _value(start))]
    return b"".join([*kept, *begun, *(field(_OUTPUT_OF_GRAPH, _value(name)) for name in outputs)])


def _is_kept(kind: int, content: bytes, nodes: set[bytes], values: set[bytes], start: str | None) -> bool:
    if kind == _NODE_OF_GRAPH:
        return content in nodes
    if kind == _WEIGHTS_OF_GRAPH:
        return _name(content) in values
    return kind != _OUTPUT_OF_GRAPH and (kind != _INPUT_OF_GRAPH or start is None)


def _needed(
    nodes: Sequence[bytes], outputs: Sequence[str], start: str | None
) -> tuple[set[bytes], set[bytes]]:
    """The nodes that the outputs come from, back to `start`, and the values between them; a graph's nodes
    stand in the order of their work.
    """
    values, needed = {name.encode() for name in outputs}, set()
    for content in reversed(nodes):
        node = read(content)
        if values.intersection(node.outputs) and (start or "").encode() not in node.outputs:
            needed.add(content)
            values.update(node.inputs)
    return needed, values


def _value(name: str) -> bytes:
    """A tensor of floats with four axes of any length."""
    shape = field(_AXIS_OF_SHAPE, b"") * _AXES
    tensor = number(_KIND_OF_TENSOR, _FLOAT) + field(_SHAPE_OF_TENSOR, shape)
    return field(_NAME_OF_VALUE, name.encode()) + field(_TYPE_OF_VALUE, field(_TENSOR_OF_TYPE, tensor))


def _halved(graph: bytes) -> bytes:
    parts = list(fields(graph))
    nodes = [read(content) for kind, _, content in parts if kind == _NODE_OF_GRAPH]
    makers = {value: node for node in nodes for value in node.outputs}
    weights = {_name(content): content for kind, _, content in parts if kind == _WEIGHTS_OF_GRAPH}
    halves: dict[Node, list[Node]] = {}  # what stands in a node's place
    added: list[bytes] = []
    for node in nodes:
        if found := _split_convolution(node, makers):
            convolution, others = found
            halves |= {convolution: list(_two(convolution, node.outputs)), **{each: [] for each in others}}
            added += [
                _half(weights[name], index) for index in range(_HALVES) for name in convolution.inputs[1:]
            ]
    kept = []
    for kind, whole, content in parts:
        replaced = halves.get(read(content)) if kind == _NODE_OF_GRAPH else None
        kept += [whole] if replaced is None else [field(_NODE_OF_GRAPH, each.content) for each in replaced]
    return b"".join([*kept, *(field(_WEIGHTS_OF_GRAPH, each) for each in added)])


def _split_convolution(split: Node, makers: Mapping[bytes, Node]) -> tuple[Node, list[Node]] | None:
    """The convolution whose activation (x times its sigmoid) this node splits in two; and its activation, and
    this node.
    """
    if split.kind != b"Split" or len(split.outputs) != _HALVES:
        return None
    product = makers.get(split.inputs[0])
    if product is None or product.kind != b"Mul":
        return None
    factors = {makers[name].kind: makers[name] for name in product.inputs if name in makers}
    if factors.keys() != {b"Conv", b"Sigmoid"}:
        return None
    return factors[b"Conv"], [factors[b"Sigmoid"], product, split]


def _two(convolution: Node, outputs: Sequence[bytes]) -> Iterator[Node]:
    values, *weights = convolution.inputs
    for index, output in enumerate(outputs):
        plain, gate = output + b".plain", output + b".gate"
        own = tuple(_numbered(name, index) for name in weights)
        yield Node(b"Conv", (values, *own), (plain,), convolution.settings)
        yield Node(b"Sigmoid", (plain,), (gate,))
        yield Node(b"Mul", (plain, gate), (output,))


def _half(weights: bytes, index: int) -> bytes:
    """The first or second half of the output channels, which are the first axis."""
    parts, is_first_axis = [], True
    for kind, whole, content in fields(weights):
        written = whole
        if kind == _LENGTH_OF_WEIGHTS and is_first_axis:
            written, is_first_axis = number(kind, numeral(content) // _HALVES), False
        elif kind == _NAME_OF_WEIGHTS:
            written = field(kind, _numbered(content, index))
        elif kind == _BYTES_OF_WEIGHTS:
            middle = len(content) // _HALVES
            written = field(kind, content[middle:] if index else content[:middle])
        parts.append(written)
    return b"".join(parts)


def _numbered(name: bytes, index: int) -> bytes:
    return name + b".%d" % index


def _name(weights: bytes) -> bytes:
    return next(name for kind, _, name in fields(weights) if kind == _NAME_OF_WEIGHTS)
