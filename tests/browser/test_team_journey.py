"""Two people and a program: invited, accepted, another role, a key that works and then does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Notification
from accounts.services import people
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.browser.conftest import Site, Visit, watched
from tests.samples import PASSWORD
from tests.samples.api import SITES

pytestmark = pytest.mark.browser

DORA = "dora@people.test"


@pytest.fixture
def dora(running: Site) -> str:
    return people.create(email=DORA, password=PASSWORD, by=SYSTEM, name="Dora").email


@pytest.fixture
def second(dora: str, chromium: Browser, running: Site) -> Iterator[Visit]:
    """Dora's browser, beside the owner's."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    found = watched(context, running)
    yield found
    context.close()


def link_to(address: str) -> str:
    """Where the e-mail to this address leads. In a thread: Django refuses the database beside Playwright."""

    def read() -> str:
        with tenancy.staff():
            return str(Notification.objects.get(template="invitation", address=address).secrets)

    with ThreadPoolExecutor(1) as pool:
        secrets = pool.submit(read).result()
    return "/invitations/" + secrets.split("/invitations/")[1].split('"')[0]


def test_journey_of_two_people_and_a_program(dora: str, visit: Visit, second: Visit) -> None:
    visit.sign_in(visit.site.acme)
    invite(visit)
    accept(second)
    change_the_role(visit, second)
    text = make_a_key(visit)
    assert status_of(visit, text) == 200
    revoke_it(visit)
    assert status_of(visit, text) == 401
    remove_and_undo(visit, second)
    read_the_trail(visit.page)


def invite(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Team").click()
    page.get_by_label("E-mail addresses").fill(f"{DORA}, emil@people.test")
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.locator(".toast-line").first).to_contain_text("2 invitations are on their way.")
    row = page.locator(".invitations tr", has_text="emil@people.test")
    row.get_by_role("button", name="Revoke").click()
    expect(page.locator(".invitations")).not_to_contain_text("emil@people.test")


def accept(second: Visit) -> None:
    page = second.page
    second.open(link_to("emil@people.test"))
    expect(page.locator("h1")).to_have_text("This invitation was withdrawn")
    assert [line for line in second.complaints if "410" not in line] == []
    second.complaints.clear()
    second.open(link_to(DORA))
    page.get_by_role("link", name="Sign in to accept").click()
    page.get_by_label("E-mail address").fill(DORA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Accept the invitation").click()
    page.wait_for_url(f"**{second.site.acme.url()}")
    expect(page.locator(".toast-line").first).to_contain_text("Welcome to Acme.")


def change_the_role(visit: Visit, second: Visit) -> None:
    """What Dora sees changes with her next click, without signing in again."""
    page, acme = visit.page, visit.site.acme
    second.open(acme.url("team"))
    expect(second.page.get_by_role("button", name="Send the invitations")).to_have_count(0)
    page.reload()
    page.get_by_role("link", name="Dora").click()
    page.get_by_role("radio", name="Admin").check()
    page.get_by_role("button", name="Change the role").click()
    expect(page.locator(".toast-line").first).to_contain_text(f"{DORA} is Admin")
    second.page.reload()
    expect(second.page.get_by_role("button", name="Send the invitations")).to_be_visible()


def make_a_key(visit: Visit) -> str:
    page = visit.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Developers").click()
    page.get_by_role("link", name="New key").click()
    page.get_by_label("Name", exact=True).fill("Uploads")
    page.get_by_label("See sites and their configuration").check()
    page.get_by_role("button", name="Make the key").click()
    text = page.locator("#secret").inner_text()
    page.wait_for_load_state()  # its scripts listen
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("[data-copied-note]")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text
    page.reload()  # shows the list, and makes no second key
    expect(page.locator(".keys tbody tr")).to_have_count(1)
    assert text not in page.content()
    return text


def status_of(visit: Visit, text: str) -> int:
    return httpx.get(f"{visit.site.url}{SITES}", headers={"X-API-Key": text}, timeout=30).status_code


def revoke_it(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Revoke Uploads").click()
    dialog = page.get_by_role("dialog", name="Revoke Uploads")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).not_to_be_visible()
    page.get_by_role("button", name="Revoke Uploads").click()
    dialog.get_by_role("button", name="Revoke the key").click()
    expect(page.locator(".keys tbody")).to_contain_text("Revoked")


def remove_and_undo(visit: Visit, second: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.open(acme.url("team"))
    page.get_by_role("link", name="Dora").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove from the organisation").click()
    expect(page.locator(".undo")).to_contain_text(DORA)
    second.page.reload()
    expect(second.page.locator("h1")).to_have_text("There is nothing here")
    assert [line for line in second.complaints if "404" not in line] == []
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast-line").first).to_contain_text(f"{DORA} is a member again.")
    second.page.reload()
    expect(second.page.locator("h1")).to_have_text("Team")


def read_the_trail(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Audit trail").click()
    page.get_by_label("What", exact=True).select_option("membership.role_changed")
    page.get_by_role("button", name="Filter").click()
    rows = page.locator(".audit > tbody > tr")
    expect(rows).to_have_count(1)
    rows.locator("summary").click()
    expect(rows.locator("del")).to_have_text("viewer")
    expect(rows.locator("ins")).to_have_text("admin")


def test_theme_of_the_profile_is_kept_and_given_back_to_the_system(visit: Visit) -> None:
    page = visit.page
    page.emulate_media(color_scheme="light")
    visit.sign_in(visit.site.acme)
    visit.open(visit.site.acme.url("settings/profile"))
    html = page.locator("html")
    page.get_by_label("Dark", exact=True).check()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_label("Dark", exact=True)).to_be_checked()
    page.get_by_label("As the system says").check()
    expect(html).to_have_attribute("data-bs-theme", "light")
