import math
from typing import Any

import pytest
from hypothesis import given

from moderation.domain.errors import ConfigurationError
from moderation.domain.labels import LABELS
from moderation.domain.schemas import (
    BlipConfig,
    Intent,
    NudenetConfig,
    parse_complete,
    parse_documents,
)
from tests.moderation.domain.strategies import documents

COMPLETE: dict[str, Any] = {
    "nudenet_config": {"detection_threshold": 0.3, "body_parts": ["ANUS_EXPOSED"]},
    "blip_config": {"risk_multiplier": 1},
    "usage_intents": {"store": {"approval_threshold": 15, "rejection_threshold": 60}},
}


def errors_of(given_documents: Any) -> list[tuple[str, str]]:
    with pytest.raises(ConfigurationError) as caught:
        parse_documents(given_documents)
    assert all(error.message.endswith(".") for error in caught.value.errors)
    return [(error.path, error.code) for error in caught.value.errors]


def missing_in(given_documents: Any) -> list[tuple[str, str]]:
    with pytest.raises(ConfigurationError) as caught:
        parse_complete(given_documents)
    return [(error.path, error.code) for error in caught.value.errors]


@pytest.mark.parametrize("value", [math.nan, math.inf, True, "0.5", [0.5], {}, 10**400])
@pytest.mark.parametrize(
    ("path", "document"),
    [
        (
            "nudenet_config.detection_threshold",
            lambda value: {"nudenet_config": {"detection_threshold": value}},
        ),
        ("blip_config.risk_multiplier", lambda value: {"blip_config": {"risk_multiplier": value}}),
        (
            "moderation_rules.label_weights.ANUS_EXPOSED",
            lambda value: {"moderation_rules": {"label_weights": {"ANUS_EXPOSED": value}}},
        ),
        (
            "usage_intents.store.rejection_threshold",
            lambda value: {"usage_intents": {"store": {"rejection_threshold": value}}},
        ),
    ],
)
def test_parse_documents_refuses_what_is_no_number(path: str, document: Any, value: object) -> None:
    assert errors_of(document(value)) == [(path, "NOT_A_NUMBER")]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"nudenet_config": {"detection_threshold": 1.01}}, "nudenet_config.detection_threshold"),
        ({"nudenet_config": {"detection_threshold": -0.01}}, "nudenet_config.detection_threshold"),
        ({"blip_config": {"risk_multiplier": 5.1}}, "blip_config.risk_multiplier"),
        (
            {"moderation_rules": {"label_weights": {"EXPOSED_ANUS": 1.1}}},
            "moderation_rules.label_weights.EXPOSED_ANUS",
        ),
        (
            {"usage_intents": {"public_site": {"approval_threshold": 101}}},
            "usage_intents.public_site.approval_threshold",
        ),
    ],
)
def test_parse_documents_refuses_a_number_out_of_range(document: Any, path: str) -> None:
    assert errors_of(document) == [(path, "OUT_OF_RANGE")]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"webhook": {}}, "webhook"),
        ({"nudenet_config": {"threshold": 1}}, "nudenet_config.threshold"),
        ({"blip_config": {"disable_child_safety": True}}, "blip_config.disable_child_safety"),
        ({"usage_intents": {"forum": {}}}, "usage_intents.forum"),
        ({"usage_intents": {"store": {"threshold": 1}}}, "usage_intents.store.threshold"),
    ],
)
def test_parse_documents_refuses_an_unknown_key(document: Any, path: str) -> None:
    assert errors_of(document) == [(path, "UNKNOWN_KEY")]


@pytest.mark.parametrize(
    ("document", "path", "code"),
    [
        ({"nudenet_config": []}, "nudenet_config", "NOT_AN_OBJECT"),
        ({"usage_intents": {"store": 5}}, "usage_intents.store", "NOT_AN_OBJECT"),
        ({"moderation_rules": {"label_weights": ["X"]}}, "moderation_rules.label_weights", "NOT_AN_OBJECT"),
        ({"nudenet_config": {"body_parts": "ANUS"}}, "nudenet_config.body_parts", "NOT_A_LIST"),
        ({"nudenet_config": {"body_parts": []}}, "nudenet_config.body_parts", "EMPTY"),
        (
            {"nudenet_config": {"body_parts": ["ANUS_EXPOSED", "NOSE"]}},
            "nudenet_config.body_parts.1",
            "UNKNOWN_LABEL",
        ),
        (
            {"moderation_rules": {"label_weights": {"NOSE": 1}}},
            "moderation_rules.label_weights.NOSE",
            "UNKNOWN_LABEL",
        ),
        ({"blip_config": {"child_keywords": [5]}}, "blip_config.child_keywords.0", "NOT_A_TEXT"),
        ({"blip_config": {"child_keywords": ["\ud800"]}}, "blip_config.child_keywords.0", "NOT_A_TEXT"),
        ({"blip_config": {"child_keywords": ["  "]}}, "blip_config.child_keywords.0", "WRONG_LENGTH"),
        ({"blip_config": {"child_keywords": ["a" * 65]}}, "blip_config.child_keywords.0", "WRONG_LENGTH"),
        ({"blip_config": {"child_keywords": ["a\x00b"]}}, "blip_config.child_keywords.0", "BAD_KEYWORD"),
        ({"blip_config": {"child_keywords": ["!"]}}, "blip_config.child_keywords.0", "BAD_KEYWORD"),
        ({"blip_config": {"child_keywords": ["a"] * 201}}, "blip_config.child_keywords", "TOO_MANY"),
    ],
)
def test_parse_documents_names_the_place_and_the_code(document: Any, path: str, code: str) -> None:
    assert errors_of(document) == [(path, code)]


@pytest.mark.parametrize("approval", [60, 60.0, 61])
def test_parse_documents_refuses_inverted_thresholds(approval: float) -> None:
    document = {"usage_intents": {"store": {"approval_threshold": approval, "rejection_threshold": 60}}}
    assert errors_of(document) == [("usage_intents.store.approval_threshold", "INVERTED_THRESHOLDS")]


def test_parse_documents_refuses_two_spellings_with_different_values() -> None:
    weights = {"FEMALE_BREAST_EXPOSED": 1, "EXPOSED_BREAST_F": 0.5}
    path = "moderation_rules.label_weights.EXPOSED_BREAST_F"
    assert errors_of({"moderation_rules": {"label_weights": weights}}) == [(path, "DUPLICATE_LABEL")]


def test_parse_documents_tells_every_place_at_once() -> None:
    found = errors_of({"nudenet_config": {"detection_threshold": 2}, "blip_config": {"x": 1}, "y": {}})
    assert [path for path, _ in found] == ["nudenet_config.detection_threshold", "blip_config.x", "y"]


def test_parse_documents_tells_at_most_fifty_places_with_short_paths() -> None:
    found = errors_of(
        {"moderation_rules": {"label_weights": {f"NOSE_{n}" + "X" * 500: 1 for n in range(99)}}}
    )
    assert len(found) == 50
    assert max(len(path) for path, _ in found) < 120


def test_parse_documents_stores_labels_canonical_and_once() -> None:
    parsed = parse_documents(
        {
            "nudenet_config": {"body_parts": ["COVERED_BUTTOCKS", "BUTTOCKS_COVERED", "exposed_genitalia_m"]},
            "moderation_rules": {"label_weights": {"EXPOSED_BREAST_F": 1, "FEMALE_BREAST_EXPOSED": 1.0}},
            "blip_config": {"child_keywords": [" High  School", "high school"]},
        }
    ).as_dict()
    assert parsed["nudenet_config"]["body_parts"] == ["BUTTOCKS_COVERED", "MALE_GENITALIA_EXPOSED"]
    assert parsed["moderation_rules"]["label_weights"] == {"FEMALE_BREAST_EXPOSED": 1}
    assert parsed["blip_config"]["child_keywords"] == ["high school"]


def test_parse_documents_takes_null_for_nothing() -> None:
    parsed = parse_documents({"nudenet_config": None, "usage_intents": {"store": None}})
    assert parsed.as_dict() == {
        "nudenet_config": {},
        "blip_config": {},
        "moderation_rules": {},
        "usage_intents": {},
    }


def test_parse_documents_stores_integral_numbers_as_integers() -> None:
    stored = parse_documents({"usage_intents": {"store": {"approval_threshold": 7.0}}}).as_dict()
    assert repr(stored["usage_intents"]["store"]["approval_threshold"]) == "7"


@given(documents)
def test_parse_documents_reads_back_what_it_stored(given_documents: dict[str, Any]) -> None:
    stored = parse_documents(given_documents).as_dict()
    assert parse_documents(stored).as_dict() == stored


def test_parse_complete_accepts_what_a_decision_needs() -> None:
    assert parse_complete(COMPLETE).nudenet_config.detection_threshold == 0.3


@pytest.mark.parametrize(
    ("replaced", "missing"),
    [
        ({"nudenet_config": {"body_parts": ["ANUS_EXPOSED"]}}, ["nudenet_config.detection_threshold"]),
        ({"blip_config": {}}, ["blip_config.risk_multiplier"]),
        ({"usage_intents": {}}, ["usage_intents"]),
        (
            {"usage_intents": {"store": {"approval_threshold": 5}, "private": {}}},
            [
                "usage_intents.store.rejection_threshold",
                "usage_intents.private.approval_threshold",
                "usage_intents.private.rejection_threshold",
            ],
        ),
    ],
)
def test_parse_complete_names_what_is_missing(replaced: Any, missing: list[str]) -> None:
    assert missing_in({**COMPLETE, **replaced}) == [(path, "MISSING") for path in missing]


def test_parse_complete_refuses_what_is_wrong_too() -> None:
    assert missing_in({**COMPLETE, "blip_config": {"risk_multiplier": 9}}) == [
        ("blip_config.risk_multiplier", "OUT_OF_RANGE")
    ]


@pytest.mark.parametrize("model", [NudenetConfig, BlipConfig, Intent])
def test_a_form_can_be_drawn_from_every_field(model: type[NudenetConfig | BlipConfig | Intent]) -> None:
    for name, field in model.model_json_schema()["properties"].items():
        assert {"title", "description", "unit"} <= set(field), name


def test_every_label_may_have_a_weight() -> None:
    weights = dict.fromkeys(LABELS, 0.5)
    assert (
        parse_documents({"moderation_rules": {"label_weights": weights}}).moderation_rules.label_weights
        == weights
    )
