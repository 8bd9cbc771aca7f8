import copy
import math
import pickle
from typing import Any

import pytest
from hypothesis import given

from moderation.domain.digests import digest
from moderation.domain.errors import ConfigurationError
from moderation.domain.profiles import Profile, parse_profile
from moderation.domain.translation import translate
from tests.moderation.domain.strategies import profiles

PARTS: dict[str, Any] = {
    "nudenet": {
        "default_threshold": 30,
        "public_gallery_threshold": 25,
        "private_share_threshold": 40,
        "body_parts": {
            "nudity_score_threshold": 22,
            "detected_parts_enabled": True,
            "part_location_tracking": True,
        },
    },
    "blip": translate({"blip_config": {"risk_multiplier": 1, "child_keywords": ["school"]}}).blip,
    "moderation_rules": {"label_weights": {"FEMALE_BREAST_EXPOSED": 0.6}},
    "usage_intents": {"public_site": {"approval_threshold": 15, "rejection_threshold": 60}},
}


def changed(path: str, value: object) -> dict[str, Any]:
    parts = copy.deepcopy(PARTS)
    *parents, last = path.split(".")
    place = parts
    for parent in parents:
        place = place[parent]
    place[last] = value
    return parts


def test_parse_profile_leaves_revision_and_digest_aside() -> None:
    enveloped = {**PARTS, "revision": 7, "digest": "0" * 64, "applied_at": "2026-11-21T00:00:00Z"}
    assert parse_profile(enveloped).payload() == PARTS
    assert parse_profile(enveloped).digest == digest(PARTS)


def test_digest_agrees_for_seven_and_seven_point_nought() -> None:
    sent = parse_profile(changed("nudenet.public_gallery_threshold", 7.0))
    assert sent.digest == digest(changed("nudenet.public_gallery_threshold", 7))


@given(profiles)
def test_payload_reads_back_as_the_same_profile(profile: Profile) -> None:
    assert parse_profile(profile.payload()) == profile
    assert parse_profile(profile.payload()).digest == profile.digest


def test_payload_is_a_copy() -> None:
    profile = parse_profile(PARTS)
    profile.payload()["usage_intents"]["public_site"]["approval_threshold"] = 99
    assert profile.payload() == PARTS


def test_profile_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(parse_profile(PARTS))) == parse_profile(PARTS)  # noqa: S301 -- our own bytes


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("nudenet.public_gallery_threshold", 101, "OUT_OF_RANGE"),
        ("nudenet.public_gallery_threshold", -1, "OUT_OF_RANGE"),
        ("nudenet.public_gallery_threshold", math.nan, "NOT_A_NUMBER"),
        ("nudenet.public_gallery_threshold", math.inf, "NOT_A_NUMBER"),
        ("nudenet.public_gallery_threshold", True, "NOT_A_NUMBER"),
        ("nudenet.public_gallery_threshold", "25", "NOT_A_NUMBER"),
        ("nudenet.public_gallery_threshold", None, "NOT_A_NUMBER"),
        ("nudenet.body_parts.detected_parts_enabled", 1, "NOT_A_BOOLEAN"),
        ("nudenet.child_safety", False, "UNKNOWN_KEY"),
        ("blip.child_safety_keywords", "child", "NOT_A_LIST"),
        ("blip.child_safety_enabled", False, "UNKNOWN_KEY"),
        ("moderation_rules.label_weights.NOSE", 1, "UNKNOWN_LABEL"),
        ("moderation_rules.label_weights.ANUS_EXPOSED", 2, "OUT_OF_RANGE"),
        ("usage_intents.public_site.approval_threshold", 60, "INVERTED_THRESHOLDS"),
        ("usage_intents.public_site.rejection_threshold", math.nan, "NOT_A_NUMBER"),
        ("usage_intents.public_site", {"approval_threshold": 5}, "MISSING"),
        ("extra", {}, "UNKNOWN_KEY"),
    ],
)
def test_parse_profile_refuses(path: str, value: object, code: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_profile(changed(path, value))
    assert [error.code for error in caught.value.errors] == [code]
    assert caught.value.errors[0].path.startswith(path)


def test_parse_profile_refuses_an_intent_that_does_not_exist() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_profile(changed("usage_intents.forum", {"approval_threshold": 5, "rejection_threshold": 6}))
    assert [(error.path, error.code) for error in caught.value.errors] == [
        ("usage_intents.forum", "UNKNOWN_KEY")
    ]


@pytest.mark.parametrize("part", sorted(PARTS))
def test_parse_profile_needs_every_part(part: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_profile({name: value for name, value in PARTS.items() if name != part})
    assert [(error.path, error.code) for error in caught.value.errors] == [(part, "MISSING")]


@pytest.mark.parametrize(
    "keyword", ["\u0130" * 64, "baby" * 16, "a"], ids=["grows in lower case", "long", "short"]
)
def test_parse_profile_accepts_the_longest_list_that_a_site_can_send(keyword: str) -> None:
    keywords = [f"{number:03}{keyword}"[:64] for number in range(200)]
    blip = translate({"blip_config": {"risk_multiplier": 1, "child_keywords": keywords}}).blip
    assert (
        parse_profile({**PARTS, "blip": blip}).blip["child_safety_keywords"] == blip["child_safety_keywords"]
    )
    assert len(blip["child_safety_keywords"]) >= 200
