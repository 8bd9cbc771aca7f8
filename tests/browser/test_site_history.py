"""Older deployments on a site's page: shown where the button was, and left alone while a new one runs."""

from playwright.sync_api import expect

from moderation.models import Site as Row
from moderation.services import deployments
from tests.browser.conftest import Site, Visit


def test_older_ones_stay_while_a_new_one_waits(visit: Visit, running: Site) -> None:
    acme, page = running.acme, visit.page
    with acme.scope():
        site = Row.objects.get(site_identifier="acme-family")
        for _ in range(12):
            deployments.request(site=site, by=acme.owner.actor)
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    expect(page.locator("#history li")).to_have_count(10)

    page.get_by_role("button", name="Show older").click()

    older = page.get_by_role("group", name="Older deployments")
    expect(older.locator("li")).to_have_count(2)
    expect(older).to_be_focused()
    expect(page.get_by_role("button", name="Show older")).to_have_count(0)
    with acme.scope():
        deployments.request(site=site, by=acme.owner.actor)
    expect(page.locator("#history li")).to_have_count(11)  # the page asks every second
    expect(older.locator("li")).to_have_count(2)
