"""What a rollup lacks is found and mended."""

import pytest
from django.db import connection

from accounts.models import AuditEvent
from analytics.models import DailyUsage, DailyUsageTotal
from analytics.selectors import rollups as reading
from analytics.services import rollups
from billing.services import usage
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong() -> None:
    """Two uses, of which the organisation's level lost one and the total all."""
    acme = samples.customer()
    with acme.scope():
        usage.finish(usage.reserve(organization=acme.organization, key="1"), response_time_ms=40)
        usage.reserve(organization=acme.organization, key="2")
    with tenancy.staff():
        DailyUsage.objects.update(uses=1, quantity=1)
        DailyUsageTotal.objects.all().delete()


def found() -> list[tuple[str, dict[str, int]]]:
    with tenancy.staff():
        return [(each.table, each.missing) for each in reading.differences()]


def test_what_is_missing_is_told(wrong: None) -> None:
    assert found() == [
        (
            "usage_by_organization_and_day",
            {"uses": 1, "quantity": 1, "responses": 0, "response_ms": 0},
        ),
        ("usage_by_day", {"uses": 2, "quantity": 2, "responses": 1, "response_ms": 40}),
    ]


def test_rebuilding_mends_it_and_leaves_an_audit_row(wrong: None) -> None:
    mended = rollups.rebuild(by=SYSTEM)

    assert (mended["usage_by_organization_and_day"], mended["usage_by_day"]) == (1, 1)
    assert found() == []
    with tenancy.staff():
        told = AuditEvent.objects.filter(action="rollup.mended")
        assert {event.target_type: event.target_id for event in told} == {
            "dailyusage": str(DailyUsage.objects.get(slot=0).pk),
            "dailyusagetotal": str(DailyUsageTotal.objects.get().pk),
        }
    assert not any(rollups.rebuild(by=SYSTEM).values())


def test_what_counts_rows_that_are_not_there_is_taken_off() -> None:
    acme = samples.customer()
    with acme.scope(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO usage_by_organization_and_day (organization_id, day, usage_type, slot, uses,"
            " quantity, responses, response_ms) VALUES (%s, current_date, 'analysis', 3, 5, 5, 0, 0)",
            [acme.organization.pk],
        )
    assert len(found()) == 1

    rollups.rebuild(by=SYSTEM)

    assert found() == []
