"""Pictures for the tests: scikit-image's bundled ones, collages of them, and broken files made by hand."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import skimage
from PIL import Image

FOLDER = Path(skimage.__file__).parent / "data"
Pixels = npt.NDArray[np.uint8]


def bundled(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def pixels(name: str) -> Pixels:
    return np.asarray(cv2.imread(str(FOLDER / name)), np.uint8)


def png(picture: npt.NDArray[np.uint8 | np.uint16]) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


def encoded(image: Image.Image, **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **how)  # type: ignore[arg-type]  # Pillow's keywords depend on the format
    return buffer.getvalue()


def collage(seed: int, width: int = 1024, height: int = 768) -> Pixels:
    """A sheet of people and textures in cells of 256 pixels: many detections, contending labels."""
    random = np.random.default_rng(seed)
    face, colours, moon = pixels("astronaut.png")[0:300, 100:400], pixels("color.png"), pixels("moon.png")
    parts = [face, face[:250, 20:240], face[40:220, 50:200], face, colours, moon]
    sheet = np.zeros((height, width, 3), np.uint8)
    for top in range(0, height - 255, 256):
        for left in range(0, width - 255, 256):
            part = parts[int(random.integers(0, len(parts)))]
            part = part[:, ::-1] if random.random() < 0.5 else part
            sheet[top : top + 256, left : left + 256] = cv2.resize(part, (256, 256))
    return sheet


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(side: int = 13_300) -> bytes:
    """A whole PNG of side x side white pixels of 24 bits, compressed to well under a megabyte."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (side * 3)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], format=kind, save_all=True, append_images=frames[1:], duration=100)
