"""Captions after the answer: a bounded queue of pictures, and the captions kept for whoever comes to fetch
them.

Pictures wait in memory and go with their caption. Captions are kept in memory for seven days, at most
`_MOST_KEPT`; a restart forgets both, and a caption that is not there only ever makes a decision stricter.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moderation.domain.decisions import decide
from moderation.domain.detections import Detection
from moderation.domain.keywords import BUILT_IN_CHILD_KEYWORDS, expand, found_in
from moderation.domain.profiles import Profile
from moderation.server import callbacks, logs
from moderation.server.errors import ApiError
from moderation.server.pool import Pool
from moderation.server.process import WorkerDiedError

_KEPT_SECONDS = 7 * 24 * 3600
_MOST_KEPT = 50_000
_MOST_WAITING = 64
_MOST_BYTES = 128 * 2**20


@dataclass(frozen=True)
class Awaited:
    """A picture that waits for its caption, and what the caption's consequence depends on."""

    batch_id: str
    image_hash: str
    picture: bytes
    detections: Sequence[Detection]
    profile: Profile
    context_type: str | None
    usage_intent: str | None
    webhook_url: str | None


class Captions:
    """Takes pictures in, has them captioned one after the other, answers by batch id."""

    def __init__(self, pool: Pool, model_name: str) -> None:
        self._pool = pool
        self._model_name = model_name
        self._waiting: asyncio.Queue[Awaited] = asyncio.Queue(_MOST_WAITING)
        self._bytes = 0
        self._kept: OrderedDict[str, tuple[float, dict[str, Any] | None]] = OrderedDict()
        self._calls: set[asyncio.Task[bool]] = set()

    def accept(self, awaited: Awaited) -> bool:
        """Queue a picture; False when there is no room, and then its caption stays missing."""
        size = len(awaited.picture)
        if self._waiting.full() or self._bytes + size > _MOST_BYTES:
            return False
        self._bytes += size
        self._waiting.put_nowait(awaited)
        self._keep(awaited.batch_id, None)
        return True

    def get(self, batch_id: str) -> dict[str, Any]:
        """Return the caption's document; raises ApiError 404 (unknown or not ready) and 410 (expired)."""
        kept = self._kept.get(batch_id)
        if kept is None:
            raise ApiError("BATCH_UNKNOWN", 404, "There is no caption for this batch_id.")
        if time.time() >= kept[0]:
            raise ApiError("BATCH_EXPIRED", 410, "The caption was kept for seven days.")
        if kept[1] is None:
            raise ApiError("CAPTION_PENDING", 404, "The caption is not ready yet.")
        return kept[1]

    async def run(self) -> None:
        """Caption what waits, until cancelled."""
        while True:
            awaited = await self._waiting.get()
            try:
                answer = await self._pool.ask({"blip": dict(awaited.profile.blip)}, awaited.picture)
            except WorkerDiedError:
                answer = {"error": "WORKER_FAILED"}
            self._bytes -= len(awaited.picture)
            if "caption" in answer:
                self._finish(awaited, answer["caption"])
            else:
                logs.write("caption_failed", level="error", batch_id=awaited.batch_id, code=answer["error"])
                self._kept.pop(awaited.batch_id, None)

    def _finish(self, awaited: Awaited, caption: str) -> None:
        document = self._document(awaited, caption)
        self._keep(awaited.batch_id, document)
        if awaited.webhook_url:
            told = {
                key: document[key]
                for key in ("batch_id", "timestamp", "image_description", "combined_assessment")
            }
            call = asyncio.ensure_future(
                callbacks.send(awaited.webhook_url, {**told, "status": "blip_completed"})
            )
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    def _document(self, awaited: Awaited, caption: str) -> dict[str, Any]:
        now = dt.datetime.now(dt.UTC)
        keywords = expand([*BUILT_IN_CHILD_KEYWORDS, *awaited.profile.blip.get("child_safety_keywords", ())])
        children = found_in(caption, keywords)
        verdict = decide(
            awaited.detections,
            awaited.profile,
            context_type=awaited.context_type,
            usage_intent=awaited.usage_intent,
            caption=caption,
            children_detected=None,
        )
        return {
            "batch_id": awaited.batch_id,
            "timestamp": now.isoformat(),
            "expires_at": (now + dt.timedelta(seconds=_KEPT_SECONDS)).isoformat(),
            "image_hash": awaited.image_hash,
            "image_description": {
                "description": caption,
                "generation_method": "blip",
                "model_used": self._model_name,
                "tags": children,
            },
            "combined_assessment": {
                "final_risk_score": verdict.final_risk_score,
                "risk_level": verdict.risk_level,
                "children_detected": bool(children),
                "reasoning": [reason.message for reason in verdict.reasons],
            },
        }

    def _keep(self, batch_id: str, document: dict[str, Any] | None) -> None:
        self._kept[batch_id] = (time.time() + _KEPT_SECONDS, document)
        self._kept.move_to_end(batch_id)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
