"""Which of a site's own values need a feature of the plan."""

from typing import Any

import pytest

from billing.domain import offers
from moderation.domain import plan_features
from moderation.domain.plan_features import ADVANCED_THRESHOLDS, CUSTOM_KEYWORDS, added, own_values
from moderation.domain.schemas import parse_documents
from moderation.domain.templates import INDUSTRY_TEMPLATES

MARKET = next(each.documents for each in INDUSTRY_TEMPLATES if each.name == "marketplace")
WORDS: list[str] = MARKET["blip_config"].get("child_keywords", [])
WEIGHT = "moderation_rules.label_weights.BELLY_EXPOSED"


def own(documents: dict[str, Any], template: Any = MARKET) -> Any:
    return own_values(template, parse_documents(documents).as_dict())


def needed(documents: dict[str, Any]) -> dict[str, list[str]]:
    return added(frozenset(), own(documents))


def test_the_features_are_ones_that_tiers_sell() -> None:
    assert set(plan_features.FEATURES) <= offers.FEATURE_NAMES


@pytest.mark.parametrize(
    "documents",
    [
        {},
        MARKET,
        {"nudenet_config": {"detection_threshold": 0.9, "body_parts": ["FEET_EXPOSED"]}},
        {"blip_config": {"risk_multiplier": 5, "child_keywords": WORDS}},
        {"moderation_rules": {"label_weights": {"FEET_EXPOSED": 0}}},
    ],
)
def test_the_templates_and_the_simple_ones_need_nothing(documents: dict[str, Any]) -> None:
    assert needed(documents) == {}


@pytest.mark.parametrize(
    ("documents", "feature", "path"),
    [
        ({"moderation_rules": {"label_weights": {"EXPOSED_BELLY": 0.5}}}, ADVANCED_THRESHOLDS, WEIGHT),
        (
            {"usage_intents": {"store": {"approval_threshold": 1}}},
            ADVANCED_THRESHOLDS,
            "usage_intents.store.approval_threshold",
        ),
        (
            {"usage_intents": {"paysite": {"rejection_threshold": 99}}},
            ADVANCED_THRESHOLDS,
            "usage_intents.paysite.rejection_threshold",
        ),
        ({"blip_config": {"child_keywords": ["gnome"]}}, CUSTOM_KEYWORDS, "blip_config.child_keywords"),
    ],
)
def test_what_differs_needs_its_feature(documents: dict[str, Any], feature: str, path: str) -> None:
    assert needed(documents) == {feature: [path]}


def test_what_was_there_may_stay_and_go_but_not_grow() -> None:
    weight = {"moderation_rules": {"label_weights": {"BELLY_EXPOSED": 0.5}}}
    before = own(weight | {"blip_config": {"child_keywords": ["elf", "gnome"]}})
    assert added(before, before) == {}
    assert added(before, own({})) == {}
    assert added(before, own({"blip_config": {"child_keywords": ["gnome"]}})) == {}
    more = own({"blip_config": {"child_keywords": ["elf", "gnome", "imp"]}})
    assert added(before, more) == {CUSTOM_KEYWORDS: ["blip_config.child_keywords"]}
    other = own({"moderation_rules": {"label_weights": {"BELLY_EXPOSED": 0.4}}})
    assert added(before, other) == {ADVANCED_THRESHOLDS: [WEIGHT]}


def test_a_template_cannot_be_carried_into_another_as_own_values() -> None:
    family = next(each.documents for each in INDUSTRY_TEMPLATES if each.name == "family_education")
    copied = {"usage_intents": MARKET["usage_intents"]}
    assert ADVANCED_THRESHOLDS in added(own(copied), own(copied, family))
