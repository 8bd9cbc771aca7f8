"""Multipart forms, parsed while they arrive, in memory only.

Nothing is spooled: no part of a picture ever touches the disk. Every length is bounded while the bytes
arrive, whatever the headers said.
"""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from moderation.domain.pictures import MAX_BYTES, too_large
from moderation.server.errors import ApiError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks  # there only for type checkers

BATCH_PICTURES: Final = 16
BATCH_BYTES: Final = 64 * 2**20
_FORM_BYTES: Final = 256 * 2**10  # what the fields and headers beside the pictures may take
_TEXT_BYTES: Final = 16 * 2**10
_PARTS: Final = 64
_SECONDS: Final = 30

# It would say on stderr, in lines of its own, what is wrong with a form: the answer does.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Limits:
    """How many pictures a form may hold, and how many bytes they may have together."""

    pictures: int = 1
    picture_bytes: int = MAX_BYTES


@dataclass
class Form:
    """`pictures` are the parts with a file name, in order, with the names of their fields."""

    fields: dict[str, str] = field(default_factory=dict)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)


def declared_length(request: Request, limits: Limits) -> int | None:
    """Return the Content-Length, None when there is none; raises 413 when no picture within limits needs that
    much.
    """
    try:
        length = int(request.headers["content-length"])
    except (KeyError, ValueError):
        return None
    if length > limits.picture_bytes + _FORM_BYTES:
        raise _too_large(limits)
    return length


async def read_form(request: Request, limits: Limits) -> Form:
    """Read a whole multipart form.

    Raises ApiError 400 FORM_UNREADABLE, 408 UPLOAD_TOO_SLOW, 413 TOO_MANY_PICTURES or BATCH_TOO_LARGE, 422
    IMAGE_MISSING (no multipart form at all), and PictureError 413 IMAGE_TOO_LARGE.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise missing()
    collector = _Collector(limits)
    try:
        parser = MultipartParser(boundary, collector.callbacks(), max_size=math.inf)
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.stream():
                parser.write(chunk)
    except FormParserError as error:
        raise _unreadable() from error
    except TimeoutError as error:
        raise ApiError("UPLOAD_TOO_SLOW", 408, f"The upload took more than {_SECONDS} seconds.") from error
    if not collector.is_complete:
        raise _unreadable()
    return collector.form


def missing() -> ApiError:
    """The error for a form without a picture."""
    return ApiError("IMAGE_MISSING", 422, "A picture is required: a multipart form with a file.")


def _unreadable() -> ApiError:
    return ApiError("FORM_UNREADABLE", 400, "The multipart form cannot be read.")


def _too_large(limits: Limits) -> Exception:
    if limits.pictures == 1:
        return too_large()
    size = limits.picture_bytes // 2**20
    return ApiError("BATCH_TOO_LARGE", 413, f"The pictures have more than {size} MiB together.")


class _Collector:
    """Takes the parser's callbacks and keeps one part at a time until it is whole."""

    def __init__(self, limits: Limits) -> None:
        self.form = Form()
        self.is_complete = False
        self._limits = limits
        self._parts = 0
        self._pictures = 0
        self._picture_bytes = 0
        self._other_bytes = 0
        self._header: list[bytearray] = [bytearray(), bytearray()]
        self._name = ""
        self._is_picture = False
        self._data = bytearray()

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": self._add,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _PARTS:
            raise _unreadable()
        self._name, self._is_picture, self._data = "", False, bytearray()

    def _end_header(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = [bytearray(), bytearray()]
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._name = options.get(b"name", b"").decode(errors="replace")
        self._is_picture = b"filename" in options
        self._pictures += self._is_picture
        if self._pictures > self._limits.pictures:
            raise ApiError(
                "TOO_MANY_PICTURES", 413, f"At most {self._limits.pictures} pictures are accepted at once."
            )

    def _add(self, data: bytes, start: int, end: int) -> None:
        length = end - start
        if self._is_picture:
            self._picture_bytes += length
        else:
            self._other_bytes += length
        if len(self._data) + length > (MAX_BYTES if self._is_picture else _TEXT_BYTES):
            raise too_large() if self._is_picture else _unreadable()
        if self._picture_bytes > self._limits.picture_bytes or self._other_bytes > _FORM_BYTES:
            raise _too_large(self._limits)
        self._data += memoryview(data)[start:end]

    def _end(self) -> None:
        if self._is_picture:
            self.form.pictures.append((self._name, bytes(self._data)))
        else:
            self.form.fields[self._name] = self._data.decode(errors="replace")
        self._data = bytearray()

    def _finish(self) -> None:
        self.is_complete = True
