"""The routes about the server itself, and the captions that are fetched later."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Any

import psutil
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.server import LICENSE, SOURCE, VERSION, uploads
from moderation.server.documents import read_object
from moderation.server.errors import ApiError
from moderation.server.process import WorkerDiedError
from moderation.server.source import archive
from moderation.server.state import State

CAPABILITIES = ["site-profiles", "digest", "idempotent-apply", "batch-analyze"]


async def root(_: Request) -> Response:
    """Answer at all, which is what `infer` clients take for health."""
    return JSONResponse({"message": "MuseNest moderation server", "version": VERSION, "source": SOURCE})


async def health(request: Request) -> Response:
    """Tell version, stages, capabilities, load, and where the source is (AGPL-3.0, section 13)."""
    state: State = request.app.state.server
    captioned = state.captions is not None
    return JSONResponse(
        {
            "status": "healthy",
            "version": VERSION,
            "message": "ready",
            "pipeline_stages": ["detection", "caption"] if captioned else ["detection"],
            "blip_available": captioned,
            "blip_model": state.blip_model,
            "device": "cpu",
            "capabilities": CAPABILITIES,
            "uptime_seconds": round(time.monotonic() - state.started_at, 3),
            "queue_depth": state.pool.depth,
            "workers": state.pool.size,
            "cpu_percent": psutil.cpu_percent(),
            "memory_percent": psutil.virtual_memory().percent,
            "disk_percent": psutil.disk_usage(str(state.folder)).percent,
            "model_digest": state.model_digest,
            "license": LICENSE,
            "source": SOURCE,
        }
    )


async def source(_: Request) -> Response:
    """Hand out the source of the running server."""
    content = await asyncio.to_thread(archive)
    name = 'attachment; filename="moderation-server.tar.gz"'
    return Response(content, media_type="application/gzip", headers={"Content-Disposition": name})


async def restart(request: Request) -> Response:
    """Load the models anew, one worker after the other, while the others go on."""
    state: State = request.app.state.server
    try:
        await state.pool.reload()
        if state.caption_pool:
            await state.caption_pool.reload()
    except WorkerDiedError as error:
        raise ApiError(
            "RESTART_FAILED", 500, "A model could not be loaded; the old workers go on."
        ) from error
    return JSONResponse(
        {
            "message": "The models were loaded anew.",
            "timestamp": dt.datetime.now(dt.UTC).isoformat(),
            "blip_available": state.captions is not None,
            "device": "cpu",
        }
    )


async def retrieve_blip(request: Request) -> Response:
    """Return the caption for `batch_id`, given as query, form or JSON."""
    state: State = request.app.state.server
    batch_id = request.query_params.get("batch_id") or await _from_body(request)
    if not isinstance(batch_id, str) or not batch_id:
        raise ApiError("BATCH_ID_MISSING", 400, "A batch_id is required.")
    if state.captions is None:
        raise ApiError("BATCH_UNKNOWN", 404, "This server writes no captions.")
    return JSONResponse(state.captions.get(batch_id))


async def _from_body(request: Request) -> Any:
    kind = request.headers.get("content-type", "")
    if request.method != "POST":
        return None
    if kind.startswith("application/json"):
        return (await read_object(request)).get("batch_id")
    if kind.startswith("multipart/form-data"):
        return (await uploads.read_form(request, uploads.Limits(1, 1))).fields.get("batch_id")
    if kind.startswith("application/x-www-form-urlencoded"):
        return (await request.form(max_fields=8)).get("batch_id")
    return None
