"""The first day of somebody new, whole: from registering to signing out everywhere (issue 3)."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from script.support.supervisor import Supervisor
from tests.browser.conftest import Site, Visit, watched
from tests.browser.newcomers import (
    EMAIL,
    PASSWORD,
    code_of,
    link_in_letter,
    register,
    security,
    set_up_authenticator,
    sign_in_with_code,
    sign_out,
    verify,
)
from tests.browser.test_customer_journey import DEPLOYED_WITHIN, decide
from tests.docs.quickstart import CURL, desk_at, follow

pytestmark = pytest.mark.browser

MOST_SECONDS = 120
OWN = "/o/new/"
COLLEAGUE = "dora@people.test"


@pytest.fixture
def others(chromium: Browser, running: Site) -> Iterator[list[Visit]]:
    """Two further browsers: the colleague's, and a second one of whoever is new."""
    found = [
        watched(chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB"), running)
        for _ in range(2)
    ]
    yield found
    complaints = [line for visit in found for line in visit.complaints]
    for visit in found:
        visit.page.context.close()
    assert complaints == []


def test_first_day(programs: Supervisor, visit: Visit, others: list[Visit], tmp_path: Path) -> None:
    colleague, elsewhere = others
    began = monotonic()
    register(visit)
    mail = tmp_path / "mail"
    asked_to_verify(visit)
    verify(visit, link_in_letter(mail, EMAIL))
    first_site(visit)
    first_decision(visit)
    assert monotonic() - began < MOST_SECONDS

    invite(visit.page)
    join(colleague, link_in_letter(mail, COLLEAGUE))
    take_rights_away(visit.page, colleague)

    key, codes = set_up_authenticator(visit)
    sign_in_again(visit, key, codes[0])

    text = first_key(visit.page)
    if CURL is not None:
        follow(desk_at(tmp_path, url=visit.site.url, key=text, site="cygnus"))

    sign_in_with_code(elsewhere, codes[1])
    program = signed_in_program(visit.site, codes[2])
    end_everything(visit, elsewhere, program)


def asked_to_verify(visit: Visit) -> None:
    """On every page, and in the place of what lets others in."""
    page = visit.page
    visit.open(f"{OWN}keys/new")
    expect(page.get_by_text(f"Verify your address: we wrote to {EMAIL}")).to_be_visible()
    expect(page.get_by_role("button", name="Make the key")).to_have_count(0)


def first_site(visit: Visit) -> None:
    """The guide leads; the identifier follows the name while it is typed."""
    page = visit.page
    visit.open(OWN)
    expect(page.get_by_text("Verify your address")).to_have_count(0)
    guide = page.locator(".guide")
    expect(guide).to_contain_text("0 of 3 done")
    guide.get_by_role("link", name="Make the first site").click()
    page.wait_for_url(f"**{OWN}new-site")  # its script follows what is typed
    page.get_by_label("Name").press_sequentially("Cygnus!")
    expect(page.get_by_label("Identifier")).to_have_value("cygnus")
    page.get_by_label("Marketplace").check()
    page.get_by_role("button", name="Make the site").click()
    page.get_by_role("button", name="Deploy for the first time").click()
    expect(page.locator(".in-step")).to_be_visible(timeout=DEPLOYED_WITHIN)
    expect(page.get_by_role("main").get_by_role("link", name="Try a picture")).to_be_visible()


def first_decision(visit: Visit) -> None:
    """Once the guide is through, it leads on."""
    page = visit.page
    visit.open(OWN)
    guide = page.locator(".guide")
    expect(guide).to_contain_text("2 of 3 done")
    guide.get_by_role("link", name="Try a picture").click()
    decide(visit, "chelsea.png")
    expect(page.locator(".verdict")).to_be_visible()
    visit.open(OWN)
    expect(guide).not_to_contain_text("of 3 done")
    expect(guide.get_by_role("link", name="Open the quick start")).to_be_visible()


def invite(page: Page) -> None:
    page.locator(".guide").get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail addresses").fill(COLLEAGUE)
    page.get_by_label("Role", exact=True).select_option("admin")
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.locator(".toast-line").first).to_contain_text("1 invitation is on its way.")


def join(colleague: Visit, link: str) -> None:
    """Registers from the link in the e-mail, and comes back to it."""
    page = colleague.page
    colleague.open(link)
    page.get_by_role("link", name="Register with this address").click()
    address = page.get_by_label("E-mail address")
    expect(address).to_have_value(COLLEAGUE)
    expect(address).to_be_disabled()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("button", name="Accept the invitation").click()
    page.wait_for_url(f"**{OWN}")
    expect(page.locator(".toast-line").first).to_contain_text("Welcome to")
    colleague.open(f"{OWN}keys/new")
    expect(page.get_by_role("button", name="Make the key")).to_be_visible()


def take_rights_away(page: Page, colleague: Visit) -> None:
    """With the colleague's next click: the buttons are gone, and the address says no."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Team").click()
    page.get_by_role("link", name="dora").first.click()
    page.get_by_role("radio", name="Viewer Looks, and").check()
    page.get_by_role("button", name="Change the role").click()
    expect(page.locator(".toast-line").first).to_contain_text(f"{COLLEAGUE} is Viewer")
    colleague.open(f"{OWN}team")
    expect(colleague.page.get_by_role("button", name="Send the invitations")).to_have_count(0)
    refused = colleague.page.goto(f"{colleague.site.url}{OWN}keys/new")
    assert refused is not None
    assert refused.status == 403
    expect(colleague.page.locator("h1")).to_have_text("You may not do this")
    foreign = colleague.page.goto(f"{colleague.site.url}{colleague.site.acme.url('team')}")
    assert foreign is not None
    assert foreign.status == 404
    assert [line for line in colleague.complaints if "403" not in line and "404" not in line] == []
    colleague.complaints.clear()


def sign_in_again(visit: Visit, key: str, recovery: str) -> None:
    """By the app, and by a code for the day on which the phone is lost."""
    page = visit.page
    sign_out(page)
    sign_in_with_code(visit, code_of(key))
    sign_out(page)
    sign_in_with_code(visit, recovery)
    expect(security(visit).get_by_text("9 are left")).to_be_visible()
    expect(page.get_by_text("password + authenticator app")).to_be_visible()
    expect(page.get_by_text("password + recovery code")).to_be_visible()


def first_key(page: Page) -> str:
    """Shown once, copied, and never again."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Developers").click()
    page.get_by_role("link", name="New key").click()
    page.get_by_label("Name", exact=True).fill("First program")
    page.get_by_label("Test: fixed answers").check()
    page.get_by_role("button", name="Make the key").click()
    text = page.locator("#secret").inner_text()
    assert text.startswith("mn_test_")
    page.wait_for_load_state()  # its scripts listen
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("[data-copied-note]")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text
    page.reload()
    assert text not in page.content()
    return text


def signed_in_program(site: Site, code: str) -> dict[str, str]:
    answer = httpx.post(
        f"{site.url}/api/auth/login", json={"email": EMAIL, "password": PASSWORD, "code": code}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    tokens: dict[str, str] = answer.json()["data"]
    return tokens


def end_everything(visit: Visit, elsewhere: Visit, program: dict[str, str]) -> None:
    """With the next request nobody is signed in any more: here, there, or as a program."""
    page, url = visit.page, visit.site.url
    bearer = {"Authorization": f"Bearer {program['access']}"}
    assert httpx.get(f"{url}/api/users/profile", headers=bearer, timeout=30).status_code == 200
    security(visit).get_by_role("button", name="Here too").click()
    page.wait_for_url("**/login")
    expect(page.locator(".toast-line")).to_contain_text(
        "You are signed out everywhere. 3 sign-ins have ended"
    )
    elsewhere.open(OWN)
    elsewhere.page.wait_for_url("**/login?next=**")
    refreshed = httpx.post(f"{url}/api/auth/refresh", json={"refresh": program["refresh"]}, timeout=30)
    assert refreshed.status_code == 401
    assert httpx.get(f"{url}/api/users/profile", headers=bearer, timeout=30).status_code == 401
