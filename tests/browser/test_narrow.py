"""On a phone nothing lies over what one reads or fills in, and what scrolls sideways shows it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Site, Visit, watched

pytestmark = pytest.mark.browser

EDGE = 6  # pixels


@pytest.fixture
def phone(chromium: Browser, running: Site) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 390, "height": 700}, locale="en-GB")
    found = watched(context, running)
    found.sign_in(running.acme)
    yield found
    complaints = list(found.complaints)
    context.close()
    assert complaints == []


def overlaps(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None
    assert b is not None
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    above = a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
    return not (beside or above)


def test_copying_does_not_lie_over_the_code(phone: Visit) -> None:
    phone.open_whole(phone.site.acme.url("quick-start"))
    blocks = phone.page.locator(".code")
    assert blocks.count() == 3
    for block in blocks.all():
        assert not overlaps(block.locator("pre"), block.get_by_role("button", name="Copy"))


def test_toast_lies_over_no_field_that_is_filled_in(phone: Visit, tmp_path: Path) -> None:
    page = phone.page
    phone.open(phone.site.acme.url("settings"))
    page.get_by_role("button", name="Save").click()
    toast = page.locator(".toast-line")
    expect(toast).to_contain_text("Saved.")
    toast.evaluate("line => line.replaceWith(line.cloneNode(true))")  # a copy stays when it goes
    page.screenshot(path=tmp_path / "toast.png")
    fields = page.locator("main").locator("input:visible, select:visible, textarea:visible, button:visible")
    assert fields.count() > 4
    for field in fields.all():
        field.focus()
        assert not overlaps(field, toast), field.evaluate("field => field.outerHTML")
    box = toast.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 700 - 16


def test_toast_is_dismissed_and_leaves_no_room_behind(phone: Visit) -> None:
    page = phone.page
    phone.open_whole(phone.site.acme.url("settings"))
    before = page.evaluate("document.documentElement.scrollHeight")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".toast-line")).to_have_count(0)
    page.wait_for_function("document.documentElement.style.getPropertyValue('--toasts') === '0px'")
    page.wait_for_function("before => document.documentElement.scrollHeight === before", arg=before)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_table_shows_at_its_edge_that_there_is_more(phone: Visit, theme: str, tmp_path: Path) -> None:
    page = phone.page
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # light or dark
    phone.open_whole("/pricing")
    table = page.locator(".table-box").first
    assert table.evaluate("box => box.scrollWidth > box.clientWidth + 40")
    more = edge(table, tmp_path / "more.png")
    table.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    end = edge(table, tmp_path / "end.png")
    assert abs(more - end) > 4, "the edge looks the same with and without more behind it"


def edge(table: Locator, path: Path) -> float:
    """How bright the lowest line of the right edge is."""
    picture = Image.open(BytesIO(table.screenshot(path=path))).convert("L")
    wide, high = picture.size
    return ImageStat.Stat(picture.crop((wide - EDGE, high - 12, wide - 1, high - 6))).mean[0]
