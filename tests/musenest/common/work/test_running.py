"""One work item: claimed once, ended once, tried again, parked, replayed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import structlog
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Notification
from musenest.common import tenancy, work
from musenest.common.errors import ConflictError
from musenest.common.work.items import WorkState
from tests.musenest.common.work.conftest import KIND, Bench, claimed

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_due_item_is_done_once(bench: Bench) -> None:
    item = bench.item()

    after = bench.ring(item)
    bench.ring(item)

    assert (after.state, after.attempts, after.lease) == ("done", 1, None)
    assert after.finished_at is not None
    assert bench.done == [str(item.pk)]


def test_an_item_runs_in_the_scope_of_its_organization(bench: Bench) -> None:
    scopes: list[tenancy.Scope] = []
    bench.run = lambda item: scopes.append(tenancy.current())

    bench.ring(bench.item())

    assert scopes == [tenancy.Scope(organization=bench.organization.pk)]
    assert tenancy.current() == tenancy.Scope()


def test_an_item_that_is_not_due_waits(bench: Bench) -> None:
    item = bench.item(due_at=timezone.now() + timedelta(minutes=1))

    assert bench.ring(item).state == "waiting"
    assert bench.done == []


def test_an_item_under_lease_is_left_alone(bench: Bench) -> None:
    item = bench.item()
    mine = claimed(item)

    after = bench.ring(item)

    assert (after.state, after.lease, after.crashes) == ("running", mine.lease, 0)
    assert bench.done == []


def test_an_id_that_does_not_exist_is_no_error(bench: Bench) -> None:
    work.run(KIND, str(uuid4()))


def test_the_request_id_reaches_the_worker(bench: Bench) -> None:
    bound: list[Any] = []
    bench.run = lambda item: bound.append(structlog.contextvars.get_contextvars())
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        item = bench.item()

    bench.ring(item)

    assert bound == [{"request_id": "request-1", "work": f"{KIND}:{item.pk}"}]
    assert structlog.contextvars.get_contextvars() == {}


# Tries


def test_an_exception_plans_the_next_try_with_growing_waits(bench: Bench) -> None:
    def fall(item: Any) -> None:
        raise ValueError("no luck")

    bench.run = fall
    with time_machine.travel(START, tick=False) as clock:
        item = bench.item()
        after = bench.ring(item)
        assert (after.state, after.due_at, after.last_error) == (
            "waiting", START + timedelta(seconds=5), "ValueError: no luck",
        )  # fmt: skip
        assert bench.ring(item).attempts == 1

        clock.shift(5)
        assert bench.ring(item).due_at == START + timedelta(seconds=5 + 25)


def test_a_retry_may_say_when(bench: Bench) -> None:
    def later(item: Any) -> None:
        raise work.RetryError("busy", after=timedelta(seconds=90))

    bench.run = later
    with time_machine.travel(START, tick=False):
        after = bench.ring(bench.item())

    assert (after.due_at, after.last_error) == (START + timedelta(seconds=90), "busy")


def test_the_last_try_fails_the_item_and_tells_its_kind(bench: Bench) -> None:
    def again(item: Any) -> None:
        raise work.RetryError("busy", after=timedelta(0))

    bench.run = again
    item = bench.item()

    states = [bench.ring(item).state for _ in range(4)]

    assert states == ["waiting", "waiting", "failed", "failed"]
    assert bench.failed == [(str(item.pk), "busy")]


def test_giving_up_fails_the_item_at_once(bench: Bench) -> None:
    def stop(item: Any) -> None:
        raise work.GiveUpError("the site is gone")

    bench.run = stop

    after = bench.ring(bench.item())

    assert (after.state, after.attempts, after.last_error) == ("failed", 1, "the site is gone")
    assert bench.failed == [(str(after.pk), "the site is gone")]


def test_a_kind_that_cannot_tell_of_a_failure_parks_the_item(bench: Bench) -> None:
    """Otherwise the row would be claimed, and fail to fail, for ever."""

    def stop(item: Any) -> None:
        raise work.GiveUpError("enough")

    def tell(item: Any) -> None:
        Notification.objects.filter(pk=item.pk).update(template="told")
        raise KeyError("lost")

    bench.run, bench.on_failed = stop, tell

    after = bench.ring(bench.item())

    assert (after.state, after.template) == ("parked", "t")
    assert after.last_error == "enough (and telling of it failed: KeyError: 'lost')"


# By hand


@pytest.mark.parametrize("state", [WorkState.PARKED, WorkState.FAILED])
def test_a_replayed_item_begins_anew(bench: Bench, state: WorkState) -> None:
    item = bench.item(state=state, attempts=3, crashes=3, finished_at=timezone.now())

    with tenancy.staff():
        replayed = work.replay(item)

    assert (replayed.state, replayed.attempts, replayed.crashes, replayed.finished_at) == (
        "waiting",
        0,
        0,
        None,
    )
    assert bench.ring(item).state == "done"


@pytest.mark.parametrize("state", [WorkState.WAITING, WorkState.RUNNING, WorkState.DONE, WorkState.CANCELLED])
def test_only_parked_and_failed_items_are_replayed(bench: Bench, state: WorkState) -> None:
    item = bench.item(state=state)

    with tenancy.staff(), pytest.raises(ConflictError) as caught:
        work.replay(item)

    assert caught.value.code == "WORK_NOT_REPLAYABLE"


def test_a_waiting_item_can_be_cancelled_and_a_begun_one_not(bench: Bench) -> None:
    waiting, begun = bench.item(), bench.item()
    claimed(begun)
    with tenancy.staff():
        assert work.cancel(waiting).state == "cancelled"
        with pytest.raises(ConflictError):
            work.cancel(begun)

    assert bench.ring(waiting).state == "cancelled"
    assert bench.done == []


# Together


def test_of_many_workers_one_does_the_item(committed_bench: Bench) -> None:
    """Rounds of 4 workers that are rung for one item at the same moment."""
    workers, rounds = 4, 15
    barrier = threading.Barrier(workers)

    def answer(pk: str) -> None:
        barrier.wait(timeout=20)
        work.run(KIND, pk)

    def close(_: int) -> None:
        barrier.wait(timeout=20)
        connection.close()

    items = [committed_bench.item() for _ in range(rounds)]
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            list(pool.map(answer, [str(item.pk)] * workers))
        list(pool.map(close, range(workers)))

    assert sorted(committed_bench.done) == sorted(str(item.pk) for item in items)
    assert {committed_bench.fresh(item).state for item in items} == {"done"}
