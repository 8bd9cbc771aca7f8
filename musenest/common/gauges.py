"""What `/metrics` tells beside every process's own figures: how far the work is, out of the database.

The same whichever process answers. Alarms stand on them (docs/operations.md, *Watching*).
"""

from collections.abc import Iterator

import structlog
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from musenest.common import tenancy
from musenest.common.work import Schedule, kinds
from musenest.common.work.items import OPEN_STATES, WorkState, claimable
from musenest.common.work.schedules import plans

logger = structlog.get_logger(__name__)


class WorkCollector(Collector):
    """Work items and schedules. `musenest_up` is 0, and alone, where the database does not answer."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("musenest_up", "Whether the database answered.")
        try:
            with tenancy.staff():
                found = [items(), waiting(), schedules()]
        except DatabaseError:
            logger.exception("gauges_missing")
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield from [up, *found]


def items() -> GaugeMetricFamily:
    family = GaugeMetricFamily("musenest_work_items", "Work items by state.", labels=["kind", "state"])
    for name, states in counts().items():
        for state, count in states.items():
            family.add_metric([name, state], count)
    return family


def counts() -> dict[str, dict[str, int]]:
    """Open and parked rows by kind. In staff's scope."""
    return {
        name: {
            "open": kind.model._default_manager.filter(state__in=OPEN_STATES).count(),
            "parked": kind.model._default_manager.filter(state=WorkState.PARKED).count(),
        }
        for name, kind in kinds.items()
    }


def waiting() -> GaugeMetricFamily:
    """How long the oldest item that could be done now has been due: the queue's delay."""
    family = GaugeMetricFamily("musenest_work_delay_seconds", "Age of the oldest due item.", labels=["kind"])
    now = timezone.now()
    for name, kind in kinds.items():
        due = kind.model._default_manager.filter(claimable(now)).order_by("due_at")
        oldest = due.values_list("due_at", flat=True).first()
        family.add_metric([name], max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
    return family


def schedules() -> GaugeMetricFamily:
    """Periods since a schedule last ran well: 1 is as planned, 3 is late."""
    family = GaugeMetricFamily("musenest_schedule_periods", "Periods since it ran well.", labels=["name"])
    now = timezone.now()
    for row in Schedule.objects.filter(name__in=plans):
        since = (now - (row.finished_at or row.claimed_at)).total_seconds()
        periods = since / plans[row.name].every.total_seconds()
        family.add_metric([row.name], max(periods, 3.0) if row.last_error else periods)
    return family


registry = CollectorRegistry()
registry.register(WorkCollector())


def page() -> bytes:
    return generate_latest(registry)
