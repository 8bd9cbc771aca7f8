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
    leaves a person without any.) An earlier new one that waits is given up. Another person's address is not
    kept: what is returned is not in the database, and who has it is told by e-mail that they are registered.
    """
    with tenancy.staff(), transaction.atomic():
        EmailAddress.objects.filter(user=person, verified=False).exclude(email=person.email).delete()
        fresh = wanted(person, email.lower())
        audit.record("email.change_requested", by=person.actor, target=person, organization=None)
    with tenancy.staff():
        send_verification_email_to_address(request, fresh, signup=fresh.user_id is None)
    return fresh


def wanted(person: Person, email: str) -> EmailAddress:
    """The address as the person's, or, where it is another's, as nobody's and unsaved."""
    if is_of_another(person_id=person.pk, email=email):
        return EmailAddress(email=email)
    fresh, _ = EmailAddress.objects.get_or_create(user=person, email=email)
    return fresh


def is_of_another(*, person_id: Any, email: str) -> bool:
    """Whether another person signs in with this address, verified or not."""
    with tenancy.staff():
        return Person.objects.filter(email=email.lower()).exclude(pk=person_id).exists()


def give_up(address: EmailAddress) -> None:
    """Forget an address that turned out to be another person's: its links are no longer good."""
    with tenancy.staff():
        EmailAddress.objects.filter(pk=address.pk).delete()
