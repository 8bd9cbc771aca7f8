"""Somebody new comes to a first decision in under two minutes, led by the overview."""

from time import monotonic

import pytest
from playwright.sync_api import expect

from script.support.supervisor import Supervisor
from tests.browser.conftest import Visit
from tests.browser.test_customer_journey import DEPLOYED_WITHIN, PICTURES

pytestmark = pytest.mark.browser

MOST_SECONDS = 120


def test_from_nothing_to_a_decision(programs: Supervisor, visit: Visit) -> None:
    page, cygnus = visit.page, visit.site.borealis
    visit.sign_in(cygnus)
    began = monotonic()
    visit.open(cygnus.url("sites/borealis-market"))
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("to confirm").fill("borealis-market")
    page.get_by_role("dialog").get_by_role("button", name="Delete this site").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    visit.open(cygnus.url())
    guide = page.locator(".guide")
    expect(guide).to_contain_text("0 of 3 done")
    guide.get_by_role("link", name="Make the first site").click()
    page.get_by_label("Name").fill("Cygnus")
    page.get_by_label("Identifier").fill("cygnus.example")
    page.get_by_label("Marketplace").check()
    page.get_by_role("button", name="Make the site").click()
    page.get_by_role("button", name="Deploy for the first time").click()
    expect(page.locator(".in-step")).to_be_visible(timeout=DEPLOYED_WITHIN)
    visit.open(cygnus.url())
    expect(guide).to_contain_text("2 of 3 done")
    guide.get_by_role("link", name="Try a picture").click()
    page.locator("#image").set_input_files(PICTURES / "chelsea.png")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".verdict")).to_be_visible()
    visit.open(cygnus.url())
    expect(guide).to_have_count(0)
    assert monotonic() - began < MOST_SECONDS
