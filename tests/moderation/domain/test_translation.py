import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.errors import ConfigurationError
from moderation.domain.translation import (
    NATIVE_FLOOR,
    STOCK_FLOOR,
    Translation,
    half_up,
    server_warnings,
    translate,
)
from tests.moderation.domain.strategies import documents


def nudenet(threshold: float) -> dict[str, Any]:
    return {"nudenet_config": {"detection_threshold": threshold, "body_parts": ["ANUS_EXPOSED"]}}


def codes(translation: Translation) -> list[str]:
    return [warning.code for warning in translation.warnings]


@pytest.mark.parametrize(
    ("threshold", "default", "public", "private", "nudity_score", "warnings"),
    [
        (0.05, 5, 15, 15, 4, ["PUBLIC_THRESHOLD_LIFTED"]),
        (0.22, 22, 17, 32, 17, []),
        (0.30, 30, 25, 40, 22, []),
        (0.62, 62, 57, 72, 47, ["THRESHOLD_MISSES_MUCH"]),
        (0.645, 65, 60, 75, 48, ["THRESHOLD_MISSES_MUCH"]),
        (0.90, 90, 85, 100, 68, ["THRESHOLD_MISSES_MUCH"]),
        (0.95, 95, 90, 100, 71, ["THRESHOLD_MISSES_MUCH", "PRIVATE_THRESHOLD_CLAMPED"]),
    ],
)
def test_translate_nudenet_as_the_protocols_table(
    threshold: float, default: int, public: int, private: int, nudity_score: int, warnings: list[str]
) -> None:
    translation = translate(nudenet(threshold))
    assert translation.nudenet == {
        "default_threshold": default,
        "public_gallery_threshold": public,
        "private_share_threshold": private,
        "body_parts": {
            "nudity_score_threshold": nudity_score,
            "detected_parts_enabled": True,
            "part_location_tracking": True,
        },
    }
    assert codes(translation) == warnings
    assert translation.blip == {}


@pytest.mark.parametrize(
    ("multiplier", "risk", "warnings"),
    [
        (0.5, 15, []),
        (0.625, 18, []),
        (1, 25, []),
        (2, 45, []),
        (4.25, 90, []),
        (4.3, 90, ["CHILD_RISK_CLAMPED"]),
        (5, 90, ["CHILD_RISK_CLAMPED"]),
        (0, 5, []),
    ],
)
def test_translate_blip_as_the_protocols_list(multiplier: float, risk: int, warnings: list[str]) -> None:
    translation = translate(
        {
            "nudenet_config": {"detection_threshold": 0.3},
            "blip_config": {"risk_multiplier": multiplier, "child_keywords": ["Kid", "child"]},
        }
    )
    assert translation.blip == {
        "max_length": 150,
        "min_length": 20,
        "num_beams": 8,
        "temperature": 0.7,
        "cache_days": 7,
        "child_safety_keywords": ["child", "children", "kid", "kids"],
        "child_risk_threshold": risk,
        "high_risk_threshold": 90,
    }
    assert codes(translation) == warnings


def test_translate_emits_no_threshold_where_none_is_set() -> None:
    translation = translate({"nudenet_config": {}})
    assert translation.nudenet == {}
    assert codes(translation) == ["THRESHOLD_MISSING"]


def test_translate_emits_no_body_parts_where_none_are_set() -> None:
    assert set(translate({"nudenet_config": {"detection_threshold": 0.3}}).nudenet) == {
        "default_threshold",
        "public_gallery_threshold",
        "private_share_threshold",
    }


def test_translate_refuses_what_would_become_nan() -> None:
    with pytest.raises(ConfigurationError) as caught:
        translate(
            {"nudenet_config": {"body_parts": ["ANUS_EXPOSED"]}, "blip_config": {"child_keywords": ["x"]}}
        )
    assert [(error.path, error.code) for error in caught.value.errors] == [
        ("nudenet_config.detection_threshold", "MISSING"),
        ("blip_config.risk_multiplier", "MISSING"),
    ]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(0.5, 1), (1.5, 2), (2.5, 3), (2.4999, 2), (22.499999999999996, 22), (-0.5, 0), (0, 0)],
)
def test_half_up_rounds_halves_upwards(value: float, rounded: int) -> None:
    assert half_up(value) == rounded


@pytest.mark.parametrize("threshold", [0.05, 0.19])
def test_translate_names_what_was_lifted(threshold: float) -> None:
    message = translate(nudenet(threshold)).warnings[0].message
    assert f"{half_up(threshold * 100) - 5} %" in message
    assert "15 %" in message


def test_translate_does_not_warn_where_nothing_was_clamped() -> None:
    assert codes(translate(nudenet(0.20))) == []
    assert codes(translate(nudenet(0.50))) == []


def test_translate_warns_over_a_half_with_the_measured_figures() -> None:
    (warning,) = translate(nudenet(0.51)).warnings
    assert (warning.code, warning.path) == ("THRESHOLD_MISSES_MUCH", "nudenet_config.detection_threshold")
    for figure in ("61 % found at 0.2", "38 % at 0.5", "almost none at 0.9"):
        assert figure in warning.message


@pytest.mark.parametrize(
    ("threshold", "floor", "named"),
    [
        (0.25, NATIVE_FLOOR, []),
        (0.24, NATIVE_FLOOR, ["public_gallery_threshold (19 %)"]),
        (0.19, NATIVE_FLOOR, ["default_threshold (19 %)", "public_gallery_threshold (15 %)"]),
        (0.30, STOCK_FLOOR, []),
        (0.29, STOCK_FLOOR, ["public_gallery_threshold (24 %)"]),
        (0.05, STOCK_FLOOR, ["default_threshold (5 %)", "private_share_threshold (15 %)"]),
    ],
)
def test_server_warnings_name_each_threshold_under_the_floor(
    threshold: float, floor: float, named: list[str]
) -> None:
    warnings = server_warnings(nudenet(threshold), floor=floor)
    assert len(warnings) == bool(named)
    for part in named:
        assert part in warnings[0].message
    assert not named or warnings[0].code == "THRESHOLD_UNDER_FLOOR"
    assert not named or f"under {floor * 100:g} %" in warnings[0].message


def test_server_warnings_are_silent_without_a_threshold() -> None:
    assert server_warnings({}) == ()


@given(st.floats(0, 1), st.floats(0, 5))
def test_translate_never_leaves_the_percentages(threshold: float, multiplier: float) -> None:
    translation = translate({**nudenet(threshold), "blip_config": {"risk_multiplier": multiplier}})
    body_parts = translation.nudenet.pop("body_parts")
    figures = [
        *translation.nudenet.values(),
        body_parts["nudity_score_threshold"],
        translation.blip["child_risk_threshold"],
    ]
    assert all(isinstance(figure, int) and 0 <= figure <= 100 for figure in figures)
    assert translation.blip["child_risk_threshold"] <= translation.blip["high_risk_threshold"]


@given(st.floats(0, 1))
def test_translate_warns_whenever_a_threshold_was_clamped(threshold: float) -> None:
    translation = translate(nudenet(threshold))
    plain = math.floor(threshold * 100 + 0.5)
    lifted = translation.nudenet["public_gallery_threshold"] != plain - 5
    lowered = translation.nudenet["private_share_threshold"] != plain + 10
    assert ("PUBLIC_THRESHOLD_LIFTED" in codes(translation)) == lifted
    assert ("PRIVATE_THRESHOLD_CLAMPED" in codes(translation)) == lowered


@given(documents)
def test_translate_gives_figures_or_refuses_what_is_missing(given_documents: dict[str, Any]) -> None:
    nudenet_config = given_documents["nudenet_config"]
    is_complete = "risk_multiplier" in given_documents["blip_config"] and (
        "detection_threshold" in nudenet_config or "body_parts" not in nudenet_config
    )
    if is_complete:
        assert ("body_parts" in translate(given_documents).nudenet) == ("body_parts" in nudenet_config)
    else:
        with pytest.raises(ConfigurationError):
            translate(given_documents)
