"""Captions after the answer: order, bounds, consequences, callbacks. The captions' texts are synthetic."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from moderation.domain.detections import Detection
from moderation.domain.profiles import parse_profile
from moderation.server import callbacks, captioning
from moderation.server.__main__ import caption
from moderation.server.captioning import Awaited, Captions
from moderation.server.errors import ApiError
from moderation.server.pool import Pool
from moderation.server.state import State

PROFILE = parse_profile(
    {
        "nudenet": {"public_gallery_threshold": 25},
        "blip": {"child_safety_keywords": ["scouts"]},
        "moderation_rules": {},
        "usage_intents": {"public_site": {"approval_threshold": 50, "rejection_threshold": 85}},
    }
)
BREAST = (Detection("FEMALE_BREAST_EXPOSED", 22.0),)


def awaited(batch_id: str, text: str, webhook: str | None = None) -> Awaited:
    return Awaited(batch_id, "0" * 64, text.encode(), BREAST, PROFILE, None, None, webhook)


@asynccontextmanager
async def captions() -> AsyncIterator[Captions]:
    pool = Pool("tests.moderation.server.fixed_captioner", [], size=1, seconds=10)
    await pool.open()
    one = Captions(pool, "fixed")
    running = asyncio.ensure_future(one.run())
    try:
        yield one
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await pool.close()


async def ready(one: Captions, batch_id: str) -> dict[str, Any]:
    for _ in range(500):
        with suppress(ApiError):
            return one.get(batch_id)
        await asyncio.sleep(0.02)
    raise AssertionError(batch_id)


def test_where_no_captioner_is_left_the_server_says_that_it_has_none() -> None:
    async def ended() -> State:
        async with captions() as one:
            state: Any = SimpleNamespace(captions=one, caption_pool=one._pool, blip_model="fixed")
            captioning = asyncio.ensure_future(caption(state))
            await asyncio.sleep(0.05)
            assert state.captions is one
            one._pool.failed.set()
            await asyncio.wait_for(captioning, 5)
            found: State = state
            return found

    state = asyncio.run(ended())
    assert state.captions is None
    assert state.blip_model is None


def run(work: Callable[[Captions], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with captions() as one:
            await work(one)

    asyncio.run(inside())


def test_caption_without_a_child_is_an_assessment() -> None:
    async def work(one: Captions) -> None:
        assert one.accept(awaited("b", "a woman smiling"))
        with pytest.raises(ApiError) as early:
            one.get("b")
        assert (early.value.status, early.value.code) == (404, "CAPTION_PENDING")
        document = await ready(one, "b")
        assert document["image_description"]["description"] == "a woman smiling"
        assessment = document["combined_assessment"]
        assert (assessment["children_detected"], assessment["final_risk_score"]) == (False, 0)
        assert assessment["reasoning"]

    run(work)


@pytest.mark.parametrize("caption", ["a child on a beach", "some scouts at a lake"])
def test_caption_with_a_keyword_is_the_highest_risk(caption: str) -> None:
    async def work(one: Captions) -> None:
        one.accept(awaited("b", caption))
        assessment = (await ready(one, "b"))["combined_assessment"]
        assert (assessment["children_detected"], assessment["final_risk_score"]) == (True, 100)
        assert assessment["risk_level"] == "high"

    run(work)


def test_failures_leave_no_caption_and_stop_nothing() -> None:
    async def work(one: Captions) -> None:
        for name in ("broken", "die", "a cat"):
            one.accept(awaited(name, name))
        assert await ready(one, "a cat")
        for name in ("broken", "die"):
            with pytest.raises(ApiError) as gone:
                one.get(name)
            assert gone.value.code == "BATCH_UNKNOWN"

    run(work)


def test_waiting_pictures_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captioning, "_MOST_BYTES", 10)

    async def work(one: Captions) -> None:
        assert one.accept(awaited("a", "12345678"))
        assert not one.accept(awaited("b", "12345678"))
        await ready(one, "a")
        assert one.accept(awaited("c", "12345678"))

    run(work)


def test_kept_captions_are_bounded_and_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captioning, "_MOST_KEPT", 2)

    async def work(one: Captions) -> None:
        for name in "abc":
            one.accept(awaited(name, "a cat"))
            await ready(one, name)
        with pytest.raises(ApiError) as dropped:
            one.get("a")
        assert dropped.value.status == 404
        monkeypatch.setattr("time.time", lambda: one._kept["b"][0] + 1)
        with pytest.raises(ApiError) as expired:
            one.get("b")
        assert (expired.value.status, expired.value.code) == (410, "BATCH_EXPIRED")

    run(work)


def test_callback_tells_the_caption(httpserver: HTTPServer) -> None:
    told: list[Any] = []

    def take(request: Request) -> Response:
        told.append(json.loads(request.data))
        return Response(status=503 if len(told) == 1 else 204)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(take)

    async def work(one: Captions) -> None:
        one.accept(awaited("b", "a cat", httpserver.url_for("/hook?token=x")))
        for _ in range(300):
            if len(told) > 1:
                break
            await asyncio.sleep(0.02)

    run(work)
    assert len(told) == 2  # the first try was refused
    assert told[1]["status"] == "blip_completed"
    assert told[1]["batch_id"] == "b"
    assert set(told[1]) == {"batch_id", "timestamp", "status", "image_description", "combined_assessment"}


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://hooks.example:8080/x", True),
        ("http://HOOKS.example:8080/x", True),
        ("https://safe.example/x", True),
        ("http://safe.example/x", False),
        ("http://hooks.example/x", False),
        ("http://hooks.example:8080@169.254.169.254/x", False),
        ("http://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("http://hooks.example:99999/", False),
        ("nonsense", False),
    ],
)
def test_callback_goes_only_where_the_operator_says(url: str, allowed: bool) -> None:
    assert callbacks.is_allowed(url, frozenset({"hooks.example:8080", "safe.example:443"})) is allowed
