"""Invitations: an organisation's own, and the one behind a token."""

import hashlib
from contextlib import suppress
from uuid import UUID

from accounts.models import Invitation, Organization
from accounts.models.invitations import InvitationQuerySet
from musenest.common import tenancy
from musenest.common.errors import NotFoundError


def of_organization(organization: Organization) -> InvitationQuerySet:
    """All of them, the newest first; `.pending()` are those that can be accepted."""
    return Invitation.objects.filter(organization=organization).order_by("-created_at", "-id")


def get_for(organization: Organization, pk: UUID) -> Invitation:
    invitation = of_organization(organization).select_related("organization").filter(pk=pk).first()
    if invitation is None:
        raise NotFoundError("There is no such invitation.", code="INVITATION_UNKNOWN")
    return invitation


def of_token(token: str) -> Invitation:
    """The invitation that this token was sent with, whatever became of it, and its organisation. Runs as
    staff: whoever has the token belongs to no organisation yet. NotFoundError for any other text.
    """
    with tenancy.staff():
        invitation = Invitation.objects.filter(digest=digest(token)).select_related("organization").first()
    if invitation is None:
        raise NotFoundError("There is no such invitation.", code="INVITATION_UNKNOWN")
    return invitation


def led_from(path: str) -> Invitation | None:
    """The invitation whose page this path is, while it can be accepted."""
    beginning, _, token = path.rpartition("/")
    if beginning != "/invitations":
        return None
    with suppress(NotFoundError):
        invitation = of_token(token)
        return invitation if invitation.is_pending else None
    return None


def digest(token: str) -> str:
    """SHA-256, as hex. A token is random enough to need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
