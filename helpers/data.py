"""The course's inputs. Nothing is downloaded unless it is asked for by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from helpers.pictures.splits import Splits


def digits() -> tuple[np.ndarray, np.ndarray]:
    """1,797 real handwritten digits: images (1797, 8, 8) from 0 to 1, labels (1797,).

    0 is paper, 1 is the darkest ink. Collected by E. Alpaydin and C. Kaynak from 43
    writers, UCI Machine Learning Repository (1998), https://doi.org/10.24432/C50P49;
    the copy is scikit-learn's.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.images / 16, bunch.target


def portrait() -> np.ndarray:
    """Grace Hopper, as an array (600, 512, 3) from 0 to 1, colour last.

    U.S. Navy photograph of 1984, public domain; the copy is Matplotlib's.
    """
    from matplotlib.cbook import get_sample_data
    from matplotlib.image import imread

    with get_sample_data("grace_hopper.jpg") as file:
        pixels = imread(file, format="jpg")
    return (pixels / 255).astype("float32")


def eeg() -> np.ndarray:
    """Four channels of a brain's electric activity over time, an array (800, 4).

    Ten seconds from four electrodes; each channel has mean 0 and standard deviation 1.
    The copy is Matplotlib's sample data, eeg.dat; its gallery draws it as traces:
    https://matplotlib.org/stable/gallery/specialty_plots/mri_with_eeg.html
    """
    import numpy as np
    from matplotlib.cbook import get_sample_data

    with get_sample_data("eeg.dat") as file:
        return np.frombuffer(file.read(), dtype="<f8").reshape(800, 4).copy()


def zen() -> str:
    """The Zen of Python by Tim Peters (PEP 20), a text of 856 characters.

    The copy is Python's own, which prints it when it is first imported.
    """
    import codecs
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return codecs.decode(this.s, "rot13")


def cats_and_dogs(
    root: str | os.PathLike | None = None,
    *,
    size: int = 64,
    per_class: int | None = None,
    download: str | None = None,
    workers: int | None = None,
    progress: bool = True,
    seed: int = 0,
) -> Splits:
    """Pictures of cats (label 0) and dogs (label 1), as ``Splits`` train and test.

    Without arguments they are the course's own drawings: 500 of each to train with and
    200 of each to test with, and as in real sets, a few labels are wrong and a few of
    the test pictures are copies. ``root``, or the environment variable COURSE_PHOTOS,
    names a folder of photographs instead: a subfolder for each class (two or more, of
    any name), alone or within training_set and test_set (or train and val, and the
    like). ``download`` fetches photographs: "pets" (Oxford's, 800 MB) or "kaggle".

    Each picture's middle is brought to ``size`` × ``size``; the drawings' own size is
    80. ``per_class`` takes the first so many of each class for training and a fifth as
    many for testing. Photographs are decoded once, by ``workers`` threads with a
    ``progress`` bar, and kept (``helpers.pictures.cache``). What can't be decoded is
    left out, and named with its reason in ``skipped``. ``seed`` chooses which
    photographs are held out where a folder has no split for testing.

    Raises ValueError for arguments that make no sense, BadFolder for a folder that
    can't be worked with, DownloadError, and CacheError where neither the disk nor the
    memory has room for the pixels.
    """
    # Here, not above: lessons in bare NumPy need no torch.
    from helpers.pictures import sources

    _refuse_odd_numbers(size=size, per_class=per_class, workers=workers)
    if not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed is a whole number from 0 up, not {seed!r}.")
    if root is not None and download is not None:
        raise ValueError("Give either a folder or the name of a download, not both.")
    how = {"size": size, "workers": workers, "progress": progress}
    if download == "pets":
        return sources.pets(per_class, **how)
    if download == "kaggle":
        return sources.kaggle(per_class, seed, **how)
    if download is not None:
        names = 'either "pets" or "kaggle"'
        raise ValueError(f"The download is called {names}, not {download!r}.")
    root = os.environ.get("COURSE_PHOTOS") if root is None else root
    if root:
        return sources.folder(root, per_class, seed, **how)
    return sources.drawn(per_class, size=size)


def _refuse_odd_numbers(**numbers):
    for name, number in numbers.items():
        if number is None and name != "size":
            continue
        if not isinstance(number, int) or number < 1:
            raise ValueError(f"{name} is a whole number from 1 up, not {number!r}.")
