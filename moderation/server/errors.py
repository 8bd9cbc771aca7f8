"""What goes wrong, as HTTP tells it: `{success: false, error, code}` and a status."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from moderation.domain.errors import ConfigurationError
from moderation.domain.pictures import PictureError
from moderation.server import logs
from moderation.server.process import WorkerDiedError

_CLIENT_GONE = 499


class ApiError(Exception):
    """An answer that is an error. `extra` are further keys of the answer, `headers` further headers."""

    def __init__(
        self,
        code: str,
        status: int,
        message: str,
        *,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.extra = extra or {}
        self.headers = headers


def busy() -> ApiError:
    """The early refusal: the queue is full, come back in a second."""
    return ApiError(
        "SERVER_BUSY", 503, "The server has as many pictures as it can take.", headers={"Retry-After": "1"}
    )


def body(code: str, message: str, **extra: Any) -> dict[str, Any]:
    """The document of an error, also where one picture of a batch has failed."""
    return {"success": False, "error": message, "code": code, **extra}


async def _api(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse(
        body(error.code, error.message, **error.extra), status_code=error.status, headers=error.headers
    )


async def _picture(_: Request, error: Exception) -> Response:
    assert isinstance(error, PictureError)
    return JSONResponse(body(error.code, error.message), status_code=error.status)


async def _configuration(_: Request, error: Exception) -> Response:
    assert isinstance(error, ConfigurationError)
    places = [{"path": item.path, "message": item.message, "code": item.code} for item in error.errors]
    return JSONResponse(body("CONFIGURATION_INVALID", str(error), errors=places), status_code=422)


async def _worker(_: Request, __: Exception) -> Response:
    document = body("WORKER_FAILED", "The picture was not examined: its worker ended or took too long.")
    return JSONResponse(document, status_code=503, headers={"Retry-After": "1"})


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse(body(f"HTTP_{error.status_code}", error.detail), status_code=error.status_code)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=_CLIENT_GONE)  # nobody reads it


async def _unexpected(request: Request, error: Exception) -> Response:
    logs.write("unexpected_error", level="error", path=request.url.path, kind=type(error).__name__)
    return JSONResponse(body("INTERNAL", "The server failed."), status_code=500)


HANDLERS: dict[Any, Any] = {
    ApiError: _api,
    PictureError: _picture,
    ConfigurationError: _configuration,
    WorkerDiedError: _worker,
    HTTPException: _http,
    ClientDisconnect: _gone,
    Exception: _unexpected,
}
