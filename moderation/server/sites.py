"""The routes of the sites' profiles."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.domain.profiles import parse_profile
from moderation.server.documents import read_object
from moderation.server.errors import ApiError
from moderation.server.site_names import site_name
from moderation.server.state import State


async def all_sites(request: Request) -> Response:
    """Tell revision and digest of every site."""
    state: State = request.app.state.server
    return JSONResponse(await asyncio.to_thread(state.profiles.summary))


async def read(request: Request) -> Response:
    """Tell a site's profile as it is stored."""
    state: State = request.app.state.server
    site = site_name(request.path_params["site"])
    return JSONResponse({"site": site, **state.profiles.get(site).payload()})


async def apply(request: Request) -> Response:
    """Store a profile whose digest is its sender's; 422 DIGEST_MISMATCH when it is not, 409 for an old
    revision.
    """
    state: State = request.app.state.server
    site = site_name(request.path_params["site"])
    document = await read_object(request)
    revision = _revision(document)
    profile = parse_profile(document)
    if document.get("digest") != profile.digest:
        raise ApiError(
            "DIGEST_MISMATCH", 422, "The digest is not this profile's.", extra={"digest": profile.digest}
        )
    stored = await asyncio.to_thread(state.profiles.put, site, revision, profile)
    return JSONResponse({"success": True, "site": site, **stored.payload()})


async def remove(request: Request) -> Response:
    """Remove a site's profile; its revision stays."""
    state: State = request.app.state.server
    site = site_name(request.path_params["site"])
    revision = await asyncio.to_thread(state.profiles.delete, site)
    return JSONResponse({"success": True, "site": site, "revision": revision})


def _revision(document: dict[str, Any]) -> int:
    revision = document.get("revision")
    if isinstance(revision, bool) or not isinstance(revision, int) or revision < 1:
        raise ApiError("REVISION_INVALID", 422, "The revision is a whole number from 1 on.")
    return revision
