"""The server's key: `Authorization: Bearer <key>` on every route."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from moderation.server import errors

_SCHEME = "bearer "


class RequireKey:
    """Refuses with 401 whatever does not carry the key, before anything of the body is read."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self.app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._allows(Headers(scope=scope).get("authorization", "")):
            await self.app(scope, receive, send)
            return
        response = JSONResponse(
            errors.body("UNAUTHORIZED", "A valid key is required: Authorization: Bearer <key>."),
            status_code=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
        await response(scope, receive, send)

    def _allows(self, authorization: str) -> bool:
        if not authorization.lower().startswith(_SCHEME):
            return False
        return hmac.compare_digest(authorization[len(_SCHEME) :].strip().encode(), self._key)
