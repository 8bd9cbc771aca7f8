"""Telling a caller that a caption is ready.

An address that comes with a request is a way to make this server call its own network, so only the hosts and
ports that the operator has listed (`--callback-allow`) are called; redirects are not followed and answers are
not read.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from typing import Any
from urllib.parse import SplitResult, urlsplit

from moderation.server import logs

_SECONDS = 10
_PAUSES = (1, 5, 0)  # after each of the three tries
_PORTS = {"http": 80, "https": 443}
_SUCCESS = range(200, 300)


def is_allowed(url: str, allowed: frozenset[str]) -> bool:
    """Whether the host:port of an http or https address is listed."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return False
    return f"{parts.hostname}:{port}".lower() in allowed


async def send(url: str, document: dict[str, Any]) -> bool:
    """POST a document, three times at most; returns whether it arrived."""
    for pause in _PAUSES:
        try:
            status = await asyncio.to_thread(_post, urlsplit(url), json.dumps(document).encode())
        except (OSError, http.client.HTTPException, ValueError):
            status = 0
        if status in _SUCCESS:
            return True
        await asyncio.sleep(pause)
    logs.write("callback_failed", level="warning", status=status, batch_id=document.get("batch_id"))
    return False


def _post(parts: SplitResult, body: bytes) -> int:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()
