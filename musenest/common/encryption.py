"""The encrypted model field: authenticated encryption with several keys, the newest of which encrypts."""

import hashlib
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@cache
def keyring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def current_keyring() -> MultiFernet:
    """The keys of ENCRYPTION_KEYS; where there are none, outside of production, one made of SECRET_KEY."""
    keys = tuple(settings.ENCRYPTION_KEYS)
    if keys:
        return keyring(keys)
    if settings.IS_PRODUCTION:
        raise ImproperlyConfigured("ENCRYPTION_KEYS must be set in production.")
    return keyring((urlsafe_b64encode(hashlib.sha256(settings.SECRET_KEY.encode()).digest()).decode(),))


class UndecryptableError(ValueError):
    """No key of ENCRYPTION_KEYS fits: a key was removed too early, or the value was changed."""


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that is encrypted in the database. It cannot be searched; empty text stays empty."""

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        if not value:
            return value
        try:
            return current_keyring().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise UndecryptableError(
                f"{self.model.__name__}.{self.name} fits no key of ENCRYPTION_KEYS."
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return current_keyring().encrypt(text.encode()).decode() if text else text
