"""Decisions, as a caller may see them: escalated ones only with the child-safety grant (REQUIREMENTS.md,
24).
"""

from django.db.models import QuerySet

from accounts.rules import CHILD_SAFETY
from billing.models import LIVE, TEST
from moderation.models import ConfigurationVersion, Decision, DecisionEvent
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError


def visible_to(caller: Caller, mode: str = "") -> QuerySet[Decision]:
    """Newest first, each with what it has become by now as `standing`: live ones, unless others are asked
    for; to a key of the test mode those of the test mode only.
    """
    mode = TEST if caller.mode == TEST else mode or LIVE
    found = Decision.objects.filter(organization_id=caller.organization.pk, mode=mode).with_standing()
    if not caller.may(CHILD_SAFETY):
        found = found.not_escalated()
    return found.order_by("-created_at", "-id")


def get_for(caller: Caller, pk: int, mode: str = "") -> Decision:
    found = visible_to(caller, mode).filter(pk=pk).first()
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


def version_of(decision: Decision) -> ConfigurationVersion | None:
    """The configuration that decided, with its template; also when the site is gone."""
    if decision.config_version is None:
        return None
    return (
        ConfigurationVersion.objects.select_related("template_version__template")
        .filter(
            organization_id=decision.organization_id, site_id=decision.site_id, number=decision.config_version
        )
        .first()
    )
