"""Whoever used an address before its owner did.

Anybody can register with somebody else's address. Its owner comes in later by a new password, which the link
in an e-mail lets them set. What was left behind until then must not let the other one in any more.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from accounts.models import ApiKey, Invitation, Membership, Person
from accounts.services import api_keys, audit, email_addresses, invitations, tokens
from musenest.common import tenancy


def end(*, person: Person) -> None:
    """The person has just shown for the first time that the address is theirs. End what was left by whoever
    used it before: sessions, sign-ins of programs, second factors, accounts elsewhere, addresses asked for,
    API keys and invitations that wait; each recorded. Then the address counts as proven.

    Nothing happens where it was proven before.
    """
    if person.is_verified:
        return
    with tenancy.staff(), transaction.atomic():
        left = {
            "sessions": sessions_of(person),
            "programs": tokens.end_all(person, "first proof of the address", by=person.actor),
            "second_factors": factors_of(person),
            "google": SocialAccount.objects.filter(user=person).delete()[0],
            "addresses": EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()[0],
            "api_keys": keys_of(person),
            "invitations": invitations_of(person),
        }
        email_addresses.prove(person)
        audit.record("person.reclaimed", by=person.actor, target=person, organization=None, changes=left)


def sessions_of(person: Person) -> int:
    person.signed_out_at = timezone.now()
    person.save(update_fields=["signed_out_at", "updated_at"])
    return int(UserSession.objects.filter(user=person).delete()[0])


def factors_of(person: Person) -> int:
    found = list(Authenticator.objects.filter(user=person).order_by("pk"))
    for each in found:
        each.delete()
        changes = {"kind": each.type}
        audit.record(
            "second_factor.removed", by=person.actor, target=person, organization=None, changes=changes
        )
    return len(found)


def keys_of(person: Person) -> int:
    found = list(ApiKey.objects.usable().filter(maker=person.pk).order_by("pk"))
    for key in found:
        api_keys.revoke(key=key, by=person.actor)
    return len(found)


def invitations_of(person: Person) -> int:
    """Those that wait in the organisations that the person belongs to."""
    theirs = Membership.objects.filter(person=person).values("organization")
    sent = Invitation.objects.filter(organization__in=theirs, invited_by=person.email)
    waiting = list(sent.filter(accepted_at=None, revoked_at=None).order_by("pk"))
    for invitation in waiting:
        invitations.end(invitation=invitation, by=person.actor)
    return len(waiting)
