"""A picture is judged as people see it: by its colour profile, and through its transparent grey."""

import struct
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from moderation.domain.pictures import PictureError, read_header
from moderation.server.decoding import decode, views
from tests.moderation.server import profiles, samples
from tests.moderation.server.conftest import Running

PICTURE = np.asarray(cv2.resize(samples.pixels("astronaut.png"), (256, 256)), np.uint8)
SRGB = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def apart(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> float:
    return float(np.abs(left.astype(int) - right.astype(int)).mean())


@pytest.mark.parametrize(
    ("kind", "values", "most"),
    [
        ("PNG", profiles.shuffled(), 1),
        ("PNG", list(reversed(range(256))), 1),
        ("WEBP", profiles.shuffled(), 1),
        ("JPEG", profiles.folded(), 12),
    ],
)
def test_a_profile_that_puts_pixels_right_is_followed(kind: str, values: list[int], most: float) -> None:
    mixed_up = profiles.exchanged(PICTURE, values)
    shown, stored = views(profiles.with_profile(mixed_up, kind, profiles.undoing(values)))
    assert apart(shown, PICTURE) <= most
    assert apart(stored, mixed_up) <= most  # what strips profiles shows this one


def test_a_hidden_picture_is_found(server: Running) -> None:
    values = profiles.shuffled()
    mixed_up = profiles.exchanged(samples.pixels("color.png"), values)
    hidden = profiles.with_profile(mixed_up, "PNG", profiles.undoing(values))
    assert "BUTTOCKS_EXPOSED" not in server.analyze(samples.png(mixed_up)).json()["detected_parts"]
    assert server.analyze(hidden).json()["detected_parts"]["BUTTOCKS_EXPOSED"] > 50


def test_a_profile_that_changes_nothing_leaves_the_pixels_alone() -> None:
    (only,) = views(profiles.with_profile(PICTURE, "PNG", profiles.undoing(range(256))))
    assert apart(only, PICTURE) == 0


def test_a_profile_that_changes_little_is_followed_and_looked_at_once() -> None:
    (only,) = views(profiles.with_profile(PICTURE, "PNG", profiles.gamma(1.8)))
    assert 2 < apart(only, PICTURE) < 40


@pytest.mark.parametrize("broken", [b"no profile", profiles.gamma(2.2)[:200], b""])
def test_a_picture_with_a_damaged_profile_is_unreadable(broken: bytes) -> None:
    data = profiles.with_chunks(PICTURE, profiles.iccp(broken))
    with pytest.raises(PictureError) as caught:
        decode(data)
    assert (caught.value.status, caught.value.code) == (422, "IMAGE_UNREADABLE")


def announced_and_not_there() -> list[bytes]:
    """A JPEG that has the words in a comment, and a WebP that has the flag and no profile."""
    jpeg = bytes(cv2.imencode(".jpg", PICTURE)[1])
    comment = b"ICC_PROFILE\0 is nothing but words"
    webp = bytes(cv2.imencode(".webp", PICTURE, [cv2.IMWRITE_WEBP_QUALITY, 80])[1])
    sides = struct.pack("<I", 255)[:3] * 2
    extended = b"VP8X" + struct.pack("<II", 10, 0x20) + sides + webp[12:]
    return [
        jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:],
        b"RIFF" + struct.pack("<I", len(extended) + 4) + b"WEBP" + extended,
    ]


@pytest.mark.parametrize("data", announced_and_not_there(), ids=["JPEG", "WebP"])
def test_a_profile_that_is_announced_and_not_there_is_damaged(server: Running, data: bytes) -> None:
    assert read_header(data).frames == 1
    answer = server.analyze(data)
    assert (answer.status_code, answer.json()["code"]) == (422, "IMAGE_UNREADABLE")


def test_a_jpeg_whose_profile_is_in_pieces_that_do_not_fit_is_unreadable() -> None:
    """Some viewers put it together all the same."""
    data = profiles.with_profile(PICTURE, "JPEG", profiles.gamma(1.0))
    at = data.index(b"ICC_PROFILE\0") + len(b"ICC_PROFILE\0")
    with pytest.raises(PictureError):
        decode(data[: at + 1] + b"\2" + data[at + 2 :])


@pytest.mark.parametrize(
    "told",
    [
        [(b"gAMA", struct.pack(">I", 100_000))],
        [(b"gAMA", struct.pack(">I", 0))],
        [(b"cHRM", struct.pack(">8I", *SRGB[:2], *SRGB[6:], *SRGB[4:6], *SRGB[2:4]))],
        [(b"cICP", bytes([9, 16, 0, 1]))],
        [(b"cICP", b"\1")],
        [profiles.iccp(profiles.gamma(2.2))] * 2,
    ],
)
def test_colours_that_viewers_show_otherwise_are_refused_by_the_header(
    told: list[tuple[bytes, bytes]],
) -> None:
    with pytest.raises(PictureError) as caught:
        read_header(profiles.with_chunks(PICTURE, *told))
    assert (caught.value.status, caught.value.code) == (415, "IMAGE_UNSUPPORTED")


def test_usual_colours_are_taken() -> None:
    told = [(b"gAMA", struct.pack(">I", 45_455)), (b"cHRM", struct.pack(">8I", *SRGB)), (b"sRGB", b"\0")]
    assert read_header(profiles.with_chunks(PICTURE, *told, (b"cICP", bytes([12, 13, 0, 1])))).format == "PNG"


def test_sixteen_bits_with_a_profile_are_refused() -> None:
    """What its upper eight bits do not tell, a steep profile shows."""
    data = samples.png(PICTURE.astype(np.uint16) * 257)
    at = data.index(b"IDAT") - 4
    icc = samples.chunk(*profiles.iccp(profiles.gamma(2.2)))
    read_header(data)
    with pytest.raises(PictureError):
        read_header(data[:at] + icc + data[at:])


@pytest.mark.parametrize(("pixels", "key"), [(np.uint8, 255), (np.uint16, 65_535)])
def test_a_grey_that_is_transparent_shows_what_lies_behind(
    pixels: type[np.uint8 | np.uint16], key: int
) -> None:
    """Drawn in nearly the same grey: over black the transparent one is black."""
    grey = cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY)
    drawn = np.where(grey > 128, key - 1, key).astype(pixels)
    light, dark = views(profiles.with_chunks(drawn, (b"tRNS", struct.pack(">H", key))))
    assert light.min() >= 253
    assert apart(dark[:, :, 0], np.where(grey > 128, 254, 0).astype(np.uint8)) <= 1
