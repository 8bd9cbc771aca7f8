"""The admin's own pages on every width and in both themes: nothing scrolls sideways, nothing complains."""

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, Role
from billing.models import Subscription, Tier, UsageCounter
from billing.selectors.usage import MONTHLY_REQUESTS, this_month
from billing.services import tiers, usage
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.browser.conftest import Site, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def running(live_site: LiveServer) -> Site:
    """A platform with something to show on the dashboard."""
    world = samples.world("Northwind")
    with tenancy.staff():
        world.server.__class__.objects.filter(pk=world.server.pk).update(
            status="offline", last_error="The server did not answer within 5 s."
        )
    acme, borealis = samples.customer("Acme", tier="premium"), samples.customer("Borealis", tier="basic")
    about = samples.site(acme)
    for kind, count in (("approved", 14), ("flagged", 3), ("rejected", 5)):
        for _ in range(count):
            samples.decision(acme, about, kind)
    with acme.scope():
        for number in range(22):
            usage.record(organization=acme.organization, usage_type="analysis", response_time_ms=30 + number)
    with tenancy.staff():
        UsageCounter.objects.create(
            organization=borealis.organization, meter=MONTHLY_REQUESTS, month=this_month(), used=9_412
        )
        Subscription.objects.filter(organization=acme.organization).update(amount_paid=Decimal("39.95"))
    tiers.save(name="premium", figures={"max_sites": 30}, by=SYSTEM)
    return Site(live_site.url, acme, borealis, 0)


@pytest.fixture
def cookie(running: Site) -> str:
    """Of a staff person's session: rows are made before the browser starts."""
    client = samples.signed_in(samples.staff_person())
    return client.cookies["sessionid"].value


@pytest.fixture
def premium(running: Site) -> int:
    with tenancy.staff():
        return Tier.objects.get(tier_name="premium").pk


def entered(chromium: Browser, running: Site, cookie: str, width: int, theme: str) -> BrowserContext:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]  # light or dark
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": running.url}])
    return context


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_dashboard_and_tier_editor_fit(
    running: Site, cookie: str, premium: int, chromium: Browser, width: int, theme: str
) -> None:
    context = entered(chromium, running, cookie, width, theme)
    visit = watched(context, running)
    for name, path in (("dashboard", "/admin/"), ("tier", f"/admin/billing/tier/{premium}/change/")):
        visit.open_whole(path)
        overflow = visit.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, name
    assert visit.complaints == []
    context.close()


def test_the_preview_follows_what_is_typed(
    running: Site, cookie: str, premium: int, chromium: Browser
) -> None:
    context = entered(chromium, running, cookie, 1440, "light")
    visit = watched(context, running)
    visit.open(f"/admin/billing/tier/{premium}/change/")
    visit.page.get_by_label("price a month", exact=False).fill("49.50")
    expect(visit.page.get_by_text("$49.50 a month")).to_be_visible()
    assert visit.complaints == []
    context.close()


@pytest.fixture
def owner(running: Site) -> int:
    with tenancy.staff():
        return Membership.objects.get(organization=running.acme.organization, role=Role.OWNER).pk


def test_staff_see_an_organization_as_its_owner_does_and_end_it(
    running: Site, cookie: str, owner: int, chromium: Browser, tmp_path: Path
) -> None:
    context = entered(chromium, running, cookie, 1440, "light")
    visit = watched(context, running)
    page = visit.page
    visit.open(f"/admin/accounts/membership/{owner}/change/")
    page.get_by_role("link", name="See as this member").click()
    page.locator("[name=reason]").fill("Ticket 12: the quota looks wrong")
    page.get_by_role("button", name="See as this member").click()
    page.wait_for_url(f"**{running.acme.url()}")
    banner = page.get_by_text("and change nothing")
    expect(banner).to_be_visible()
    page.screenshot(path=tmp_path / "seen.png")
    visit.open(running.acme.url("decisions"))
    expect(banner).to_be_visible()
    page.get_by_role("button", name="End", exact=True).click()
    page.wait_for_url("**/admin/accounts/membership/**")
    assert visit.complaints == []
    context.close()
