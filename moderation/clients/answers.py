"""Answers of moderation servers, read strictly where a decision hangs on them: what cannot be read is an
error.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from moderation.clients.consistency import refuse_hidden_parts, refuse_unfinished, strictest_claim
from moderation.clients.errors import unreadable
from moderation.domain.detections import Detection, UnreadableDetectionError, parse_detections

LONGEST_TEXT = 2000
LONGEST_FIGURE = 10_000  # characters of JSON
LONGEST_UPTIME = 2**31 - 1  # seconds


@dataclass(frozen=True)
class Health:
    """`is_healthy` is False where the server answered, but not well."""

    is_healthy: bool
    version: str
    capabilities: tuple[str, ...]
    is_blip_available: bool
    response_time_ms: int
    uptime_seconds: int | None = None


@dataclass(frozen=True)
class Applied:
    response_time_ms: int


@dataclass(frozen=True)
class StoredConfiguration:
    revision: int
    digest: str


@dataclass(frozen=True)
class Analysis:
    """What a server saw in one picture. Scores are percentages, boxes pixels of the submitted picture.

    `config_revision` is of the configuration that it decided by; None where it does not say.
    """

    image_hash: str
    detections: tuple[Detection, ...]
    decision: str
    config_revision: int | None
    children_detected: bool | None
    caption: str | None
    is_caption_expected: bool
    batch_id: str
    perceptual_hash: str
    model_digest: str
    response_time_ms: int
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """The caption of a picture, which came later than its analysis."""

    image_hash: str
    caption: str
    children_detected: bool | None


def as_object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise unreadable("an object was expected")
    return body


def text_of(
    body: Mapping[str, Any], key: str, *, default: str | None = None, longest: int = LONGEST_TEXT
) -> str:
    value = body.get(key, default)
    if not isinstance(value, str) or len(value) > longest:
        raise unreadable(f"{key} is not a text")
    return value


def number_of(body: Mapping[str, Any], key: str) -> int:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise unreadable(f"{key} is not a number")
    return value


def read_health(body: Any, *, is_success: bool, response_time_ms: int) -> Health:
    values = as_object(body)
    capabilities = values.get("capabilities") or []
    return Health(
        is_healthy=is_success and values.get("status") == "healthy",
        version=str(values.get("version", ""))[:40],
        capabilities=tuple(str(entry)[:60] for entry in capabilities)
        if isinstance(capabilities, list)
        else (),
        is_blip_available=values.get("blip_available") is True,
        response_time_ms=response_time_ms,
        uptime_seconds=seconds_of(values.get("uptime_seconds")),
    )


def seconds_of(value: Any) -> int | None:
    """Whole seconds; None for what is no such number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value <= LONGEST_UPTIME else None


def read_held(body: Any) -> dict[UUID, StoredConfiguration]:
    """Revision and digest of every site that the server has a profile of."""
    try:
        return {UUID(site): read_stored(held) for site, held in as_object(body).items()}
    except ValueError as error:
        raise unreadable("a site is no UUID") from error


def read_stored(body: Any) -> StoredConfiguration:
    values = as_object(body)
    return StoredConfiguration(revision=number_of(values, "revision"), digest=text_of(values, "digest"))


# A server's own figures: kept for whoever compares, never used for a decision.
FIGURES = (
    "nudity_score",
    "final_risk_score",
    "risk_level",
    "moderation_status",
    "decision",
    "reasons",
    "timings_ms",
)


def read_analysis(body: Any, *, site: UUID, response_time_ms: int) -> Analysis:
    """Read a native answer about a picture of `site`. Raises ServerError for anything that a decision could
    hang on.
    """
    values = as_object(body)
    refuse_unfinished(values, site)
    try:
        detections = parse_detections(values.get("labels"))
    except UnreadableDetectionError as error:
        raise unreadable(str(error)) from error
    refuse_hidden_parts(values, detections)
    children, caption = read_caption(values)
    return Analysis(
        image_hash=text_of(values, "image_hash").lower(),
        detections=detections,
        decision=strictest_claim(values, text_of(values, "decision", longest=20)),
        config_revision=revision_of(values),
        children_detected=children,
        caption=caption,
        is_caption_expected=values.get("processing_status") == "blip_pending",
        batch_id=text_of(values, "batch_id", default="", longest=200),
        perceptual_hash=text_of(values, "perceptual_hash", default="", longest=64),
        model_digest=text_of(values, "model_digest", default="", longest=64),
        response_time_ms=response_time_ms,
        figures=figures_of(values),
    )


def revision_of(values: Mapping[str, Any]) -> int | None:
    """None where it is missing; what is no number is no answer."""
    return number_of(values, "config_revision") if values.get("config_revision") is not None else None


def figures_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The server's own figures, as far as they are small: nobody needs a megabyte of reasons."""
    found = {key: values[key] for key in FIGURES if key in values}
    return {key: value for key, value in found.items() if len(json.dumps(value)) <= LONGEST_FIGURE}


def read_caption(values: Mapping[str, Any]) -> tuple[bool | None, str | None]:
    """(children_detected, caption) of an answer that may carry neither."""
    assessment = values.get("combined_assessment")
    children = as_object(assessment).get("children_detected") if assessment is not None else None
    description = values.get("image_description")
    caption = as_object(description).get("description") if description is not None else None
    if children is not None and not isinstance(children, bool):
        raise unreadable("children_detected is neither true nor false")
    # A longer one is no caption of a picture, and cutting it could cut off the word that matters.
    if caption is not None and (not isinstance(caption, str) or len(caption) > LONGEST_TEXT):
        raise unreadable("the caption is not a short text")
    return children, caption


def read_description(body: Any) -> Description:
    """Read what `/retrieve-blip` answers. Raises ServerError for anything that a decision could hang on."""
    values = as_object(body)
    children, caption = read_caption(values)
    if not caption:
        raise unreadable("there is no caption in it")
    return Description(text_of(values, "image_hash").lower(), caption, children)
