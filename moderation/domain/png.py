"""A PNG's chunks before its pixels, and what they tell of transparency and colours (PNG 3, 5 and 11.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PIXELS: Final = b"IDAT"
MAX_CHUNKS: Final = 4_096

_GREY: Final = 0
_DEEP: Final = 16
# Of sRGB: white, red, green, blue, each x and y. Display P3 and Adobe RGB are at most 0.15 away.
_PRIMARIES: Final = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_NEAR: Final = 0.15
_GAMMA: Final = (0.40, 0.60)  # 1 / 2.2, and 1 / 1.8 of old Macintoshes
_SRGB_OR_P3: Final = ({1, 12}, {1, 13}, {0}, {1})  # cICP: primaries, transfer, matrix, full range


@dataclass(frozen=True)
class Chunk:
    kind: bytes
    position: int
    body: bytes


def chunks(data: bytes) -> Iterator[Chunk]:
    """Every chunk up to the first IDAT, whose body is left out. Ends without one where there are too many.

    Raises struct.error where the file ends before.
    """
    position = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == PIXELS:
            yield Chunk(kind, position, b"")
            return
        yield Chunk(kind, position, bytes(data[position + 8 : position + 8 + length]))
        position += length + 12


def has_odd_colours(found: Sequence[Chunk]) -> bool:
    """Whether viewers that follow these chunks show another picture than the pixels are. One can be hidden so
    that a person sees it and a detector does not.
    """
    profiles = [chunk for chunk in found if chunk.kind == b"iCCP"]
    depth = found[0].body[8]
    # Of two profiles each program takes another one. Of 16 bits a profile can show what the upper 8 do not.
    if len(profiles) > 1 or (profiles and depth == _DEEP):
        return True
    return any(_is_odd(chunk) for chunk in found)


def _is_odd(chunk: Chunk) -> bool:
    if chunk.kind == b"gAMA":
        (gamma,) = struct.unpack_from(">I", chunk.body)
        return not _GAMMA[0] <= gamma / 100_000 <= _GAMMA[1]
    if chunk.kind == b"cHRM":
        said = (value / 100_000 for value in struct.unpack_from(">8I", chunk.body))
        return any(abs(one - usual) > _NEAR for one, usual in zip(said, _PRIMARIES, strict=True))
    if chunk.kind == b"cICP":
        if len(chunk.body) != len(_SRGB_OR_P3):
            return True
        return any(one not in usual for one, usual in zip(chunk.body, _SRGB_OR_P3, strict=True))
    return False


def grey_key(data: bytes) -> int | None:
    """The grey that is transparent, in 8 bits, or in 16 of a picture of 16; None where there is none."""
    header, *found = chunks(data)
    depth, colour = header.body[8], header.body[9]
    key = next((chunk.body for chunk in found if chunk.kind == b"tRNS"), b"")
    if colour != _GREY or len(key) < 2:  # noqa: PLR2004 -- bytes of a key
        return None
    most: int = 2**depth - 1
    grey = int.from_bytes(key[:2], "big") & most
    return grey if depth == _DEEP else grey * 255 // most
