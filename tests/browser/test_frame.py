"""The frame on every width, in both themes, by keyboard."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site, Visit, watched

pytestmark = pytest.mark.browser

PAGES = (
    "", "sites", "new-site", "sites/acme-family", "sites/acme-family/try", "try", "decisions",
    "usage", "plan",
)  # fmt: skip


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_no_page_scrolls_sideways(chromium: Browser, running: Site, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    visit = watched(context, running)
    visit.sign_in(running.acme)
    for path in ("/", "/pricing", *(running.acme.url(path) for path in PAGES)):
        visit.open_whole(path)
        overflow = visit.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, path
    assert visit.complaints == []
    context.close()


def test_drawer_of_phones_opens_and_closes_by_keyboard(chromium: Browser, running: Site) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    visit = watched(context, running)
    visit.sign_in(running.acme)
    rail = visit.page.locator("#rail")
    expect(rail).not_to_be_visible()
    visit.page.get_by_role("button", name="Open the menu").press("Enter")
    expect(rail).to_be_focused()  # once it has come to rest
    visit.page.keyboard.press("Escape")
    expect(rail).not_to_be_visible()
    assert visit.complaints == []
    context.close()


def test_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    visit.sign_in(visit.site.acme)
    visit.open(visit.site.acme.url("sites"))
    visit.page.keyboard.press("Tab")
    skip = visit.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#main")).to_be_focused()


def test_escape_closes_the_switcher_and_the_dialog(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    page.locator(".switcher summary").press("Enter")
    expect(page.locator(".switcher-list a")).to_have_count(2)  # the own one, and "New organisation"
    page.keyboard.press("Escape")
    expect(page.locator(".switcher-list")).not_to_be_visible()
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete this site")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_theme_follows_the_system_until_one_is_chosen(visit: Visit) -> None:
    page = visit.page
    page.emulate_media(color_scheme="dark")
    visit.sign_in(visit.site.acme)
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Light or dark").click()
    expect(html).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(html).to_have_attribute("data-bs-theme", "light")


def test_nothing_moves_for_who_asks_for_it(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    visit.sign_in(visit.site.acme)
    duration = visit.page.locator(".btn, .rail-item").first.evaluate(
        "element => getComputedStyle(element).transitionDuration"
    )
    assert float(duration.rstrip("s")) < 0.001


def test_plan_that_was_overtaken_is_a_toast(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    page.locator("[name=expected_digest]").evaluate("field => { field.value = '0'.repeat(64); }")
    page.get_by_role("button", name="Deploy for the first time").click()
    expect(page.locator("#toasts")).to_contain_text("The site was changed since you saw the plan.")
    expect(page.get_by_role("button", name="Deploy for the first time")).to_be_enabled()
    assert [line for line in visit.complaints if "409" not in line] == []
    visit.complaints.clear()


def test_unsaved_changes_are_counted_and_discarded(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    bar = page.locator("[data-save-bar]")
    expect(bar).not_to_be_visible()
    detection = page.get_by_label("Counts from", exact=True)
    detection.press("ArrowLeft")
    expect(bar).to_contain_text("1 unsaved change")
    expect(page.get_by_role("button", name="Deploy for the first time")).to_be_disabled()
    page.get_by_role("button", name="Counts from: back to 0.25").click()
    expect(bar).not_to_be_visible()
    detection.press("ArrowLeft")
    bar.get_by_role("button", name="Discard").click()
    expect(bar).not_to_be_visible()
    expect(detection).to_have_value("0.25")
    expect(page.locator("#effect-detection")).to_contain_text("Counts from 20 % in public")


def test_site_that_is_deleted_can_be_brought_back(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("to confirm").fill("acme")
    page.get_by_role("dialog").get_by_role("button", name="Delete this site").click()
    expect(page.get_by_role("dialog")).to_contain_text("Nothing was deleted")
    expect(page.get_by_label("to confirm")).to_be_focused()
    assert [line for line in visit.complaints if "422" not in line] == []
    visit.complaints.clear()
    page.get_by_label("to confirm").fill("acme-family")
    page.get_by_role("dialog").get_by_role("button", name="Delete this site").click()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**{acme.url('sites/acme-family')}")


def test_a_text_that_cannot_be_copied_is_selected_and_said_so(visit: Visit) -> None:
    page = visit.page
    visit.sign_in(visit.site.acme)
    visit.open(visit.site.acme.url("quick-start"))
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")
    copied = page.locator(".code").first
    copied.get_by_role("button", name="Copy").click()
    expect(page.locator(".toast-line")).to_contain_text("copy it yourself")
    assert page.evaluate("getSelection().toString()").strip() == copied.locator("code").inner_text().strip()
    expect(copied.get_by_role("button", name="Copied")).to_have_count(0)
