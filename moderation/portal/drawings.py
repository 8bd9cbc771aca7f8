"""Boxes over a picture, as numbers for SVG in the picture's own pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from moderation.portal import words

# Shares of the picture's longer side, so that a label reads the same on a thumbnail and on 40 megapixels.
FONT = 0.034
LEAST_FONT = 11
LETTER = 0.6  # width of a letter in font sizes
LINE = 1.6
PADDING = 0.4


@dataclass(frozen=True)
class Box:
    index: int
    x: float
    y: float
    width: float
    height: float
    text: str
    words: str
    tone: str
    is_below: bool
    tag_x: float
    tag_y: float
    tag_width: float
    text_x: float
    text_y: float


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: list[Box]
    font_size: float
    tag_height: float

    @property
    def tag_radius(self) -> float:
        return self.font_size * 0.25

    @property
    def words(self) -> str:
        said = ngettext(
            "%(number)s detection drawn over the picture",
            "%(number)s detections drawn over the picture",
            len(self.boxes),
        )
        return said % {"number": len(self.boxes)}


def drawing_of(
    labels: Sequence[dict[str, Any]], scored: Sequence[dict[str, Any]], width: int | None, height: int | None
) -> Drawing | None:
    """None where the picture's size or every box is unknown (a v3 or failed answer)."""
    boxed = [(index, label) for index, label in enumerate(labels) if label.get("box")]
    if not width or not height or not boxed:
        return None
    width, height = upright([label["box"] for _, label in boxed], width, height)
    font = max(LEAST_FONT, FONT * max(width, height))
    # The largest first, so that a small box inside a large one can be pointed at.
    boxed.sort(key=lambda item: -item[1]["box"]["width"] * item[1]["box"]["height"])
    boxes = [box_of(index, label, how(scored, index), font, width) for index, label in boxed]
    return Drawing(width, height, boxes, round(font, 1), round(font * LINE, 1))


def upright(boxes: Sequence[dict[str, float]], width: int, height: int) -> tuple[int, int]:
    """The size as seen, which is what boxes are in: a header's is stored; EXIF may turn it by a quarter."""
    is_out = any(box["x"] + box["width"] > width or box["y"] + box["height"] > height for box in boxes)
    would_fit = all(box["x"] + box["width"] <= height and box["y"] + box["height"] <= width for box in boxes)
    return (height, width) if is_out and would_fit else (width, height)


def how(scored: Sequence[dict[str, Any]], index: int) -> dict[str, Any]:
    return scored[index] if index < len(scored) else {"counts": False, "contribution": 0}


def box_of(
    index: int, label: dict[str, Any], counted: dict[str, Any], font: float, picture_width: int
) -> Box:
    box = label["box"]
    text = f"{words.part(label['label'])} {label['score']:.1f} %"
    side = gettext("counts") if counted["counts"] else gettext("under the threshold")
    tag_width = (len(text) * LETTER + 2 * PADDING) * font
    tag_x = max(0, min(box["x"], picture_width - tag_width))
    tag_y = max(0, box["y"] - font * LINE)
    return Box(
        index=index,
        x=box["x"],
        y=box["y"],
        width=box["width"],
        height=box["height"],
        text=text,
        words=f"{text}, {side}",
        tone="rejected" if counted["contribution"] else "neutral",
        is_below=not counted["counts"],
        tag_x=round(tag_x, 1),
        tag_y=round(tag_y, 1),
        tag_width=round(tag_width, 1),
        text_x=round(tag_x + PADDING * font, 1),
        text_y=round(tag_y + font * (LINE + 0.7) / 2, 1),
    )
