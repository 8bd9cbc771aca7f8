"""Every kind of file becomes the picture that a person sees."""

import contextlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from moderation.domain.pictures import PictureError
from moderation.server.decoding import decode
from tests.moderation.server import samples
from tests.moderation.server.samples import encoded

COLOURS = Image.open(samples.FOLDER / "chelsea.png").convert("RGB").resize((60, 40))


def bgr(image: Image.Image) -> samples.Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)


def close(left: samples.Pixels, right: samples.Pixels, most: float = 0) -> None:
    assert left.shape == right.shape
    assert float(np.abs(left.astype(int) - right.astype(int)).mean()) <= most


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    how = (
        {"lossless": True} if kind == "WEBP" else {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    )
    data = encoded(COLOURS, format=kind, exif=exif, **how)
    turned = COLOURS.copy()
    turned.getexif()[0x0112] = orientation
    close(decode(data), bgr(ImageOps.exif_transpose(turned)), 2)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured_with_alpha(kind: str, orientation: int) -> None:
    clear = COLOURS.copy()
    clear.putalpha(120)
    exif = Image.Exif()
    exif[0x0112] = orientation
    how = {"lossless": True} if kind == "WEBP" else {}
    white = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    white.getexif()[0x0112] = orientation
    close(decode(encoded(clear, format=kind, exif=exif, **how)), bgr(ImageOps.exif_transpose(white)), 1)


def test_transparent_pixels_are_white() -> None:
    clear = Image.new("RGBA", (300, 600), (0, 0, 0, 0))
    assert decode(encoded(clear, format="PNG")).min() == 255


def test_transparent_palette_is_white() -> None:
    palette = Image.new("P", (30, 20), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    assert decode(encoded(palette, format="GIF", transparency=1)).min() == 255
    assert decode(encoded(palette, format="PNG", transparency=1)).min() == 255


def test_greyscale_becomes_three_channels() -> None:
    close(decode(encoded(COLOURS.convert("L"), format="PNG")), bgr(COLOURS.convert("L")))


def test_greyscale_with_alpha_lies_over_white() -> None:
    picture = Image.new("LA", (10, 10), (0, 127))
    assert abs(int(decode(encoded(picture, format="PNG"))[0, 0, 0]) - 128) <= 1


def test_sixteen_bits_become_eight() -> None:
    deep = bgr(COLOURS).astype(np.uint16) * 257
    close(decode(samples.png(deep)), bgr(COLOURS), 1)
    opaque = np.dstack([deep, np.full(deep.shape[:2], 65_535, np.uint16)])
    close(decode(samples.png(opaque)), bgr(COLOURS), 1)


def test_cmyk_becomes_colours() -> None:
    data = encoded(COLOURS.convert("CMYK"), format="JPEG", quality=100, subsampling=0)
    close(decode(data), bgr(COLOURS), 4)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_damaged_file_never_raises_anything_else(kind: str) -> None:
    whole = bytearray(encoded(COLOURS, format=kind))
    random = np.random.default_rng(3)
    for _ in range(60):
        broken = bytearray(whole)
        for place in random.integers(12, len(whole), 8):
            broken[place] = int(random.integers(0, 256))
        with contextlib.suppress(PictureError):
            assert decode(bytes(broken)).ndim == 3


def test_cut_png_is_unreadable() -> None:
    whole = encoded(COLOURS, format="PNG")
    with pytest.raises(PictureError):
        decode(whole[: len(whole) // 2])
