"""Servers that misbehave: the picture is flagged with the reason, nothing is metered, nothing is approved."""

import json
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from werkzeug import Request, Response

from billing.models import UsageRecord
from billing.selectors import usage
from moderation.clients import native
from moderation.models import CaptionRequest, Decision
from tests.fake_server import FakeServer, answer_about, answered, as_json
from tests.moderation.server.samples import bundled
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_force")]

EXPOSED = {"label": "BUTTOCKS_EXPOSED", "score": 90.0, "box": {"x": 1, "y": 1, "width": 5, "height": 5}}


def send(acme: Customer) -> dict[str, Any]:
    body = {"site": "acme-family", "image": open_picture()}
    found: dict[str, Any] = api.data(api.owner(acme).post(api.ANALYZE, body, format="multipart"))
    return found


def open_picture() -> Any:
    return SimpleUploadedFile("p.png", bundled("chelsea.png"), "image/png")


def changed(**fields: Any) -> Callable[[Request], Response]:
    return lambda request: answered(request, **fields)


def without(name: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        body = answer_about(request)
        del body[name]
        return as_json(body)

    return answer


def cut(request: Request) -> Response:
    return Response(json.dumps(answer_about(request))[:-9], 200, mimetype="application/json")


def nan(request: Request) -> Response:
    label = {"label": "BUTTOCKS_EXPOSED", "score": float("nan"), "box": None}
    return Response(json.dumps(answer_about(request, labels=[label])), 200, mimetype="application/json")


UNREADABLE = "SERVER_ANSWER_UNREADABLE"
BAD: dict[str, tuple[Callable[[Request], Response], str]] = {
    "html": (lambda _: Response("<html>all fine</html>", 200, mimetype="text/html"), UNREADABLE),
    "empty": (lambda _: Response("", 200), UNREADABLE),
    "a list": (lambda _: as_json(["approved"]), UNREADABLE),
    "null": (lambda _: as_json(None), UNREADABLE),
    "cut json": (cut, UNREADABLE),
    "NaN": (nan, UNREADABLE),
    "score as text": (changed(labels=[{**EXPOSED, "score": "90"}]), UNREADABLE),
    "score as true": (changed(labels=[{**EXPOSED, "score": True}]), UNREADABLE),
    "score over 100": (changed(labels=[{**EXPOSED, "score": 900}]), UNREADABLE),
    "negative score": (changed(labels=[{**EXPOSED, "score": -1}]), UNREADABLE),
    "unknown label": (changed(labels=[{**EXPOSED, "label": "ELBOW"}]), UNREADABLE),
    "labels as text": (changed(labels="none"), UNREADABLE),
    "labels null": (changed(labels=None), UNREADABLE),
    "no labels": (without("labels"), UNREADABLE),
    "no hash": (without("image_hash"), UNREADABLE),
    "no decision": (without("decision"), UNREADABLE),
    "no success": (changed(success=False, error="model crashed"), "SERVER_FAILED"),
    "a failed job": (changed(processing_status="failed"), "SERVER_FAILED"),
    "an unknown state": (changed(processing_status=None), "SERVER_FAILED"),
    "no state": (without("processing_status"), "SERVER_FAILED"),
    "another site": (changed(site="0" * 32), "OTHER_SITE"),
    "no site": (without("site"), "OTHER_SITE"),
    "no detector": (changed(stages={"done": [], "missing": ["detection"]}), "DETECTION_NOT_RUN"),
    "stages null": (changed(stages=None), "DETECTION_NOT_RUN"),
    "stages as text": (changed(stages={"done": "detection"}), "DETECTION_NOT_RUN"),
    "a part that is not listed": (changed(detected_parts={"FEMALE_BREAST_EXPOSED": 90}), UNREADABLE),
    "a place that is not listed": (changed(part_locations={"ANUS_EXPOSED": {}}), UNREADABLE),
    "an unknown part": (changed(detected_parts={"ELBOW": 9}), UNREADABLE),
    "parts as a list": (changed(detected_parts=["ANUS_EXPOSED"]), UNREADABLE),
    "another picture": (changed(image_hash="0" * 64), "OTHER_PICTURE"),
    "children as text": (changed(combined_assessment={"children_detected": "no"}), UNREADABLE),
    "10 MB": (changed(model_digest="d" * 10_000_000), UNREADABLE),
    "redirect": (lambda _: Response("", 307, {"Location": "http://127.0.0.1:9/"}), "SERVER_FAILED"),
    "500": (lambda _: Response("Traceback: secret", 500), "SERVER_FAILED"),
    "404": (lambda _: as_json({}, 404), "SERVER_FAILED"),
    "401": (lambda _: as_json({}, 401), "SERVER_KEY_REFUSED"),
    "busy": (lambda _: as_json({}, 503), "SERVER_BUSY"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_answer_is_flagged_and_not_metered(acme: Customer, fake: FakeServer, bad: str) -> None:
    fake.analyze, code = BAD[bad]
    found = send(acme)
    assert_held(acme, found, code)


def assert_held(acme: Customer, found: dict[str, Any], code: str) -> None:
    (reason,) = found["reasons"]
    assert (found["decision"], reason["code"], found["risk_level"]) == ("flagged", code, "unknown")
    assert (found["nudity_score"], found["final_risk_score"], found["labels"]) == (None, None, [])
    assert reason["message"].endswith("held for a person.")
    assert "secret" not in reason["message"]
    assert found["stages_missing"] == ["detection", "caption"]
    with acme.scope():
        (decision,) = Decision.objects.all()
        assert (decision.decision, decision.reasons[0]["code"]) == ("flagged", code)
        assert usage.used_this_month(acme.organization) == 0
        counts = (
            UsageRecord.objects.filter(usage_type="analysis")
            .order_by("pk")
            .values_list("request_count", flat=True)
        )
        assert list(counts) == [1, -1]
        assert not CaptionRequest.objects.exists()


@pytest.mark.parametrize(
    "claim",
    [{"flagged": True}, {"human_review_required": True}, {"moderation_status": "flagged"}, {"decision": "?"}],
)
def test_a_server_that_contradicts_its_approval_is_believed_where_it_is_stricter(
    acme: Customer, fake: FakeServer, claim: dict[str, Any]
) -> None:
    fake.analyze = changed(**claim)
    found = send(acme)
    assert (found["decision"], found["reasons"][0]["code"]) == ("flagged", "SERVER_STRICTER")


def test_a_server_that_is_off(acme: Customer, fake: FakeServer) -> None:
    fake.http.stop()
    try:
        assert_held(acme, send(acme), "SERVER_UNREACHABLE")
    finally:
        fake.http.start()


def test_a_server_that_is_slow(acme: Customer, fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "ANALYSIS_SECONDS", 0.2)
    over = Event()
    fake.analyze = lambda request: as_json({"waited": over.wait(30)})
    started = time.monotonic()
    assert_held(acme, send(acme), "SERVER_TIMED_OUT")
    assert time.monotonic() - started < 10
    over.set()


def test_a_server_whose_address_is_forbidden(acme: Customer, settings: Any) -> None:
    settings.EGRESS_ALLOW = []
    assert_held(acme, send(acme), "SERVER_ADDRESS_FORBIDDEN")


def test_a_fault_of_ours_is_flagged_too(acme: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("moderation.services.analyses.decide", broken)
    assert_held(acme, send(acme), "ANALYSIS_FAILED")


@pytest.mark.parametrize("word", ["rejected", "flagged", "REJECTED", "unheard of"])
def test_the_servers_stricter_word_stands(acme: Customer, fake: FakeServer, word: str) -> None:
    fake.analyze = changed(decision=word)
    found = send(acme)
    assert found["decision"] == (word if word == "rejected" else "flagged")
    assert found["reasons"][0]["code"] == "SERVER_STRICTER"


def test_the_servers_milder_word_does_not(acme: Customer, fake: FakeServer) -> None:
    fake.analyze = changed(decision="approved", labels=[EXPOSED], nudity_score=0, final_risk_score=0)
    found = send(acme)
    assert (found["decision"], found["nudity_score"]) == ("rejected", 90.0)
    with acme.scope():
        assert usage.used_this_month(acme.organization) == 1


def test_an_intact_answer_without_detections_is_approved(acme: Customer, fake: FakeServer) -> None:
    """What the bad ones are measured against: otherwise they could not fail."""
    assert send(acme)["decision"] == "approved"


def test_what_is_sent_tells_nothing_of_the_uploader(acme: Customer, fake: FakeServer) -> None:
    send(acme)
    (seen,) = fake.seen
    assert seen.files["image"].filename == "image"
    assert seen.form["site"]
    assert not {"Cookie", "Authorization", "X-Forwarded-For", "X-Organization"} & set(dict(seen.headers))
