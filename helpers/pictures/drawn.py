"""The course's own cats and dogs: tiles of one picture, cats_and_dogs.jpg beside this.

imgs/cats_and_dogs draws them. Row by row there are 500 cats and 500 dogs to train with,
then 200 cats and 200 dogs to test with.
"""

from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from helpers.pictures.cache import CacheError, too_much_for_memory

SHEET = Path(__file__).with_name("cats_and_dogs.jpg")
CLASSES = ("cats", "dogs")
TRAIN, TEST = 500, 200  # of each class
SIDE = 80  # pixels a side of a tile: what lesson 08 works with
COLUMNS = 50  # tiles in a row


def load(
    train: int, test: int, size: int
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The first pictures of each class: (images, labels, names), train before test.

    ``train`` and ``test`` are how many of each class; images are bytes (N, size, size,
    3), labels integers (N,), names like "train/cats/0000". Raises CacheError where
    memory can't hold them.
    """
    if problem := too_much_for_memory(len(CLASSES) * (train + test), size):
        raise CacheError(f"{problem}: ask for fewer or smaller ones.")
    places, labels, names, start = [], [], [], 0
    for part, count, wanted in (("train", TRAIN, train), ("test", TEST, test)):
        for label, name in enumerate(CLASSES):
            places += range(start, start + wanted)
            labels += [label] * wanted
            names += [f"{part}/{name}/{i:04}" for i in range(wanted)]
            start += count
    images = tiles(SHEET)[places]
    if size != SIDE:
        images = np.stack([_resized(image, size) for image in images])
    images.flags.writeable = False
    return images, np.array(labels, np.int64), tuple(names)


def tiles(sheet: Path | BinaryIO) -> np.ndarray:
    """All tiles of a file, given by its path or opened: bytes (N, SIDE, SIDE, 3)."""
    with Image.open(sheet) as image:
        pixels = np.asarray(image.convert("RGB"))
    apart = pixels.reshape(-1, SIDE, COLUMNS, SIDE, 3).swapaxes(1, 2)
    return apart.reshape(-1, SIDE, SIDE, 3)


def _resized(image, size):
    smooth = Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(image).resize((size, size), smooth))
