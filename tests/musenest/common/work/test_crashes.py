"""Workers that are lost: waits, suspicion, parking, and the ghost that comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Notification
from musenest.common import work
from tests.musenest.common.work.conftest import KIND, Bench, claimed

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def crashed(bench: Bench, clock: time_machine.Traveller) -> Notification:
    """An item whose first worker died, whose second try was busy, and whose third is due."""

    def busy(item: Any) -> None:
        raise work.RetryError("busy", after=timedelta(0))

    bench.run = busy
    item = bench.item()
    claimed(item)
    clock.shift(31)
    bench.ring(item)
    clock.shift(5)
    return item


def test_a_crashed_item_waits_5_and_30_seconds_and_is_parked_after_the_third(bench: Bench) -> None:
    with time_machine.travel(START, tick=False) as clock:
        item = bench.item()
        waits = []
        for _ in range(2):
            claimed(item)
            clock.shift(31)
            after = bench.ring(item)
            assert after.state == "waiting"
            waits.append((after.due_at - timezone.now()).total_seconds())
            assert bench.ring(item).state == "waiting"
            clock.shift(waits[-1])
        claimed(item)
        clock.shift(31)
        after = bench.ring(item)

    assert waits == [5, 30]
    assert (after.state, after.crashes, after.lease) == ("parked", 3, None)
    assert "crash 3 of 3" in after.last_error
    assert bench.failed == [(str(item.pk), after.last_error)]
    assert bench.done == []


def test_two_suspects_never_run_together(bench: Bench) -> None:
    with time_machine.travel(START, tick=False) as clock:
        items = [bench.item(), bench.item()]
        innocent = bench.item()
        for item in items:
            claimed(item)
        clock.shift(31)
        for item in items:
            bench.ring(item)
        clock.shift(6)

        claimed(items[0])
        assert bench.ring(items[1]).state == "waiting"
        assert bench.ring(innocent).state == "done"
        clock.shift(31)
        assert bench.ring(items[1]).state == "done"


def test_a_try_that_ends_clears_the_suspicion(bench: Bench) -> None:
    with time_machine.travel(START, tick=False) as clock:
        item = crashed(bench, clock)
        assert bench.ring(item).crashes == 0


def test_a_crash_takes_none_of_the_planned_tries(bench: Bench) -> None:
    with time_machine.travel(START, tick=False) as clock:
        item = crashed(bench, clock)
        states = [bench.ring(item).state for _ in range(3)]

    assert states == ["waiting", "waiting", "failed"]


def test_a_worker_that_lost_its_lease_writes_nothing(bench: Bench) -> None:
    """It was given up for lost and another one has the row: neither its end nor its work may be written."""
    with time_machine.travel(START, tick=False) as clock:
        item = bench.item()

        def slow(mine: Notification) -> None:
            clock.shift(31)
            bench.ring(item)
            clock.shift(5)
            claimed(item)
            with work.finishing(mine) as row:
                row.template = "written by a ghost"

        bench.run = slow
        work.run(KIND, str(item.pk))
    after = bench.fresh(item)

    assert (after.state, after.template, after.crashes) == ("running", "t", 1)


@pytest.mark.parametrize("error", [work.RetryError("x"), work.GiveUpError("x"), ValueError("x")])
def test_a_lost_lease_can_neither_retry_nor_fail(bench: Bench, error: Exception) -> None:
    item = bench.item()

    def stolen(mine: Notification) -> None:
        Notification.objects.filter(pk=mine.pk).update(lease=uuid4())
        raise error

    bench.run = stolen
    after = bench.ring(item)

    assert (after.state, after.last_error) == ("running", "")
    assert bench.failed == []


def test_what_finishing_writes_is_undone_with_it(bench: Bench) -> None:
    def half(item: Notification) -> None:
        with work.finishing(item) as row:
            row.template = "half"
            row.save()
            raise work.RetryError("broke off")

    bench.run = half
    after = bench.ring(bench.item())

    assert (after.state, after.template, after.last_error) == ("waiting", "t", "broke off")
