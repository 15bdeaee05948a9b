"""Which class was taken for which."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from diagnose.kinds import is_tensor, to_numpy
from lessons import about
from lessons.l08_cnn_classifier import solutions


def by_bins(predicted, labels, classes):
    """The oracle: each pair as one number. (N,) and (N,) to (classes, classes)."""
    cells = labels.numpy() * classes + predicted.numpy()
    counts = np.bincount(cells, minlength=classes**2).reshape(classes, classes)
    return torch.from_numpy(counts.astype(np.int64))


def cases(rng):
    """predicted (N,), labels (N,), classes.

    The last class is never guessed, nor shown: the size must come from classes.
    """
    yield torch.tensor([0, 1, 1, 1, 0]), torch.tensor([0, 1, 1, 0, 0]), 2
    for n, classes in ((11, 3), (20, 5)):
        labels = rng.integers(0, classes - 1, size=n)
        noise = rng.integers(0, 2, size=n)
        predicted = (labels + noise) % (classes - 1)
        labels[:5], predicted[:5] = (0, 0, 0, 1, 1), (1, 1, 0, 1, 1)
        yield torch.tensor(predicted), torch.tensor(labels), classes


def probe(answer, predicted, labels, classes):
    """The answer's counts (classes, classes); whole numbers may come as floats."""
    counts = answer(predicted, labels, classes)
    numbers = to_numpy(counts) if is_tensor(counts) else None
    if numbers is None or numbers.dtype.kind != "f":
        return counts
    whole = np.isfinite(numbers).all() and np.array_equal(numbers, numbers.round())
    return counts.long() if whole else counts


MISTAKES = (
    Mistake(
        "rows and columns swapped",
        did="Your rows are what was guessed, your columns what it is.",
        look="Entry [i, j] is of class i and was taken for j: the row is the label.",
        swap={"counts[label, guess]": "counts[guess, label]"},
    ),
    Mistake(
        "each cell counted once",
        did="A cell that comes twice still holds 1, as with `counts[labels, predicted] += 1`, which reads all cells before it writes any.",
        look="Use a loop, or `torch.bincount(labels * classes + predicted)`.",
        swap=[
            {
                "for label, guess in zip(labels, predicted, strict=True):\n        counts[label, guess]": "counts[labels, predicted]"
            },
            {"+= 1": "= 1"},
        ],
    ),
    Mistake(
        "shares for counts",
        did="You divided by the number of all pictures.",
        look="Counts were asked for.",
        swap={"return counts": "return counts / len(labels)"},
    ),
    Mistake(
        "rows as shares",
        did="Each row is divided by its sum: these are shares of a class.",
        look="Counts were asked for, as integers.",
        swap={"return counts": "return counts / counts.sum(1, keepdim=True)"},
    ),
    Mistake(
        "as large as the classes seen",
        did="You took the number of classes from the numbers that came; a class that nobody showed or guessed is missing.",
        look="The table is (classes, classes), with zeros where nothing came.",
        swap={
            "counts = torch": "classes = max(labels.max(), predicted.max()) + 1\n    counts = torch"
        },
    ),
    Mistake(
        "the diagonal alone",
        did="You counted the pictures whose guess was right, and no others.",
        look="The others go beside the diagonal: `counts[label, guess] += 1`.",
        swap={
            "counts[label, guess]": "if label == guess:\n            counts[label, guess]"
        },
    ),
    Mistake(
        "the diagonal empty",
        did="You counted the confusions only.",
        look="What was right is counted too, on the diagonal.",
        swap={
            "counts[label, guess]": "if label != guess:\n            counts[label, guess]"
        },
    ),
    Mistake(
        "classes in reverse",
        did="The last class comes first in your table, along rows and columns.",
        look="Row 0 and column 0 are for class 0.",
        swap=[
            {"return counts": "return counts.flip(0, 1)"},
            {
                "counts[label, guess]": "counts[classes - 1 - label, classes - 1 - guess]"
            },
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.confusion_matrix,
    oracle=by_bins,
    cases=cases,
    probe=probe,
    inputs=("predicted", "labels", "classes"),
    hints=(
        "A table of zeros, and one more in a cell for each picture. Which cell?",
        "The row is what it *is*, the column what it was *taken for*.",
        "`counts[labels, predicted] += 1` counts each cell once, however often it comes. A loop counts all.",
    ),
    mistakes=MISTAKES,
)
