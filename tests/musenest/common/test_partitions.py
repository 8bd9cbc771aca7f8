"""Month partitions: made ahead, and reached through their parent only."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from billing.models import UsageRecord
from musenest.common import partitions, tenancy

pytestmark = pytest.mark.django_db

PARENT = "ai_usage_tracking"


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [PARENT]
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize(
    ("day", "ahead", "first"),
    [
        (date(2026, 11, 30), 0, date(2026, 11, 1)),
        (date(2026, 11, 1), 1, date(2026, 12, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), 13, date(2027, 2, 1)),
    ],
)
def test_first_of_month_crosses_years(day: date, ahead: int, first: date) -> None:
    assert partitions.first_of_month(day, ahead) == first


def test_preparing_makes_the_months_that_are_missing_once() -> None:
    with time_machine.travel("2031-11-15T12:00Z"), tenancy.staff():
        made = partitions.prepare()
        assert partitions.prepare() == 0

    assert made > 0
    months = ("2031_11", "2031_12", "2032_01", "2032_02")
    assert {f"{PARENT}_{month}" for month in months} <= names()
    assert f"{PARENT}_2032_03" not in names()


def test_a_partition_takes_the_first_and_the_last_instant_of_its_month() -> None:
    organization = uuid4()
    with time_machine.travel("2031-02-01T00:00Z"), tenancy.staff():
        partitions.prepare()
    days = [date(2031, 2, 1), date(2031, 2, 28)]
    with tenancy.organization(organization):
        for day in days:
            UsageRecord.objects.create(organization_id=organization, usage_type="analyze", billing_period=day)
        assert UsageRecord.objects.filter(billing_period__in=days).count() == 2
    with tenancy.organization(uuid4()):
        assert not UsageRecord.objects.exists()


@pytest.mark.parametrize("scope", [tenancy.staff, lambda: tenancy.organization(uuid4())])
def test_a_partition_is_not_reached_directly(scope: object) -> None:
    """It has no policy of its own."""
    assert callable(scope)
    with scope(), connection.cursor() as cursor:
        for name in names():
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 -- a name from the catalogue


def test_a_tenant_cannot_make_partitions() -> None:
    with tenancy.organization(uuid4()), connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("SELECT musenest_make_partition(%s, '2040-01-01')", [PARENT])


def test_only_partitioned_tables_get_partitions() -> None:
    with (
        tenancy.staff(),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="not partitioned"),
    ):
        cursor.execute("SELECT musenest_make_partition('memberships', '2040-01-01')")
