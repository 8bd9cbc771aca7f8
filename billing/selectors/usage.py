"""How much an organisation has used."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Organization
from billing.domain.limits import UNLIMITED
from billing.models import Tier, UsageCounter
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


def this_month() -> date:
    return first_of_month(timezone.now().date())


def used_this_month(organization: Organization, meter: str = MONTHLY_REQUESTS) -> int:
    counter = UsageCounter.objects.filter(organization=organization, meter=meter, month=this_month()).first()
    return counter.used if counter else 0


def quota_of(organization: Organization, tier: Tier) -> Quota:
    return Quota(used=used_this_month(organization), limit=tier.max_monthly_requests, month=this_month())
