"""Signing in with Google, there and back in a browser: it applies our policy of forms to where they lead."""

import pytest
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from pytest_django import Settings

from tests.browser.conftest import Visit
from tests.fake_google import FakeGoogle

pytestmark = pytest.mark.browser


def test_the_button_leads_to_google_and_back(
    visit: Visit, google: FakeGoogle, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{google.url}/authorize"
    settings.SOCIALACCOUNT_PROVIDERS["google"]["AUTHORIZE_URL"] = address
    monkeypatch.setattr(GoogleOAuth2Adapter, "authorize_url", address)
    visit.open("/login")

    visit.page.get_by_role("button", name="Google").click()
    visit.page.get_by_role("link", name="Gina").click()

    visit.page.wait_for_url("**/o/gina-google/")
