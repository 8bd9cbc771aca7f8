"""Changing the address by which a person signs in."""

from typing import Any

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Person
from accounts.services import audit
from musenest.common import tenancy


def change(*, request: Any, person: Person, email: str) -> EmailAddress:
    """Send a link to the new address, which counts once it was opened; recorded.

    The present address stays until then, verified or not. (allauth takes away one that is not verified, and
    leaves a person without any.) An earlier new one that waits is given up.
    """
    with tenancy.staff(), transaction.atomic():
        EmailAddress.objects.filter(user=person, verified=False).exclude(email=person.email).delete()
        fresh, _ = EmailAddress.objects.get_or_create(user=person, email=email.lower())
        audit.record("email.change_requested", by=person.actor, target=person, organization=None)
    with tenancy.staff():
        send_verification_email_to_address(request, fresh)
    return fresh
