"""Staff change the catalogue; to others these endpoints are not there."""

from typing import Any

import pytest

from billing.models import Tier, TierVersion
from musenest.common import tenancy
from tests import samples
from tests.samples import api

pytestmark = pytest.mark.django_db

SMALL: dict[str, Any] = {
    "tier_name": "small",
    "display_name": "Small",
    "rank": 9,
    "monthly_price": "4.99",
    "description": "For a start.",
    "features": ["webhooks", "api_keys"],
    "max_sites": 2,
    "max_monthly_requests": -1,
    "ai_limits": {"pictures_per_second": 3, "overage_by_credits": True},
}


def tier(name: str) -> Tier:
    with tenancy.staff():
        return Tier.objects.get(tier_name=name)


def versions(name: str) -> int:
    with tenancy.staff():
        return TierVersion.objects.filter(tier__tier_name=name).count()


def test_a_new_tier_is_sold_at_once() -> None:
    found = api.data(api.staff().post(api.TIERS, SMALL))
    assert (found["version"], found["is_active"], found["yearly_price"]) == (1, True, "49.90")
    assert found["ai_limits"] == SMALL["ai_limits"]
    names = [each["tier_name"] for each in api.data(api.anonymous().get(api.TIERS))["results"]]
    assert names[-1] == "small"


def test_a_change_keeps_what_is_not_named_and_writes_a_version() -> None:
    staff = api.staff()
    api.data(staff.post(api.TIERS, SMALL))
    changed = api.data(staff.post(api.TIERS, {"tierName": "small", "maxSites": 5}))
    assert (changed["max_sites"], changed["description"], changed["version"]) == (5, "For a start.", 2)
    assert api.data(staff.post(api.TIERS, {"tier_name": "small", "max_sites": 5}))["version"] == 2
    assert versions("small") == 2


def test_a_change_counts_at_once() -> None:
    acme = samples.customer(tier="basic")
    api.data(api.staff().post(api.TIERS, {"tier_name": "basic", "features": ["api_keys", "analytics"]}))
    assert api.data(api.owner(acme).get("/api/features/check/analytics"))["has_access"] is True
    assert api.data(api.owner(acme).get("/api/features/check/webhooks"))["has_access"] is False


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"tier_name": "no name"}, "tier_name"),
        ({"display_name": ""}, "display_name"),
        ({"monthly_price": "-1"}, "monthly_price"),
        ({"monthly_price": "a lot"}, "monthly_price"),
        ({"monthly_price": "1.999"}, "monthly_price"),
        ({"max_sites": -2}, "max_sites"),
        ({"max_monthly_requests": 2**31}, "max_monthly_requests"),
        ({"rank": -1}, "rank"),
        ({"features": ["mind_reading"]}, "features.0"),
        ({"ai_limits": {"pictures_per_second": 0}}, "ai_limits.pictures_per_second"),
        ({"ai_limits": {"monthly_credits": "many"}}, "ai_limits.monthly_credits"),
    ],
)
def test_figures_that_make_no_sense_are_named(wrong: dict[str, Any], path: str) -> None:
    error = api.error(api.staff().post(api.TIERS, SMALL | wrong), 422)
    assert (error["code"], error["details"]["field"]) == ("VALIDATION_ERROR", path)
    assert versions("small") == 0


@pytest.mark.parametrize("extra", [{"version": 9}, {"id": 1}, {"ai_limits": {"wishes": 3}}])
def test_an_unknown_field_is_refused(extra: dict[str, Any]) -> None:
    assert api.code(api.staff().post(api.TIERS, SMALL | extra), 422) == "UNKNOWN_FIELD"
    assert versions("small") == 0


def test_a_new_tier_needs_a_name_for_people() -> None:
    error = api.error(api.staff().post(api.TIERS, {"tier_name": "small"}), 422)
    assert error["details"]["field"] == "display_name"


def test_a_tier_is_retired_unless_somebody_has_it() -> None:
    staff = api.staff()
    api.data(staff.post(api.TIERS, SMALL))
    samples.customer(tier="small")
    refused = api.error(staff.delete(f"{api.TIERS}/small"), 409)
    assert (refused["code"], refused["details"]) == ("TIER_IN_USE", {"subscriber_count": 1})
    assert staff.delete(f"{api.TIERS}/custom").status_code == 204
    assert tier("custom").is_active is False
    assert api.code(staff.delete(f"{api.TIERS}/custom"), 404) == "TIER_UNKNOWN"
    assert api.code(staff.delete(f"{api.TIERS}/free"), 409) == "TIER_NEEDED"


def test_it_is_not_there_for_others() -> None:
    acme = samples.customer()
    for client in (api.owner(acme), api.with_key(acme, "billing:read")):
        assert api.code(client.post(api.TIERS, SMALL), 404) == "NOT_FOUND"
        assert api.code(client.delete(f"{api.TIERS}/custom"), 404) == "NOT_FOUND"
    assert api.code(api.anonymous().post(api.TIERS, SMALL), 401) == "NOT_SIGNED_IN"
    assert api.code(api.anonymous().delete(f"{api.TIERS}/custom"), 401) == "NOT_SIGNED_IN"
    assert (versions("small"), tier("custom").is_active) == (0, True)
