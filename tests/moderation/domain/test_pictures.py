"""What a header tells, and that no file makes the reader work without end."""

import struct
import time

import pytest
from PIL import Image

from moderation.domain.pictures import MAX_BYTES, PictureError, read_header
from tests.moderation.server import samples


def refused(data: bytes) -> PictureError:
    with pytest.raises(PictureError) as caught:
        read_header(data)
    return caught.value


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_header_of_each_format(kind: str) -> None:
    header = read_header(samples.encoded(Image.new("RGB", (321, 123), "red"), format=kind))
    assert (header.format, header.width, header.height, header.frames) == (kind, 321, 123, 1)


@pytest.mark.parametrize("options", [{"lossless": True}, {"exif": Image.Exif().tobytes() or b"Exif\0\0"}])
def test_webp_header_of_other_layouts(options: dict[str, object]) -> None:
    header = read_header(samples.encoded(Image.new("RGB", (77, 55), "red"), format="WEBP", **options))
    assert (header.width, header.height) == (77, 55)


def test_progressive_jpeg_with_thumbnail_is_read() -> None:
    image = Image.new("RGB", (200, 100), "red")
    header = read_header(samples.encoded(image, format="JPEG", progressive=True))
    assert (header.width, header.height) == (200, 100)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_animation_is_unsupported(kind: str) -> None:
    error = refused(samples.animated(kind))
    assert (error.code, error.status) == ("ANIMATION_UNSUPPORTED", 415)


def test_bundled_animated_gif_is_unsupported() -> None:
    assert refused(samples.bundled("no_time_for_that_tiny.gif")).code == "ANIMATION_UNSUPPORTED"


def with_chunk(picture: bytes, kind: bytes, data: bytes, *, before_data: bool) -> bytes:
    place = picture.index(b"IDAT" if before_data else b"IEND") - 4
    return picture[:place] + samples.chunk(kind, data) + picture[place:]


def test_png_with_animation_of_one_frame_is_unsupported() -> None:
    still = samples.encoded(Image.new("RGB", (8, 8)), format="PNG")
    control = struct.pack(">II", 1, 0)
    assert refused(with_chunk(still, b"acTL", control, before_data=True)).code == "ANIMATION_UNSUPPORTED"


def test_png_with_animation_control_behind_its_data_is_a_picture() -> None:
    still = samples.encoded(Image.new("RGB", (8, 8)), format="PNG")
    header = read_header(with_chunk(still, b"acTL", struct.pack(">II", 3, 0), before_data=False))
    assert header.frames == 1


def test_webp_frame_without_animation_flag_is_unsupported() -> None:
    moving = bytearray(samples.animated("WEBP"))
    moving[20] &= ~0x02
    assert refused(bytes(moving)).code == "ANIMATION_UNSUPPORTED"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\0" * 100,
        b"II*\0" + b"\0" * 50,
        b"%PDF-1.7",
        b"BM" + b"\0" * 60,
    ],
)
def test_anything_else_is_unsupported(data: bytes) -> None:
    error = refused(data)
    assert (error.code, error.status) == ("IMAGE_UNSUPPORTED", 415)


def test_no_bytes_are_empty() -> None:
    error = refused(b"")
    assert (error.code, error.status) == ("IMAGE_EMPTY", 422)


def test_too_many_bytes_are_too_large() -> None:
    error = refused(samples.bundled("color.png") + b"\0" * MAX_BYTES)
    assert (error.code, error.status) == ("IMAGE_TOO_LARGE", 413)


def test_small_file_of_many_pixels_is_refused() -> None:
    bomb = samples.huge_png()
    error = refused(bomb)
    assert len(bomb) < 700 * 1024
    assert (error.code, error.status) == ("IMAGE_TOO_MANY_PIXELS", 413)


def test_gif_frame_larger_than_its_screen_counts() -> None:
    gif = bytearray(samples.encoded(Image.new("P", (10, 10)), format="GIF"))
    place = gif.index(b"\x2c", 13 + 3)
    struct.pack_into("<HHHH", gif, place + 1, 0, 0, 60_000, 60_000)
    assert refused(bytes(gif)).code == "IMAGE_TOO_MANY_PIXELS"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_cut_file_is_unreadable(kind: str, share: float) -> None:
    image = Image.open(samples.FOLDER / "chelsea.png").convert("RGB")
    whole = samples.encoded(image, format=kind)
    error = refused(whole[: int(len(whole) * share)])
    assert (error.code, error.status) == ("IMAGE_UNREADABLE", 422)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_cut_of_a_header_is_refused_not_raised(kind: str) -> None:
    whole = samples.encoded(Image.new("RGB", (64, 64), "red"), format=kind)
    for length in range(1, len(whole) - 1):
        assert refused(whole[:length]).code in {"IMAGE_UNREADABLE", "IMAGE_UNSUPPORTED"}


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + struct.pack("<HHB", 8, 8, 0) + b"\0\0" + b"\x21\xfe" + b"\x01a" * (MAX_BYTES // 2 - 20),
        b"\x89PNG\r\n\x1a\n"
        + samples.chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
        + samples.chunk(b"tEXt", b"") * 1_000_000,
        b"\xff\xd8" + b"\xff\xe1\0\2" * 4_000_000,
        b"\xff\xd8" + b"\xff" * 15_000_000,
    ],
    ids=["gif", "png", "jpeg", "jpeg-fill"],
)
def test_file_made_of_tiny_blocks_is_refused_quickly(data: bytes) -> None:
    started = time.process_time()  # of this process alone, whatever else the machine does
    assert refused(data).code == "IMAGE_UNREADABLE"
    assert time.process_time() - started < 1
