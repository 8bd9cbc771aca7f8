"""The model is cut and rewritten without a change to any number."""

from collections.abc import Sequence

import numpy as np
import onnxruntime
import pytest

from moderation.server import graph, head
from moderation.server.detector import prepared
from moderation.server.model_file import model_path
from tests.moderation.server import samples

OUTPUTS = (*head.FEATURES, *head.LOGITS)


def worked_out(model: bytes, values: Sequence[str], seed: int) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(list(values), {"images": prepared(samples.collage(seed))})
    return found


@pytest.mark.parametrize("seed", range(3))
def test_halves_work_out_the_same_numbers(seed: int) -> None:
    model = model_path().read_bytes()
    whole = worked_out(graph.part(model, OUTPUTS), OUTPUTS, seed)
    halves = worked_out(graph.part(graph.halved(model), OUTPUTS), OUTPUTS, seed)
    assert all(np.array_equal(one, other) for one, other in zip(whole, halves, strict=True))


def test_every_split_of_a_convolution_is_gone() -> None:
    model = model_path().read_bytes()
    operation = b"\x22\x05Split"  # field 4 of a node
    assert graph.part(model, OUTPUTS).count(operation) == 8
    assert operation not in graph.part(graph.halved(model), OUTPUTS)


def test_what_is_left_out_leaves_no_weights_behind() -> None:
    model = model_path().read_bytes()
    whole, halves = (len(graph.part(each, OUTPUTS)) for each in (model, graph.halved(model)))
    assert whole < 0.9 * len(model)
    assert abs(halves - whole) < 0.01 * whole  # no weights twice


def test_a_cut_file_is_refused() -> None:
    model = model_path().read_bytes()
    for length in (1, 100, len(model) // 2, len(model) - 1):
        with pytest.raises(ValueError, match="cut"):
            head.body(model[:length])


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="protobuf"):
        head.body(b"\x07 is no wire type")
