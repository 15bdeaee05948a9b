"""Files that real folders hold: good pictures, odd ones, and what only looks so."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def photo(seed=0, width=40, height=30):
    """A picture of noise: no two are alike."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def as_bytes(image, format="PNG", **options):  # noqa: A002, Pillow's name for it
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def write(path, image, **options):
    """Save a picture, and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def fill(folder, names=("cats", "dogs"), count=5, first=0):
    """A folder for each class, with so many photographs each; no two alike."""
    for number, name in enumerate(names):
        for i in range(count):
            write(folder / name / f"{i}.png", photo(first + 1000 * number + i))
    return folder


def splits(root, train=6, test=2, names=("cats", "dogs")):
    """The layout of the Kaggle set."""
    fill(root / "training_set", names, train)
    fill(root / "test_set", names, test, first=500)
    return root


def claiming(width, height):
    """A PNG of a few bytes that says it is of this size."""

    def chunk(kind, content):
        checked = kind + content
        length, checksum = len(content), zlib.crc32(checked)
        return struct.pack(">I", length) + checked + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks
