"""axe-core on the pages that customers and everybody see: no violation, in either theme."""

import re
from pathlib import Path

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from playwright.sync_api import Browser

from accounts.models import Notification, Role
from accounts.services import invitations
from billing.services import subscriptions
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import plugin
from tests.browser.conftest import Site, Visit, watched
from tests.browser.newcomers import set_up_authenticator
from tests.samples import decision, deployed

pytestmark = pytest.mark.browser

AXE = Path(plugin.ROOT) / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = (
    "/", "/pricing", "/login", "/register", "/verify", "/verify/no-such-key", "/reset-password",
    "/reset-password/sent", "/reset-password/done", "/reset-password/1-no-such-key",
    "/invitations/no-such-token",
)  # fmt: skip
OF_ONESELF = (
    "/settings/security", "/settings/security/password", "/settings/security/email",
    "/settings/security/authenticator", "/settings/security/passkeys/new", "/settings/security/sign-ins",
    "/confirm", "/organizations/new",
)  # fmt: skip
OWN = (
    "", "usage", "plan", "sites", "new-site", "sites/acme-family", "sites/acme-shop", "sites/acme-shop/try",
    "try", "decisions", "decisions?decision=flagged&since=nonsense", "no-such-page",
)  # fmt: skip
RUN = "async () => (await axe.run(document)).violations.map((found) => `${found.id}: ${found.nodes[0].html}`)"


def violations(visit: Visit, path: str) -> list[str]:
    visit.open_whole(path)
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


@pytest.fixture
def links(running: Site) -> list[str]:
    """Those that letters bring to somebody who is not signed in, made before the browser starts."""
    acme = running.acme
    with acme.scope():
        invitations.invite(
            organization=acme.organization, email="dora@people.test", role=Role.VIEWER, by=acme.owner.actor
        )
    with tenancy.staff():
        letter = str(Notification.objects.latest("created_at").secrets)
        address = EmailAddress.objects.create(user=acme.owner, email="second@people.test", primary=False)
        verify = EmailConfirmationHMAC(address).key
        reset = f"{user_pk_to_url_str(acme.owner)}-{default_token_generator.make_token(acme.owner)}"
    invited = re.search(r"/invitations/[\w-]+", letter)
    assert invited is not None
    return [invited[0], f"/verify/{verify}", f"/reset-password/{reset}"]


def test_what_a_small_plan_lacks_has_no_violation(visit: Visit) -> None:
    visit.sign_in(visit.site.borealis)
    path = visit.site.borealis.url("sites/borealis-market")
    assert violations(visit, path) == []
    assert visit.page.get_by_text("Own ones come with Premium.").count() == 2


def test_links_of_letters_have_no_violation(links: list[str], visit: Visit) -> None:
    found = [violation for path in links for violation in violations(visit, path)]
    assert found == []
    assert visit.page.get_by_label("New password").count() > 0, "the last one is still good"


def test_what_one_sets_for_oneself_has_no_violation(visit: Visit) -> None:
    visit.sign_in(visit.site.acme)
    found = [violation for path in OF_ONESELF for violation in violations(visit, path)]
    set_up_authenticator(visit)
    found += violations(visit, "/settings/security") + violations(visit, "/settings/security/codes")
    assert found == []


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
