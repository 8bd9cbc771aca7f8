"""`/analyze`, `/analyze/batch` and `/infer` on a real server with a real model."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from nudenet import NudeDetector

from moderation.domain.profiles import parse_profile
from moderation.server.suppression import Found
from moderation.server.worker import joined
from tests.moderation.server import samples
from tests.moderation.server.conftest import Running, log_lines

PROFILE: dict[str, Any] = {
    "nudenet": {"public_gallery_threshold": 25, "private_share_threshold": 90},
    "blip": {"child_safety_keywords": []},
    "moderation_rules": {},
    "usage_intents": {
        "public_site": {"approval_threshold": 15, "rejection_threshold": 60},
        "private": {"approval_threshold": 50, "rejection_threshold": 95},
    },
}


@pytest.fixture(scope="module")
def site(server: Running) -> str:
    name = str(uuid.uuid4())
    document = {"revision": 1, "digest": parse_profile(PROFILE).digest, **PROFILE}
    assert server.client.put(f"/sites/{name}/configuration", json=document).status_code == 200
    return name


def test_answer_without_a_site_has_v3s_keys(server: Running) -> None:
    picture = samples.bundled("color.png")
    answer = server.analyze(picture, batch_id="b-1", context_type="public_gallery").json()
    assert answer["batch_id"] == "b-1"
    assert answer["image_hash"] == hashlib.sha256(picture).hexdigest()
    assert answer["moderation_status"] == "flagged"
    assert answer["decision"] == "flagged"
    assert answer["flagged"] is True
    assert answer["detected_parts"] == {"BUTTOCKS_EXPOSED": pytest.approx(83.5, abs=0.6)}
    assert set(answer["part_locations"]["BUTTOCKS_EXPOSED"]) == {"x", "y", "width", "height", "confidence"}
    assert answer["nudity_score"] == pytest.approx(83.5, abs=0.6)
    assert answer["risk_level"] == "high"
    assert answer["combined_assessment"] is None
    assert answer["processing_status"] == "complete"
    assert "site" not in answer


def test_harmless_picture_is_approved(server: Running) -> None:
    answer = server.analyze(samples.bundled("chelsea.png")).json()
    assert (answer["moderation_status"], answer["nudity_score"]) == ("approved", 0)
    assert answer["stages"] == {"done": ["detection"], "missing": ["caption"]}


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("color.png", "rejected"),
        ("moon.png", "approved"),
        ("astronaut.png", "approved"),
        ("chelsea.png", "approved"),
    ],
)
def test_decision_with_a_sites_profile(server: Running, site: str, name: str, decision: str) -> None:
    answer = server.analyze(samples.bundled(name), site=site).json()
    assert answer["decision"] == decision
    assert answer["moderation_status"] == ("approved" if decision == "approved" else "flagged")
    assert (answer["site"], answer["config_revision"]) == (site, 1)
    assert answer["reasons"][0]["code"]


def test_answer_with_a_site_has_natives_keys(server: Running, site: str) -> None:
    answer = server.analyze(samples.bundled("astronaut.png"), site=site).json()
    assert [item["label"] for item in answer["labels"]] == ["FACE_FEMALE", "FACE_MALE"]
    assert answer["labels"][0]["score"] == pytest.approx(72, abs=0.5)
    assert len(answer["perceptual_hash"]) == 64
    assert len(answer["model_digest"]) == 64
    assert set(answer["timings_ms"]) == {"decode", "inference", "postprocess"}


def test_context_and_intent_choose_thresholds(server: Running, site: str) -> None:
    picture = samples.bundled("color.png")
    answer = server.analyze(picture, site=site, context_type="private_share").json()
    assert (answer["usage_intent"], answer["nudity_score"]) == ("private", 0)
    assert answer["decision"] == "flagged"  # never approved while no caption was looked at
    unknown = server.analyze(picture, site=site, usage_intent="store").json()
    assert (unknown["decision"], unknown["reasons"][0]["code"]) == ("flagged", "INTENT_UNKNOWN")


def test_flag_that_is_off_hides_a_part_but_decides_nothing(server: Running, site: str) -> None:
    fields = {"enable_buttocks_detection": "false", "enable_child_detection": "false"}
    answer = server.analyze(samples.bundled("color.png"), site=site, **fields).json()
    assert answer["detected_parts"] == {}
    assert answer["decision"] == "rejected"
    assert [item["label"] for item in answer["labels"]] == ["BUTTOCKS_EXPOSED"]


@pytest.mark.parametrize("site", ["6f1c8f1e-9a55-4c56-8f0e-0c8a3f6f5d11", "nonsense", "../../etc/passwd"])
def test_unknown_site_is_404(server: Running, site: str) -> None:
    response = server.analyze(samples.bundled("chelsea.png"), site=site)
    assert (response.status_code, response.json()["code"]) == (404, "SITE_UNKNOWN")


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "IMAGE_UNSUPPORTED"),
        (samples.animated("GIF"), 415, "ANIMATION_UNSUPPORTED"),
        (samples.animated("WEBP"), 415, "ANIMATION_UNSUPPORTED"),
        (samples.bundled("rocket.jpg")[:5000], 422, "IMAGE_UNREADABLE"),
        (samples.bundled("color.png")[:5000], 422, "IMAGE_UNREADABLE"),
        (samples.bundled("multipage.tif"), 415, "IMAGE_UNSUPPORTED"),
    ],
    ids=["svg", "gif", "webp", "cut-jpeg", "cut-png", "tiff"],
)
def test_bad_picture_is_refused(server: Running, picture: bytes, status: int, code: str) -> None:
    response = server.analyze(picture)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_damaged_data_behind_a_good_header_is_unreadable(server: Running) -> None:
    broken = bytearray(samples.bundled("color.png"))
    broken[20_000:20_400] = bytes(400)
    response = server.analyze(bytes(broken))
    assert (response.status_code, response.json()["code"]) == (422, "IMAGE_UNREADABLE")


def test_picture_of_very_many_pixels_costs_no_memory(server: Running) -> None:
    bomb = samples.huge_png()
    processes = (server.process.pid, *server.children())
    before = [peak(pid) for pid in processes]
    response = server.analyze(bomb)
    assert (response.status_code, response.json()["code"]) == (413, "IMAGE_TOO_MANY_PIXELS")
    for pid, earlier in zip(processes, before, strict=True):
        assert peak(pid) - earlier < 40_000  # kB; decoded it would be 530,000


def test_picture_is_gone_from_shared_memory_with_its_answer(server: Running) -> None:
    """The pages that a picture went through are given back: ten large pictures leave none behind."""
    large = samples.bundled("color.png") + b"\xab" * 10 * 2**20
    for _ in range(10):
        assert server.analyze(large).status_code == 200
    assert shared(server.process.pid) < 1024  # kB
    assert max(shared(pid) for pid in server.children()) < 1024


def shared(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssShmem"))


def peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_batch_gives_one_result_per_picture(server: Running, site: str) -> None:
    pictures = [samples.bundled("color.png"), b"broken", samples.bundled("chelsea.png"), b""]
    files = [("images", (str(index), data)) for index, data in enumerate(pictures)]
    answer = server.client.post("/analyze/batch", data={"site": site}, files=files).json()
    results = answer["results"]
    assert [item["success"] for item in results] == [True, False, True, False]
    assert [item.get("decision") for item in results] == ["rejected", None, "approved", None]
    assert [item.get("code") for item in results] == [None, "IMAGE_UNSUPPORTED", None, "IMAGE_EMPTY"]


def test_batch_of_too_many_pictures_is_refused(server: Running) -> None:
    files = [("images", (str(index), b"x")) for index in range(17)]
    response = server.client.post("/analyze/batch", files=files)
    assert (response.status_code, response.json()["code"]) == (413, "TOO_MANY_PICTURES")


def test_infer_agnostic_equals_the_shipped_class(agnostic: Running) -> None:
    shipped = NudeDetector()
    pictures = [samples.png(samples.collage(seed)) for seed in range(4)] + [samples.bundled("rocket.jpg")]
    files = [("f1", (str(index), data)) for index, data in enumerate(pictures)]
    answer = agnostic.client.post("/infer", files=files).json()
    assert answer["success"] is True
    for theirs, ours in zip(map(shipped.detect, pictures), answer["prediction"], strict=True):
        assert [(item["class"], item["box"]) for item in theirs] == [
            (item["class"], item["box"]) for item in ours
        ]
        assert [item["score"] for item in theirs] == pytest.approx([item["score"] for item in ours], abs=1e-5)
    assert sum(map(len, answer["prediction"])) >= 20


def test_log_holds_figures_only(server: Running, site: str) -> None:
    server.analyze(samples.bundled("astronaut.png"), site=site, batch_id="not-for-the-log")
    lines = log_lines(server)
    assert {"timestamp", "level", "event", "method", "path", "status", "ms"} == set(lines[-1])
    assert "not-for-the-log" not in json.dumps(lines)


def test_picture_that_only_its_alpha_draws_is_found(server: Running) -> None:
    """White everywhere, the picture in the alpha: nothing over white, plain to see on a dark page."""
    grey = cv2.cvtColor(samples.pixels("color.png"), cv2.COLOR_BGR2GRAY)
    hidden = np.dstack([np.full((*grey.shape, 3), 255, np.uint8), grey])

    answer = server.analyze(samples.png(hidden)).json()

    assert answer["detected_parts"]["BUTTOCKS_EXPOSED"] > 50
    assert answer["decision"] == "flagged"


def test_what_black_shows_is_added_only_where_it_is_surer() -> None:
    sure, unsure = Found("ANUS_EXPOSED", 0.8, (0, 0, 1, 1)), Found("ANUS_EXPOSED", 0.5, (0, 0, 1, 1))
    other = Found("FACE_MALE", 0.3, (0, 0, 1, 1))

    assert joined([sure], [unsure]) == [sure]
    assert joined([unsure], [sure]) == [unsure, sure]
    assert joined([sure], [other]) == [sure, other]
