"""Somebody who comes for the first time: registers, verifies the address, signs in, sets up a code."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connections
from playwright.sync_api import Page, expect

from musenest.common import tenancy
from tests.browser.conftest import Visit

PASSWORD = "correct horse battery staple"
EMAIL = "new@people.test"
SENT_WITHIN = 60  # seconds
LINK = re.compile(r"https?://[^/\s]+(/(?:invitations|verify)[^\s]*)\s")
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


def link_in_letter(folder: Path, address: str) -> str:
    """The path of the link in the letter to this address, once the worker has sent it."""
    ends = time.monotonic() + SENT_WITHIN
    while time.monotonic() < ends:
        for path in folder.glob("*"):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            if letter["To"] == address and (found := LINK.search(text_of(letter))):
                return found[1]
        time.sleep(0.2)
    raise AssertionError(f"no letter to {address}")


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def code_of(key: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps)))


def register(visit: Visit) -> None:
    page = visit.page
    visit.open("/register")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/o/new/")
    expect(security(visit).get_by_text("not verified yet")).to_be_visible()


def verify(visit: Visit, link: str) -> None:
    page = visit.page
    visit.open(link)
    page.get_by_role("button", name="Verify this address").click()
    page.wait_for_url("**/o/new/")
    expect(security(visit).get_by_text("not verified yet")).not_to_be_visible()


def sign_in(visit: Visit, email: str = EMAIL, password: str = PASSWORD) -> None:
    visit.open("/login")
    visit.page.get_by_label("E-mail address").fill(email)
    visit.page.get_by_label("Password").fill(password)
    visit.page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in_with_code(visit: Visit, code: str) -> None:
    sign_in(visit)
    visit.page.get_by_label("Code").fill(code)
    visit.page.get_by_role("button", name="Sign in", exact=True).click()
    visit.page.wait_for_url("**/o/new/")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")


def security(visit: Visit) -> Page:
    visit.open("/settings/security")
    return visit.page


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
