"""Somebody retires a tier while others are moved to it, with real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from billing.models import Subscription, Tier
from billing.services import subscriptions, tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import MuseNestError
from tests import samples

pytestmark = pytest.mark.usefixtures("committed_db")

ROUNDS, MOVED = 6, 3


def at_once(*asks: Callable[[], object]) -> list[str]:
    """What became of each: `done` or the code of the error."""
    start = Barrier(len(asks))

    def one(ask: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            start.wait(30)
            ask()
        except MuseNestError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))


def test_nobody_ends_up_on_a_retired_tier() -> None:
    customers = [samples.customer(tier="basic") for _ in range(MOVED)]
    for number in range(ROUNDS):
        name = f"short-lived-{number}"
        tiers.save(name=name, figures={"display_name": name}, by=SYSTEM)
        moves = [
            partial(subscriptions.change_tier, organization=each.organization, tier_name=name, by=SYSTEM)
            for each in customers
        ]
        retired, *moved = at_once(partial(tiers.retire, name=name, by=SYSTEM), *moves)
        with tenancy.staff():
            subscribed = Subscription.objects.filter(tier__tier_name=name).count()
            is_active = Tier.objects.get(tier_name=name).is_active
        assert subscribed == moved.count("done")
        assert (retired, is_active) in {("done", False), ("TIER_IN_USE", True)}
        assert is_active == (subscribed > 0), "either it was retired first, or somebody came first"
        assert set(moved) == ({"done"} if is_active else {"TIER_UNKNOWN"})
        for customer in customers:
            subscriptions.change_tier(organization=customer.organization, tier_name="basic", by=SYSTEM)
