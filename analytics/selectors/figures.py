"""What the endpoints show, put together: of one organisation, of a person, of everything."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.selectors import people
from analytics.selectors import customers, decisions, revenue, usage
from analytics.selectors.customers import Customers
from analytics.selectors.decisions import DecidedDay
from analytics.selectors.revenue import Revenue
from analytics.selectors.usage import DayUsage, TypeUsage
from musenest.common import entitlements, tenancy
from musenest.common.callers import Caller


@dataclass(frozen=True)
class Figures:
    """Uses of the last 30 UTC days from `since` on, today among them."""

    since: date
    usage_breakdown: list[TypeUsage]

    @property
    def total_ai_requests(self) -> int:
        return usage.total_requests(self.usage_breakdown)


@dataclass(frozen=True)
class DailyFigures(Figures):
    usage_by_day: list[DayUsage]
    decisions_by_day: list[DecidedDay]


@dataclass(frozen=True)
class PlatformFigures(DailyFigures):
    revenue: Revenue
    customers: Customers


@dataclass(frozen=True)
class Business(Figures):
    """M-123."""

    revenue: Revenue


def of_organization(caller: Caller) -> DailyFigures:
    """Raises DeniedError where the tier has no analytics."""
    entitlements.require(caller.organization, "analytics")
    uses = usage.of_organization(caller.organization.pk)
    return DailyFigures(
        since=usage.first_day(),
        usage_breakdown=usage.by_type(uses),
        usage_by_day=usage.by_day(uses),
        decisions_by_day=decisions.by_day(decisions.of_organization(caller.organization.pk)),
    )


def of_person(person: UUID, *, for_: Caller) -> Figures:
    """One's own, or anybody's for staff. Raises NotFoundError for somebody else's, and for nobody's."""
    people.get_for(for_, person)
    # A person's uses are of several organisations, all of them one's own.
    with tenancy.staff():
        return Figures(usage.first_day(), usage.of_person(person))


def of_everything() -> PlatformFigures:
    """For staff."""
    return PlatformFigures(
        since=usage.first_day(),
        usage_breakdown=usage.by_type(usage.of_all()),
        usage_by_day=usage.by_day(usage.of_all()),
        decisions_by_day=decisions.by_day(decisions.of_all()),
        revenue=revenue.now(),
        customers=customers.now(),
    )


def of_business() -> Business:
    """For staff."""
    return Business(usage.first_day(), usage.by_type(usage.of_all()), revenue.now())
