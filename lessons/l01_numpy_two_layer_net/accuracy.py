"""How often the largest score stands at the label."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions


def one_by_one(scores, labels):
    """The oracle: rows of scores (N, C) compared with labels (N,) in turn; a number."""
    right = 0
    for row, label in zip(scores.tolist(), labels.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(labels)


def cases(rng):
    """scores (N, C) and labels (N,): two by hand, then drawn ones with hits for half."""
    yield np.array([[0.1, 0.9, 0.0], [0.8, 0.1, 0.1]]), np.array([1, 2])
    yield (
        # In the last row the top score equals the label, and its place doesn't.
        np.array([[3.0, 1.0], [-2.0, -1.0], [0.5, 0.25], [1.0, 0.5]]),
        np.array([0, 1, 0, 1]),
    )
    for N, C in [(8, 5), (5, 7), (12, 3)]:
        labels = rng.integers(0, C, size=N)
        scores = rng.normal(size=(N, C))
        hits = rng.permutation(N)[: N // 2 + 1]
        scores[hits, labels[hits]] += 3
        yield scores, labels


MISTAKES = (
    Mistake(
        "argmax over the wrong axis",
        did="You looked down each column for the best example, where the best class of each example is wanted.",
        look="The axis named is the one that disappears. What is to be left is one number for each of the N rows.",
        swap={"axis=1": "axis=0"},
    ),
    Mistake(
        "argmax over everything",
        did="`argmax` without an axis numbers all entries through and gives a single one.",
        look="Each row has a winner of its own: which axis has to disappear?",
        swap={"axis=1": ""},
    ),
    Mistake(
        "count for share",
        did="You counted the hits.",
        look="A share lies between 0 and 1: divide by how many there are, or take the mean.",
        swap={".mean()": ".sum()"},
    ),
    Mistake(
        "per cent for share",
        did="You returned per cent.",
        look="A share lies between 0 and 1; leave out the 100.",
        swap={".mean()": ".mean() * 100"},
    ),
    Mistake(
        "error rate",
        did="You measured how often the guess misses.",
        look="Accuracy counts the hits: `==`, not `!=`.",
        swap={"==": "!="},
    ),
    Mistake(
        "divided by the number of classes",
        did="You divided the hits by the number of columns.",
        look="There is one hit or miss for each row: divide by `len(labels)`.",
        swap={".mean()": ".sum() / scores.shape[1]"},
    ),
    Mistake(
        "divided by all entries",
        did="You divided the hits by the number of all scores.",
        look="There is one hit or miss for each row: divide by `len(labels)`.",
        swap={".mean()": ".sum() / scores.size"},
    ),
    Mistake(
        "score compared with label",
        did="You compared the largest score itself with the label.",
        look="What names the class is where the largest score stands: `argmax`, not `max`.",
        swap={"argmax": "max"},
    ),
    Mistake(
        "smallest score wins",
        did="You took the class with the smallest score.",
        look="A high score says yes: the largest wins.",
        swap={"argmax": "argmin"},
    ),
    Mistake(
        "hit or miss for each row",
        did="You returned a True or False for each example.",
        look="One number sums them up: their mean.",
        swap={
            "(scores.argmax(axis=1) == labels).mean()": "scores.argmax(axis=1) == labels"
        },
    ),
    Mistake(
        "zeros counted as hits",
        did="You compared one-hot rows entry by entry, so that zeros which agree count as hits.",
        look="Compare the classes themselves: one hit or miss for each row.",
        code="""
def accuracy(scores, labels):
    classes = scores.shape[1]
    guesses = one_hot(scores.argmax(axis=1), classes)
    return (guesses == one_hot(labels, classes)).mean()
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.accuracy,
    oracle=one_by_one,
    cases=cases,
    hints=(
        "The guess for an example is the column of its largest score.",
        "`scores.argmax(axis=1)` looks along each row and answers with a column.",
        "The mean of a mask is the share of its Trues.",
    ),
    mistakes=MISTAKES,
)
