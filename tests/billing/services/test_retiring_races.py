"""Tiers that several people create, or retire while others are moved to them, with real commits."""

from functools import partial

import pytest

from billing.models import Subscription, Tier
from billing.services import subscriptions, tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

ROUNDS, MOVED = 6, 3


def test_two_who_create_one_tier_at_once_make_one() -> None:
    for number in range(ROUNDS):
        name = f"twice-{number}"
        create = partial(tiers.save, name=name, figures={"display_name": name}, by=SYSTEM)
        assert set(at_once([create] * MOVED)) <= {"done", "TIER_EXISTS"}
        with tenancy.staff():
            assert Tier.objects.get(tier_name=name).version == 1


def test_nobody_ends_up_on_a_retired_tier() -> None:
    customers = [samples.customer(tier="basic") for _ in range(MOVED)]
    for number in range(ROUNDS):
        name = f"short-lived-{number}"
        tiers.save(name=name, figures={"display_name": name}, by=SYSTEM)
        moves = [
            partial(subscriptions.change_tier, organization=each.organization, tier_name=name, by=SYSTEM)
            for each in customers
        ]
        retired, *moved = at_once([partial(tiers.retire, name=name, by=SYSTEM), *moves])
        with tenancy.staff():
            subscribed = Subscription.objects.filter(tier__tier_name=name).count()
            is_active = Tier.objects.get(tier_name=name).is_active
        assert subscribed == moved.count("done")
        assert (retired, is_active) in {("done", False), ("TIER_IN_USE", True)}
        assert is_active == (subscribed > 0), "either it was retired first, or somebody came first"
        assert set(moved) == ({"done"} if is_active else {"TIER_UNKNOWN"})
        for customer in customers:
            subscriptions.change_tier(organization=customer.organization, tier_name="basic", by=SYSTEM)
