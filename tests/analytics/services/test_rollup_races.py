"""Rollups that are mended by two at once, and beside traffic, with real commits."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from analytics.models import DailyUsage, DailyUsageTotal
from analytics.selectors import rollups as reading
from analytics.services import rollups
from billing.services import usage
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

ROUNDS, SECONDS = 6, 10


@pytest.fixture
def used() -> None:
    """A use whose rollups stand in the slot that is mended."""
    acme = samples.customer()
    with acme.scope():
        usage.record(organization=acme.organization, usage_type="analysis")
    with tenancy.staff():
        DailyUsage.objects.update(slot=0)
        DailyUsageTotal.objects.update(slot=0)


def spoil() -> None:
    with tenancy.staff():
        DailyUsage.objects.update(uses=7)
        DailyUsageTotal.objects.update(uses=7)


def test_two_who_mend_at_once_mend_once(used: None) -> None:
    for _ in range(ROUNDS):
        spoil()
        assert at_once([partial(rollups.rebuild, by=SYSTEM)] * 4) == ["done"] * 4
        with tenancy.staff():
            assert list(reading.differences()) == []


def test_traffic_that_holds_a_total_gets_its_own_row(used: None) -> None:
    spoil()
    with ThreadPoolExecutor(1) as pool:
        with tenancy.staff(), transaction.atomic():
            DailyUsageTotal.objects.select_for_update().get()
            mending = pool.submit(at_once, [partial(rollups.rebuild, by=SYSTEM)])
            wait_until_somebody_waits()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            assert DailyUsage.objects.select_for_update().get().uses == 1
        assert mending.result(SECONDS) == ["done"]
    with tenancy.staff():
        assert list(reading.differences()) == []


def wait_until_somebody_waits() -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
