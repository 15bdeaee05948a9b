"""Where pictures come from, each as the same Splits."""

import os
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from helpers.pictures import download
from helpers.pictures.cache import Stored, stored
from helpers.pictures.decode import decode
from helpers.pictures.drawn import CLASSES, TEST, TRAIN, load
from helpers.pictures.folders import (
    BadFolder,
    Found,
    find_pictures,
    refuse_too_few,
    to_test_with,
)
from helpers.pictures.splits import Pictures, Skipped, Splits

PETS = "the Oxford-IIIT pets"


def drawn(per_class: int | None, *, size: int) -> Splits:
    """Cats and dogs drawn by the course, the first ``per_class`` of each, or all.

    Raises ValueError where ``per_class`` is more than there are, and CacheError.
    """
    if per_class is not None and per_class > TRAIN:
        raise ValueError(
            f"The course has drawn {TRAIN} cats and {TRAIN} dogs to train with, so "
            f"per_class is at most {TRAIN} for them, not {per_class}."
        )
    to_train, to_test = per_class or TRAIN, to_test_with(per_class) or TEST
    images, labels, names = load(to_train, to_test, size)
    result, train = Stored(images, bad={}, release=None), len(CLASSES) * to_train
    said = "Drawn by the course"
    return _split(result, labels, names, train, CLASSES, (), said)


def folder(
    root: str | os.PathLike,
    per_class: int | None,
    seed: int,
    *,
    said: str | None = None,
    without: Collection[str] = (),
    **how: Any,
) -> Splits:
    """A folder of photographs, a subfolder for each class.

    ``said`` begins the sentence on where they come from; ``without`` names classes to
    leave out; ``how`` is size, workers and progress. Raises BadFolder and CacheError.
    """
    found = find_pictures(root, per_class=per_class, seed=seed, without=without)
    said = said or f"Photographs in {Path(root).name or root}"
    result = _decoded(found, **how)
    good = {
        label for index, (_, label) in enumerate(found.train) if index not in result.bad
    }
    empty = [name for label, name in enumerate(found.classes) if label not in good]
    if not empty:
        return _found(found, result, said)
    # Rare: all pictures of a class are damaged, so it is left out.
    refuse_too_few([name for name in found.classes if name not in empty], root)
    splits = folder(root, per_class, seed, said=said, without=(*without, *empty), **how)
    damaged = tuple(Skipped(name, "A class without good pictures.") for name in empty)
    lost = _skipped(found, result)
    kept = [lost_one for lost_one in lost if lost_one not in splits.skipped]
    return Splits(
        splits.train,
        splits.test,
        splits.classes,
        (*splits.skipped, *damaged, *kept),
        splits.source,
    )


def kaggle(per_class: int | None, seed: int, **how: Any) -> Splits:
    """The Kaggle set, as `folder` reads it. Raises DownloadError, too."""
    home = download.kaggle()
    return folder(home, per_class, seed, said="Photographs of the Kaggle set", **how)


def pets(per_class: int | None, **how: Any) -> Splits:
    """Oxford's pets, whose classes stand in a list rather than in folders."""
    home, train, test = download.pets()
    found = Found(
        home,
        _first_of_each(train, per_class),
        _first_of_each(test, to_test_with(per_class)),
        ("cats", "dogs"),
        (),
    )
    return _found(found, _decoded(found, **how), f"Photographs of {PETS}")


def _first_of_each(pictures, most):
    return [
        picture
        for label in (0, 1)
        for picture in [each for each in pictures if each[1] == label][:most]
    ]


def _decoded(found, *, size, workers, progress):
    paths = [path for path, _ in found.train + found.test]
    return stored(
        paths,
        partial(decode, size=size),
        size=size,
        key=[_fingerprint(path, found.root) for path in paths],
        workers=workers,
        progress=progress,
    )


def _fingerprint(path, root):
    """A file's name, size and time of the last change, by which changes are noticed."""
    name = path.relative_to(root).as_posix()
    try:
        status = os.stat(path)
    except OSError:
        return [name]
    return [name, status.st_size, status.st_mtime_ns]


def _found(found, result, said):
    pictures = found.train + found.test
    good = [each for i, each in enumerate(pictures) if i not in result.bad]
    labels = np.array([label for _, label in good], np.int64)
    names = tuple(path.relative_to(found.root).as_posix() for path, _ in good)
    train = sum(index not in result.bad for index in range(len(found.train)))
    if train == len(good):
        raise BadFolder(f"{found.root} holds no good pictures to test with.")
    said = f"{said}; {found.note}" if found.note else said
    skipped = _skipped(found, result)
    return _split(result, labels, names, train, found.classes, skipped, said)


def _skipped(found, result):
    paths = [path for path, _ in found.train + found.test]
    bad = (
        Skipped(paths[index].relative_to(found.root).as_posix(), reason)
        for index, reason in sorted(result.bad.items())
    )
    return (*found.skipped, *bad)


def _split(result, labels, names, train, classes, skipped, said):
    labels.flags.writeable = False
    parts = [
        Pictures(result.images[part], labels[part], names[part], result.release)
        for part in (slice(train), slice(train, None))
    ]
    counts = ", ".join(
        " + ".join(f"{(part.labels == label).sum():,}" for part in parts) + f" {name}"
        for label, name in enumerate(classes)
    )
    left_out = f"; {len(skipped):,} skipped" if skipped else ""
    source = f"{said}: {counts} (to train + to test){left_out}."
    return Splits(*parts, tuple(classes), tuple(skipped), source)
