"""Fewer months remove some of a site's decisions for good: whoever saves that is asked first."""

from dataclasses import dataclass
from typing import Any

from moderation.models import Site
from moderation.selectors import retention
from moderation.services.retention import shortens

COUNTED = 1000  # more than these are "more than 1,000"


@dataclass(frozen=True)
class Removal:
    """What a shorter time would remove."""

    months: int
    decisions: int
    has_more: bool


def removal_of(site: Site, fields: dict[str, Any], said: str) -> Removal | None:
    """None where nothing is removed, or where the person `said` these months: to the question, not before."""
    if not shortens(site, fields) or said == str(fields["retention_months"]):
        return None
    months: int = fields["retention_months"]
    found = retention.expired_of(site, months)[: COUNTED + 1].count()
    return Removal(months, min(found, COUNTED), found > COUNTED) if found else None
