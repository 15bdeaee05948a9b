"""What lessons get: pictures to train and to test with, from wherever they come."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True)
class Skipped:
    """A file or folder that gives no picture, and the reason, one sentence."""

    path: str
    reason: str

    def __str__(self):
        return f"{self.path}: {self.reason}"


def as_tensor(image: np.ndarray) -> torch.Tensor:
    """A copy of one picture (H, W, 3) of bytes as (3, H, W), from 0 to 1."""
    return torch.from_numpy(image.copy()).permute(2, 0, 1) / 255


@dataclass(frozen=True, eq=False, repr=False)
class Pictures:
    """Square colour pictures with their labels. The pixels stay on disk until asked.

    ``images`` are bytes (N, H, W, 3), read-only; ``labels`` int64 (N,); ``names`` says
    where each comes from. ``pictures[i]`` and ``pictures.batch(indices)`` give tensors
    as torch's layers want them: colour first, from 0 to 1.
    """

    images: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    release: Callable[[int], None] | None = None  # as in cache.Stored

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return as_tensor(self.images[index]), int(self.labels[index])

    def batch(
        self, indices: Sequence[int] | np.ndarray | torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The pictures of these indices (N, 3, H, W) from 0 to 1, and labels (N,)."""
        indices = np.asarray(indices)
        if not indices.size:  # NumPy would make floats of an empty list
            indices = np.zeros(0, np.int64)
        rows = self.images[indices]  # (N, H, W, 3)
        count, height, width, channels = rows.shape
        # By NumPy, on one core: torch's threads would wait for each other.
        batch = np.empty((count, channels, height, width), np.float32)
        np.divide(rows.transpose(0, 3, 1, 2), np.float32(255), out=batch)
        if self.release:
            self.release(rows.size)
        return torch.from_numpy(batch), torch.from_numpy(self.labels[indices])

    def __getstate__(self):
        """For pickling: the pixels themselves, as others can't use the map."""
        return self.__dict__ | {"release": None}

    def __repr__(self):
        _, height, width, _ = self.images.shape
        return f"{len(self):,} pictures, {height} × {width}"


@dataclass(frozen=True, eq=False, repr=False)
class Splits:
    """Pictures to train with and pictures to test with, never to be mixed.

    ``classes[label]`` is a class's name; ``skipped`` names what gave no picture, and
    why; ``source`` says in one sentence where they come from and how many they are.
    """

    train: Pictures
    test: Pictures
    classes: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    source: str

    def duplicates(self) -> list[tuple[int, int]]:
        """Pairs (index in train, index in test) of pictures whose pixels are equal."""
        seen = defaultdict(list)
        for index, image in enumerate(self.train.images):
            seen[_digest(image)].append(index)
        return [
            (train, test)
            for test, image in enumerate(self.test.images)
            for train in seen.get(_digest(image), ())
        ]

    def __repr__(self):
        return self.source


def _digest(image):
    return hashlib.blake2b(np.ascontiguousarray(image), digest_size=16).digest()
