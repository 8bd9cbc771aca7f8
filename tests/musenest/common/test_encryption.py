"""The encrypted field: keys, rotation, tampering."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import WebhookEndpoint
from musenest.common import encryption, tenancy
from tests import samples

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def as_staff(db: None) -> Iterator[None]:
    with tenancy.staff():
        yield


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM webhook_endpoints")
        text: str = cursor.fetchone()[0]
    return text


def store(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE webhook_endpoints SET secret = %s", [text])


@pytest.fixture
def endpoint(settings: Settings) -> WebhookEndpoint:
    settings.ENCRYPTION_KEYS = [OLD]
    return samples.endpoint(samples.organization())


def test_the_database_holds_no_plain_text(endpoint: WebhookEndpoint) -> None:
    assert "webhook-not-for-staff" not in stored()
    assert WebhookEndpoint.objects.get().secret == "webhook-not-for-staff"


def test_equal_texts_are_stored_differently(endpoint: WebhookEndpoint) -> None:
    before = stored()
    endpoint.save()

    assert stored() != before


def test_the_newest_key_encrypts_and_older_ones_still_decrypt(
    endpoint: WebhookEndpoint, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    found = WebhookEndpoint.objects.get()
    assert found.secret == "webhook-not-for-staff"

    found.save()
    settings.ENCRYPTION_KEYS = [NEW]
    assert WebhookEndpoint.objects.get().secret == "webhook-not-for-staff"


def test_a_key_that_is_gone_is_named_by_the_field_and_not_by_the_text(
    endpoint: WebhookEndpoint, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = [NEW]

    with pytest.raises(encryption.UndecryptableError, match=r"WebhookEndpoint\.secret"):
        WebhookEndpoint.objects.get()


@pytest.mark.parametrize("position", [0, 20, -10])
def test_a_changed_text_is_refused(endpoint: WebhookEndpoint, position: int) -> None:
    letters = list(stored())
    letters[position] = "A" if letters[position] != "A" else "B"
    store("".join(letters))

    with pytest.raises(encryption.UndecryptableError):
        WebhookEndpoint.objects.get()


def test_empty_text_stays_empty(endpoint: WebhookEndpoint) -> None:
    endpoint.secret = ""
    endpoint.save()

    assert (stored(), WebhookEndpoint.objects.get().secret) == ("", "")


def test_production_has_keys_or_does_not_encrypt(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = []
    assert encryption.current_keyring().decrypt(encryption.current_keyring().encrypt(b"x")) == b"x"

    settings.IS_PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        encryption.current_keyring()
