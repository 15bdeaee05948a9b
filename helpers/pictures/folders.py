"""A folder of pictures, a subfolder for each class, with or without splits."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.pictures.decode import ENDINGS
from helpers.pictures.splits import Skipped

TRAIN = ("training_set", "train", "training")
TEST = ("test_set", "test", "testing", "val", "valid", "validation", "validation_set")
HELD_OUT = 5  # one picture in so many is for testing, where folders don't say
DEEPEST = 2  # how many folders down the splits are looked for


class BadFolder(ValueError):
    """One sentence: why a folder can't be worked with."""


@dataclass(frozen=True)
class Found:
    """Pictures of both splits, as [(path, label)]; ``note`` says how they were split.

    root     the folder that names are relative to
    classes  the name of each label
    skipped  a Skipped for each file or folder left out
    """

    root: Path
    train: list[tuple[Path, int]]
    test: list[tuple[Path, int]]
    classes: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    note: str = ""


def find_pictures(
    root: str | os.PathLike,
    *,
    per_class: int | None = None,
    seed: int = 0,
    without: Collection[str] = (),
) -> Found:
    """All pictures below a folder, with their classes and splits. Decodes nothing.

    ``per_class`` takes the first so many for training, a fifth of that for testing;
    ``seed`` chooses what is held out where there is one split only; ``without`` names
    classes to leave out. Raises BadFolder where there is nothing to work with.
    """
    root = Path(root).expanduser()
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "doesn't exist"
        raise BadFolder(f"The folder of pictures {root} {what}.")
    skipped = []
    try:
        home, splits = _splits(root, skipped)
        parts = [_classes(folder, home, skipped, without) for folder in splits]
    except OSError as error:
        raise BadFolder(
            f"The folder of pictures {root} can't be read ({error.strerror or error})."
        ) from error
    parts = [classes for classes in parts if classes] or [{}]
    note = ""
    if len(parts) == 1:
        note = "as only one split has pictures, a fifth of it is held out to test with"
        parts = _held_out(parts[0], seed)
    train, test = parts
    names = tuple(sorted(train))
    refuse_too_few(names, root)
    for name in sorted(set(test) - set(train)):
        skipped.append(Skipped(name, "This class is in the test split only."))
    return Found(
        home,
        _labelled(train, names, per_class),
        _labelled(test, names, to_test_with(per_class)),
        names,
        tuple(skipped),
        note,
    )


def to_test_with(count: int | None) -> int | None:
    """One in HELD_OUT of ``count``, at least one; None, which means all, stays None."""
    return None if count is None else max(1, count // HELD_OUT)


def refuse_too_few(names: Sequence[str], root: str | os.PathLike) -> None:
    """Raise BadFolder, which names ``root``, unless there are at least two classes."""
    if not names:
        raise BadFolder(
            f"There are no pictures below {root}: it should hold a folder for each "
            "class, such as cats and dogs, alone or within training_set and test_set."
        )
    if len(names) == 1:
        raise BadFolder(
            f"{root} holds pictures of one class only, {names[0]!r}; telling apart "
            "takes at least two, each in a folder of its own."
        )


def _splits(root, skipped):
    """(the folder that names are relative to, [train, test] or the one there is)."""
    level = [root]
    for _ in range(DEEPEST + 1):
        for folder in level:
            # A class may be called train, beside others called bus and tram.
            inner = {path.name.casefold(): path for path in _folders(folder)}
            inner = {name: path for name, path in inner.items() if _folders(path)}
            train = [inner[name] for name in TRAIN if name in inner]
            test = [inner[name] for name in TEST if name in inner]
            if train or test:
                for spare in train[1:] + test[1:]:
                    why = f"A second such split, beside {(test or train)[0].name}."
                    skipped.append(Skipped(_relative(spare, folder), why))
                return folder, [_unwrapped(split) for split in train[:1] + test[:1]]
        level = [inner for folder in level for inner in _folders(folder)]
    only = _folders(root)
    if len(only) == 1 and _folders(only[0]):  # an archive unpacked into its own folder
        return only[0], [only[0]]
    return root, [root]


def _unwrapped(split):
    """The split's folder; some archives hold training_set/training_set."""
    inner = split / split.name
    return inner if inner.is_dir() else split


def _folders(folder):
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in entries if path.is_dir() and path.name[0] not in "._"]


def _classes(split, home, skipped, without):
    """{class: its pictures in sorted order}, for classes that have any."""
    found = {}
    for path in sorted(split.iterdir()):
        name = _relative(path, home)
        if not path.is_dir():
            skipped.append(
                Skipped(name, "It lies beside the classes, in none of them.")
            )
        elif path.name[0] in "._":
            skipped.append(Skipped(name, "A hidden folder."))
        elif path.name not in without:
            pictures = _pictures(path, home, skipped)
            if pictures:
                found[path.name] = pictures
            else:
                skipped.append(Skipped(name, "A class without pictures."))
    return found


def _pictures(folder, home, skipped):
    found, been = [], set()

    def unreadable(error):
        why = f"The folder can't be read ({error.strerror or error})."
        skipped.append(Skipped(_relative(Path(error.filename), home), why))

    for place, inner, files in os.walk(folder, onerror=unreadable, followlinks=True):
        if os.path.realpath(place) in been:  # a link back up
            inner.clear()
            continue
        been.add(os.path.realpath(place))
        for name in inner:
            if Path(name).suffix.lower() in ENDINGS:
                path = _relative(Path(place, name), home)
                skipped.append(Skipped(path, "It is a folder, not a picture."))
        for name in files:
            path = Path(place, name)
            if name[0] == "." or path.suffix.lower() not in ENDINGS:
                why = "Not a picture, going by its name."
                skipped.append(Skipped(_relative(path, home), why))
            else:
                found.append(path)
    return sorted(found)


def _held_out(pictures, seed):
    rng = np.random.default_rng(seed)
    train, test = {}, {}
    for name, paths in sorted(pictures.items()):
        some = to_test_with(len(paths)) if len(paths) > 1 else 0
        held = set(rng.permutation(len(paths))[:some].tolist())
        train[name] = [path for i, path in enumerate(paths) if i not in held]
        test[name] = [path for i, path in enumerate(paths) if i in held]
    return train, test


def _labelled(pictures, names, most):
    return [
        (path, label)
        for label, name in enumerate(names)
        for path in pictures.get(name, [])[:most]
    ]


def _relative(path, home):
    return path.relative_to(home).as_posix()
