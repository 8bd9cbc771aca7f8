"""Accounts elsewhere by which a person signs in."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.models import Person
from accounts.services import audit
from musenest.common import tenancy
from musenest.common.errors import ConflictError, NotFoundError


def disconnect(*, person: Person) -> None:
    """Let Google sign the person in no more, and record it.

    Raises ConflictError `LAST_WAY_IN` for who has no password, NotFoundError where nothing is connected.
    """
    with tenancy.staff(), transaction.atomic():
        if not person.has_usable_password():
            raise ConflictError(
                "Google is your only way in. Set a password first, then disconnect it.", code="LAST_WAY_IN"
            )
        removed, _ = SocialAccount.objects.filter(user=person, provider="google").delete()
        if not removed:
            raise NotFoundError("Google is not connected.")
        audit.record("google.disconnected", by=person.actor, target=person, organization=None)
