"""Decisions that are older than their site keeps them (REQUIREMENTS.md, 23).

What was escalated, at once or later, and what the customer has to preserve is none of
them. PostgreSQL holds the same again: nobody can remove anything else (ADR 17).
"""

from typing import Any

from django.db.models import DateTimeField, Exists, Func, OuterRef, QuerySet

from moderation.models import Decision, Site
from moderation.models.decisions import DecisionQuerySet


class KeptSince(Func):
    """The instant since when a site with so many months keeps its decisions; PostgreSQL's clock says."""

    function = "decisions_kept_since"
    output_field = DateTimeField()


def expired(found: DecisionQuerySet, site: Any, months: Any) -> DecisionQuerySet:
    """Those of a site (or of an outer query's) whose time is over."""
    return found.filter(site_id=site, created_at__lt=KeptSince(months), is_escalated=False, is_preserve=False)


def sites_with_expired() -> QuerySet[Site]:
    """Deleted ones too: their decisions stayed behind. For staff: one index look-up for each site, which is
    why it does not ask what was escalated later; such a site is found in vain.
    """
    found = expired(Decision.objects.all(), OuterRef("pk"), OuterRef("retention_months"))
    return Site.objects.filter(Exists(found))


def expired_of(site: Site, months: int | None = None) -> DecisionQuerySet:
    """What may be removed of it, or could if it kept them so many months; the oldest first."""
    found = expired(Decision.objects.not_escalated(), site.pk, months or site.retention_months)
    return found.filter(organization_id=site.organization_id).order_by("created_at", "pk")
