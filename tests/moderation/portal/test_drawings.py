from typing import Any

from moderation.portal.drawings import drawing_of


def label(x: float, y: float, width: float, height: float, score: float = 80) -> dict[str, Any]:
    box = {"x": x, "y": y, "width": width, "height": height}
    return {"label": "FACE_MALE", "score": score, "box": box}


COUNTS = {"counts": True, "contribution": 80}
BELOW = {"counts": False, "contribution": 0}


def test_nothing_to_draw_without_size_or_boxes() -> None:
    assert drawing_of([label(0, 0, 5, 5)], [COUNTS], None, 100) is None
    assert drawing_of([label(0, 0, 5, 5) | {"box": None}], [COUNTS], 100, 100) is None
    assert drawing_of([], [], 100, 100) is None


def test_larger_boxes_lie_below_smaller_ones() -> None:
    drawing = drawing_of([label(10, 10, 5, 5), label(0, 0, 90, 90)], [COUNTS, BELOW], 100, 100)
    assert drawing is not None
    assert [(box.index, box.is_below) for box in drawing.boxes] == [(1, True), (0, False)]


def test_tag_stays_inside_the_picture() -> None:
    drawing = drawing_of([label(990, 0, 10, 10)], [COUNTS], 1000, 800)
    assert drawing is not None
    box = drawing.boxes[0]
    assert box.tag_y == 0
    assert box.tag_x + box.tag_width <= 1000.1


def test_boxes_of_a_turned_picture_turn_the_frame() -> None:
    """A header says 400 by 300; EXIF turns it, and a box at 350 from the top fits only the upright one."""
    drawing = drawing_of([label(10, 340, 50, 50)], [COUNTS], 400, 300)
    assert drawing is not None
    assert (drawing.width, drawing.height) == (300, 400)


def test_box_that_fits_neither_way_keeps_the_frame() -> None:
    drawing = drawing_of([label(0, 0, 500, 500)], [COUNTS], 400, 300)
    assert drawing is not None
    assert (drawing.width, drawing.height) == (400, 300)
