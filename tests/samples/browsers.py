"""Browsers that are signed in, lately and by all that is asked: staff by a second factor, too."""

import time
from typing import Any

from django.test import Client

from accounts.models import Person
from musenest.common import tenancy

METHODS = "account_authentication_methods"
METHODS_OF = "account_authentication_methods_user"


def signed_in(person: Person, *, seconds_ago: float = 0, has_factor: bool | None = None) -> Client:
    """A browser with the person's session, which began so many seconds ago."""
    client = Client()
    with tenancy.staff():
        client.force_login(person)
    at = time.time() - seconds_ago
    records: list[dict[str, Any]] = [{"method": "password", "at": at}]
    if person.is_staff if has_factor is None else has_factor:
        records.append({"method": "mfa", "type": "totp", "at": at})
    session = client.session
    session[METHODS], session[METHODS_OF] = records, str(person.pk)
    session.save()
    return client
