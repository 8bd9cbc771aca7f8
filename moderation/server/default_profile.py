"""The profile that decides where no site is named: what a v3 server's one configuration is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moderation.domain.profiles import Profile, parse_profile
from moderation.domain.schemas import INTENTS
from moderation.server.profiles import write_durably

# A detection threshold of 0.30 and a risk multiplier of 1, translated.
_NUDENET: dict[str, Any] = {
    "default_threshold": 30,
    "public_gallery_threshold": 25,
    "private_share_threshold": 40,
    "body_parts": {
        "nudity_score_threshold": 22,
        "detected_parts_enabled": True,
        "part_location_tracking": True,
    },
}
_BLIP: dict[str, Any] = {
    "max_length": 150,
    "min_length": 20,
    "num_beams": 8,
    "temperature": 0.7,
    "cache_days": 7,
    "child_safety_keywords": [],
    "child_risk_threshold": 25,
    "high_risk_threshold": 90,
}
_HIGHEST_APPROVAL = 99.0
_REJECTION = 100.0


class DefaultProfile:
    """The two configurations in `default.json` of the data folder, and the profile made of them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "default.json"

    def configuration(self, part: str) -> dict[str, Any]:
        """Return `nudenet` or `blip` as it was set, or as it is from the beginning."""
        configuration: dict[str, Any] = self._document()[part]
        return configuration

    def replace(self, part: str, configuration: Any) -> None:
        """Store `nudenet` or `blip` durably; raises ConfigurationError and leaves everything as it was."""
        document = {**self._document(), part: configuration}
        _profile(document)
        write_durably(self._path, document)

    def profile(self) -> Profile:
        return _profile(self._document())

    def _document(self) -> dict[str, Any]:
        try:
            document: dict[str, Any] = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {"nudenet": _NUDENET, "blip": _BLIP}
        return document


def _profile(document: dict[str, Any]) -> Profile:
    """Every intent approves up to the nudity score's threshold; what v3 flags, and never rejects, lies above
    it.
    """
    nudenet = document["nudenet"]
    parse_profile({**document, "moderation_rules": {}, "usage_intents": {}})
    approval = nudenet.get("body_parts", {}).get(
        "nudity_score_threshold", _NUDENET["public_gallery_threshold"]
    )
    thresholds = {
        "approval_threshold": min(float(approval), _HIGHEST_APPROVAL),
        "rejection_threshold": _REJECTION,
    }
    return parse_profile(
        {**document, "moderation_rules": {}, "usage_intents": dict.fromkeys(INTENTS, thresholds)}
    )
