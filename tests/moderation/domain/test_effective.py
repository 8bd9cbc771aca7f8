from typing import Any

import pytest
from hypothesis import given

from moderation.domain.changes import Change, changes
from moderation.domain.effective import effective
from moderation.domain.errors import ConfigurationError
from moderation.domain.labels import DEFAULT_WEIGHTS
from moderation.domain.paths import leaves, nested
from moderation.domain.schemas import parse_documents
from tests.moderation.domain.strategies import documents

TEMPLATE: dict[str, Any] = {
    "nudenet_config": {"detection_threshold": 0.3, "body_parts": ["ANUS_EXPOSED", "BUTTOCKS_EXPOSED"]},
    "blip_config": {"child_keywords": ["school", "toddler"], "risk_multiplier": 1},
    "moderation_rules": {"label_weights": {"FEMALE_BREAST_EXPOSED": 0.6}},
    "usage_intents": {"public_site": {"approval_threshold": 15, "rejection_threshold": 60}},
}


def applied(before: dict[str, Any], found: tuple[Change, ...]) -> dict[str, Any]:
    values = dict(leaves(before))
    for change in found:
        values[change.path] = change.after
    return {path: value for path, value in values.items() if value is not None}


def test_effective_without_overrides_is_the_template_and_the_defaults() -> None:
    result = effective(TEMPLATE, {})
    assert result.documents["nudenet_config"] == TEMPLATE["nudenet_config"]
    assert result.documents["usage_intents"] == TEMPLATE["usage_intents"]
    assert result.documents["moderation_rules"]["label_weights"] == {
        **DEFAULT_WEIGHTS,
        "FEMALE_BREAST_EXPOSED": 0.6,
    }
    assert set(result.sources.values()) == {"template", "default"}


def test_effective_merges_key_by_key_with_the_source_of_each() -> None:
    overrides = {
        "moderation_rules": {"label_weights": {"EXPOSED_BREAST_F": 1, "COVERED_BUTTOCKS": 0}},
        "usage_intents": {"public_site": {"approval_threshold": 10}},
    }
    result = effective(TEMPLATE, overrides)
    weights = result.documents["moderation_rules"]["label_weights"]
    assert (weights["FEMALE_BREAST_EXPOSED"], weights["BUTTOCKS_COVERED"]) == (1, 0)
    assert set(weights) == set(DEFAULT_WEIGHTS)
    assert result.documents["usage_intents"]["public_site"] == {
        "approval_threshold": 10,
        "rejection_threshold": 60,
    }
    assert {path for path, source in result.sources.items() if source == "site"} == {
        "moderation_rules.label_weights.FEMALE_BREAST_EXPOSED",
        "moderation_rules.label_weights.BUTTOCKS_COVERED",
        "usage_intents.public_site.approval_threshold",
    }
    assert result.sources["usage_intents.public_site.rejection_threshold"] == "template"
    assert result.sources["moderation_rules.label_weights.FACE_MALE"] == "default"


def test_effective_replaces_a_list() -> None:
    result = effective(TEMPLATE, {"nudenet_config": {"body_parts": ["FEET_EXPOSED"]}})
    assert result.documents["nudenet_config"]["body_parts"] == ["FEET_EXPOSED"]
    assert result.sources["nudenet_config.body_parts"] == "site"


@pytest.mark.parametrize(
    ("own", "keywords", "source"),
    [
        ([], ["school", "toddler"], "template"),
        (["Toddler"], ["school", "toddler"], "template"),
        (["zoo", "school"], ["school", "toddler", "zoo"], "site"),
    ],
)
def test_effective_adds_keywords_and_never_removes_one(
    own: list[str], keywords: list[str], source: str
) -> None:
    result = effective(TEMPLATE, {"blip_config": {"child_keywords": own}})
    assert result.documents["blip_config"]["child_keywords"] == keywords
    assert result.sources["blip_config.child_keywords"] == source


def test_effective_of_nothing_has_all_four_documents() -> None:
    result = effective({}, {})
    assert result.documents == {
        "nudenet_config": {},
        "blip_config": {"child_keywords": []},
        "moderation_rules": {"label_weights": dict(DEFAULT_WEIGHTS)},
        "usage_intents": {},
    }


def test_effective_refuses_wrong_overrides_with_their_path() -> None:
    with pytest.raises(ConfigurationError) as caught:
        effective(TEMPLATE, {"blip_config": {"risk_multiplier": 9}})
    assert caught.value.errors[0].path == "blip_config.risk_multiplier"


def test_effective_leaves_defaults_and_template_as_they_were() -> None:
    result = effective(TEMPLATE, {})
    result.documents["blip_config"]["child_keywords"].append("x")
    effective({}, {}).documents["blip_config"]["child_keywords"].append("x")
    assert TEMPLATE["blip_config"]["child_keywords"] == ["school", "toddler"]
    assert effective({}, {}).documents["blip_config"]["child_keywords"] == []


@given(documents, documents)
def test_effective_has_a_source_for_every_value_and_prefers_the_sites(
    template: dict[str, Any], overrides: dict[str, Any]
) -> None:
    try:
        result = effective(template, overrides)
    except ConfigurationError:
        pytest.fail("valid documents were refused")
    values = dict(leaves(result.documents))
    assert set(values) == set(result.sources)
    for path, value in leaves(parse_documents(overrides).as_dict()):
        if path != "blip_config.child_keywords":
            assert (values[path], result.sources[path]) == (value, "site")
    keywords = values["blip_config.child_keywords"]
    assert set(parse_documents(template).blip_config.child_keywords or []) <= set(keywords)


@given(documents, documents, documents)
def test_effective_and_changes_round_trip(
    template: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = effective(template, before), effective(template, after)
    found = changes(old.documents, new.documents, new.sources)
    assert applied(old.documents, found) == dict(leaves(new.documents))
    assert all(change.before != change.after for change in found)
    assert (not found) == (old.documents == new.documents)


@given(documents)
def test_nested_reads_back_leaves(document: dict[str, Any]) -> None:
    stored = parse_documents(document).as_dict()
    assert dict(leaves(nested(dict(leaves(stored))))) == dict(leaves(stored))
