"""JSON bodies: bounded, strict, an object."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from starlette.requests import Request

from moderation.server.errors import ApiError

_MOST_BYTES = 512 * 2**10


async def read_object(request: Request) -> dict[str, Any]:
    """Return the body; raises ApiError 413 BODY_TOO_LARGE, 400 JSON_INVALID (NaN and Infinity are none)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise ApiError("BODY_TOO_LARGE", 413, f"At most {_MOST_BYTES // 2**10} KiB are accepted.")
    try:
        document = json.loads(bytes(body), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _invalid() from error
    if not isinstance(document, dict):
        raise _invalid()
    return document


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _invalid() -> ApiError:
    return ApiError("JSON_INVALID", 400, "A JSON object is expected.")
