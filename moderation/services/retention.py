"""Removing decisions at the end of their time (REQUIREMENTS.md, 23). Usage and audit stay: they are money and
law.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import Organization
from accounts.selectors import memberships
from accounts.services import audit
from moderation.models import CaptionRequest, Decision, DecisionEvent, Site
from moderation.models.sites import LEAST_MONTHS
from moderation.selectors import retention
from musenest.common.actors import SYSTEM, Actor
from musenest.common.errors import DeniedError

AT_ONCE = 5_000  # of an organisation, in one transaction and one run
REMOVE = "decisions:remove"


def shortens(site: Site, fields: Mapping[str, Any]) -> bool:
    """Whether these fields keep the site's decisions for fewer months, which removes some for good: whoever
    says so proves first who they are.
    """
    months = fields.get("retention_months")
    return isinstance(months, int) and LEAST_MONTHS <= months < site.retention_months


def require_authority(organization: Organization, by: Actor) -> None:
    """Return when the actor may have decisions kept for fewer months. Raises DeniedError: `PERSON_NEEDED` for
    a program, and for a person whose role is not above a member's.
    """
    if by.kind == "api_key":
        raise DeniedError(
            "Fewer months remove decisions for good: that is a person's to say. An API key is none.",
            code="PERSON_NEEDED",
        )
    if REMOVE not in memberships.authority_of(by, organization):
        raise DeniedError(
            "Fewer months remove decisions for good: that is an owner's or admin's to say.",
            details={"allowed": False, "reason": "permission", "permission": REMOVE},
        )


def remove_expired() -> int:
    """Remove what ended its time, at most `AT_ONCE` decisions of each organisation; returns how many. Runs as
    staff, as a schedule: the next run goes on where this one ended, or was lost.
    """
    sites: dict[Organization, list[Site]] = {}
    for site in (
        retention.sites_with_expired().select_related("organization").order_by("organization_id", "pk")
    ):
        sites.setdefault(site.organization, []).append(site)
    return sum(remove_of(organization, found) for organization, found in sites.items())


def remove_of(organization: Organization, sites: Iterable[Site]) -> int:
    """In one transaction: the decisions, what was said of them later, and the row that tells how many."""
    with transaction.atomic():
        chosen = [
            pk for site in sites for pk in retention.expired_of(site).values_list("pk", flat=True)[:AT_ONCE]
        ]
        removed, events = remove(organization, chosen[:AT_ONCE])
        if removed:
            audit.record(
                "decisions.expired",
                by=SYSTEM,
                target=organization,
                organization=organization.pk,
                changes={"decisions": removed, "events": events},
            )
    return removed


def remove(organization: Organization, chosen: list[int]) -> tuple[int, int]:
    """How many decisions and events are gone.

    Requests for captions go first: who is writing one down has its row locked. Either we wait, and PostgreSQL
    keeps the decision that was escalated by then, or the row is gone and nothing is written.
    """
    of_these = {"organization_id": organization.pk, "decision_id__in": chosen}
    CaptionRequest.objects.filter(**of_these).delete()
    removed, _ = Decision.objects.filter(organization_id=organization.pk, pk__in=chosen).delete()
    events, _ = DecisionEvent.objects.filter(**of_these).delete()  # only of decisions that are gone
    return removed, events
