"""Inviting people by e-mail. Only the token in the e-mail lets in, and only whom it was sent to."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Invitation, Membership, Organization, Person
from accounts.selectors import invitations as found
from accounts.services import audit, email_addresses, memberships, notifications
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, DeniedError, LimitError

LIVES = timedelta(days=7)
A_DAY = timedelta(days=1)
SENT_IN_A_DAY = 100  # by one organisation: e-mail to strangers is somebody else's letter box
BETWEEN_RESENDS = timedelta(minutes=1)
PATH = "/invitations/{token}"
ADDRESS = re.compile(r"(?!www\.)[\w.+-]+@[\w.-]+")  # leads to its owner only, and has to be read and copied
NO_MORE = {
    "accepted": gettext_noop("This invitation was used already. Ask for a new one."),
    "revoked": gettext_noop("This invitation was withdrawn. Ask for a new one."),
    "expired": gettext_noop("This invitation has expired. Ask for a new one."),
}


def invite(*, organization: Organization, email: str, role: str, by: Actor) -> Invitation:
    """Invite the address: record it, and write the e-mail with the token. In the organisation's scope.

    Raises DeniedError for a role beyond the actor's own rights, ConflictError for a member and for a pending
    invitation, LimitError after a hundred in a day, DeniedError `ADDRESS_NOT_VERIFIED`.
    """
    email_addresses.refuse_unverified(by)
    address = email.strip().lower()
    with transaction.atomic():
        memberships.lock(organization)
        memberships.refuse_beyond(by, organization, role)
        refuse_member(organization, address)
        refuse_many(organization)
        close_expired(organization, address)
        invitation = Invitation(organization=organization, email=address, role=role, invited_by=by.label)
        token = renewed(invitation)
        invitation.save(force_insert=True)
        audit.record(
            "invitation.made",
            by=by,
            target=invitation,
            organization=organization.pk,
            changes={"email": address, "role": role},
        )
        send(invitation, token, by)
    return invitation


def resend(*, invitation: Invitation, by: Actor) -> Invitation:
    """Send it again with a new token and seven more days; the token before is good for nothing any more.

    Raises ConflictError when it was accepted or revoked, LimitError within a minute, DeniedError
    `ADDRESS_NOT_VERIFIED`.
    """
    email_addresses.refuse_unverified(by)
    with transaction.atomic():
        organization = memberships.lock(invitation.organization)
        fresh = open_one(invitation)
        memberships.refuse_beyond(by, organization, fresh.role)
        if fresh.sent_at > timezone.now() - BETWEEN_RESENDS:
            raise LimitError("It was sent within the last minute.", code="SENT_JUST_NOW", retry_after=60)
        refuse_many(organization)
        token = renewed(fresh)
        fresh.save(update_fields=["digest", "sent_at", "expires_at"])
        audit.record("invitation.resent", by=by, target=fresh, organization=organization.pk)
        send(fresh, token, by)
    return fresh


def revoke(*, invitation: Invitation, by: Actor) -> Invitation:
    """End it, and record it. Raises DeniedError for a role beyond the actor's own rights, ConflictError when
    it was accepted or revoked before.
    """
    with transaction.atomic():
        organization = memberships.lock(invitation.organization)
        memberships.refuse_beyond(by, organization, invitation.role)
        return end(invitation=invitation, by=by)


def end(*, invitation: Invitation, by: Actor) -> Invitation:
    """As `revoke`, whatever the actor's rights are by now."""
    with transaction.atomic():
        fresh = open_one(invitation)
        fresh.revoked_at = timezone.now()
        fresh.save(update_fields=["revoked_at"])
        audit.record("invitation.revoked", by=by, target=fresh, organization=fresh.organization_id)
    return fresh


def accept(*, token: str, person: Person) -> Membership:
    """Make the person a member as the invitation says, and record both. It proves the person's address: the
    token was in no other letter box. Runs as staff.

    Raises NotFoundError for an unknown token, DeniedError for another address than it went to, ConflictError
    when it was used, revoked, has expired, or the person is a member already.
    """
    sent = found.of_token(token)
    with tenancy.staff(), transaction.atomic():
        memberships.lock(sent.organization)
        invitation = (
            Invitation.objects.select_for_update(of=["self"], no_key=True)
            .select_related("organization")
            .get(pk=sent.pk)
        )
        refuse_unusable(invitation, token, person)
        if Membership.objects.filter(organization=invitation.organization, person=person).exists():
            raise ConflictError("You belong to this organisation already.", code="ALREADY_MEMBER")
        membership = memberships.add(
            organization=invitation.organization, person=person, role=invitation.role, by=person.actor
        )
        email_addresses.prove(person)
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        audit.record(
            "invitation.accepted", by=person.actor, target=invitation, organization=invitation.organization_id
        )
    return membership


def refuse_unusable(invitation: Invitation, token: str, person: Person) -> None:
    if invitation.digest != found.digest(token):
        raise ConflictError("A newer e-mail has replaced this link.", code="INVITATION_REPLACED")
    if invitation.email != person.email:
        raise DeniedError(
            "This invitation is for another address. Sign in with the one it was sent to.",
            code="INVITATION_FOR_ANOTHER",
        )
    if not invitation.is_pending:
        raise ConflictError(NO_MORE[invitation.status], code=f"INVITATION_{invitation.status.upper()}")


def open_one(invitation: Invitation) -> Invitation:
    """The row, locked, if it was neither accepted nor revoked; an expired one is open too."""
    fresh = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if fresh.accepted_at or fresh.revoked_at:
        raise ConflictError(NO_MORE[fresh.status], code=f"INVITATION_{fresh.status.upper()}")
    return fresh


def refuse_member(organization: Organization, address: str) -> None:
    if Membership.objects.filter(organization=organization, person__email=address).exists():
        raise ConflictError("This person is a member already.", code="ALREADY_MEMBER")
    if found.of_organization(organization).pending().filter(email=address).exists():
        raise ConflictError(
            "This address is invited already. Send the invitation again instead.", code="INVITED_ALREADY"
        )


def refuse_many(organization: Organization) -> None:
    sent = found.of_organization(organization).filter(sent_at__gt=timezone.now() - A_DAY)
    if sent.count() >= SENT_IN_A_DAY:
        raise LimitError(
            "An organisation sends %(most)s invitations in a day. Try again tomorrow.",
            code="INVITATIONS_LIMIT",
            figures={"most": SENT_IN_A_DAY},
            retry_after=int(A_DAY.total_seconds()),
        )


def close_expired(organization: Organization, address: str) -> None:
    """One open invitation per address: one that has expired makes room."""
    expired = found.of_organization(organization).filter(email=address, accepted_at=None, revoked_at=None)
    expired.order_by().update(revoked_at=F("expires_at"))


def renewed(invitation: Invitation) -> str:
    """A new token, whose hash and seven days the invitation now carries (unsaved)."""
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.sent_at = found.digest(token), timezone.now()
    invitation.expires_at = invitation.sent_at + LIVES
    return token


def send(invitation: Invitation, token: str, by: Actor) -> None:
    with tenancy.staff():  # a stranger's language is not the organisation's to see
        person = Person.objects.filter(email=invitation.email).first()
    notifications.send(
        template="invitation",
        person=person,
        address=invitation.email,
        organization=invitation.organization,
        context={
            "address": invitation.email,
            "organization": unlinked(invitation.organization.name),
            "inviter": by.label if ADDRESS.fullmatch(by.label) else unlinked(by.label),
            "role": invitation.role,
            "expires_on": f"{invitation.expires_at:%Y-%m-%d}",
        },
        secrets={"link": settings.BASE_URL + PATH.format(token=token)},
    )


def unlinked(name: str) -> str:
    """The name as one line of text that no mail program makes a link of: our letter must carry neither
    another's sentences nor another's address.
    """
    return re.sub(r"([.:/。．｡])(?=\S)", "\\1\N{WORD JOINER}", " ".join(name.split()))
