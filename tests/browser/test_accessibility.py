"""axe-core on the pages that customers and everybody see: no violation, in either theme."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from billing.services import subscriptions
from musenest.common.actors import SYSTEM
from tests import plugin
from tests.browser.conftest import Site, Visit, watched
from tests.samples import decision, deployed

pytestmark = pytest.mark.browser

AXE = Path(plugin.ROOT) / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = ("/", "/pricing", "/login")
OWN = (
    "", "usage", "plan", "sites", "new-site", "sites/acme-family", "sites/acme-shop", "sites/acme-shop/try",
    "try", "decisions", "decisions?decision=flagged&since=nonsense", "no-such-page",
)  # fmt: skip
RUN = "async () => (await axe.run(document)).violations.map((found) => `${found.id}: ${found.nodes[0].html}`)"


def violations(visit: Visit, path: str) -> list[str]:
    visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    # By DevTools, which the page's policy does not bind.
    visit.page.evaluate(AXE.read_text())
    found: list[str] = visit.page.evaluate(RUN)
    return [f"{path} {violation}" for violation in found]


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_pages_have_no_violation(running: Site, chromium: Browser, theme: str, width: int) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light"
    )
    visit = watched(context, running)
    found = [violation for path in PUBLIC for violation in violations(visit, path)]
    visit.sign_in(running.acme)
    for path in (*(running.acme.url(path) for path in OWN), running.acme.url(f"decisions/{DECIDED[0]}")):
        found += violations(visit, path)
    context.close()
    assert found == []


DECIDED: list[int] = []


@pytest.fixture
def running(running: Site) -> Site:
    """With a deployed site and a decision, and a stranger on a small plan, made before the browser starts."""
    borealis = running.borealis.organization
    subscriptions.change_tier(organization=borealis, tier_name="free", by=SYSTEM)
    shop = deployed(running.acme, "acme-shop", "marketplace")
    DECIDED[:] = [decision(running.acme, shop, kind).pk for kind in ("approved", "flagged", "rejected")]
    return running


def test_what_a_small_plan_lacks_has_no_violation(visit: Visit) -> None:
    visit.sign_in(visit.site.borealis)
    path = visit.site.borealis.url("sites/borealis-market")
    assert violations(visit, path) == []
    assert visit.page.get_by_text("Own ones come with Premium.").count() == 2


def test_palette_and_dialog_have_no_violation(visit: Visit) -> None:
    visit.sign_in(visit.site.acme)
    visit.open(visit.site.acme.url("sites/acme-family"))
    visit.page.keyboard.press("Control+k")
    visit.page.get_by_role("option", name="Acme Family").wait_for()
    visit.page.evaluate(AXE.read_text())
    assert visit.page.evaluate(RUN) == []
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name="Delete").click()
    assert visit.page.evaluate(RUN) == []
