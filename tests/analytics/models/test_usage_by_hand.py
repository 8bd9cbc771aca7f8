"""What only the operator can do, by hand in PostgreSQL: the figures follow rows that change or leave."""

import os
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from analytics.models import DailyUsage
from analytics.selectors import rollups
from billing.models import UsageRecord
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.usefixtures("committed_db")

TODAY = timezone.now().date()


def by_hand(statement: str, *values: Any) -> None:
    database = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], dbname=database, autocommit=True) as operator:
        operator.execute(statement.encode(), values)


def recorded(**fields: Any) -> Customer:
    acme = samples.customer()
    with acme.scope():
        UsageRecord.objects.create(organization_id=acme.organization.pk, usage_type="analysis", **fields)
    return acme


def counted(of: Customer) -> list[tuple[date, str, int, int]]:
    with tenancy.staff():
        assert [str(found) for found in rollups.differences()] == []
    with of.scope():
        summed = DailyUsage.objects.values("day", "usage_type").annotate(
            n=Sum("uses"), amount=Sum("quantity")
        )
        return list(summed.exclude(n=0, amount=0).values_list("day", "usage_type", "n", "amount"))


def test_a_row_that_moves_to_another_partition_moves_its_figures() -> None:
    acme, later = recorded(request_count=2), (TODAY.replace(day=1) + timedelta(days=40)).replace(day=1)

    by_hand("UPDATE ai_usage_tracking SET billing_period = %s, usage_type = 'other'", later)

    assert counted(acme) == [(later, "other", 1, 2)]


def test_a_row_of_the_test_mode_that_turns_live_counts() -> None:
    acme = recorded(mode="test")
    assert counted(acme) == []

    by_hand("UPDATE ai_usage_tracking SET mode = 'live'")

    assert counted(acme) == [(TODAY, "analysis", 1, 1)]


def test_rows_that_are_removed_are_taken_off() -> None:
    acme = recorded(request_count=2)

    by_hand("DELETE FROM ai_usage_tracking")

    assert counted(acme) == []
