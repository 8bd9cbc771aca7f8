"""Usage rows are money: nobody changes or removes one, but for what its service tells later."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from billing.models import UsageRecord
from billing.services import usage
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

LATER = "response_time_ms"


@pytest.fixture
def acme() -> Customer:
    return samples.customer()


def scope(of: Customer, who: str) -> Any:
    return tenancy.staff() if who == "staff" else of.scope()


def columns() -> list[str]:
    return [str(field.column) for field in UsageRecord._meta.concrete_fields if field.column != LATER]


@pytest.mark.parametrize("who", ["application", "staff"])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ai_usage_tracking",
        "TRUNCATE ai_usage_tracking",
        *(f"UPDATE ai_usage_tracking SET {name} = {name}" for name in columns()),  # noqa: S608 -- names of ours
    ],
)
def test_a_row_stays_as_it_was_written(acme: Customer, statement: str, who: str) -> None:
    with acme.scope():
        usage.record(organization=acme.organization, usage_type="analysis")

    with scope(acme, who), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
        assert UsageRecord.objects.count() == 1


@pytest.mark.parametrize("who", ["application", "staff"])
def test_how_long_it_took_is_told_later_and_a_void_is_a_second_row(acme: Customer, who: str) -> None:
    with acme.scope():
        used, failed = (usage.reserve(organization=acme.organization, key=key) for key in ("1", "2"))

    with scope(acme, who):
        assert usage.finish(used, response_time_ms=12)
        assert usage.void(failed, reason="SERVER_BUSY")
        assert list(UsageRecord.objects.order_by("pk").values_list("request_count", LATER, "voids")) == [
            (1, 12, None),
            (1, None, None),
            (-1, None, failed.usage_id),
        ]
