"""Seeing an organisation as one of its members: for staff, with a reason, for an hour, to look only.

The organisation finds both ends in its audit trail.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Organization
from accounts.services import audit
from musenest.common import impersonation, tenancy
from musenest.common.actors import SYSTEM, Actor
from musenest.common.errors import DeniedError, InvalidError
from musenest.common.impersonation import Impersonation

LEAST_REASON = 10
BEGUN, ENDED = "impersonation.begun", "impersonation.ended"
KEY = "impersonation"  # in the changes of both rows
LOOKED_BACK = timedelta(days=30)


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
        key=uuid4().hex,
    )
    changes = {"member": begun.member, "reason": reason, "until": begun.until.isoformat(), KEY: begun.key}
    with transaction.atomic():
        if instead_of is not None:
            end(begun=instead_of, why="another begun", by=by)
        record(BEGUN, membership.organization, by, changes)
    return begun


def end(*, begun: Impersonation, why: str, by: Actor) -> None:
    """Write the audit row of the end, once, also where the member or the organisation is gone."""
    organization = Organization(pk=UUID(begun.organization_id), name=begun.organization, slug=begun.slug)
    write_end(begun.key, organization, by, {"member": begun.member, "why": why})


def end_overdue() -> int:
    """Write the row of the end for those whose hour is over and whose browser never came back; returns how
    many. Runs as staff.
    """
    now = timezone.now()
    over = AuditEvent.objects.filter(
        action=BEGUN,
        created_at__range=(now - LOOKED_BACK, now - impersonation.LASTS),
        changes__has_key=KEY,
    )
    ended = AuditEvent.objects.filter(action=ENDED, created_at__gt=now - LOOKED_BACK, changes__has_key=KEY)
    known = {event.changes[KEY] for event in ended}
    return sum(
        write_end(
            event.changes[KEY],
            Organization(pk=UUID(event.target_id), name=event.target_label),
            SYSTEM,
            {"member": event.changes["member"], "why": "time", "staff": event.actor_label},
        )
        for event in over.order_by("pk")
        if event.changes[KEY] not in known
    )


def write_end(key: str, organization: Organization, by: Actor, changes: dict[str, Any]) -> bool:
    """Whether the row was written now; of the browser and the schedule the first one does."""
    with tenancy.staff(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{ENDED}:{key}"])
        if key and AuditEvent.objects.filter(action=ENDED, changes__contains={KEY: key}).exists():
            return False
        record(ENDED, organization, by, changes | ({KEY: key} if key else {}))
    return True


def record(action: str, organization: Organization, by: Actor, changes: dict[str, Any]) -> None:
    with tenancy.staff(), transaction.atomic():
        audit.record(action, by=by, target=organization, organization=organization.pk, changes=changes)
