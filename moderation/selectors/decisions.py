"""Decisions, as a caller may see them: escalated ones only with the child-safety grant (REQUIREMENTS.md,
24).
"""

from django.db.models import QuerySet

from accounts.rules import CHILD_SAFETY
from moderation.models import Decision, DecisionEvent
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError


def visible_to(caller: Caller) -> QuerySet[Decision]:
    """Newest first, live ones only, each with what it has become by now as `standing`."""
    found = Decision.objects.filter(organization_id=caller.organization.pk, mode="live").with_standing()
    if not caller.may(CHILD_SAFETY):
        found = found.not_escalated()
    return found.order_by("-created_at", "-id")


def get_for(caller: Caller, pk: int) -> Decision:
    found = visible_to(caller).filter(pk=pk).first()
    if found is None:
        raise NotFoundError("There is no such decision.", code="DECISION_UNKNOWN")
    return found


def visible_to_staff() -> QuerySet[Decision]:
    """For the admin: of all organisations, and never an escalated one."""
    return Decision.objects.with_standing().not_escalated().order_by("-created_at", "-id")


def events_of(decision: Decision) -> QuerySet[DecisionEvent]:
    return DecisionEvent.objects.filter(
        organization_id=decision.organization_id, decision_id=decision.pk
    ).order_by("created_at", "id")
