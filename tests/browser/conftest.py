"""Chromium in front of the whole site, with a real moderation server and a real worker behind it.

Whatever the browser complains about (errors in its console, violations of the content security policy,
requests that fail) makes the test fail, unless the test takes it as expected.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import pytest
from django.db import connections
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from script.support.programs import moderation, worker
from script.support.supervisor import Supervisor
from tests import plugin
from tests.ports import free_port
from tests.samples import PASSWORD, Customer, customer, server, site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
READY_SECONDS = 60
expect.set_options(
    timeout=15_000
)  # a machine that does much else needs more than the five seconds of Playwright
# A click waits until the page's scripts listen, which are deferred: a person is never as fast as a test.
NOT_YET = """
    new MutationObserver((_, observer) => {
        observer.disconnect();
        document.documentElement.style.pointerEvents = "none";
        document.addEventListener("DOMContentLoaded", () =>
            document.documentElement.style.removeProperty("pointer-events"));
    }).observe(document, { childList: true });
"""
WHOLE = "() => document.fonts.status === 'loaded' && !document.querySelector('.htmx-request')"
COMPLAINTS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@dataclass
class Site:
    """The site and its two customers."""

    url: str
    acme: Customer
    borealis: Customer
    moderation_port: int


@dataclass
class Visit:
    """One browser window; `complaints` must be empty in the end."""

    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site.url}{path}")

    def open_whole(self, path: str) -> None:
        """With its fonts, and the fragments that it asks for itself. (`networkidle` waits half a second.)"""
        self.open(path)
        self.page.wait_for_function(WHOLE)

    def sign_in(self, who: Customer) -> None:
        self.open("/login")
        self.page.get_by_label("E-mail address").fill(who.owner.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(f"**{who.url()}")


@pytest.fixture
def running(live_site: LiveServer) -> Site:
    """The site with its customers; the moderation server that is registered does not run."""
    port = free_port()
    server(port)
    acme, borealis = customer("Acme"), customer("Borealis")
    site(acme, "acme-family")
    site(borealis, "borealis-market", "marketplace")
    return Site(live_site.url, acme, borealis, port)


@pytest.fixture
def programs(running: Site, tmp_path: Path) -> Iterator[Supervisor]:
    """The moderation server and a worker, of which a test may stop one. Letters go to `tmp_path / "mail"`."""
    allowed = f"127.0.0.1:{running.moderation_port}"
    environment = os.environ | {
        "EGRESS_ALLOW": allowed,
        "PYTHONPATH": str(plugin.ROOT),
        "MAIL_FOLDER": str(tmp_path / "mail"),
        "LOG_LEVEL": "WARNING",
    }
    supervisor = Supervisor(tmp_path, environment)
    with override_settings(EGRESS_ALLOW=[allowed]):
        try:
            together = (
                moderation(tmp_path / "data", running.moderation_port),
                worker(os.environ["REDIS_URL"]),
            )
            for program in together:
                supervisor.start(program)
            for program in together:
                supervisor.wait_until_ready(program, READY_SECONDS)
            yield supervisor
        finally:
            supervisor.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a file.

    Beside Playwright's loop Django would refuse the database, and has other connections: those from before
    would be cut by the first `committed_db`.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the browser was NOT tested (apt-get install chromium)")
    connections.close_all()
    with mock.patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="true"), sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def chromium(browser: Browser, running: Site) -> Iterator[Browser]:
    """Chromium, in which no test finds another's windows."""
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.fixture
def visit(chromium: Browser, running: Site) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    found = watched(context, running)
    yield found
    complaints = list(found.complaints)  # not what closing it in the middle of a request says
    context.close()
    assert complaints == []


def watched(context: BrowserContext, running: Site) -> Visit:
    context.add_init_script(COMPLAINTS + NOT_YET)
    page = context.new_page()
    found = Visit(page, running)

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.complaints.append(message.text)

    def fail(url: str, failure: str) -> None:
        if "ERR_ABORTED" not in failure:  # the page was left, or asked anew, meanwhile
            found.complaints.append(f"failed: {url} {failure}")

    page.on("console", hear)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("requestfailed", lambda request: fail(request.url, str(request.failure)))
    return found
