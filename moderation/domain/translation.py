"""MuseNest's configuration in a moderation server's words (PROTOCOL.md, "Translation").

The figures must come out the same everywhere, or drift would be reported where there is none: products are
computed in IEEE doubles in the order that the protocol gives, and half rounds up.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain import sentences
from moderation.domain.errors import ConfigurationError
from moderation.domain.keywords import expand
from moderation.domain.schemas import (
    BlipConfig,
    NudenetConfig,
    missing_detection_threshold,
    missing_risk_multiplier,
    parse_documents,
)

# Counts up whenever the same documents translate differently, and is frozen with every configuration version.
TRANSLATOR_VERSION = 1

NATIVE_FLOOR = 0.20
STOCK_FLOOR = 0.25

_LOWEST_PUBLIC = 15
_HIGH_RISK = 90
_HIGHEST = 100
_USEFUL_UP_TO = 0.50
_THRESHOLD_PATH = "nudenet_config.detection_threshold"
_MULTIPLIER_PATH = "blip_config.risk_multiplier"


@dataclass(frozen=True)
class Warning_:  # noqa: N801 -- Warning is Python's own
    """Something that a person should know before deploying; `path` is the document's value that causes it."""

    code: str
    path: str
    message: str

    def payload(self) -> dict[str, str]:
        return {"code": self.code, "path": self.path, "message": self.message}


@dataclass(frozen=True)
class Translation:
    """What is sent to a server, and what was changed on the way."""

    nudenet: dict[str, Any]
    blip: dict[str, Any]
    warnings: tuple[Warning_, ...]


def half_up(value: float) -> int:
    """The nearest integer, halves upwards: `floor(value + 0.5)`, not Python's `round`."""
    return math.floor(value + 0.5)


def translate(documents: Mapping[str, object]) -> Translation:
    """Translate `nudenet_config` and `blip_config`, usually of an effective configuration.

    An absent document translates to nothing; a BLIP document needs its `risk_multiplier`, and `body_parts`
    needs `detection_threshold`. Warnings name what was clamped or has no useful effect on any server;
    `server_warnings` adds those about one server.

    Raises:
        ConfigurationError: the documents are wrong, or one of these two figures is missing.

    """
    parsed = parse_documents(documents)
    has_blip = documents.get("blip_config") is not None
    errors = [
        *missing_detection_threshold(parsed.nudenet_config),
        *(missing_risk_multiplier(parsed.blip_config) if has_blip else ()),
    ]
    if errors:
        raise ConfigurationError(errors)
    threshold, multiplier = parsed.nudenet_config.detection_threshold, parsed.blip_config.risk_multiplier
    warnings = (*_threshold_warnings(threshold), *_child_risk_warnings(multiplier))
    return Translation(_nudenet(parsed.nudenet_config), _blip(parsed.blip_config), warnings)


def server_warnings(documents: Mapping[str, object], *, floor: float = NATIVE_FLOOR) -> tuple[Warning_, ...]:
    """What a server's floor makes useless: scores under `floor` (0 to 1) are never returned by it.

    `floor` is 0.20 for a native server and 0.25 for one with the stock detector. Each of the three translated
    thresholds that lies under it is named in one warning.

    Raises:
        ConfigurationError: what `translate` raises.

    """
    threshold = parse_documents(documents).nudenet_config.detection_threshold
    if threshold is None:
        return ()
    lowest = half_up(floor * 100)
    useless = [f"{name} ({value} %)" for name, value in _thresholds(threshold).items() if value < lowest]
    if not useless:
        return ()
    message = sentences.THRESHOLD_UNDER_FLOOR % {"lowest": lowest, "useless": ", ".join(useless)}
    return (Warning_("THRESHOLD_UNDER_FLOOR", _THRESHOLD_PATH, message),)


def _thresholds(detection_threshold: float) -> dict[str, int]:
    threshold = half_up(detection_threshold * 100)
    return {
        "default_threshold": threshold,
        "public_gallery_threshold": max(threshold - 5, _LOWEST_PUBLIC),
        "private_share_threshold": min(threshold + 10, _HIGHEST),
    }


def _nudenet(config: NudenetConfig) -> dict[str, Any]:
    if config.detection_threshold is None:
        return {}
    translated: dict[str, Any] = dict(_thresholds(config.detection_threshold))
    if config.body_parts is not None:
        translated["body_parts"] = {
            "nudity_score_threshold": half_up(config.detection_threshold * 0.75 * 100),
            "detected_parts_enabled": True,
            "part_location_tracking": True,
        }
    return translated


def _blip(config: BlipConfig) -> dict[str, Any]:
    if config.risk_multiplier is None:
        return {}
    return {
        "max_length": 150,
        "min_length": 20,
        "num_beams": 8,
        "temperature": 0.7,
        "cache_days": 7,
        "child_safety_keywords": expand(config.child_keywords or []),
        "child_risk_threshold": min(_child_risk(config.risk_multiplier), _HIGH_RISK),
        "high_risk_threshold": _HIGH_RISK,
    }


def _child_risk(risk_multiplier: float) -> int:
    return half_up(risk_multiplier * 20) + 5


def _threshold_warnings(detection_threshold: float | None) -> list[Warning_]:
    if detection_threshold is None:
        return [Warning_("THRESHOLD_MISSING", _THRESHOLD_PATH, sentences.THRESHOLD_MISSING)]
    threshold = half_up(detection_threshold * 100)
    found = []
    if detection_threshold > _USEFUL_UP_TO:
        found.append(("THRESHOLD_MISSES_MUCH", _misses_much(detection_threshold)))
    if threshold - 5 < _LOWEST_PUBLIC:
        found.append(("PUBLIC_THRESHOLD_LIFTED", _lifted(threshold - 5)))
    if threshold + 10 > _HIGHEST:
        found.append(("PRIVATE_THRESHOLD_CLAMPED", _clamped(threshold + 10)))
    return [Warning_(code, _THRESHOLD_PATH, message) for code, message in found]


def _child_risk_warnings(risk_multiplier: float | None) -> list[Warning_]:
    if risk_multiplier is None or _child_risk(risk_multiplier) <= _HIGH_RISK:
        return []
    message = sentences.CHILD_RISK_CLAMPED % {"risk": _child_risk(risk_multiplier), "highest": _HIGH_RISK}
    return [Warning_("CHILD_RISK_CLAMPED", _MULTIPLIER_PATH, message)]


def _misses_much(detection_threshold: float) -> str:
    return sentences.THRESHOLD_MISSES_MUCH % {"threshold": f"{detection_threshold:g}"}


def _lifted(public: int) -> str:
    return sentences.PUBLIC_THRESHOLD_LIFTED % {"threshold": public, "lowest": _LOWEST_PUBLIC}


def _clamped(private: int) -> str:
    return sentences.PRIVATE_THRESHOLD_CLAMPED % {"threshold": private, "highest": _HIGHEST}
