"""How pictures were decided, by day and kind.

The rollups count what the machine said first, without what it escalated at once: so the admin and the API
tell it (`by_day`). The portal tells what stands by now, as far as the reader may see it (`by_now`): the
rollups, and on top of them only what changed since, so that it does not read every picture of a month.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.rules import CHILD_SAFETY
from analytics.models import DailyDecisions, DailyDecisionsTotal
from analytics.selectors.usage import DAYS, first_day, today
from billing.models import LIVE
from moderation.models import Decision, DecisionEvent
from moderation.selectors import decisions
from musenest.common.callers import Caller

Counts = Counter[tuple[date, str]]


@dataclass(frozen=True)
class DecidedDay:
    """How many pictures were decided on one UTC day, by kind."""

    on: date
    approved: int = 0
    flagged: int = 0
    rejected: int = 0

    @property
    def total(self) -> int:
        return self.approved + self.flagged + self.rejected


def of_organization(organization: UUID) -> QuerySet[DailyDecisions]:
    return DailyDecisions.objects.filter(organization_id=organization)


def of_all() -> QuerySet[DailyDecisionsTotal]:
    """For staff."""
    return DailyDecisionsTotal.objects.all()


def by_day(
    rows: QuerySet[DailyDecisions] | QuerySet[DailyDecisionsTotal], days: int = DAYS
) -> list[DecidedDay]:
    """The last `days` UTC days, today last, days without decisions too."""
    return listed(counts_of(rows, days), days)


def by_now(caller: Caller, days: int = DAYS) -> list[DecidedDay]:
    """The same days of the caller's organisation, each picture as what it has become."""
    first = datetime.combine(first_day(days), time.min, tzinfo=UTC)
    own = Q(organization_id=caller.organization.pk, created_at__gte=first)
    revised = DecisionEvent.objects.filter(own).exclude(decision="", is_escalated=False)
    is_revised = Q(pk__in=revised.values("decision_id"))
    counted = Decision.objects.filter(own, is_revised, mode=LIVE, is_escalated=False)
    not_counted = Q(is_escalated=True) if caller.may(CHILD_SAFETY) else Q()
    standing = decisions.visible_to(caller, LIVE).filter(is_revised | not_counted, created_at__gte=first)
    counts = counts_of(of_organization(caller.organization.pk), days)
    counts.subtract(counts_by(counted, "decision"))
    counts.update(counts_by(standing, "standing"))
    return listed(counts, days)


def counts_of(rows: QuerySet[DailyDecisions] | QuerySet[DailyDecisionsTotal], days: int) -> Counts:
    summed = (
        rows.filter(day__gte=first_day(days), day__lte=today())
        .values_list("day", "decision")
        .annotate(sum=Sum("pictures"))
        .order_by()
    )
    return Counter({(day, kind): pictures for day, kind, pictures in summed})


def counts_by(found: QuerySet[Decision], kind: str) -> Counts:
    counted = (
        found.annotate(on=TruncDate("created_at", tzinfo=UTC))
        .values_list("on", kind)
        .annotate(number=Count("id"))
        .order_by()
    )
    return Counter({(on, word): number for on, word, number in counted})


def listed(counts: Counts, days: int) -> list[DecidedDay]:
    found: dict[date, dict[str, int]] = {}
    for (day, kind), number in counts.items():
        found.setdefault(day, {})[kind] = number
    dates = [first_day(days) + timedelta(days=number) for number in range(days)]
    return [DecidedDay(day, **found.get(day, {})) for day in dates]
