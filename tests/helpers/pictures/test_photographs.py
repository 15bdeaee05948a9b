"""On real photographs, where COURSE_PHOTOS names a folder of them."""

import os
from pathlib import Path

import pytest
import torch

from helpers.data import cats_and_dogs
from helpers.training import SmallResNet, augment, fit

PHOTOS = os.environ.get("COURSE_TESTS_PHOTOS")
pytestmark = pytest.mark.skipif(
    not PHOTOS, reason="COURSE_PHOTOS names no folder of photographs"
)


def folder():
    """The named folder, or the one inside it that holds the pictures."""
    parts = ("training_set", "train")
    return next(
        (p.parent for part in parts for p in sorted(Path(PHOTOS).rglob(part))), PHOTOS
    )


@pytest.fixture(scope="module")
def photos():
    return cats_and_dogs(folder(), size=48, per_class=100, progress=False)


def test_they_are_read(photos):
    assert len(photos.train) == 200
    assert len(photos.test) == 40
    assert photos.train.images.shape == (200, 48, 48, 3)
    assert photos.train.images.std() > 30  # something is on them


def test_a_network_learns_from_them(photos):
    """Enough to know that pictures and labels belong together; how well, benchmarks."""
    torch.manual_seed(0)
    history = fit(
        SmallResNet(),
        photos.train,
        photos.test,
        epochs=8,
        augment=augment,
        progress=False,
        device="cpu",
    )
    assert history[-1]["train_loss"] < history[0]["train_loss"] - 0.05
    assert history[-1]["train_accuracy"] > 0.6
