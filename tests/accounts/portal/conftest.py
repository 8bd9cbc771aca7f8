"""Google, as a machine of ours answers for it."""

from collections.abc import Iterator

import pytest
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from pytest_django import Settings

from tests.accounts.portal import google as stand_in
from tests.accounts.portal.google import FakeGoogle


@pytest.fixture
def google(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    app = {"client_id": stand_in.CLIENT, "secret": "s3cret"}
    settings.GOOGLE_CLIENT_ID = stand_in.CLIENT
    settings.SOCIALACCOUNT_PROVIDERS = {
        "google": settings.SOCIALACCOUNT_PROVIDERS["google"] | {"APPS": [app]}
    }
    with stand_in.running() as running:
        monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", f"{running.url}/token")
        yield running
