"""Triggers keep the rollups of usage: whatever is written, and however, they say what the rows say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from analytics.models import DailyUsage, DailyUsageTotal
from analytics.selectors import rollups
from billing.models import UsageRecord
from billing.services import usage
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

FIGURES = ("uses", "quantity", "responses", "response_ms")
TODAY = timezone.now().date()


@pytest.fixture
def acme() -> Customer:
    return samples.customer()


@pytest.fixture(autouse=True)
def even() -> Iterator[None]:
    """Every test ends with rollups that equal the rows."""
    yield
    with tenancy.staff():
        assert [str(found) for found in rollups.differences()] == []


def figures(rows: Any) -> tuple[int, ...]:
    sums = rows.aggregate(**{name: Sum(name) for name in FIGURES})
    return tuple(sums[name] or 0 for name in FIGURES)


def own(of: Customer, day: date = TODAY) -> tuple[int, ...]:
    with of.scope():
        return figures(DailyUsage.objects.filter(day=day))


def total(day: date = TODAY) -> tuple[int, ...]:
    with tenancy.staff():
        return figures(DailyUsageTotal.objects.filter(day=day))


def record(of: Customer, **fields: Any) -> UsageRecord:
    values = {"usage_type": "analysis", "request_count": 1} | fields
    return UsageRecord.objects.create(organization_id=of.organization.pk, **values)


def test_a_reservation_counts_at_once_and_its_end_adds_the_time(acme: Customer) -> None:
    with acme.scope():
        reservation = usage.reserve(organization=acme.organization, key="1")
    assert own(acme) == total() == (1, 1, 0, 0)

    with acme.scope():
        usage.finish(reservation, response_time_ms=120)
    assert own(acme) == total() == (1, 1, 1, 120)


def test_a_void_takes_its_use_off_again(acme: Customer) -> None:
    with acme.scope():
        usage.finish(usage.reserve(organization=acme.organization, key="1"), response_time_ms=50)
        usage.void(usage.reserve(organization=acme.organization, key="2"), reason="SERVER_BUSY")

    assert own(acme) == total() == (1, 1, 1, 50)


def test_a_use_that_is_told_twice_counts_once(acme: Customer) -> None:
    with acme.scope():
        reservation = usage.reserve(organization=acme.organization, key="1")
        assert usage.finish(reservation, response_time_ms=50)
        assert not usage.finish(reservation, response_time_ms=50)

    assert own(acme) == (1, 1, 1, 50)


def test_a_late_use_counts_on_its_own_day(acme: Customer) -> None:
    tomorrow = TODAY + timedelta(days=1)  # a partition of which there always is one
    with acme.scope():
        record(acme, billing_period=tomorrow, request_count=3)

    assert (own(acme), own(acme, tomorrow), total(tomorrow)) == ((0,) * 4, (1, 3, 0, 0), (1, 3, 0, 0))


def test_uses_of_the_test_mode_count_in_no_figure(acme: Customer) -> None:
    with acme.scope():
        record(acme, mode="test", response_time_ms=5)

    assert own(acme) == total() == (0, 0, 0, 0)


def test_a_change_of_what_is_not_counted_writes_nothing(acme: Customer) -> None:
    with acme.scope():
        record(acme)
        before = versions()
        UsageRecord.objects.update(response_time_ms=None)
        assert versions() == before


def versions() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, xmin::text FROM usage_by_organization_and_day")
        return list(cursor.fetchall())


def test_many_rows_of_one_statement_are_counted(acme: Customer) -> None:
    borealis = samples.customer("Borealis")
    with tenancy.staff():
        UsageRecord.objects.bulk_create(
            UsageRecord(organization_id=each.organization.pk, usage_type=kind, request_count=2)
            for each in (acme, borealis)
            for kind in ("analysis", "other")
            for _ in range(3)
        )

    assert (own(acme), own(borealis), total()) == ((6, 12, 0, 0), (6, 12, 0, 0), (12, 24, 0, 0))


def test_a_tenant_sees_its_own_level_only(acme: Customer) -> None:
    borealis = samples.customer("Borealis")
    with borealis.scope():
        record(borealis)
    assert own(borealis) == total() == (1, 1, 0, 0)

    with acme.scope():
        assert (DailyUsage.objects.count(), DailyUsageTotal.objects.count()) == (0, 0)
        assert DailyUsage.objects.update(quantity=9) == 0
        assert DailyUsageTotal.objects.update(quantity=9) == 0
    with tenancy.organization(uuid4()):
        assert DailyUsage.objects.count() == 0
