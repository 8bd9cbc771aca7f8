"""v3's configuration of the whole server: here the default profile, for pictures without a site."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.domain.errors import ConfigurationError
from moderation.server.documents import read_object
from moderation.server.errors import ApiError
from moderation.server.state import State


async def nudenet(request: Request) -> Response:
    """Tell NudeNet's configuration, or replace it by the body."""
    return await _answer(request, "nudenet")


async def blip(request: Request) -> Response:
    """Tell BLIP's configuration, or replace it by the body's `config`."""
    return await _answer(request, "blip")


async def _answer(request: Request, part: str) -> Response:
    state: State = request.app.state.server
    if request.method == "POST":
        document = await read_object(request)
        await _replace(state, part, document.get("config") if part == "blip" else document)
    return JSONResponse({"success": True, "configuration": state.default.configuration(part)})


async def _replace(state: State, part: str, configuration: Any) -> None:
    try:
        await asyncio.to_thread(state.default.replace, part, configuration)
    except ConfigurationError as error:
        # Not 422: to a v3 client that means "this server cannot be configured".
        raise ApiError("CONFIGURATION_INVALID", 400, str(error)) from error
