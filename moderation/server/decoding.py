"""From the bytes of a picture to upright BGR pixels of 8 bits, whatever the picture was."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from moderation.domain import png
from moderation.domain.pictures import PictureError
from moderation.server import colours

Picture = npt.NDArray[np.uint8]

_STRIP = 256  # rows that are laid over the background at a time, which bounds the memory
_ORIENTATION = 0x0112
_WITH_ALPHA = 4
_COLOURED = 3  # dimensions: height, width, channels; grey has two
_TURNS: dict[int, tuple[int | None, int | None]] = {  # EXIF orientation: (cv2.rotate, then cv2.flip)
    2: (None, 1),
    3: (cv2.ROTATE_180, None),
    4: (None, 0),
    5: (cv2.ROTATE_90_CLOCKWISE, 1),
    6: (cv2.ROTATE_90_CLOCKWISE, None),
    7: (cv2.ROTATE_90_CLOCKWISE, 0),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, None),
}


def decode(data: bytes | bytearray | memoryview) -> Picture:
    """Return the picture as it is seen: turned by its EXIF orientation, transparent parts over white, in the
    colours of its profile.

    Greyscale, 16 bits, palettes and CMYK become BGR of 8 bits. Raises PictureError 422 IMAGE_UNREADABLE.
    """
    return views(data)[0]


def views(data: bytes | bytearray | memoryview) -> list[Picture]:
    """The same first, and how else it can be seen: over black where something shows through, because what is
    drawn in white is invisible over white; and as programs see it that follow no colour profile.
    """
    buffer = np.frombuffer(data, np.uint8)
    try:
        plain = [_jpeg(buffer)] if _is_jpeg(data) else _other(buffer)
    except (cv2.error, struct.error, IndexError) as error:
        raise _unreadable() from error
    return colours.views(bytes(data), plain)


def _is_jpeg(data: bytes | bytearray | memoryview) -> bool:
    return bytes(data[:2]) == b"\xff\xd8"


def _jpeg(buffer: Picture) -> Picture:
    return _present(cv2.imdecode(buffer, cv2.IMREAD_COLOR))


def _other(buffer: Picture) -> list[Picture]:
    raw, kinds, metadata = cv2.imdecodeWithMetadata(buffer, flags=cv2.IMREAD_UNCHANGED)
    pixels = _with_grey_key(_present(raw), buffer)
    turn = _orientation(kinds, metadata)
    if pixels.ndim == _COLOURED and pixels.shape[2] == _WITH_ALPHA:
        return [_turned(picture, turn) for picture in _laid_over(pixels)]
    return [_turned(_coloured(_eight_bits(pixels)), turn)]


def _with_grey_key(pixels: npt.NDArray[Any], buffer: Picture) -> npt.NDArray[Any]:
    """A grey PNG may name a grey that is transparent; OpenCV leaves it opaque."""
    data = b"" if pixels.ndim == _COLOURED else buffer.tobytes()
    key = png.grey_key(data) if data.startswith(png.SIGNATURE) else None
    if key is None:
        return pixels
    opaque = np.iinfo(pixels.dtype).max
    alpha = np.where(pixels == key, 0, opaque).astype(pixels.dtype)
    return np.dstack([pixels, pixels, pixels, alpha])


def _coloured(pixels: Picture) -> Picture:
    return pixels if pixels.ndim == _COLOURED else _present(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR))


def _shows_through(pixels: npt.NDArray[Any]) -> bool:
    return bool(pixels[:, :, 3].min() < np.iinfo(pixels.dtype).max)


def _present(pixels: Any) -> Picture:
    if pixels is None or not pixels.size:
        raise _unreadable()
    picture: Picture = pixels
    return picture


def _unreadable() -> PictureError:
    return PictureError("IMAGE_UNREADABLE", 422, "The picture cannot be read: its data is damaged.")


def _laid_over(pixels: npt.NDArray[Any]) -> list[Picture]:
    """Over white, and over black where anything shows through: there lacks just what white adds."""
    height, width = pixels.shape[:2]
    light = np.empty((height, width, 3), np.uint8)
    dark = np.empty((height, width, 3), np.uint8) if _shows_through(pixels) else None
    for top in range(0, height, _STRIP):
        strip = _eight_bits(pixels[top : top + _STRIP])
        alpha = cv2.merge([strip[:, :, 3]] * 3)
        over = cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(strip[:, :, :3]), alpha, scale=1 / 255))
        light[top : top + _STRIP] = over
        if dark is not None:
            dark[top : top + _STRIP] = cv2.subtract(over, cv2.bitwise_not(alpha))
    return [light] if dark is None else [light, dark]


def _eight_bits(pixels: npt.NDArray[Any]) -> Picture:
    return pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)


def _turned(picture: Picture, orientation: int) -> Picture:
    rotation, flip = _TURNS.get(orientation, (None, None))
    if rotation is not None:
        picture = _present(cv2.rotate(picture, rotation))
    return picture if flip is None else _present(cv2.flip(picture, flip))


def _orientation(kinds: Any, metadata: Any) -> int:
    """Read the orientation from the EXIF block's first directory (TIFF 6.0, 2); 1 where there is none."""
    for kind, block in zip(kinds, metadata, strict=True):
        if kind == cv2.IMAGE_METADATA_EXIF:
            try:
                return _first_directory(bytes(np.asarray(block, np.uint8))).get(_ORIENTATION, 1)
            except struct.error:
                return 1
    return 1


def _first_directory(block: bytes) -> dict[int, int]:
    block = block.removeprefix(b"Exif\0\0")
    order = ">" if block.startswith(b"MM") else "<"
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    (count,) = struct.unpack_from(f"{order}H", block, start)
    entries = (struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * index) for index in range(count))
    return {tag: value for tag, _, _, value in entries}
