"""The routes, the errors and the order of what is around them."""

from __future__ import annotations

import time
from contextlib import ExitStack

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderation.server import analysis, configuration, errors, logs, sites, status
from moderation.server.security import RequireKey
from moderation.server.state import State

_ROUTES = [
    # Routes are tried in order: those with pictures come first.
    Route("/analyze", analysis.analyze, methods=["POST"]),
    Route("/analyze/batch", analysis.analyze_batch, methods=["POST"]),
    Route("/infer", analysis.infer, methods=["POST"]),
    Route("/", status.root),
    Route("/health", status.health),
    Route("/source", status.source),
    Route("/restart", status.restart, methods=["POST"]),
    Route("/config/nudenet", configuration.nudenet, methods=["GET", "POST"]),
    Route("/config/blip", configuration.blip, methods=["GET", "POST"]),
    Route("/sites", sites.all_sites),
    Route("/sites/{site}/configuration", sites.read),
    Route("/sites/{site}/configuration", sites.apply, methods=["PUT"]),
    Route("/sites/{site}/configuration", sites.remove, methods=["DELETE"]),
    Route("/retrieve-blip", status.retrieve_blip, methods=["GET", "POST"]),
]


class Around:
    """Holds a request's room until it is answered, and logs one line per request that is not a look at
    health.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, answered = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = message.get("status", answered)
            await send(message)

        with ExitStack() as room:
            scope.setdefault("state", {})["room"] = room
            await self.app(scope, receive, noted)
        if scope["path"] != "/health":
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            logs.write(
                "request", method=scope["method"], path=scope["path"], status=answered, ms=milliseconds
            )


def create_app(state: State, key: str | None) -> Starlette:
    """Build the application; with `key` every route asks for it."""
    middleware = [Middleware(Around)]
    if key:
        middleware.append(Middleware(RequireKey, key=key))
    app = Starlette(routes=_ROUTES, middleware=middleware, exception_handlers=errors.HANDLERS)
    app.state.server = state
    return app
