"""The catalogue of features and limits."""

from pathlib import Path
from typing import Any

import pytest

from billing.domain import offers
from billing.domain.catalogues import CATALOGUES

ROOT = Path(__file__).resolve().parents[3]
LIMITS = {limit.name: limit for limit in offers.LIMITS}


def problems(features: Any = (), ai_limits: Any = None) -> list[str]:
    listed = list(features) if isinstance(features, tuple) else features
    return [found.path for found in offers.problems_of(listed, {} if ai_limits is None else ai_limits)]


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_catalogue_offers_only_what_is_described_and_every_limit(name: str) -> None:
    for entry in CATALOGUES[name]:
        assert problems(entry.features, entry.ai_limits) == []
        assert entry.ai_limits.keys() == offers.AI_LIMITS.keys()
        for limit in offers.COLUMN_LIMITS:
            assert limit.problem(getattr(entry, limit.name)) == ""


def test_no_name_is_given_twice_and_each_says_what_it_is() -> None:
    every: list[offers.Feature | offers.Limit] = [*offers.FEATURES, *offers.LIMITS]
    assert len({each.name for each in every}) == len(every)
    assert all(each.label and each.description.endswith((".", "minutes.")) for each in every)
    assert all(limit.problem(limit.default) == "" for limit in offers.LIMITS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_sites", -2),
        ("max_sites", 2**31),
        ("max_sites", True),
        ("max_sites", "3"),
        ("max_sites", 1.5),
        ("pictures_per_second", 0),
        ("pictures_per_second", -1),
        ("monthly_credits", -1),
        ("drift_check_minutes", 0),
        ("overage_by_credits", 1),
        ("overage_by_credits", None),
    ],
)
def test_a_figure_that_is_none(name: str, value: Any) -> None:
    assert LIMITS[name].problem(value)


def test_what_is_unknown_or_no_figure_is_named() -> None:
    assert problems(("mind_reading", "webhooks")) == ["features"]
    assert problems("webhooks") == ["features"]
    assert problems([1]) == ["features"]
    assert problems(ai_limits=[]) == ["ai_limits"]
    assert problems(ai_limits={"wishes": 3, "monthly_credits": "9"}) == [
        "ai_limits.wishes",
        "ai_limits.monthly_credits",
    ]


def test_a_tier_that_says_nothing_has_the_default() -> None:
    assert offers.limit_of({}, "pictures_per_second") == 2
    assert offers.limit_of({"pictures_per_second": 20}, "pictures_per_second") == 20
    assert offers.limit_of({"pictures_per_second": "many"}, "pictures_per_second") == 2


def test_features_come_in_the_catalogues_order() -> None:
    found = offers.features_of(["analytics", "api_keys", "unknown"])
    assert [feature.name for feature in found] == ["api_keys", "analytics"]


def test_what_is_called_built_is_asked_for_somewhere() -> None:
    """A feature that no code outside the catalogue asks for does nothing, so it may not be sold as there."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for app in ("accounts", "analytics", "moderation", "musenest")
        for path in (ROOT / app).rglob("*.py")
    )
    kept_by_people = {"priority_support"}
    limits = {"max_sites", "max_monthly_requests"}  # columns, which billing itself asks
    built = {offer.name for offer in (*offers.FEATURES, *offers.LIMITS) if offer.is_built}
    assert [name for name in sorted(built - kept_by_people - limits) if f'"{name}"' not in code] == []


def test_what_a_tier_lists_and_nothing_does_yet_is_coming() -> None:
    limits = {"monthly_credits": 100, "overage_by_credits": False, "pictures_per_second": 5}
    assert offers.coming_of(["webhooks", "api_keys", "unknown"], limits) == ["webhooks", "monthly_credits"]
    assert offers.coming_of([], {"monthly_credits": 0}) == []
    assert {"failover", "drift_check_minutes"} <= offers.COMING
    assert not offers.COMING & {"api_keys", "max_sites", "advanced_thresholds", "unknown"}
