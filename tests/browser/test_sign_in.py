"""Journeys of signing in: passkeys, staff, signing out elsewhere. The first one is `test_first_day`."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.services import people
from musenest.common.actors import SYSTEM
from tests.browser.conftest import Site, Visit, watched
from tests.browser.newcomers import (
    PASSWORD,
    asked,
    code_of,
    security,
    set_up_authenticator,
    sign_in,
    sign_out,
)

pytestmark = pytest.mark.browser


def test_a_passkey_signs_in_alone_and_beside_the_password(chromium: Browser, running: Site) -> None:
    at_localhost = Site(
        running.url.replace("127.0.0.1", "localhost"), running.acme, running.borealis, running.moderation_port
    )  # a passkey is for a name, not for a number
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    visit = watched(context, at_localhost)
    page = visit.page
    give_authenticator(page)
    visit.sign_in(running.acme)
    security(visit).get_by_role("link", name="Add one").click()
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/settings/security/codes")

    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**{running.acme.url()}")

    sign_out(page)
    sign_in(visit, running.acme.owner.email)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**{running.acme.url()}")
    expect(security(visit).get_by_text("password + passkey")).to_be_visible()
    assert visit.complaints == []
    context.close()


def give_authenticator(page: Page) -> None:
    """Chromium's own virtual one, which touches and recognises by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_staff_are_led_to_a_second_factor_before_the_admin_opens(visit: Visit) -> None:
    page = visit.page
    asked(lambda: people.create(email="op@staff.test", password=PASSWORD, by=SYSTEM, is_staff=True))
    sign_in(visit, "op@staff.test")
    page.wait_for_url("**/settings/security")
    visit.open("/admin/")
    page.wait_for_url("**/settings/security")
    expect(page.get_by_text("Staff need a second factor").first).to_be_visible()

    key, _ = set_up_authenticator(visit)
    visit.open("/admin/accounts/person/")
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/admin/accounts/person/")


def test_signing_out_everywhere_ends_the_other_browser(chromium: Browser, visit: Visit) -> None:
    acme = visit.site.acme
    elsewhere = watched(chromium.new_context(locale="en-GB"), visit.site)
    elsewhere.sign_in(acme)
    visit.sign_in(acme)
    page = security(visit)
    expect(page.get_by_text("Another browser")).to_be_visible()

    page.get_by_role("button", name="Everywhere else").click()
    expect(page.get_by_text("You are signed in here only")).to_be_visible()
    expect(page.get_by_text("Another browser")).not_to_be_visible()
    elsewhere.open(acme.url())
    elsewhere.page.wait_for_url("**/login?next=**")
    assert elsewhere.complaints == []
    elsewhere.page.context.close()
