"""Which plan an organisation has asked for; the audit trail is where it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import AuditEvent, Organization

ACTION = "plan.requested"
ANSWERED = "subscription.tier_changed"
IS_OPEN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class PlanRequest:
    tier_name: str
    display_name: str
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
    return PlanRequest(
        tier_name=newest.changes["tier"],
        display_name=newest.changes["display_name"],
        at=newest.created_at,
        by=newest.actor_label,
    )
