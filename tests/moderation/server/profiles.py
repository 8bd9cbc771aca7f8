"""Colour profiles made by hand (ICC.1:2001-12): each value of a pixel is shown as another one."""

import random
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.moderation.server.samples import Pixels, chunk, encoded, png

WHITE = (0.9642, 1, 0.8249)
PRIMARIES = {
    "r": (0.43607, 0.22249, 0.01392),
    "g": (0.38515, 0.71687, 0.09708),
    "b": (0.14307, 0.06061, 0.7141),
}


def shuffled(seed: int = 1) -> list[int]:
    """Which value stands for which."""
    values = list(range(256))
    random.Random(seed).shuffle(values)
    return values


def folded() -> list[int]:
    """In eight pieces, each smooth: a JPEG survives it."""
    order = [3, 6, 1, 4, 7, 0, 5, 2]
    pieces = (divmod(value, 32) for value in range(256))
    return [order[piece] * 32 + (at if piece % 2 == 0 else 31 - at) for piece, at in pieces]


def undoing(stands_for: Sequence[int]) -> bytes:
    """The profile by which pixels whose values were exchanged are shown as they were."""
    shown = [0] * 256
    for value, stored in enumerate(stands_for):
        shown[stored] = value
    curve = [round(linear(value / 255) * 65_535) for value in shown]
    return profile(b"curv\0\0\0\0" + struct.pack(">I256H", 256, *curve))


def gamma(value: float) -> bytes:
    """A profile of sRGB's colours whose curve is this exponent."""
    return profile(b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)))


def linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def profile(curve: bytes) -> bytes:
    tags = {
        b"desc": b"desc\0\0\0\0\0\0\0\2x\0" + b"\0" * 78,
        b"cprt": b"text\0\0\0\0x\0",
        b"wtpt": point(WHITE),
    }
    tags |= {f"{name}XYZ".encode(): point(values) for name, values in PRIMARIES.items()}
    tags |= {f"{name}TRC".encode(): curve for name in PRIMARIES}
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(tag))
        body += tag + b"\0" * (-len(tag) % 4)
    head = struct.pack(
        ">I4xI4s4s4s12x4s28x", start + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    )
    head += b"".join(fixed(value) for value in WHITE) + b"\0" * 48
    return head + struct.pack(">I", len(tags)) + table + body


def point(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)


def fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65_536))


def with_profile(picture: Pixels, kind: str, icc: bytes) -> bytes:
    kinds: dict[str, dict[str, Any]] = {
        "PNG": {},
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 98, "subsampling": 0},
    }
    image = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    return encoded(image, format=kind, icc_profile=icc, **kinds[kind])


def exchanged(picture: Pixels, stands_for: Sequence[int]) -> Pixels:
    return np.array(stands_for, np.uint8)[picture]


def with_chunks(picture: npt.NDArray[Any], *told: tuple[bytes, bytes]) -> bytes:
    """A PNG that says these chunks before its pixels."""
    data = png(picture)
    header = data.index(b"IHDR") + 4 + 13 + 4
    return data[:header] + b"".join(chunk(kind, body) for kind, body in told) + data[header:]


def iccp(icc: bytes) -> tuple[bytes, bytes]:
    return b"iCCP", b"x\0\0" + zlib.compress(icc)
