"""Seeing an organisation as one of its members: for staff, with a reason, for an hour, to look only.

The organisation finds both ends in its audit trail.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.services import audit
from musenest.common import impersonation, tenancy
from musenest.common.actors import Actor
from musenest.common.errors import DeniedError, InvalidError
from musenest.common.impersonation import Impersonation

LEAST_REASON = 10


def begin(
    *, membership: Membership, reason: str, by: Actor, instead_of: Impersonation | None = None
) -> Impersonation:
    """Write the audit row and return what the session keeps; `instead_of`, which it kept so far, ends. Raises
    DeniedError for anybody but staff and for a member who is staff, InvalidError for a reason that says
    nothing.
    """
    if not by.is_staff:
        raise DeniedError("This is for the operator's staff.")
    if membership.person.is_staff or not membership.person.is_active:
        raise DeniedError("Choose an active member who is not staff.", code="IMPERSONATION_REFUSED")
    reason = reason.strip()
    if len(reason) < LEAST_REASON:
        raise InvalidError(
            "Say why, in %(characters)s characters or more.",
            code="REASON_MISSING",
            figures={"characters": LEAST_REASON},
        )
    begun = Impersonation(
        membership=membership.pk,
        organization_id=str(membership.organization_id),
        slug=membership.organization.slug,
        organization=membership.organization.name,
        member=membership.person.email,
        reason=reason,
        until=timezone.now() + impersonation.LASTS,
    )
    changes = {"member": begun.member, "reason": reason, "until": begun.until.isoformat()}
    with transaction.atomic():
        if instead_of is not None:
            end(begun=instead_of, why="another begun", by=by)
        record("impersonation.begun", begun, by, changes)
    return begun


def end(*, begun: Impersonation, why: str, by: Actor) -> None:
    """Write the audit row of the end, also where the member or the organisation is gone."""
    record("impersonation.ended", begun, by, {"member": begun.member, "why": why})


def record(action: str, begun: Impersonation, by: Actor, changes: dict[str, Any]) -> None:
    organization = Organization(pk=UUID(begun.organization_id), name=begun.organization, slug=begun.slug)
    with tenancy.staff(), transaction.atomic():
        audit.record(action, by=by, target=organization, organization=organization.pk, changes=changes)
