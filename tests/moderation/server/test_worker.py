"""A picture on which the server fails costs its own answer, and no worker."""

from types import SimpleNamespace
from typing import Any

from moderation.server import worker
from tests.moderation.server import samples


def failing(*_: Any) -> None:
    raise RuntimeError("the model is out of order")


def test_a_failure_is_an_answer() -> None:
    detector: Any = SimpleNamespace(infer=failing)
    picture = memoryview(samples.bundled("chessboard_RGB.png"))
    error = worker.examine(detector, picture, hashes=True)["error"]
    assert (error["code"], error["status"]) == ("EXAMINATION_FAILED", 500)
    assert "out of order" not in error["message"]
