"""What allauth changes by itself about a person's sign-in, written into the audit trail."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Person
from accounts.services import audit, email_addresses
from musenest.common import tenancy


def record(action: str, person: Person, **changes: Any) -> None:
    with tenancy.staff():
        audit.record(action, by=person.actor, target=person, organization=None, changes=changes)


@receiver(authenticator_added)
def factor_added(user: Person, authenticator: Any, **more: Any) -> None:
    record("second_factor.added", user, kind=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(user: Person, authenticator: Any, **more: Any) -> None:
    record("second_factor.removed", user, kind=authenticator.type)


@receiver(authenticator_reset)
def factor_renewed(user: Person, authenticator: Any, **more: Any) -> None:
    record("second_factor.renewed", user, kind=authenticator.type)


@receiver(email_confirmed)
def address_verified(email_address: Any, **more: Any) -> None:
    record("email.verified", email_address.user, email=email_address.email)


@receiver(post_save, sender=EmailAddress)
def address_saved(instance: Any, **more: Any) -> None:
    if instance.verified and instance.primary:
        email_addresses.note_proof(instance)


@receiver(email_changed)
def address_changed(user: Person, from_email_address: Any, to_email_address: Any, **more: Any) -> None:
    before = from_email_address.email if from_email_address else None
    record("email.changed", user, email=[before, to_email_address.email])


@receiver(social_account_added)
def google_connected(sociallogin: Any, **more: Any) -> None:
    record("google.connected", sociallogin.user)
