"""The price lists of the merged systems, loaded by name beside the live one."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.domain.catalogues import CATALOGUES, LIVE
from billing.models import Tier
from billing.services import subscriptions, tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples

pytestmark = pytest.mark.django_db


def loaded(name: str) -> str:
    said = StringIO()
    call_command("load_catalogue", name, stdout=said)
    return said.getvalue()


def sold() -> dict[str, Tier]:
    with tenancy.staff():
        return {tier.tier_name: tier for tier in Tier.objects.filter(is_active=True)}


@pytest.mark.parametrize(
    ("name", "prices"),
    [
        ("nuggetwise", {"free": Decimal(0), "pro": Decimal(19), "enterprise": Decimal(99)}),
        ("how-to-ai", {"free": Decimal(0), "premium": Decimal(50), "enterprise": None}),
        ("modo", {"premium": None, "pro": None, "unlimited": None}),
    ],
)
def test_a_list_is_sold_at_its_prices_beside_the_live_one(name: str, prices: dict[str, Decimal]) -> None:
    before = {tier.tier_name: tier.figures() for tier in sold().values()}

    assert loaded(name) == "3 tiers are loaded.\n"

    after = sold()
    assert {key: tier.figures() for key, tier in after.items() if key in before} == before
    assert {key: after[f"{name}-{key}"].monthly_price for key in prices} == prices
    assert len(after) == len(LIVE) + 3


def test_what_the_lists_name_is_what_their_tiers_give() -> None:
    for name in CATALOGUES:
        loaded(name)

    found = sold()

    assert (found["nuggetwise-free"].max_monthly_requests, found["nuggetwise-pro"].max_monthly_requests) == (
        10,
        -1,
    )
    assert found["nuggetwise-pro"].has_feature("analytics")
    assert found["nuggetwise-pro"].priority_support
    assert found["nuggetwise-enterprise"].whitelabel_available
    generations = [
        found[f"modo-{each}"].ai_limits["ai_generations_per_day"] for each in ("premium", "pro", "unlimited")
    ]
    assert generations == [100, 500, 2_000]


def test_every_tier_has_a_name_of_its_own() -> None:
    names = [entry.tier_name for entries in CATALOGUES.values() for entry in entries]
    ranks = [entry.rank for entries in CATALOGUES.values() for entry in entries]
    assert len(set(names)) == len(names)
    assert sorted(set(ranks)) == ranks


@pytest.mark.parametrize(("name", "tier"), [("nuggetwise", "nuggetwise-pro"), ("musenest", "basic")])
def test_who_subscribes_already_is_not_touched(name: str, tier: str) -> None:
    tiers.load_catalogue(name=name, by=SYSTEM)
    acme = samples.customer(tier=tier)
    tiers.save(name=tier, figures={"max_sites": 77}, by=SYSTEM)

    assert f"Left as they are, because they have subscribers: {tier}.\n" in loaded(name)
    assert sold()[tier].max_sites == 77

    subscriptions.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)
    loaded(name)
    assert sold()[tier].max_sites != 77


def test_a_list_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(CommandError, match="how-to-ai, modo, musenest, nuggetwise"):
        loaded("nobody's")
