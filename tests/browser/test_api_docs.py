"""The API's description in the frame: it loads, follows the theme, fits, and nothing complains."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1440])
def test_the_description_opens_in_both_themes(visit: Visit, tmp_path: Path, width: int) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 900})
    visit.open("/api/docs")
    operation = page.locator("#operations-Sites-list_sites")
    expect(operation).to_be_visible()
    page.screenshot(path=tmp_path / "light.png")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html.dark-mode")).to_be_attached()
    expect(page.locator("body")).not_to_have_css("background-color", light)
    operation.get_by_role("button").first.click()
    expect(operation.get_by_text("Parameters", exact=True)).to_be_visible()
    operation.screenshot(path=tmp_path / "operation.png")
    page.screenshot(path=tmp_path / "dark.png")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.get_by_role("link", name="MuseNest").first.click()
    page.wait_for_url(f"{visit.site.url}/")
