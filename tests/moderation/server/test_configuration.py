"""v3's configuration routes; what changes it has a server of its own."""

from typing import Any

import pytest

from moderation.domain.translation import translate
from tests.moderation.server import samples
from tests.moderation.server.conftest import Running

DOCUMENTS: dict[str, Any] = {
    "nudenet_config": {"detection_threshold": 0.9, "body_parts": ["BUTTOCKS_EXPOSED"]},
    "blip_config": {"child_keywords": ["scout"], "risk_multiplier": 2},
    "moderation_rules": {},
    "usage_intents": {"public_site": {"approval_threshold": 15, "rejection_threshold": 60}},
}


def test_configuration_is_there_from_the_beginning(own: Running) -> None:
    nudenet = own.client.get("/config/nudenet").json()
    assert nudenet["success"] is True
    assert nudenet["configuration"]["public_gallery_threshold"] == 25
    assert own.client.get("/config/blip").json()["configuration"]["high_risk_threshold"] == 90


def test_translated_configuration_is_applied_and_read_back(own: Running) -> None:
    translation = translate(DOCUMENTS)
    assert own.client.post("/config/nudenet", json=dict(translation.nudenet)).status_code == 200
    assert own.client.post("/config/blip", json={"config": dict(translation.blip)}).status_code == 200
    assert own.client.get("/config/nudenet").json()["configuration"] == translation.nudenet
    assert own.client.get("/config/blip").json()["configuration"] == translation.blip
    answer = own.analyze(samples.bundled("color.png")).json()
    assert answer["nudity_score"] == 0  # 83.5 is under the public threshold of 85
    assert answer["moderation_status"] == "flagged"  # and yet no caption was looked at


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("nudenet", {"public_gallery_threshold": "25"}),
        ("nudenet", {"threshold": 3}),
        ("blip", {"config": {"num_beams": -1}}),
        ("blip", {"num_beams": 3}),
    ],
)
def test_invalid_configuration_is_400_and_changes_nothing(server: Running, part: str, body: object) -> None:
    before = server.client.get(f"/config/{part}").json()
    response = server.client.post(f"/config/{part}", json=body)
    assert (response.status_code, response.json()["code"]) == (400, "CONFIGURATION_INVALID")
    assert server.client.get(f"/config/{part}").json() == before
