"""Pictures are decoded once, and read from a memory-mapped file from then on.

Each set of pictures has a folder of its own in the user's cache directory, or where
COURSE_CACHE says, named after what it was made of. While it is being filled it has a
temporary name and keeps a checksum of each finished row of pixels, so that after an
interruption the next process goes on from there. A lock makes other processes wait.
Where nothing can be written, pixels are held in memory.
"""

import contextlib
import hashlib
import itertools
import json
import mmap
import os
import shutil
import sys
import warnings
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import psutil
from filelock import FileLock, Timeout
from tqdm.auto import tqdm

from helpers.pictures.decode import BadPicture

CACHE = "COURSE_CACHE"
APP = "from-numpy-to-cnn"
VERSION = 1  # of what is written here; another one is never read
PIXELS, RECORD, CHECKSUMS = "pixels.u8", "pictures.json", "checksums.u64"
MADE = 1 << 32  # set in every finished row's checksum: 0 is a row to be made
RESIDENT = 4 * 2**20  # bytes to read before the pages they lie in are released


class CacheError(OSError):
    """One sentence: why there is no room for the pixels, and what helps."""


def cache_directory() -> Path:
    """The folder for what can be made again: COURSE_CACHE, or the system's place."""
    return Path(os.environ.get(CACHE) or platformdirs.user_cache_path(APP))


def clear_cache() -> None:
    """Delete all pixels kept; they are made again when next asked for."""
    shutil.rmtree(_sets(), ignore_errors=True)


@dataclass(frozen=True)
class Stored:
    """The pixels of the good pictures, and why the others have none.

    images   bytes (N, size, size, 3), read-only
    bad      {index among all that were asked for: reason}
    release  to be called with the number of bytes read; None where nothing is mapped
    """

    images: np.ndarray
    bad: dict[int, str]
    release: Callable[[int], None] | None


def stored(
    items: Sequence,
    make: Callable[[Any], np.ndarray],
    *,
    size: int,
    key: object,
    workers: int | None = None,
    progress: bool = True,
) -> Stored:
    """The pixels of all items: made by make(item) on first use, kept ever after.

    ``make`` gives an array (size, size, 3) of bytes or raises BadPicture. ``key`` is
    all that the pixels depend on, as something that JSON can write. Where they can't
    be kept, a sentence on stderr says why, and they are made in memory; raises
    CacheError where that has no room for them either.
    """
    kept_under = json.dumps([VERSION, size, len(items), key], ensure_ascii=True)
    folder = _sets() / hashlib.sha256(kept_under.encode()).hexdigest()[:24]
    found = _read(folder, size)
    if found is not None:
        return found
    how = {"size": size, "workers": workers, "progress": progress}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_suffix(".lock"), progress):
            found = _read(folder, size)  # another process may have been first
            if found is None:
                found = _keep(folder, items, make, **how)
            return found
    # A file system without locks makes filelock raise NotImplementedError.
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = (
            f"The decoded pictures can't be kept in {cache_directory()} ({reason})"
        )
    return _in_memory(items, make, problem, **how)


def _sets():
    return cache_directory() / "pictures"


@contextlib.contextmanager
def _locked(path, progress):
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        if progress:
            waiting = "Another program is reading these pictures; waiting for it."
            print(waiting, file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _read(folder, size):
    """What was kept; None if nothing was, or if it is damaged."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        shape = (record["count"], size, size, 3)
        bad = {int(index): str(reason) for index, reason in record["bad"].items()}
        with (folder / PIXELS).open("rb") as file:
            if os.fstat(file.fileno()).st_size != np.prod(shape):
                return None
            if not record["count"]:
                return Stored(np.empty(shape, np.uint8), bad, None)
            pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    images = np.frombuffer(pages, np.uint8).reshape(shape)
    return Stored(images, bad, Release(pages))


class Release:
    """Tells the system that pages which were read may leave this process's memory.

    Without it a process that has read every picture would seem to need memory for all.
    """

    def __init__(self, pages: mmap.mmap) -> None:
        self.pages, self.read = pages, 0

    def __call__(self, count: int) -> None:
        """Note that ``count`` bytes were read; release pages once it is many."""
        self.read += count
        if self.read > RESIDENT and hasattr(self.pages, "madvise"):
            self.pages.madvise(mmap.MADV_DONTNEED)
            self.read = 0


def _keep(folder, items, make, *, size, workers, progress):
    """Fill a folder under another name, then rename it. The caller holds the lock."""
    unfinished = folder.with_suffix(".part")
    unfinished.mkdir(exist_ok=True)
    row_bytes = 3 * size * size
    try:
        _refuse_without_room(unfinished, row_bytes * len(items))
        with (
            _for_update(unfinished / PIXELS) as pixels,
            _for_update(unfinished / CHECKSUMS) as checksums,
        ):

            def write(index, row):
                _write_row(pixels, checksums, index, row, row_bytes)

            todo = _missing(pixels, checksums, len(items), row_bytes)
            bad = _make_all(items, make, todo, write, workers, progress)
            good = [index for index in range(len(items)) if index not in bad]
            _close_ranks(pixels, good, row_bytes)
            os.fsync(pixels.fileno())
        record = {"count": len(good), "bad": bad}
        (unfinished / RECORD).write_text(json.dumps(record), encoding="utf-8")
        (unfinished / CHECKSUMS).unlink()
        if folder.exists():  # damaged, or _read would have taken it
            shutil.rmtree(folder)
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)  # the disk may be full
        raise
    found = _read(folder, size)
    if found is None:
        raise OSError("what was written there can't be read again")
    return found


def _in_memory(items, make, problem, *, size, workers, progress):
    """The pixels of all items, made anew; ``problem`` says why they can't be kept."""
    remedy = f"name another folder, with room, in the environment variable {CACHE}"
    if too_much := too_much_for_memory(len(items), size):
        fewer = "or ask for fewer or smaller pictures"
        raise CacheError(f"{problem}, and {too_much}: {remedy}, {fewer}.")
    print(
        f"{problem}, so they are decoded into memory, at every start anew; to keep "
        f"them, {remedy}.",
        file=sys.stderr,
    )
    images = np.empty((len(items), size, size, 3), np.uint8)
    place = itertools.count()

    def write(_, row):
        images[next(place)] = row

    bad = _make_all(items, make, range(len(items)), write, workers, progress)
    images = images[: len(items) - len(bad)]
    images.flags.writeable = False
    return Stored(images, bad, release=None)


def too_much_for_memory(count: int, size: int) -> str:
    """Why memory can't hold ``count`` pictures of size × size; "" if it can."""
    needed, free = 3 * size * size * count, psutil.virtual_memory().available
    if needed <= free / 2:
        return ""
    return (
        f"{count:,} pictures of {size} × {size} pixels need {needed / 2**20:,.0f} MB, "
        f"more than half of the {free / 2**20:,.0f} MB of memory that are free"
    )


def _refuse_without_room(folder, needed):
    free = shutil.disk_usage(folder).free
    if free < needed * 1.05:
        raise OSError(
            f"it needs {needed / 2**20:,.0f} MB, {free / 2**20:,.0f} are free"
        )


def _for_update(path):
    path.touch()
    return path.open("r+b", buffering=0)


def _missing(pixels, checksums, count, row_bytes):
    """The indices of rows that aren't made yet, or don't fit their checksum."""
    known = np.zeros(count, np.uint64)
    before = np.frombuffer(checksums.read()[: 8 * count // 8 * 8], np.uint64)
    known[: len(before)] = before[:count]
    return [
        index
        for index, checksum in enumerate(known.tolist())
        if not checksum or checksum != _checksum(_row(pixels, index, row_bytes))
    ]


def _checksum(row):
    return MADE | zlib.crc32(row)


def _row(pixels, index, row_bytes):
    pixels.seek(index * row_bytes)
    return pixels.read(row_bytes)


def _write_row(pixels, checksums, index, row, row_bytes):
    """Write the pixels first, so that no checksum stands for a missing row."""
    row = np.ascontiguousarray(row).tobytes()
    pixels.seek(index * row_bytes)
    _write(pixels, row)
    checksums.seek(index * 8)
    _write(checksums, _checksum(row).to_bytes(8, sys.byteorder))


def _write(file, content):
    if file.write(content) != len(content):
        raise OSError("the disk is full")


def _close_ranks(pixels, good, row_bytes):
    """Move the good rows up into the places of bad ones."""
    for place, index in enumerate(good):
        if place != index:
            row = _row(pixels, index, row_bytes)
            pixels.seek(place * row_bytes)
            _write(pixels, row)
    pixels.truncate(len(good) * row_bytes)


def _make_all(items, make, todo, write, workers, progress):
    """Call write(index, pixels) for each to do, in order; {index: reason} of bad ones.

    A bar counts them.
    """
    bad = {}
    bar = tqdm(
        total=len(items),
        initial=len(items) - len(todo),
        desc="Decoding",
        unit=" pictures",
        disable=not progress,
        leave=False,
    )
    with bar, contextlib.closing(_made(items, make, todo, workers)) as results:
        for index, result in results:
            if isinstance(result, BadPicture):
                bad[index] = str(result)
            else:
                write(index, result)
            bar.update()
    return bad


def _made(items, make, todo, workers):
    """Yield (index, pixels or BadPicture) in order; threads decode a few ahead."""

    def attempt(item):
        try:
            return make(item)
        except BadPicture as reason:
            return reason

    workers = workers or min(8, _cores())
    ahead = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        with warnings.catch_warnings():  # Pillow's, about what decode.py deals with
            warnings.simplefilter("ignore")
            for index in todo:
                ahead.append((index, pool.submit(attempt, items[index])))
                if len(ahead) > 4 * workers:
                    index, result = ahead.popleft()
                    yield index, result.result()
            for index, result in ahead:
                yield index, result.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
