"""German words are longer: no page scrolls sideways by them, and none of them is cut off."""

import pytest
from playwright.sync_api import Browser, expect

from accounts.services import api_keys, invitations
from tests.browser.conftest import Site, Visit, watched
from tests.browser.test_customer_journey import PICTURES
from tests.samples import decision, deployed, member
from tests.samples.languages import in_german

pytestmark = pytest.mark.browser

PUBLIC = ("/", "/pricing", "/login", "/register", "/reset-password", "/reset-password/done", "/verify")
OWN = (
    "", "usage", "plan", "sites", "new-site", "sites/acme-family", "sites/acme-shop", "sites/acme-shop/try",
    "decisions", "team", "team/transfer", "keys", "keys/new", "quick-start", "audit", "settings",
    "settings/profile", "no-such-page",
)  # fmt: skip
PERSONAL = (
    "/organizations/new", "/settings/security", "/settings/security/email", "/settings/security/password",
    "/settings/security/authenticator", "/settings/security/passkeys/new", "/settings/security/sign-ins",
)  # fmt: skip
# What should show its words whole: a label that is cut off, a button whose words lie outside.
CUT_OFF = """() => [...document.querySelectorAll(
    "h1, h2, h3, dt, .btn, .pill, label, summary, .rail-item, .tabs a, .notice, .stat, .form-text, main p")]
  .filter((found) => found.checkVisibility() && found.clientWidth > 0)
  .filter((found) => !found.closest(".visually-hidden, .table-box, pre, .switcher"))
  .filter((found) => found.scrollWidth > found.clientWidth + 1)
  .filter((found) => getComputedStyle(found).display !== "inline")
  .map((found) => found.outerHTML.slice(0, 120))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def running(running: Site) -> Site:
    """An owner who reads German, with something on every page."""
    acme = running.acme
    shop = deployed(acme, "acme-shop", "marketplace")
    for kind in ("approved", "flagged", "rejected"):
        decision(acme, shop, kind)
    member(acme)
    with acme.scope():
        key, _ = api_keys.create(
            organization=acme.organization, name="Hochladen", scopes=["analyze"], by=acme.owner.actor
        )
        api_keys.revoke(key=key, by=acme.owner.actor)
        invitations.invite(
            organization=acme.organization, email="dora@people.test", role="viewer", by=acme.owner.actor
        )
    in_german(acme)
    return running


@pytest.mark.parametrize("width", [390, 1440])
def test_german_pages_are_whole(running: Site, chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale="de-DE")
    visit = watched(context, running)
    wrong = [found for path in PUBLIC for found in wrong_on(visit, path)]
    sign_in(visit)
    for path in (*(running.acme.url(path) for path in OWN), *PERSONAL):
        wrong += wrong_on(visit, path)
    context.close()
    assert wrong == []


def test_scripts_speak_german(running: Site, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE")
    visit = watched(context, running)
    page, acme = visit.page, running.acme
    sign_in(visit)
    visit.open(acme.url("sites/acme-family"))
    bar = page.locator("[data-save-bar]")
    sliders = page.locator("[data-slider] input[type=range]")
    sliders.nth(0).press("ArrowRight")
    expect(bar).to_contain_text("1 ungespeicherte Änderung")
    sliders.nth(1).press("ArrowRight")
    expect(bar).to_contain_text("2 ungespeicherte Änderungen")
    bar.get_by_role("button", name="Verwerfen").click()
    visit.open(acme.url("sites/acme-shop/try"))
    page.locator("#image").set_input_files(PICTURES / "chelsea.png")
    expect(page.locator("[data-file-note]")).to_contain_text("KiB. Ziehen Sie ein anderes hierher")
    assert visit.complaints == []
    context.close()


def sign_in(visit: Visit) -> None:
    visit.open("/login")
    visit.page.locator("[type=email]").fill(visit.site.acme.owner.email)
    visit.page.locator("[type=password]").fill("correct horse battery staple")
    visit.page.get_by_role("button", name="Anmelden", exact=True).click()
    visit.page.wait_for_url(f"**{visit.site.acme.url()}")


def wrong_on(visit: Visit, path: str) -> list[str]:
    visit.open_whole(path)
    assert visit.page.locator("html").get_attribute("lang") == "de", path
    wider = visit.page.evaluate(WIDER)
    cut: list[str] = visit.page.evaluate(CUT_OFF)
    return [*([f"{path} is {wider} px too wide"] if wider > 0 else []), *(f"{path} {found}" for found in cut)]
