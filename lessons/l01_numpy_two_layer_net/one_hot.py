"""Labels as rows of zeros with a single 1."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions


def by_comparing(labels, classes):
    """The oracle: each label (N,) compared with each class; (N, classes)."""
    return np.equal.outer(labels, np.arange(classes)).astype(float)


def cases(rng):
    """labels (N,) and the number of classes; most cases don't use all of them."""
    yield np.array([2, 0]), 4
    yield np.array([1, 1, 0, 3, 0]), 6
    yield rng.integers(0, 5, size=7), 8
    yield rng.integers(1, 3, size=6), 4
    yield rng.permutation(5), 5  # every class, the last one too


MISTAKES = (
    Mistake(
        "every row marked for every label",
        did="Each row has a 1 for every label there is: `y[:, labels]` means all rows.",
        look="Pair each row with its own label: `y[np.arange(len(labels)), labels]`.",
        code="""
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    y[:, labels] = 1
    return y
""",
    ),
    Mistake(
        "transposed",
        did="You have a column for each example and a row for each class.",
        look="Examples are rows: (N, classes).",
        swap={"[labels]": "[:, labels]"},
    ),
    Mistake(
        "counted from 1",
        did="Each 1 stands a column too far to the left: labels were counted from 1.",
        look="Label 0 belongs into column 0.",
        swap={"[labels]": "[labels - 1]"},
    ),
    Mistake(
        "label in place of 1",
        did="You wrote the label itself into its column.",
        look="The column already says which label it is; what goes in is a 1.",
        code="""
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    y[np.arange(len(labels)), labels] = labels
    return y
""",
    ),
    Mistake(
        "as many columns as labels seen",
        did="You took the largest label for the number of classes.",
        look="A class may be missing from these labels and exist all the same: use `classes`.",
        swap={"np.eye(classes)": "np.eye(labels.max() + 1)"},
    ),
    Mistake(
        "filled up to the label",
        did="Each row is 1 from its first column up to the label's.",
        look="One-hot means a single 1 in a row.",
        code="""
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    for n, label in enumerate(labels):
        y[n, : label + 1] = 1
    return y
""",
    ),
    Mistake(
        "only the first row",
        did="Only the first row has its 1.",
        look="Does the `return` stand inside the loop? Move it to the left.",
        code="""
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    for n, label in enumerate(labels):
        y[n, label] = 1
        return y
""",
    ),
    Mistake(
        "only the last row",
        did="Only the last row has its 1.",
        look="Are the zeros made anew in each turn of the loop? Make them once, above it.",
        code="""
def one_hot(labels, classes):
    for n, label in enumerate(labels):
        y = np.zeros((len(labels), classes))
        y[n, label] = 1
    return y
""",
    ),
    Mistake(
        "cold and hot exchanged",
        did="The label's column is 0, and all others are 1.",
        look="It is the label's column that gets the 1.",
        swap={"np.eye(classes)": "1 - np.eye(classes)"},
    ),
    Mistake(
        "last class forgotten",
        did="Rows of the last class have no 1.",
        look="The classes are 0, 1, … `classes - 1`, and `range(classes)` goes through all of them.",
        code="""
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    for c in range(classes - 1):
        y[labels == c, c] = 1
    return y
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.one_hot,
    oracle=by_comparing,
    cases=cases,
    hints=(
        "Start from zeros, (N, classes). In each row, one entry has to become 1: which one?",
        "`y[rows, columns] = 1` sets one entry for each pair of a row and a column. The rows are `np.arange(len(labels))`.",
        "Or: each row you want is a row of the identity, `np.eye(classes)`.",
    ),
    mistakes=MISTAKES,
)
