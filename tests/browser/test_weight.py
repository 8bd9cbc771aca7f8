"""What a page weighs: compressed, without its font (issue 3)."""

import gzip

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

MOST_BYTES = 150 * 1024


@pytest.mark.parametrize(
    "path", ["", "sites/acme-family", "sites", "decisions", "usage", "plan", "/", "/pricing"]
)
def test_page_is_light(visit: Visit, path: str) -> None:
    acme = visit.site.acme
    if not path.startswith("/"):
        visit.sign_in(acme)
    found: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if not response.url.endswith(".woff2") and response.status == 200:
            found[response.url] = len(gzip.compress(response.body()))

    visit.page.on("response", weigh)
    visit.open(path if path.startswith("/") else acme.url(path))
    visit.page.wait_for_load_state("networkidle")
    assert len(found) > 5
    assert sum(found.values()) <= MOST_BYTES, found
