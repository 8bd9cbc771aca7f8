"""What a picture's header tells, before anything is decoded.

The moderation server and MuseNest refuse the same pictures for the same reasons, so the rules stand here.
Only headers are walked, every walk has an upper bound of steps, and no byte of the file is believed about the
file's kind except its own signature: neither a file name nor a content type is asked for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, NoReturn

from moderation.domain import png
from moderation.domain.sentences import (
    PICTURE_ODD_COLOURS,
    PICTURE_TOO_LARGE,
    PICTURE_TOO_MANY_PIXELS,
    PICTURE_UNREADABLE,
)

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000

_MAX_SEGMENTS: Final = 4_096
_MAX_BLOCKS: Final = 120_000  # a GIF of 20 MiB in blocks of 255 bytes has 82,000

_PNG_END: Final = b"IEND\xaeB`\x82"
_JPEG_END: Final = b"\xff\xd9"
_JPEG_MARKER: Final = 0xFF  # followed by itself it is a fill byte
_JPEG_SCAN: Final = 0xDA
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_WEBP_ANIMATED: Final = 0x02
_WEBP_LOSSLESS: Final = 0x2F
_GIF_PICTURE: Final = 0x2C
_GIF_EXTENSION: Final = 0x21
_GIF_TRAILER: Final = 0x3B


class PictureError(Exception):
    """A picture that is refused: `code` for programs, `status` for HTTP, `message` for people."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message


@dataclass(frozen=True)
class PictureHeader:
    """Width and height are those of the stored pixels: EXIF may still turn the picture by a quarter."""

    format: str  # JPEG, PNG, WEBP, GIF
    width: int
    height: int
    frames: int  # 1, or 2 for "more than one"


def read_header(data: bytes) -> PictureHeader:
    """Return the header of a picture that may be decoded.

    Raises PictureError: 422 IMAGE_EMPTY, 413 IMAGE_TOO_LARGE (bytes), 415 IMAGE_UNSUPPORTED, 422
    IMAGE_UNREADABLE (cut off or inconsistent), 413 IMAGE_TOO_MANY_PIXELS, 415 ANIMATION_UNSUPPORTED; in this
    order.
    """
    if not data:
        raise PictureError("IMAGE_EMPTY", 422, "The picture has no bytes.")
    if len(data) > MAX_BYTES:
        raise too_large()
    try:
        header = _parse(data)
    except (struct.error, IndexError):
        _unreadable("it ends inside its header")
    if header.width * header.height > MAX_PIXELS:
        raise PictureError(
            "IMAGE_TOO_MANY_PIXELS",
            413,
            PICTURE_TOO_MANY_PIXELS
            % {"width": header.width, "height": header.height, "most": f"{MAX_PIXELS:,}"},
        )
    if header.frames > 1:
        raise PictureError("ANIMATION_UNSUPPORTED", 415, "Animations are not accepted, only single pictures.")
    return header


def too_large() -> PictureError:
    """The error for more than MAX_BYTES, also for whoever counts the bytes while they arrive."""
    return PictureError("IMAGE_TOO_LARGE", 413, PICTURE_TOO_LARGE % {"most": MAX_BYTES // 2**20})


def _parse(data: bytes) -> PictureHeader:
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(png.SIGNATURE):
        return _png(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif(data)
    raise PictureError("IMAGE_UNSUPPORTED", 415, "Only JPEG, PNG, WebP and GIF pictures are accepted.")


def _header(kind: str, width: int, height: int, *, animated: bool = False) -> PictureHeader:
    if width < 1 or height < 1:
        _unreadable("it has no width or no height")
    return PictureHeader(kind, width, height, 2 if animated else 1)


def _unreadable(reason: str) -> NoReturn:
    raise PictureError("IMAGE_UNREADABLE", 422, PICTURE_UNREADABLE % {"reason": reason})


def _jpeg(data: bytes) -> PictureHeader:
    """Walk the segments to the first scan (ITU T.81, B.1).

    In a scan every 0xFF is followed by a stuffed zero or a marker, so the first end-of-image behind it is the
    real one.
    """
    position, size = 2, (0, 0)
    for _ in range(_MAX_SEGMENTS):
        if data[position] != _JPEG_MARKER:
            _unreadable("a segment does not begin with a marker")
        marker = data[position + 1]
        if marker == _JPEG_MARKER:
            position += 1
            continue
        position += 2
        if marker in _JPEG_BARE:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 3)
            size = (width, height)
        position += max(length, 2)
        if marker == _JPEG_SCAN:
            return _jpeg_ended(data, position, size)
    _unreadable("it has too many segments")


def _jpeg_ended(data: bytes, scan: int, size: tuple[int, int]) -> PictureHeader:
    header = _header("JPEG", *size)
    # Its size is judged first: that a large picture was also cut off is the lesser news.
    if header.width * header.height <= MAX_PIXELS and data.rfind(_JPEG_END, scan) < 0:
        _unreadable("it is cut off")
    return header


def _png(data: bytes) -> PictureHeader:
    """Walk the chunks to the first IDAT (PNG 3, 5 and 11.3.6).

    An acTL behind IDAT is no animation. One before it always is, even of one frame: that frame need not be
    the default picture, so viewers could show another picture than the one that is judged.
    """
    width, height = struct.unpack_from(">II", data, 16)
    if data[12:16] != b"IHDR":
        _unreadable("its first chunk is not IHDR")
    found = []
    for chunk in png.chunks(data):
        if chunk.kind == b"acTL":
            return _header("PNG", width, height, animated=True)
        found.append(chunk)
    if found[-1].kind != png.PIXELS:
        _unreadable("it has too many chunks")
    header = _header("PNG", width, height)
    if width * height <= MAX_PIXELS and data.rfind(_PNG_END) < found[-1].position:
        _unreadable("it is cut off")
    if png.has_odd_colours(found):
        raise PictureError("IMAGE_UNSUPPORTED", 415, PICTURE_ODD_COLOURS)
    return header


def _webp(data: bytes) -> PictureHeader:
    """Read the RIFF container (RFC 9649): VP8X tells canvas and animation, VP8 and VP8L their own size."""
    kind = data[12:16]
    if kind == b"VP8X":
        flags = data[20]
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        header = _header("WEBP", width, height, animated=bool(flags & _WEBP_ANIMATED) or _has_frames(data))
    elif kind == b"VP8L":
        header = _webp_lossless(data)
    elif kind == b"VP8 ":
        header = _webp_lossy(data)
    else:
        _unreadable("its first chunk is not a picture")
    (declared,) = struct.unpack_from("<I", data, 4)
    if header.frames == 1 and header.width * header.height <= MAX_PIXELS and declared + 8 > len(data):
        _unreadable("it is cut off")
    return header


def _webp_lossless(data: bytes) -> PictureHeader:
    (bits,) = struct.unpack_from("<I", data, 21)
    if data[20] != _WEBP_LOSSLESS:
        _unreadable("its lossless header has another signature")
    return _header("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


def _webp_lossy(data: bytes) -> PictureHeader:
    width, height = struct.unpack_from("<HH", data, 26)
    if data[23:26] != b"\x9d\x01\x2a":
        _unreadable("its key frame has another signature")
    return _header("WEBP", width & 0x3FFF, height & 0x3FFF)


def _has_frames(data: bytes) -> bool:
    position = 12
    for _ in range(_MAX_SEGMENTS):
        if position + 8 > len(data):
            return False
        kind, length = struct.unpack_from("<4sI", data, position)
        if kind == b"ANMF":
            return True
        position += 8 + length + (length & 1)
    _unreadable("it has too many chunks")


def _gif(data: bytes) -> PictureHeader:
    """Walk the blocks until a second picture or the trailer (GIF89a, 17-27).

    A frame may be larger than the screen it is drawn on, so the larger of both counts against the limit.
    """
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    blocks = _GifBlocks(data, 13 + _colours(packed))
    frames = 0
    while (kind := blocks.next_kind()) != _GIF_TRAILER:
        if kind == _GIF_PICTURE:
            frames += 1
            left, top, wide, high, packed = struct.unpack_from("<HHHHB", data, blocks.position)
            width, height = max(width, left + wide), max(height, top + high)
            if frames > 1 or width * height > MAX_PIXELS:
                return _header("GIF", width, height, animated=frames > 1)
            blocks.skip(9 + _colours(packed) + 1)
        elif kind == _GIF_EXTENSION:
            blocks.skip(1)
        else:
            _unreadable("a block is of an unknown kind")
        blocks.skip_data()
    if not frames:
        _unreadable("it holds no picture")
    return _header("GIF", width, height)


def _colours(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


class _GifBlocks:
    """A cursor over a GIF's blocks that gives up after a bounded number of steps."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position
        self._steps = 0

    def next_kind(self) -> int:
        kind = self.data[self.position]
        self.skip(1)
        return kind

    def skip(self, count: int) -> None:
        self._steps += 1
        if self._steps > _MAX_BLOCKS:
            _unreadable("it has too many blocks")
        self.position += count

    def skip_data(self) -> None:
        while length := self.data[self.position]:
            self.skip(length + 1)
        self.skip(1)
