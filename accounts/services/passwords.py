"""Changing a person's password."""

from django.db import transaction

from accounts.models import Person
from accounts.services import audit, tokens
from musenest.common import tenancy


def change(*, person: Person, password: str) -> None:
    """Give the person this password, and record it. Every session but the one that asks ends by it (Django
    compares the hash), and so does every sign-in of programs.
    """
    with tenancy.staff(), transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password", "updated_at"])
        tokens.end_all(person, "password changed", by=person.actor)
        audit.record("password.changed", by=person.actor, target=person, organization=None)
