"""How far the work is, for who watches."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import Notification
from musenest.common import gauges, tenancy
from musenest.common.work import Schedule
from musenest.common.work.items import WorkState
from tests import samples

pytestmark = pytest.mark.django_db


def told(name: str) -> dict[str, float]:
    """The figures of one gauge, by their labels."""
    lines = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", gauges.page().decode(), re.MULTILINE)
    return {labels: float(value) for labels, value in lines}


def notification(**fields: object) -> None:
    with tenancy.staff():
        Notification.objects.create(
            organization=samples.organization(), person=samples.person(), template="x", **fields
        )


def test_work_that_is_open_late_or_parked_is_counted() -> None:
    notification(due_at=timezone.now() - timedelta(seconds=90))
    notification(due_at=timezone.now() + timedelta(hours=1))
    notification(state=WorkState.PARKED)

    assert told("musenest_up") == {"": 1}
    assert told("musenest_work_items")['kind="notification",state="open"'] == 2
    assert told("musenest_work_items")['kind="notification",state="parked"'] == 1
    assert 90 <= told("musenest_work_delay_seconds")['kind="notification"'] < 120
    assert told("musenest_work_delay_seconds")['kind="deployment"'] == 0


def test_a_schedule_that_is_late_or_failed_stands_out() -> None:
    now = timezone.now()
    with tenancy.staff():
        Schedule.objects.create(name="audit.seal", occurrence=1, claimed_at=now, finished_at=now)
        Schedule.objects.create(
            name="work.sweep", occurrence=1, claimed_at=now, finished_at=now - timedelta(seconds=20)
        )
        Schedule.objects.create(
            name="idempotency.forget", occurrence=1, claimed_at=now, finished_at=now, last_error="x"
        )
        Schedule.objects.create(name="gone", occurrence=1, claimed_at=now, finished_at=now)

    periods = told("musenest_schedule_periods")

    assert periods['name="audit.seal"'] < 3
    assert periods['name="work.sweep"'] >= 10
    assert periods['name="idempotency.forget"'] == 3
    assert 'name="gone"' not in periods


def test_without_the_database_that_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(gauges, "items", away)

    assert told("musenest_up") == {"": 0}
    assert told("musenest_work_items") == {}


def test_metrics_hold_them_beside_the_processs_own(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1")

    assert answer["Content-Type"].startswith("text/plain; version=")
    assert b"musenest_work_items{" in answer.content
    assert b"musenest_request_seconds_count{" in answer.content
