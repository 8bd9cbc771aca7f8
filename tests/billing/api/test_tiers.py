"""The public catalogue."""

import pytest

from billing.models import Tier
from musenest.common import tenancy
from tests import samples
from tests.samples import api

pytestmark = pytest.mark.django_db


def test_anybody_sees_the_catalogue_from_the_cheapest_to_the_dearest() -> None:
    found = api.data(api.anonymous().get(api.TIERS))
    assert [tier["tier_name"] for tier in found["results"]] == [
        "free",
        "basic",
        "premium",
        "enterprise",
        "custom",
    ]
    assert found["next"] is None
    premium = found["results"][2]
    assert (premium["monthly_price"], premium["yearly_price"]) == ("39.95", "399.50")
    assert (premium["max_sites"], premium["max_monthly_requests"]) == (25, 100_000)
    assert "resilient_deployment" in premium["features"]
    assert found["results"][4]["monthly_price"] is None


def test_what_is_not_there_yet_is_told_apart() -> None:
    samples.customer("Borealis")
    tiers = {tier["tier_name"]: tier for tier in api.data(api.anonymous().get(api.TIERS))["results"]}
    assert {"webhooks", "resilient_deployment", "monthly_credits"} <= set(tiers["premium"]["coming"])
    assert not {"advanced_thresholds", "analytics", "max_sites"} & set(tiers["premium"]["coming"])
    assert "webhooks" not in tiers["free"]["coming"]
    acme = samples.customer(tier="premium")
    mine = api.data(api.owner(acme).get("/api/subscription"))
    assert mine["tier"]["coming"] == tiers["premium"]["coming"]


def test_a_tier_that_is_not_sold_is_not_shown() -> None:
    with tenancy.staff():
        Tier.objects.filter(tier_name="custom").update(is_active=False)
    names = [tier["tier_name"] for tier in api.data(api.anonymous().get(api.TIERS))["results"]]
    assert "custom" not in names


def test_an_expired_credential_does_not_hide_the_prices() -> None:
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION="Bearer expired")
    assert api.data(client.get(api.TIERS))["results"]


def test_pages_follow_each_other() -> None:
    client, names, address = api.anonymous(), [], f"{api.TIERS}?page_size=2&fields=tier_name"
    while address:
        page = api.data(client.get(address))
        names += [tier["tier_name"] for tier in page["results"]]
        address = page["next"]
    assert names == ["free", "basic", "premium", "enterprise", "custom"]


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_one_query(size: int) -> None:
    with api.counted() as statements:
        assert len(api.data(api.anonymous().get(f"{api.TIERS}?page_size={size}"))["results"]) == size
    assert len(statements) == 1
