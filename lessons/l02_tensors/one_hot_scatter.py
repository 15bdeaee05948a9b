"""One-hot rows, written by scatter."""

import torch
import torch.nn.functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions


def by_torch(labels, classes):
    """The oracle: torch's own, in float32; labels (N,), result (N, classes)."""
    return F.one_hot(labels, classes).float()


def cases(rng):
    """labels (N,) of integers, and how many classes there are; not all are used."""
    yield torch.tensor([2, 0]), 4
    yield torch.tensor([1, 1, 0, 3, 0]), 6
    yield torch.tensor(rng.integers(0, 5, size=7)), 8
    yield torch.tensor(rng.integers(1, 3, size=6)), 4
    yield torch.tensor(rng.permutation(5)), 5  # every class, the last one too


MISTAKES = (
    Mistake(
        "index without its axis",
        did="`scatter` was given labels of one axis, for zeros that have two.",
        look="Give each row its own list of one column: `labels[:, None]`, (N, 1).",
        swap={"labels[:, None]": "labels"},
    ),
    Mistake(
        "every mark in the first row",
        did="All the marks went into the first row: an index of shape (1, N) belongs to one row.",
        look="A column of labels, (N, 1), gives each row its own.",
        swap={"labels[:, None]": "labels[None, :]"},
    ),
    Mistake(
        "transposed",
        did="You have a column for each example and a row for each class.",
        look="Examples are rows: (N, classes).",
        swap={
            "torch.zeros(len(labels), classes)": "torch.zeros(classes, len(labels))",
            "scatter(1, labels[:, None], 1.0)": "scatter(0, labels[None, :], 1.0)",
        },
    ),
    Mistake(
        "label in place of 1",
        did="You wrote the label itself into its column.",
        look="The column already says which label it is; what goes in is a 1.",
        swap={"labels[:, None], 1.0": "labels[:, None], labels[:, None].float()"},
    ),
    Mistake(
        "as many columns as labels seen",
        did="You took the largest label for the number of classes.",
        look="A class may be missing from these labels and exist all the same: use `classes`.",
        swap={"zeros(len(labels), classes)": "zeros(len(labels), labels.max() + 1)"},
    ),
    Mistake(
        "ones scattered with zeros",
        did="The label's column is 0, and all others are 1.",
        look="Start from zeros and scatter a 1.",
        swap={
            "zeros = torch.zeros(": "ones = torch.ones(",
            "zeros.scatter(1, labels[:, None], 1.0)": "ones.scatter(1, labels[:, None], 0.0)",
        },
    ),
    Mistake(
        "scattered along the rows",
        did="`scatter(0, …)` takes the labels for numbers of rows.",
        look="The mark moves along the columns: that is axis 1.",
        swap={"scatter(1,": "scatter(0,"},
    ),
    Mistake(
        "marks lost",
        did="You returned nothing but zeros: `scatter` makes a new tensor and leaves the old as it was.",
        look="Return what `scatter` hands back; or `scatter_`, with the underscore, writes into the zeros.",
        code="""
def one_hot_scatter(labels, classes):
    zeros = torch.zeros(len(labels), classes)
    zeros.scatter(1, labels[:, None], 1.0)
    return zeros
""",
    ),
    Mistake(
        "every row marked for every label",
        did="Each row has a 1 for every label there is: `zeros[:, labels]` means all rows.",
        look="Each row has a label of its own: `scatter` with (N, 1) pairs the two.",
        code="""
def one_hot_scatter(labels, classes):
    zeros = torch.zeros(len(labels), classes)
    zeros[:, labels] = 1
    return zeros
""",
    ),
    Mistake(
        "last class forgotten",
        did="Rows of the last class have no 1.",
        look="The classes are 0, 1, … `classes - 1`, and `range(classes)` goes through all of them.",
        code="""
def one_hot_scatter(labels, classes):
    marks = torch.zeros(len(labels), classes)
    for c in range(classes - 1):
        marks[labels == c, c] = 1
    return marks
""",
    ),
    Mistake(
        "counted from 1",
        did="Each 1 stands a column too far to the left: labels were counted from 1.",
        look="Label 0 belongs into column 0.",
        code="""
def one_hot_scatter(labels, classes):
    return torch.eye(classes)[labels - 1]
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.one_hot_scatter,
    oracle=by_torch,
    cases=cases,
    hints=(
        "Start from `torch.zeros(len(labels), classes)`; then `scatter(dim, index, 1.0)` writes a 1 at each index along that axis.",
        "`index` needs as many axes as the zeros have: `labels[:, None]` is (N, 1).",
    ),
    mistakes=MISTAKES,
)
