"""A picture's colours as viewers show them: they follow the colour profile that it brings along.

Whoever mixes up the values of the pixels, and brings a profile that puts them right again, shows people a
picture that no detector sees.
"""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps

from moderation.domain import png
from moderation.domain.pictures import PictureError
from moderation.domain.sentences import PICTURE_UNREADABLE

Picture = npt.NDArray[np.uint8]

_IN_JPEG = b"ICC_PROFILE\0"
_IN_WEBP = 0x20  # of the flags
_LARGEST = 4 * 2**20  # bytes of a profile
_SIDE = 64  # of the sample
_SAME, _MILD = 8, 64  # of 255, by which nearly all pixels of a sample may differ
_FEW = 0.01
# Pillow's, of a header that ends too soon, and where a profile was announced that is not there.
_NOT_FOLLOWED = (
    ImageCms.PyCMSError,
    Image.DecompressionBombError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_MODES = {"RGB": "RGB", "GRAY": "L"}
_SRGB = ImageCms.createProfile("sRGB")
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC  # as browsers do: no black is moved


def views(data: bytes, plain: list[Picture]) -> list[Picture]:
    """The pictures (BGR, each a view of the same pixels) in the colours of the profile, and then as they are
    where that is another picture; as they are alone where there is no profile, or it changes nothing.

    Raises PictureError 422 IMAGE_UNREADABLE for a profile that cannot be followed.
    """
    try:
        if not _brings_profile(data):
            return plain
        with Image.open(io.BytesIO(data)) as opened:
            profile = opened.info["icc_profile"]
            if opened.mode == "CMYK":
                return [_of_cmyk(opened, profile), *plain]
            return _by_profile(_transform(profile), plain)
    except _NOT_FOLLOWED as error:
        reason = {"reason": "its colour profile is damaged"}
        raise PictureError("IMAGE_UNREADABLE", 422, PICTURE_UNREADABLE % reason) from error


def _brings_profile(data: bytes) -> bool:
    """Whether it says so. Where none can be read then, another viewer may well read one."""
    if data.startswith(png.SIGNATURE):
        return any(chunk.kind == b"iCCP" for chunk in png.chunks(data))
    if data[8:16] == b"WEBPVP8X":
        return bool(data[20] & _IN_WEBP)
    return data.startswith(b"\xff\xd8") and _IN_JPEG in data


def _by_profile(transform: ImageCms.ImageCmsTransform, plain: list[Picture]) -> list[Picture]:
    sample = _sampled(plain[0])
    apart = np.abs(_shown(transform, sample).astype(int) - sample).max(axis=2)
    if np.mean(apart > _SAME) <= _FEW:
        return plain
    shown = [_shown(transform, picture) for picture in plain]
    return shown if np.mean(apart > _MILD) <= _FEW else [*shown, *plain]


def _sampled(picture: Picture) -> Picture:
    """Pixels that nobody can foretell."""
    random = np.random.default_rng()
    rows, columns = (random.integers(0, length, (_SIDE, _SIDE)) for length in picture.shape[:2])
    sample: Picture = picture[rows, columns]
    return sample


@lru_cache(maxsize=4)
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform:
    """From the profile's colours to sRGB. Raises ValueError for colours that no screen has."""
    if len(profile) > _LARGEST:
        raise ValueError("profile")
    found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = _MODES.get(found.profile.xcolor_space.strip(), "")
    return ImageCms.buildTransform(found, _SRGB, mode, "RGB", renderingIntent=_INTENT)


def _shown(transform: ImageCms.ImageCmsTransform, picture: Picture) -> Picture:
    image = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])).convert(transform.input_mode)
    return _bgr(transform.apply(image))


def _of_cmyk(opened: Image.Image, profile: bytes) -> Picture:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    shown: Any = ImageCms.profileToProfile(opened, source, _SRGB, outputMode="RGB", renderingIntent=_INTENT)
    return _bgr(ImageOps.exif_transpose(shown))


def _bgr(image: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(image, np.uint8)[:, :, ::-1])
