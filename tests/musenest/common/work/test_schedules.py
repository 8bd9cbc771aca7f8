"""Schedules: each occurrence once, however many beats and workers ask."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from musenest.common import tenancy, work
from musenest.common.work import schedules

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def runs() -> Iterator[list[tenancy.Scope]]:
    """The scopes in which the schedule `hourly` ran."""
    found: list[tenancy.Scope] = []
    with mock.patch.dict(schedules.plans, clear=True):
        work.register_schedule("hourly", lambda: found.append(tenancy.current()), every=HOUR)
        yield found


def row() -> work.Schedule:
    with tenancy.staff():
        return work.Schedule.objects.get(name="hourly")


@pytest.mark.django_db
def test_an_occurrence_runs_once_and_the_next_one_too(runs: list[tenancy.Scope]) -> None:
    with time_machine.travel(START, tick=False) as clock:
        schedules.run_schedule("hourly")
        clock.shift(HOUR - timedelta(seconds=1))
        schedules.run_schedule("hourly")
        assert len(runs) == 1

        clock.shift(1)
        schedules.run_schedule("hourly")
    assert runs == [tenancy.Scope(is_staff=True)] * 2
    assert row().finished_at is not None


@pytest.mark.django_db
def test_a_clock_that_goes_back_runs_nothing_twice(runs: list[tenancy.Scope]) -> None:
    with time_machine.travel(START, tick=False) as clock:
        schedules.run_schedule("hourly")
        clock.shift(-2 * HOUR)
        schedules.run_schedule("hourly")

    assert len(runs) == 1


@pytest.mark.django_db
def test_a_failing_schedule_says_so_and_runs_again_at_its_next_occurrence() -> None:
    def fall() -> None:
        raise ValueError("no luck")

    with mock.patch.dict(schedules.plans, clear=True), time_machine.travel(START, tick=False) as clock:
        work.register_schedule("hourly", fall, every=HOUR)
        schedules.run_schedule("hourly")
        assert row().last_error == "ValueError: no luck"

        clock.shift(HOUR)
        work.register_schedule("hourly", lambda: None, every=HOUR)
        schedules.run_schedule("hourly")
    assert row().last_error == ""


@pytest.mark.django_db
def test_an_occurrence_whose_worker_was_killed_is_run_again(runs: list[tenancy.Scope]) -> None:
    """A daily schedule would otherwise lose its day."""
    with time_machine.travel(START, tick=False) as clock:
        with tenancy.staff():
            assert schedules.claim("hourly", (START - schedules.EPOCH) // HOUR, START)
        clock.shift(schedules.LOST_AFTER - timedelta(seconds=1))
        schedules.run_schedule("hourly")
        assert runs == []

        clock.shift(2)
        schedules.run_schedule("hourly")
        schedules.run_schedule("hourly")
    assert len(runs) == 1


@pytest.mark.django_db
def test_a_late_end_of_an_older_occurrence_does_not_end_the_newer() -> None:
    with mock.patch.dict(schedules.plans, clear=True), time_machine.travel(START, tick=False) as clock:

        def overtaken() -> None:
            clock.shift(HOUR)
            schedules.claim("hourly", (START + HOUR - schedules.EPOCH) // HOUR, START + HOUR)

        work.register_schedule("hourly", overtaken, every=HOUR)
        schedules.run_schedule("hourly")

    assert row().finished_at is None


def test_two_beats_run_an_occurrence_once(committed_db: None, runs: list[tenancy.Scope]) -> None:
    barrier = threading.Barrier(4)

    def ask(_: int) -> None:
        barrier.wait(timeout=20)
        schedules.run_schedule("hourly")
        connection.close()

    for day in range(10):
        with time_machine.travel(START + timedelta(days=day), tick=False), ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, range(4)))
        assert len(runs) == day + 1


def test_beat_asks_for_every_registered_schedule_at_least_once_in_its_period() -> None:
    asked = {entry["args"][1]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert asked.keys() == schedules.plans.keys()
    for name, plan in schedules.plans.items():
        assert asked[name] <= max(plan.every.total_seconds(), 5), name
