"""How much an organisation has used."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Organization
from billing.domain.limits import UNLIMITED
from billing.models import LIVE, TEST, Tier, UsageCounter, UsageRecord
from billing.selectors import subscriptions
from musenest.common.callers import Caller
from musenest.common.partitions import first_of_month

MONTHLY_REQUESTS = "monthly_requests"


@dataclass(frozen=True)
class Quota:
    """This month's pictures against the tier's limit (-1: none)."""

    used: int
    limit: int
    month: date

    @property
    def is_unlimited(self) -> bool:
        return self.limit == UNLIMITED

    @property
    def percent(self) -> int:
        """0 to 100; 0 where there is no limit."""
        return 0 if self.limit <= 0 else min(100, self.used * 100 // self.limit)

    @property
    def left(self) -> int | None:
        return None if self.is_unlimited else max(0, self.limit - self.used)


@dataclass(frozen=True)
class Total:
    """All uses of one type over some days (M-122). What was voided counts in neither number."""

    usage_type: str
    total_requests: int
    total_count: int
    avg_response_time: float | None
    tokens_used: int


@dataclass(frozen=True)
class Summary:
    """What was used from one UTC day to another, both counted, and this month's quota."""

    since: date
    until: date
    totals: list[Total]
    quota: Quota


def visible_to(caller: Caller, mode: str = "") -> QuerySet[UsageRecord]:
    """The organisation's uses, newest first: live ones, unless others are asked for; to a key of the test
    mode those of the test mode only.
    """
    found = UsageRecord.objects.filter(organization_id=caller.organization.pk)
    return found.filter(mode=TEST if caller.mode == TEST else mode or LIVE).order_by("-id")


def summary_of(caller: Caller, *, since: date, until: date) -> Summary:
    """Totals by type. Raises DeniedError without a subscription.

    Read from the rows: the rollups by day are of analytics, which stands above, and know no tokens.
    """
    uses = visible_to(caller).filter(billing_period__gte=since, billing_period__lte=until)
    tier = subscriptions.current_of(caller.organization).tier
    return Summary(since, until, list(totals_of(uses)), quota_of(caller.organization, tier))


def totals_of(uses: QuerySet[UsageRecord]) -> Iterator[Total]:
    by_type = uses.order_by("usage_type").values("usage_type")
    for row in by_type.annotate(
        total_requests=Count("id", filter=Q(voids=None)) - Count("voids"),
        total_count=Sum("request_count"),
        avg_response_time=Avg("response_time_ms"),
        tokens_used=Sum("tokens_used"),
    ):
        yield Total(**row)


def this_month() -> date:
    return first_of_month(timezone.now().date())


def used_this_month(organization: Organization) -> int:
    counters = UsageCounter.objects.filter(organization=organization, meter=MONTHLY_REQUESTS)
    counter = counters.filter(month=this_month()).first()
    return counter.used if counter else 0


def quota_of(organization: Organization, tier: Tier) -> Quota:
    return Quota(used=used_this_month(organization), limit=tier.max_monthly_requests, month=this_month())
