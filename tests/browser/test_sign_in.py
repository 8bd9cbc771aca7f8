"""Journeys of signing in: register, verify, second factors, passkeys, staff, signing out everywhere."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from accounts.models import Notification
from accounts.services import people
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.browser.conftest import Site, Visit, watched

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"
EMAIL = "new@people.test"
Found = TypeVar("Found")


def asked(question: Callable[[], Found]) -> Found:
    """The answer of the database, from a thread: Django refuses it beside Playwright's loop."""

    def answer() -> Found:
        try:
            with tenancy.staff():
                return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(answer).result()


def link_in_mail(template: str) -> str:
    """The path of the link in the last message of this kind."""
    secrets = asked(lambda: Notification.objects.filter(template=template).latest("created_at").secrets)
    link = str(json.loads(secrets)["link"])
    return re.sub(r"^https?://[^/]+", "", link)


def code_of(key: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps)))


def sign_in(visit: Visit, email: str = EMAIL, password: str = PASSWORD) -> None:
    visit.open("/login")
    visit.page.get_by_label("E-mail address").fill(email)
    visit.page.get_by_label("Password").fill(password)
    visit.page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")


def security(visit: Visit) -> Page:
    visit.open("/settings/security")
    return visit.page


def test_register_verify_and_a_second_factor_that_is_asked_for(visit: Visit) -> None:
    page = visit.page
    register(visit)
    verify(visit)
    key, codes = set_up_authenticator(visit)

    sign_out(page)
    sign_in(visit)
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/o/new/")

    sign_out(page)
    sign_in(visit)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/o/new/")
    expect(security(visit).get_by_text("9 are left")).to_be_visible()
    expect(page.get_by_text("password + authenticator app")).to_be_visible()
    expect(page.get_by_text("password + recovery code")).to_be_visible()


def register(visit: Visit) -> None:
    page = visit.page
    visit.open("/register")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/o/new/")
    expect(security(visit).get_by_text("not verified yet")).to_be_visible()


def verify(visit: Visit) -> None:
    page = visit.page
    visit.open(link_in_mail("verify_email"))
    page.get_by_role("button", name="Verify this address").click()
    page.wait_for_url("**/o/new/")
    expect(security(visit).get_by_text("not verified yet")).not_to_be_visible()


def set_up_authenticator(visit: Visit) -> tuple[str, list[str]]:
    page = security(visit)
    page.get_by_role("link", name="Set up").click()
    page.get_by_text("Type the key instead").click()
    key = page.locator("#totp-key").inner_text()
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Turn it on").click()
    page.wait_for_url("**/settings/security/codes")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    return key, codes


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
