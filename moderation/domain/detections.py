"""What a moderation server saw in a picture: a label, how sure it is, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.labels import UnknownLabelError, canonical

_SIDES = ("x", "y", "width", "height")
_HIGHEST_SCORE = 100
_FARTHEST_PIXEL = 1e9


class UnreadableDetectionError(ValueError):
    """An answer of a server that cannot be read; whoever catches it must not approve the picture."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the submitted picture, its origin at the top left."""

    x: float
    y: float
    width: float
    height: float

    def payload(self) -> dict[str, float]:
        return {side: getattr(self, side) for side in _SIDES}


@dataclass(frozen=True)
class Detection:
    """One part of a body: a canonical label, a score in percent, and its box if the server tells."""

    label: str
    score: float
    box: Box | None = None

    def payload(self) -> dict[str, Any]:
        """The detection as it goes over the wire in `labels`; `parse_detections` reads it back."""
        return {"label": self.label, "score": self.score, "box": self.box.payload() if self.box else None}


def parse_detections(labels: object) -> tuple[Detection, ...]:
    """Read the list `labels` of a server's answer: `[{label, score, box}, …]`, in its order.

    A box may be absent, null, `{x, y, width, height}` or `[x, y, width, height]`. Both spellings of a label
    are read. Keys that are not known are ignored, because a newer server may send more.

    Raises:
        UnreadableDetectionError: anything else: no list, an unknown label, a score that is no number from 0
            to 100 (NaN, infinity, a text and a boolean are none), a box without four finite numbers.

    """
    if not isinstance(labels, list | tuple):
        raise UnreadableDetectionError("labels", "A list of detections is expected.")
    return tuple(_detection(item, f"labels.{index}") for index, item in enumerate(labels))


def _detection(item: object, path: str) -> Detection:
    if not isinstance(item, Mapping):
        raise UnreadableDetectionError(path, "An object with label and score is expected.")
    score = _number(item.get("score"), f"{path}.score")
    if not 0 <= score <= _HIGHEST_SCORE:
        raise UnreadableDetectionError(f"{path}.score", "A score is a percentage from 0 to 100.")
    return Detection(_label(item.get("label"), f"{path}.label"), score, _box(item.get("box"), f"{path}.box"))


def _label(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise UnreadableDetectionError(path, "A label is expected.")
    try:
        return canonical(value)
    except UnknownLabelError as error:
        raise UnreadableDetectionError(path, str(error)) from error


def _box(value: object, path: str) -> Box | None:
    if value is None:
        return None
    sides = [value.get(side) for side in _SIDES] if isinstance(value, Mapping) else value
    if not isinstance(sides, list | tuple) or len(sides) != len(_SIDES):
        raise UnreadableDetectionError(path, "A box is x, y, width and height.")
    x, y, width, height = (_number(side, path) for side in sides)
    if min(width, height) < 0:
        raise UnreadableDetectionError(path, "A box has no negative width or height.")
    return Box(x, y, width, height)


def _number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableDetectionError(path, "A number is expected.")
    # NaN is outside every range, and so is an integer that no float can hold.
    if not -_FARTHEST_PIXEL <= value <= _FARTHEST_PIXEL:
        raise UnreadableDetectionError(path, "A finite number is expected.")
    return value
