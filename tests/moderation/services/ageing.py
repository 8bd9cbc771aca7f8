"""Decisions of long ago, and what is left of them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import AuditEvent
from moderation.models import Decision, Site
from moderation.services import retention
from musenest.common import tenancy
from musenest.common.partitions import first_of_month
from tests import samples
from tests.samples import Customer


def midnight(months_ago: int) -> datetime:
    """Of the day with today's number, so many months ago; of the last one where that month is shorter."""
    today = timezone.now().date()
    first = first_of_month(today, -months_ago)
    last = first_of_month(first, 1) - timedelta(days=1)
    return datetime.combine(date(first.year, first.month, min(today.day, last.day)), time(), UTC)


def old(of: Customer, about: Site, at: datetime, **fields: Any) -> int:
    """Its key; its month's partition is made where it is missing."""
    with tenancy.staff(), connection.cursor() as cursor:
        month = first_of_month(at.date())
        cursor.execute("SELECT musenest_make_partition('moderation_decisions', %s)", [month])
    return samples.decision(of, about, "rejected", created_at=at, **fields).pk


def left() -> set[int]:
    with tenancy.staff():
        return set(Decision.objects.values_list("pk", flat=True))


def run() -> int:
    with tenancy.staff():
        return retention.remove_expired()


def told() -> list[tuple[Any, Any]]:
    with tenancy.staff():
        found = AuditEvent.objects.filter(action="decisions.expired").order_by("pk")
        return list(found.values_list("organization_id", "changes"))
