"""Changing the address by which a person signs in."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Notification, Person
from accounts.services import audit
from musenest.common import rates, tenancy
from musenest.common.actors import Actor
from musenest.common.errors import DeniedError, LimitError

SENT_JUST_NOW = 60  # seconds
AN_HOUR = timedelta(hours=1)


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


def send_again(*, request: Any, person: Person) -> str:
    """Send the link that verifies the person's own address once more; returns the address, empty where it is
    verified already. Raises LimitError within a minute, and after five in an hour.
    """
    if person.is_verified:
        return ""
    with tenancy.staff():
        since = timezone.now() - AN_HOUR
        sent = Notification.objects.filter(person=person, template="verify_email", created_at__gt=since)
        if sent.count() >= rates.LETTERS.amount:
            raise LimitError(
                "We wrote to you several times within the last hour. Look among the unwanted messages, too.",
                code="LETTERS_LIMIT",
                retry_after=rates.LETTERS.seconds,
            )
        own, _ = EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"primary": True}
        )
        if not send_verification_email_to_address(request, own):
            raise LimitError(
                "We wrote to you within the last minute. Look among the unwanted messages, too.",
                code="SENT_JUST_NOW",
                retry_after=SENT_JUST_NOW,
            )
    return str(own.email)


def note_proof(address: EmailAddress) -> None:
    """Have the person say what allauth keeps: that this address, by which they sign in, is proven."""
    with tenancy.staff():
        Person.objects.filter(pk=address.user_id).update(verified_email=address.email)


def prove(person: Person) -> None:
    """The address is the person's, who has shown a secret that was in a message to it only. Recorded once."""
    if person.is_verified:
        return
    with tenancy.staff(), transaction.atomic():
        own, _ = EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"primary": True}
        )
        own.verified = own.primary = True
        own.save()
        audit.record(
            "email.verified", by=person.actor, target=person, organization=None, changes={"email": own.email}
        )
    person.verified_email = person.email


def refuse_unverified(by: Actor) -> None:
    """Raise DeniedError for a person who has not shown that their address is theirs: what lets others in
    (invitations, keys, handing on) is not for whoever may have registered with somebody else's.
    """
    if by.kind != "person":
        return
    with tenancy.staff():
        is_verified = Person.objects.filter(pk=by.id, verified_email=F("email")).exists()
    if not is_verified:
        raise DeniedError(
            "Verify your e-mail address first: open the link that we sent there. The portal sends it again, "
            "on every page.",
            code="ADDRESS_NOT_VERIFIED",
            details={"allowed": False, "reason": "address_not_verified"},
        )


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
