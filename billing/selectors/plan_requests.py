"""Which plan an organisation has asked for; the audit trail is where it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import AuditEvent, Organization
from musenest.common.errors import NotFoundError

ACTION = "plan.requested"
ANSWERED = "subscription.tier_changed"
IS_OPEN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class PlanRequest:
    tier_name: str
    display_name: str
    message: str
    at: datetime
    by: str


def open_of(organization: Organization) -> PlanRequest | None:
    """The newest request that no change of the tier has answered; after two weeks it is forgotten."""
    newest = (
        AuditEvent.objects.filter(
            organization_id=organization.pk,
            action__in=(ACTION, ANSWERED),
            created_at__gte=timezone.now() - IS_OPEN_FOR,
        )
        .order_by("-id")
        .first()
    )
    if newest is None or newest.action == ANSWERED:
        return None
    return of_event(newest)


def open_ones() -> list[tuple[UUID | None, str, PlanRequest]]:
    """(organisation's id, its name then, request) of every request as `open_of` finds it. Runs as staff."""
    newest = (
        AuditEvent.objects.filter(action__in=(ACTION, ANSWERED), created_at__gte=timezone.now() - IS_OPEN_FOR)
        .order_by("organization_id", "-id")
        .distinct("organization_id")
    )
    asked = [event for event in newest if event.action == ACTION]
    return [(event.organization_id, event.target_label, of_event(event)) for event in asked]


def of_event(event: AuditEvent) -> PlanRequest:
    return PlanRequest(
        tier_name=event.changes["tier"],
        display_name=event.changes["display_name"],
        message=event.changes["message"],
        at=event.created_at,
        by=event.actor_label,
    )


def get_open(organization: Organization) -> PlanRequest:
    """As `open_of`. Raises NotFoundError where none is open."""
    found = open_of(organization)
    if found is None:
        raise NotFoundError("No other plan is asked for.", code="PLAN_NOT_ASKED")
    return found
