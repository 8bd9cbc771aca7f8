"""What staff see first. Runs in staff's scope; what grows by the million comes from rollups."""

from dataclasses import dataclass

from analytics.selectors import customers, decisions, operations, revenue, usage
from analytics.selectors.customers import Customers
from analytics.selectors.decisions import DecidedDay
from analytics.selectors.operations import Figure, Kinds, Problem
from analytics.selectors.revenue import Revenue
from analytics.selectors.usage import DayUsage, TypeUsage


@dataclass(frozen=True)
class Dashboard:
    servers: list[Figure]
    sites: list[Figure]
    decisions_today: list[Figure]
    work: Kinds
    problems: list[Problem]
    decided: list[DecidedDay]
    uses: list[DayUsage]
    revenue: Revenue
    requests_by_tier: dict[str, int]
    customers: Customers

    @property
    def usage_breakdown(self) -> list[TypeUsage]:
        return usage.summed_by_type(self.uses)


def now() -> Dashboard:
    kinds = operations.work_by_kind()
    return Dashboard(
        servers=operations.servers(),
        sites=operations.sites(),
        decisions_today=operations.decisions_today(),
        work=kinds,
        problems=operations.problems(kinds),
        decided=decisions.by_day(decisions.of_all()),
        uses=usage.by_day(usage.of_all()),
        revenue=revenue.now(),
        requests_by_tier=revenue.requests_by_tier(),
        customers=customers.now(),
    )
