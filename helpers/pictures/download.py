"""Photographs of cats and dogs from the internet, for those who want more."""

import contextlib
import shutil
import sys
from pathlib import Path

from filelock import FileLock

from helpers.pictures.cache import cache_directory

KAGGLE = "fusicfenta/cat-and-dog"
PETS = "oxford-iiit-pet"  # torchvision's name for its folder
INSTEAD = (
    "the drawn pictures need no download, cats_and_dogs(), and a folder of your own "
    "photographs is read by cats_and_dogs(folder)"
)


class DownloadError(OSError):
    """One sentence: why there are no photographs, and what to do instead."""


def kaggle() -> Path:
    """Fetch the Kaggle set by kagglehub; returns its folder. Raises DownloadError."""
    try:
        import kagglehub
    except ImportError as error:
        raise DownloadError(
            "The Kaggle set needs the package kagglehub, installed by `pip install "
            f"kagglehub`; without it, {INSTEAD}."
        ) from error
    with _reported("The Kaggle set"):
        return Path(kagglehub.dataset_download(KAGGLE))


def pets() -> tuple[Path, list[tuple[Path, int]], list[tuple[Path, int]]]:
    """Fetch Oxford's pets; returns (folder, train, test).

    train and test are lists of (path, 0 for a cat or 1 for a dog). Raises
    DownloadError. O. M. Parkhi and others, Cats and Dogs (2012), CC BY-SA 4.0:
    https://www.robots.ox.ac.uk/~vgg/data/pets/
    """
    home = cache_directory() / "pets"
    with _reported("The Oxford pets"):
        home.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(home.with_suffix(".lock")):
            if not home.exists():
                _fetch_pets(home)
    return home / PETS, _listed(home, "trainval"), _listed(home, "test")


def _fetch_pets(home):
    """Fetch under a temporary name, since an archive unpacked by half looks complete.

    Archives that came whole are kept for the next attempt; torchvision compares their
    checksums.
    """
    from torchvision.datasets import OxfordIIITPet

    unfinished = home.with_suffix(".part")
    for folder in ("images", "annotations"):
        shutil.rmtree(unfinished / PETS / folder, ignore_errors=True)
    unfinished.mkdir(exist_ok=True)
    with contextlib.redirect_stdout(sys.stderr):
        OxfordIIITPet(unfinished, target_types="binary-category", download=True)
    unfinished.rename(home)


def _listed(home, split):
    """[(path, 0 or 1)] of a split, by label and path.

    Lines of its file are: name, breed, species (1 for cats, 2 for dogs), breed among
    these.
    """
    folder = home / PETS
    lines = (folder / "annotations" / f"{split}.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    found = [(folder / "images" / f"{row[0]}.jpg", int(row[2]) - 1) for row in rows]
    return sorted(found, key=lambda picture: (picture[1], picture[0]))


@contextlib.contextmanager
def _reported(what):
    try:
        yield
    except Exception as error:  # of the network, of the disk, of other libraries
        detail = " ".join(str(error).split())[:120] or type(error).__name__
        message = f"{what} can't be downloaded ({detail}); {INSTEAD}."
        raise DownloadError(message) from error
