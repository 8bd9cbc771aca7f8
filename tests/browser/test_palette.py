"""Ctrl-K: pages and sites by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_palette_goes_to_a_page_and_to_a_site(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Page or site")
    expect(field).to_be_focused()
    page.keyboard.type("decis")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{acme.url('decisions')}")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("fam acme")
    expect(page.locator("#palette").get_by_role("option", selected=True)).to_contain_text("Acme Family")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{acme.url('sites/acme-family')}")


def test_palette_knows_pages_below_the_menu_by_other_words(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="Acme Family").wait_for()
    for typed, found in (("2fa", "Security"), ("curl", "Quick start"), ("who did", "Audit trail")):
        page.get_by_role("combobox").fill(typed)
        expect(page.get_by_role("option")).to_have_count(1)
        expect(page.get_by_role("option")).to_contain_text(found)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{acme.url('audit')}")


def test_palette_tells_what_is_pointed_at_and_what_is_found(visit: Visit) -> None:
    page = visit.page
    visit.sign_in(visit.site.acme)
    page.get_by_role("button", name="Go to").click()
    field = page.get_by_role("combobox")
    page.get_by_role("option", name="Acme Family").wait_for()
    first = field.get_attribute("aria-activedescendant") or ""
    assert first
    page.keyboard.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", first)
    page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", first)
    page.keyboard.type("borealis")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.locator("#palette [role=status]")).to_have_text("Nothing found")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
