"""Rings: sent on commit, lost without harm, sent again by the sweep."""

import json
import os
import subprocess
import sys
import time
from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from musenest.common import work
from musenest.common.work import doorbell, sweeping
from musenest.common.work.items import WorkState
from tests.musenest.common.work.conftest import KIND, Bench

ROOT = Path(__file__).resolve().parents[4]


def rings(client: redis.Redis) -> list[list[Any]]:
    """The arguments of the rings in the broker, oldest first."""
    messages = [json.loads(message) for message in reversed(client.lrange("celery", 0, -1))]
    return [json.loads(b64decode(message["body"]))[0] for message in messages]


def test_a_ring_is_sent_when_the_transaction_commits(
    committed_bench: Bench, valkey_client: redis.Redis
) -> None:
    with transaction.atomic():
        item = committed_bench.item()
        assert rings(valkey_client) == []

    assert rings(valkey_client) == [[KIND, str(item.pk)]]


def test_no_ring_is_sent_for_what_was_rolled_back(committed_bench: Bench, valkey_client: redis.Redis) -> None:
    with pytest.raises(ValueError, match="back"), transaction.atomic():
        committed_bench.item()
        raise ValueError("back")

    assert rings(valkey_client) == []


def test_a_ring_carries_ids_only_and_expires(committed_bench: Bench, valkey_client: redis.Redis) -> None:
    item = committed_bench.item(context={"secret": "not for the broker"})

    sent = valkey_client.lrange("celery", 0, -1)[0]
    body = b64decode(json.loads(sent)["body"]).decode()

    assert "not for the broker" not in str(sent) + body
    assert str(item.pk) in body
    assert json.loads(sent)["headers"]["expires"] is not None


GONE = """
import django; django.setup()
from musenest.common.work import doorbell
doorbell.send("test", "1")
print("survived")
"""


def test_a_broker_that_is_gone_costs_a_log_line_only() -> None:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", GONE],
        env=os.environ
        | {"REDIS_URL": "redis://127.0.0.1:1/0", "DJANGO_SETTINGS_MODULE": "musenest.settings"},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "survived" in done.stdout, done.stderr
    assert "ring_not_sent" in done.stdout + done.stderr
    assert time.monotonic() - started < 45


def test_the_sweep_rings_for_what_is_due_or_lost(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(doorbell, "send", lambda kind, pk: sent.append(pk))
    now, past = timezone.now(), timezone.now() - timedelta(seconds=1)
    due = bench.item(due_at=past)
    lost = bench.item(state=WorkState.RUNNING, leased_until=past, due_at=now)
    bench.item(due_at=now + timedelta(minutes=1))
    bench.item(state=WorkState.RUNNING, leased_until=now + timedelta(minutes=1))
    bench.item(state=WorkState.DONE)
    bench.item(state=WorkState.PARKED)

    with doorbell_scope():
        assert work.sweep() == 2

    assert sent == [str(due.pk), str(lost.pk)]


def test_the_sweep_rings_for_the_oldest_first_and_leaves_the_rest_to_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(doorbell, "send", lambda kind, pk: sent.append(pk))
    monkeypatch.setattr(sweeping, "RINGS_PER_KIND", 2)
    items = [bench.item(due_at=timezone.now() - timedelta(seconds=age)) for age in (1, 3, 2)]

    with doorbell_scope():
        work.sweep()

    assert sent == [str(items[1].pk), str(items[2].pk)]


def test_a_ring_for_a_schedule_runs_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("musenest.common.work.schedules.run_schedule", asked.append)

    doorbell.answer("schedule", "work.sweep")

    assert asked == ["work.sweep"]


def doorbell_scope() -> Any:
    from musenest.common import tenancy

    return tenancy.staff()
