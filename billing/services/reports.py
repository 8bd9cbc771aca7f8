"""Uses that customers report themselves (M-124 to M-126): they count against no limit and cost nothing."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from accounts.models import Organization
from accounts.selectors import memberships
from billing.domain import usage_types
from billing.models import LIVE, UsageRecord
from billing.selectors import sites
from musenest.common.actors import Actor
from musenest.common.errors import InvalidError, NotFoundError

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Report:
    """So many uses of one type, and what the caller wants to be kept with them."""

    usage_type: str = usage_types.REPORTED
    request_count: int = 1
    response_time_ms: int | None = None
    tokens_used: int = 0
    site: UUID | None = None
    person: UUID | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def add(*, organization: Organization, report: Report, by: Actor, mode: str = LIVE) -> UsageRecord:
    """Write the use on today's UTC day, as the caller's own.

    Raises InvalidError for a type that only MuseNest writes, NotFoundError for somebody else's site, and for
    a person who is not the caller (staff may name any member).
    """
    if report.usage_type in usage_types.RESERVED:
        raise InvalidError(
            "Uses of the type %(usage_type)s are counted by MuseNest itself.",
            code="USAGE_TYPE_RESERVED",
            figures={"usage_type": report.usage_type},
            details={"field": "usage_type"},
        )
    if report.site is not None and not sites.is_of(organization, report.site):
        raise NotFoundError("There is no such site.", code="SITE_UNKNOWN")
    person = person_of(report, organization, by)
    record = UsageRecord.objects.create(
        organization_id=organization.pk,
        usage_type=report.usage_type,
        site_config_id=report.site,
        user_id=person,
        request_count=report.request_count,
        response_time_ms=report.response_time_ms,
        tokens_used=report.tokens_used,
        metadata=report.metadata,
        mode=mode,
    )
    logger.info("Tracked %s usage for user %s", report.usage_type, person, mode=mode)  # M-126
    return record


def person_of(report: Report, organization: Organization, by: Actor) -> UUID | None:
    """Who used it: the caller, whatever the body says (decision 4); None for a program."""
    own = UUID(by.id) if by.kind == "person" else None
    if report.person in (None, own):
        return own
    if by.is_staff:
        return memberships.get_for(organization, report.person).person_id
    raise NotFoundError("There is no such person.", code="PERSON_UNKNOWN")
