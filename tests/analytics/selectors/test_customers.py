"""Who subscribes, who pays, and who is near the limit of a plan."""

import pytest

from analytics.selectors import customers
from billing.domain.offers import MOST
from billing.models import UsageCounter
from billing.selectors.usage import MONTHLY_REQUESTS, this_month
from billing.services import tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


def used(of: Customer, count: int) -> None:
    with tenancy.staff():
        UsageCounter.objects.create(
            organization=of.organization, meter=MONTHLY_REQUESTS, month=this_month(), used=count
        )


def test_conversion_is_who_pays_of_who_subscribes() -> None:
    samples.customer(tier="premium")
    for name in ("Borealis", "Cirrus"):
        samples.customer(name, tier="free")

    with tenancy.staff():
        found = customers.now()

    assert (found.subscribers, found.paying, found.conversion_percent) == (3, 1, 33.3)


def test_who_used_most_of_a_limited_plan_is_told_of() -> None:
    free, basic = samples.customer("Free", tier="free"), samples.customer("Basic", tier="basic")
    unlimited, quiet = samples.customer("Big"), samples.customer("Quiet", tier="free")
    used(free, 800)
    used(basic, 9_900)
    used(unlimited, 10_000_000)
    used(quiet, 799)

    with tenancy.staff():
        found = customers.near_limit()

    assert [(near.organization, near.used, near.percent) for near in found] == [
        ("Basic", 9_900, 99),
        ("Free", 800, 80),
    ]


def test_the_largest_limit_there_is_can_be_compared() -> None:
    tiers.save(name="largest", figures={"display_name": "Largest", "max_monthly_requests": MOST}, by=SYSTEM)
    used(samples.customer("Largest", tier="largest"), MOST)

    with tenancy.staff():
        assert [near.percent for near in customers.near_limit()] == [100]


def test_nobody_subscribes_yet() -> None:
    with tenancy.staff():
        assert customers.now().conversion_percent == 0.0
