"""The pages of team, keys, audit trail and settings: by axe-core, on phones, and what they weigh."""

import gzip
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Response

from accounts.models import Person
from accounts.services import api_keys, invitations
from musenest.common import tenancy
from tests import samples
from tests.browser.conftest import Site, Visit, watched
from tests.browser.test_accessibility import violations
from tests.samples import Customer

pytestmark = pytest.mark.browser

MOST_BYTES = 150 * 1024
NAME = "\N{RIGHT-TO-LEFT OVERRIDE}" + "<b>" + "W" * 100


@dataclass(frozen=True)
class Filled:
    """Who is in the organisation beside its owner, and where the pages are."""

    colleague: Person
    paths: list[str]


@pytest.fixture
def filled(running: Site) -> Filled:
    """Keys in each state, invitations, a member with a name as long as it may be."""
    acme = running.acme
    colleague = samples.membership(acme.organization).person
    with tenancy.staff():
        colleague.name = NAME
        colleague.save()
    fill(acme)
    paths = ["team", f"team/members/{colleague.pk}", "team/transfer", "keys", "keys/new", "quick-start"]
    paths += ["audit", "audit?who=nobody", "settings", "settings/profile"]
    return Filled(colleague, [*(acme.url(path) for path in paths), "/organizations/new"])


def fill(acme: Customer) -> None:
    actor = acme.owner.actor
    with acme.scope():
        for name in ("Uploads", NAME[:80]):
            key, _ = api_keys.create(
                organization=acme.organization, name=name, scopes=["analyze", "deploy"], by=actor
            )
        api_keys.revoke(key=key, by=actor)
        invitations.invite(
            organization=acme.organization, email=f"{'w' * 60}@people.test", role="viewer", by=actor
        )


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_pages_have_no_violation(
    filled: Filled, running: Site, chromium: Browser, theme: str, width: int
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light"
    )
    visit = watched(context, running)
    visit.sign_in(running.acme)
    found = [violation for path in filled.paths for violation in violations(visit, path)]
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_no_page_scrolls_sideways(filled: Filled, running: Site, chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    visit = watched(context, running)
    visit.sign_in(running.acme)
    for path in filled.paths:
        visit.open_whole(path)
        overflow = visit.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, path
    context.close()


def test_pages_are_light(filled: Filled, visit: Visit) -> None:
    visit.sign_in(visit.site.acme)
    found: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if not response.url.endswith(".woff2") and response.status == 200:
            found[response.url] = len(gzip.compress(response.body()))

    visit.page.on("response", weigh)
    for path in filled.paths:
        found.clear()
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
        assert len(found) > 5
        assert sum(found.values()) <= MOST_BYTES, (path, found)
