"""Decisions, as a caller may see them: escalated ones only with the child-safety grant (REQUIREMENTS.md,
24).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.rules import CHILD_SAFETY
from billing.models import LIVE, TEST
from moderation.models import ConfigurationVersion, Decision, DecisionEvent
from moderation.models.decisions import DecisionQuerySet
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError


@dataclass(frozen=True)
class SealedDecision:
    """What the API key that sent the picture, or a person without the grant who did, learns of an escalated
    decision: that the picture is rejected and the original is to be kept. Nothing of what led to it.
    """

    id: int
    site: UUID
    external_id: str
    mode: str
    standing: str
    escalated: bool = True
    preserve: bool = True
    sealed: bool = True


def visible_to(caller: Caller, mode: str = "") -> QuerySet[Decision]:
    """Newest first, each with what it has become by now as `standing`: live ones, unless others are asked
    for; to a key of the test mode those of the test mode only.
    """
    found = all_of(caller, mode)
    if not caller.may(CHILD_SAFETY):
        found = found.not_escalated()
    return found.order_by("-created_at", "-id")


def all_of(caller: Caller, mode: str) -> DecisionQuerySet:
    """Also those that the caller may not see."""
    mode = TEST if caller.mode == TEST else mode or LIVE
    return Decision.objects.filter(organization_id=caller.organization.pk, mode=mode).with_standing()


def get_for(caller: Caller, pk: int, mode: str = "") -> Decision:
    return one_of(visible_to(caller, mode), pk)


def one_of(found: QuerySet[Decision], pk: int) -> Decision:
    decision = found.filter(pk=pk).first()
    if decision is None:
        raise unknown()
    return decision


def unknown() -> NotFoundError:
    return NotFoundError("There is no such decision.", code="DECISION_UNKNOWN")


def answer_for(caller: Caller, pk: int, mode: str = "") -> Decision | SealedDecision:
    """The decision as the caller may know it. The API key that sent the picture got the first answer about it
    and acts on it, so it learns of an escalation too, sealed; to other keys and to a person without the grant
    an escalated one is not there (NotFoundError).
    """
    if caller.actor.kind != "api_key":
        return get_for(caller, pk, mode)
    found = one_of(all_of(caller, mode), pk)
    if not found.is_escalated_by_now:
        return found
    if str(found.api_key_id) != caller.actor.id:
        raise unknown()
    return sealed(found)


def told_of(caller: Caller, decision: Decision) -> Decision | SealedDecision:
    """What the caller is answered who sent the picture: a program all of it; a person without the
    grant, of an escalated one, what a key may read later.
    """
    may_see = caller.actor.kind == "api_key" or caller.may(CHILD_SAFETY)
    return decision if may_see or not decision.is_escalated_by_now else sealed(decision)


def sealed(decision: Decision) -> SealedDecision:
    return SealedDecision(decision.pk, decision.site_id, decision.external_id, decision.mode, decision.by_now)


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
