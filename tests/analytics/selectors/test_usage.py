"""Uses by type and day, from the rollups."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.models import DailyUsage
from analytics.selectors import usage
from analytics.selectors.usage import TypeUsage
from billing.models import UsageRecord
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return samples.customer()


def uses(of: Customer, kind: str, **fields: Any) -> UsageRecord:
    with of.scope():
        return UsageRecord.objects.create(organization_id=of.organization.pk, usage_type=kind, **fields)


def own(of: Customer) -> list[TypeUsage]:
    with of.scope():
        return usage.by_type(usage.of_organization(of.organization.pk))


def test_types_are_summed_the_most_used_first(acme: Customer) -> None:
    for response_time_ms in (10, 15, None):
        uses(acme, "analysis", response_time_ms=response_time_ms)
    uses(acme, "config_deployment", request_count=7)

    assert own(acme) == [
        TypeUsage("config_deployment", 1, 7, None),
        TypeUsage("analysis", 3, 3, 12.5),
    ]


def test_a_use_that_was_taken_back_is_gone(acme: Customer) -> None:
    first = uses(acme, "analysis")
    uses(acme, "analysis", request_count=-1, voids=first.pk)

    assert own(acme) == []
    with acme.scope():
        assert usage.by_day(usage.of_organization(acme.organization.pk)) == []


def test_a_stranger_sees_nothing_and_staff_see_all(acme: Customer) -> None:
    borealis = samples.customer("Borealis")
    uses(acme, "analysis")
    uses(borealis, "analysis")

    with borealis.scope():
        assert usage.by_type(usage.of_organization(acme.organization.pk)) == []
        assert usage.by_type(usage.of_all()) == []
    with tenancy.staff():
        assert usage.by_type(usage.of_all()) == [TypeUsage("analysis", 2, 2, None)]


@pytest.mark.parametrize(("days_ago", "counted"), [(0, 1), (29, 1), (30, 0), (-1, 0)])
def test_thirty_days_count_today_among_them(acme: Customer, days_ago: int, counted: int) -> None:
    uses(acme, "analysis")
    day = usage.today() - timedelta(days=days_ago)
    with acme.scope():
        DailyUsage.objects.update(day=day)
        rows = usage.of_organization(acme.organization.pk)
        assert [found.on for found in usage.by_day(rows)] == [day] * counted
        assert len(usage.by_type(rows)) == counted


def test_a_persons_uses_are_theirs_alone(acme: Customer) -> None:
    uses(acme, "analysis", user_id=acme.owner.pk, response_time_ms=30)
    uses(acme, "analysis", user_id=acme.owner.pk, mode="test")
    uses(acme, "analysis")

    with acme.scope():
        assert usage.of_person(acme.owner.pk) == [TypeUsage("analysis", 1, 1, 30.0)]
        assert usage.of_person(samples.customer("Borealis").owner.pk) == []
