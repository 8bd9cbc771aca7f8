"""Fewer months remove some of a site's decisions for good: whoever saves that is asked first."""

from dataclasses import dataclass
from typing import Any

from moderation.models import Site
from moderation.selectors import retention

COUNTED = 1000  # more than these are "more than 1,000"
MONTHS = range(1, 37)


@dataclass(frozen=True)
class Removal:
    """What a shorter time would remove."""

    months: int
    decisions: int
    has_more: bool


def removal_of(site: Site, fields: dict[str, Any], said: str) -> Removal | None:
    """None where nothing is removed, or where the person `said` these months: to the question, not before."""
    months: Any = fields.get("retention_months")
    if months not in MONTHS or months >= site.retention_months or said == str(months):
        return None
    found = retention.expired_of(site, months)[: COUNTED + 1].count()
    return Removal(months, min(found, COUNTED), found > COUNTED) if found else None
