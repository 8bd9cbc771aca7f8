"""How much was used, by type: from the rollups, so that it costs the same however many rows there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from uuid import UUID

from django.db.models import Avg, Case, QuerySet, Sum, Value, When
from django.utils import timezone

from analytics.models import DailyUsage, DailyUsageTotal
from billing.models import LIVE, UsageRecord

DAYS = 30


@dataclass(frozen=True)
class TypeUsage:
    """One usage type (M-122): how often it was used, without uses that were taken back; how many requests
    that were; the average response in ms, None where nobody told one.
    """

    usage_type: str
    total_requests: int
    total_count: int
    avg_response_time: float | None


@dataclass(frozen=True)
class DayUsage:
    """One usage type on one UTC day."""

    on: date
    usage_type: str
    total_requests: int
    total_count: int
    responses: int = 0
    response_ms: int = 0


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def first_day() -> date:
    """The first of the last 30 UTC days, today among them."""
    return today() - timedelta(days=DAYS - 1)


def of_organization(organization: UUID) -> QuerySet[DailyUsage]:
    return DailyUsage.objects.filter(organization_id=organization)


def of_all() -> QuerySet[DailyUsageTotal]:
    """For staff."""
    return DailyUsageTotal.objects.all()


def by_type(rows: QuerySet[DailyUsage] | QuerySet[DailyUsageTotal]) -> list[TypeUsage]:
    """Most used first."""
    summed = (
        rows.filter(day__gte=first_day(), day__lte=today())
        .values("usage_type")
        .annotate(
            total=Sum("quantity"), rows=Sum("uses"), told=Sum("responses"), response_time=Sum("response_ms")
        )
        .order_by("-total", "usage_type")
    )
    return [
        TypeUsage(row["usage_type"], row["rows"], row["total"], average(row["response_time"], row["told"]))
        for row in summed
        if row["rows"] or row["total"]
    ]


def average(total_ms: int, told: int) -> float | None:
    return round(total_ms / told, 2) if told else None


def by_day(rows: QuerySet[DailyUsage] | QuerySet[DailyUsageTotal]) -> list[DayUsage]:
    """Of every type on every day that has any, the oldest first."""
    summed = (
        rows.filter(day__gte=first_day(), day__lte=today())
        .values_list("day", "usage_type")
        .annotate(
            rows=Sum("uses"), total=Sum("quantity"), told=Sum("responses"), response_time=Sum("response_ms")
        )
        .order_by("day", "usage_type")
    )
    return [DayUsage(*row) for row in summed if row[2] or row[3]]


def summed_by_type(daily: Iterable[DayUsage]) -> list[TypeUsage]:
    """What `by_type` tells, of days that were read already."""
    sums: dict[str, list[int]] = {}
    for each in daily:
        figures = (each.total_requests, each.total_count, each.responses, each.response_ms)
        before = sums.get(each.usage_type, [0, 0, 0, 0])
        sums[each.usage_type] = [old + new for old, new in zip(before, figures, strict=True)]
    found = [
        TypeUsage(kind, rows, total, average(response_ms, told))
        for kind, (rows, total, told, response_ms) in sums.items()
    ]
    return sorted(found, key=lambda each: (-each.total_count, each.usage_type))


def of_person(person: UUID) -> list[TypeUsage]:
    """What one person's uses come to, by type, in the scope's organisation (for staff: in all). Read from the
    rows: there is no rollup by person.
    """
    sign = Case(When(voids=None, then=Value(1)), default=Value(-1))
    summed = (
        UsageRecord.objects.filter(
            user_id=person, mode=LIVE, billing_period__gte=first_day(), billing_period__lte=today()
        )
        .values_list("usage_type")
        .annotate(rows=Sum(sign), total=Sum("request_count"), response_time=Avg("response_time_ms"))
        .order_by("-total", "usage_type")
    )
    return [
        TypeUsage(kind, rows, total, None if response_time is None else round(float(response_time), 2))
        for kind, rows, total, response_time in summed
    ]


def total_requests(breakdown: list[TypeUsage]) -> int:
    """`total_ai_requests` of M-123."""
    return sum(each.total_count for each in breakdown)
