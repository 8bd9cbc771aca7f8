"""From the bytes of a picture to upright BGR pixels of 8 bits, whatever the picture was."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from moderation.domain.pictures import PictureError

Picture = npt.NDArray[np.uint8]

WHITE, BLACK = 255, 0
_STRIP = 256  # rows that are laid over the background at a time, which bounds the memory
_ORIENTATION = 0x0112
_WITH_ALPHA = 4
_TURNS: dict[int, tuple[int | None, int | None]] = {  # EXIF orientation: (cv2.rotate, then cv2.flip)
    2: (None, 1),
    3: (cv2.ROTATE_180, None),
    4: (None, 0),
    5: (cv2.ROTATE_90_CLOCKWISE, 1),
    6: (cv2.ROTATE_90_CLOCKWISE, None),
    7: (cv2.ROTATE_90_CLOCKWISE, 0),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, None),
}


def decode(data: bytes | bytearray | memoryview, *, background: int = WHITE) -> Picture:
    """Return the picture as it is seen: turned by its EXIF orientation, transparent parts over `background`.

    Greyscale, 16 bits, palettes and CMYK become BGR of 8 bits. Raises PictureError 422 IMAGE_UNREADABLE.
    """
    buffer = np.frombuffer(data, np.uint8)
    try:
        return _jpeg(buffer) if _is_jpeg(data) else _other(buffer, background)
    except cv2.error as error:
        raise _unreadable() from error


def is_transparent(data: bytes | bytearray | memoryview) -> bool:
    """Whether what a page puts behind the picture shows through. Something drawn in white that only its alpha
    tells apart is invisible over white, so such a picture has to be looked at over black too.
    """
    if _is_jpeg(data):
        return False
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] != _WITH_ALPHA:  # noqa: PLR2004 -- height, width, channels
        return False
    opaque = 255 if pixels.dtype == np.uint8 else 65_535
    return bool(pixels[:, :, 3].min() < opaque)


def _is_jpeg(data: bytes | bytearray | memoryview) -> bool:
    return bytes(data[:2]) == b"\xff\xd8"


def _jpeg(buffer: Picture) -> Picture:
    return _present(cv2.imdecode(buffer, cv2.IMREAD_COLOR))


def _other(buffer: Picture, background: int) -> Picture:
    raw, kinds, metadata = cv2.imdecodeWithMetadata(buffer, flags=cv2.IMREAD_UNCHANGED)
    pixels: npt.NDArray[Any] = _present(raw)
    turn = _orientation(kinds, metadata)
    if pixels.ndim == 3 and pixels.shape[2] == _WITH_ALPHA:  # noqa: PLR2004 -- height, width, channels
        return _turned(_laid_over(pixels, background), turn)
    if pixels.ndim == 3 and pixels.dtype == np.uint8 and turn == 1:  # noqa: PLR2004 -- the same
        return pixels
    return _present(cv2.imdecode(buffer, cv2.IMREAD_COLOR))


def _present(pixels: Any) -> Picture:
    if pixels is None or not pixels.size:
        raise _unreadable()
    picture: Picture = pixels
    return picture


def _unreadable() -> PictureError:
    return PictureError("IMAGE_UNREADABLE", 422, "The picture cannot be read: its data is damaged.")


def _laid_over(pixels: npt.NDArray[Any], background: int) -> Picture:
    height, width = pixels.shape[:2]
    result = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _STRIP):
        strip = _eight_bits(pixels[top : top + _STRIP]).astype(np.uint16)
        alpha = strip[:, :, 3:]
        mixed = strip[:, :, :3] * alpha + background * (255 - alpha)
        result[top : top + _STRIP] = (mixed + 127) // 255
    return result


def _eight_bits(pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return pixels if pixels.dtype == np.uint8 else pixels >> 8


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
