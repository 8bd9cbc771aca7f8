"""What a moderation server holds for one site, and what a decision is made with (PROTOCOL.md, "native")."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NotRequired

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    with_config,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict  # pydantic refuses the one of typing before 3.12

from moderation.domain.digests import digest
from moderation.domain.errors import ConfigurationError
from moderation.domain.field_errors import field_errors
from moderation.domain.schemas import IntentName, LabelWeights, Percent

# What a profile travels and is stored with; it says nothing about decisions and is no part of the digest.
_ENVELOPE = frozenset({"revision", "digest", "applied_at"})
_STRICT = ConfigDict(strict=True, extra="forbid")

Count = Annotated[int, Field(ge=0, le=1000)]
Temperature = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
# Twice the site's 200 and more than its 64 characters: the list arrives expanded, in lower case.
Keywords = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=400)
]


@with_config(_STRICT)
class _BodyParts(TypedDict):
    nudity_score_threshold: Percent
    detected_parts_enabled: bool
    part_location_tracking: bool


@with_config(_STRICT)
class _Nudenet(TypedDict):
    default_threshold: NotRequired[Percent]
    public_gallery_threshold: NotRequired[Percent]
    private_share_threshold: NotRequired[Percent]
    body_parts: NotRequired[_BodyParts]


@with_config(_STRICT)
class _Blip(TypedDict):
    max_length: NotRequired[Count]
    min_length: NotRequired[Count]
    num_beams: NotRequired[Count]
    temperature: NotRequired[Temperature]
    cache_days: NotRequired[Count]
    child_safety_keywords: NotRequired[Keywords]
    child_risk_threshold: NotRequired[Percent]
    high_risk_threshold: NotRequired[Percent]


@with_config(_STRICT)
class _Rules(TypedDict):
    label_weights: NotRequired[LabelWeights]


@with_config(_STRICT)
class _Thresholds(TypedDict):
    approval_threshold: Percent
    rejection_threshold: Percent


def _not_inverted(thresholds: _Thresholds) -> _Thresholds:
    if thresholds["approval_threshold"] >= thresholds["rejection_threshold"]:
        raise PydanticCustomError(
            "inverted_thresholds",
            "The approval threshold must be lower than the rejection threshold.",
            {"key": "approval_threshold"},
        )
    return thresholds


@with_config(_STRICT)
class _Profile(TypedDict):
    nudenet: _Nudenet
    blip: _Blip
    moderation_rules: _Rules
    usage_intents: dict[IntentName, Annotated[_Thresholds, AfterValidator(_not_inverted)]]


_ADAPTER = TypeAdapter(_Profile)


@dataclass(frozen=True)
class Profile:
    """One site's configuration in the server's own words; build it with `parse_profile`, which checks it."""

    nudenet: Mapping[str, Any]
    blip: Mapping[str, Any]
    moderation_rules: Mapping[str, Any]
    usage_intents: Mapping[str, Mapping[str, float]]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of `payload()`, in hex."""
        return digest(self.payload())

    def payload(self) -> dict[str, Any]:
        """A copy of the four parts as JSON, without revision and digest."""
        return {
            "nudenet": copy.deepcopy(dict(self.nudenet)),
            "blip": copy.deepcopy(dict(self.blip)),
            "moderation_rules": copy.deepcopy(dict(self.moderation_rules)),
            "usage_intents": copy.deepcopy(dict(self.usage_intents)),
        }


def parse_profile(mapping: Mapping[str, object]) -> Profile:
    """Read the four parts of a profile; `revision`, `digest` and `applied_at` beside them are left aside.

    All four parts must be there; thresholds and weights inside them may be absent, null is refused. The
    digest of the result agrees with the sender's as long as labels are in their canonical spelling.

    Raises:
        ConfigurationError: with every place that is wrong: a key that is not known, a figure out of its
            range, NaN, thresholds that are inverted.

    """
    parts = {name: part for name, part in mapping.items() if name not in _ENVELOPE}
    try:
        parsed = _ADAPTER.validate_python(parts)
    except ValidationError as error:
        raise ConfigurationError(field_errors(error)) from error
    return Profile(
        nudenet=dict(parsed["nudenet"]),
        blip=dict(parsed["blip"]),
        moderation_rules=dict(parsed["moderation_rules"]),
        usage_intents={
            str(intent): _figures(thresholds) for intent, thresholds in parsed["usage_intents"].items()
        },
    )


def _figures(thresholds: _Thresholds) -> dict[str, float]:
    return {
        "approval_threshold": thresholds["approval_threshold"],
        "rejection_threshold": thresholds["rejection_threshold"],
    }
