"""For all tests: the database, as the application's role, and a clean Valkey (see `tests/plugin.py`)."""

from collections.abc import Iterator
from unittest import mock

import pytest
import redis
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from django.db import connections
from django.test import Client
from django.test.utils import modify_settings
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer
from pytest_httpserver import HTTPServer
from whitenoise.base import StaticFile
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import fake_google, plugin, samples
from tests.fake_google import FakeGoogle
from tests.fake_server import FakeServer


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This worker's database: a clone of the migrated template; tests use it as `musenest_app`.

    Under `django_db` a test runs inside a transaction that is rolled back.
    """
    plugin.make_database()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    plugin.drop_database()


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Every `Client` loads the middleware anew, and WhiteNoise would look at every static file (15 ms)."""
    found: dict[str, StaticFile] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def add(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    with mock.patch.object(WhiteNoiseMiddleware, "add_files_from_finders", add):
        yield


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for a test that commits for real: threads and other processes see what it writes.

    The role of the application may not truncate, so the whole database is made anew afterwards (0.2 s):
    what a test leaves reaches no other, and the rows that migrations made are there again.
    """
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    plugin.make_database()


@pytest.fixture(autouse=True)
def clean_valkey(valkey_client: redis.Redis) -> None:
    """No test finds another's cache, counters or rings."""
    valkey_client.connection_pool.disconnect()  # the test before may have killed the server
    valkey_client.flushdb()


@pytest.fixture(scope="session")
def valkey_client() -> Iterator[redis.Redis]:
    """A client of this worker's database of Valkey."""
    with redis.Redis.from_url(plugin.SERVICES.valkey.database(plugin.worker_number())) as client:
        yield client


@pytest.fixture
def limited(settings: Settings) -> None:
    """Requests are counted, as they are outside of tests."""
    settings.RATE_LIMIT_ENABLED = True


@pytest.fixture
def live_site(committed_db: None) -> Iterator[LiveServer]:
    """The whole site, answering on a port of 127.0.0.1 (`live_site.url`), with `committed_db`."""
    server = LiveServer("127.0.0.1")
    with modify_settings(ALLOWED_HOSTS={"append": server.thread.host}):
        yield server
        server.stop()


@pytest.fixture
def fake(httpserver: HTTPServer, settings: Settings) -> FakeServer:
    """A moderation server that answers as the test says, and that MuseNest may call."""
    settings.EGRESS_ALLOW = [f"127.0.0.1:{httpserver.port}"]
    return FakeServer(httpserver)


@pytest.fixture
def google(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    """Google, as a machine of ours answers for it; the page to which a browser goes stays Google's."""
    app = {"client_id": fake_google.CLIENT, "secret": "s3cret"}
    settings.GOOGLE_CLIENT_ID = fake_google.CLIENT
    settings.SOCIALACCOUNT_PROVIDERS = {
        "google": settings.SOCIALACCOUNT_PROVIDERS["google"] | {"APPS": [app]}
    }
    with fake_google.running() as running:
        monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", f"{running.url}/token")
        yield running


@pytest.fixture
def staff(db: None) -> Client:
    """A browser of the operator's staff."""
    return samples.signed_in(samples.staff_person())


@pytest.fixture
def world(db: None) -> samples.World:
    """An organisation with one of everything."""
    return samples.world("First")
