"""Schedules: what happens every so often, once however many beats and workers there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import models, transaction
from django.utils import timezone

from musenest.common import tenancy

logger = structlog.get_logger(__name__)

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# An occurrence without an end after this long was lost with its worker, and is claimed again.
LOST_AFTER = timedelta(minutes=10)


class Schedule(models.Model):
    """One schedule and the newest occurrence that somebody claimed."""

    name = models.CharField(max_length=64, primary_key=True)
    occurrence = models.BigIntegerField(help_text="number of the period since 2026-01-01")
    claimed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        app_label = "common"
        db_table = "schedules"
        constraints = [tenancy.Isolation(name="schedule_is_the_kernels", sees="false")]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Plan:
    run: Callable[[], object]
    every: timedelta


plans: dict[str, Plan] = {}


def register_schedule(name: str, run: Callable[[], object], *, every: timedelta) -> None:
    plans[name] = Plan(run, every)


def run_schedule(name: str) -> None:
    """Run the schedule in staff's scope if this occurrence is not claimed yet."""
    plan = plans[name]
    now = timezone.now()
    with tenancy.staff():
        occurrence = (now - EPOCH) // plan.every
        if not claim(name, occurrence, now):
            return
        error = ""
        try:
            plan.run()
        except Exception as exception:
            logger.exception("schedule_failed", schedule=name)
            error = f"{type(exception).__name__}: {exception}"
        mine = Schedule.objects.filter(name=name, occurrence=occurrence, claimed_at=now)
        mine.update(finished_at=timezone.now(), last_error=error)


def claim(name: str, occurrence: int, now: datetime) -> bool:
    """Whether this occurrence became ours: one row, moved forward by one conditional update."""
    with transaction.atomic():
        Schedule.objects.bulk_create(
            [Schedule(name=name, occurrence=-1, claimed_at=now)], ignore_conflicts=True
        )
        is_new = models.Q(occurrence__lt=occurrence)
        is_lost = models.Q(occurrence=occurrence, finished_at=None, claimed_at__lt=now - LOST_AFTER)
        ours = Schedule.objects.filter(is_new | is_lost, name=name)
        return ours.update(occurrence=occurrence, claimed_at=now, finished_at=None) == 1
