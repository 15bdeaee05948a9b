"""Start here."""

import numpy as np

from helpers.checking.exercise import Exercise, Mistake


def relu(x):
    """Negative numbers become 0, all others stay. Any shape in, the same shape out."""
    return np.maximum(x, 0)


def relu_cases(rng):
    yield (np.array([-2.0, 0.0, 3.0]),)
    yield (np.array([[0.5, -1.5, 2.0], [-0.25, 400.0, -3.0]]),)
    yield (rng.normal(0, 3, size=(3, 5)),)
    yield (rng.normal(0, 3, size=(2, 3, 4)),)


def relu_in_place(x):
    x[x < 0] = 0
    return x


RELU = Exercise(
    "00.relu",
    reference=relu,
    oracle=lambda x: np.where(x > 0, x, 0.0),
    cases=relu_cases,
    minutes=2,
    difficulty=1,
    hints=(
        "Two numbers compete for each place: the one in `x`, and 0. Which one wins?",
        "`np.maximum(a, b)` compares two arrays entry by entry, and one of them may "
        "be a single number.",
    ),
    mistakes=(
        Mistake(
            "absolute value",
            "You turned the negative numbers positive, so -2 became 2.",
            "ReLU drops what is negative: what should be left of -2?",
            lambda x: np.abs(x),
        ),
        Mistake(
            "input changed in place",
            "The numbers are right, but you wrote them into `x` itself, and whoever "
            "called your function has lost theirs.",
            "Make a new array; `np.maximum` and `np.where` do.",
            relu_in_place,
        ),
        Mistake(
            "mask returned",
            "You returned where `x` is positive, a yes or no for each entry.",
            "That mask is half the way: what happens if you multiply `x` by it?",
            lambda x: x > 0,
        ),
        Mistake(
            "clipped at 1 too",
            "Everything above 1 was cut down to 1.",
            "ReLU has a floor and no ceiling: large numbers pass as they are.",
            lambda x: np.clip(x, 0, 1),
        ),
        Mistake(
            "negatives leak",
            "A hundredth of each negative number came through. That is a cousin, the "
            "leaky ReLU.",
            "Here nothing of a negative number is to be left.",
            lambda x: np.where(x > 0, x, 0.01 * x),
        ),
        Mistake(
            "negatives kept",
            "You kept the negative numbers and dropped the positive ones.",
            "Of each number and 0, which one do you take: the smaller, or the larger?",
            lambda x: np.minimum(x, 0),
        ),
        Mistake(
            "sign of the numbers",
            "Every positive number became 1: you kept its sign and lost its size.",
            "A positive number passes through ReLU unchanged.",
            lambda x: np.where(x > 0, 1.0, 0.0),
        ),
        Mistake(
            "np.max for np.maximum",
            "You asked for the largest number along axis 0: that is what the 0 means "
            "in `np.max(x, 0)`.",
            "`np.maximum(x, 0)` puts a 0 against each entry of `x`.",
            lambda x: np.max(x, 0),
        ),
        Mistake(
            "negative numbers left out",
            "You kept the positive numbers only, and the places of the others are "
            "gone.",
            "The shape stays: where a number was negative, there is a 0 now.",
            lambda x: x[x > 0],
        ),
    ),
)


def predict_axis():
    """The three numbers in table.sum(axis=0), as a list."""
    return [111, 222, 333]


PREDICT_AXIS = Exercise(
    "00.predict_axis",
    reference=predict_axis,
    oracle=lambda: np.outer([1, 10, 100], [1, 2, 3]).sum(axis=0).tolist(),
    minutes=1,
    difficulty=1,
    hints=(
        "Axis 0 is the first of the two sizes in `table.shape`: it counts the rows.",
        "Summing over an axis makes that axis disappear. Put a finger on the 1 and "
        "walk down.",
    ),
    mistakes=(
        Mistake(
            "summed along the rows",
            "You added the numbers of each row: that is `table.sum(axis=1)`.",
            "`axis=0` names the axis that disappears, and axis 0 counts the rows.",
            lambda: [6, 60, 600],
        ),
        Mistake(
            "mean for sum",
            "You took the mean of each column.",
            "The direction is right; only leave out the division by 3.",
            lambda: [37, 74, 111],
        ),
        Mistake(
            "largest of each column",
            "You took the largest number of each column, or the last row.",
            "`sum` adds up what it finds on its way down, the 1 and the 10 too.",
            lambda: [100, 200, 300],
        ),
        Mistake(
            "first row",
            "You kept the first row as it is.",
            "The rows are to be added to each other: go on down each column.",
            lambda: [1, 2, 3],
        ),
        Mistake(
            "everything summed",
            "You added up all nine numbers.",
            "That is `table.sum()`. With `axis=0`, one sum is left for each column.",
            lambda: [666, 666, 666],
        ),
        Mistake(
            "one sum for everything",
            "You added up all nine numbers into a single one.",
            "That is `table.sum()`. With `axis=0`, one sum is left for each column.",
            lambda: 666,
        ),
        Mistake(
            "first column",
            "You kept the first column as it is.",
            "The rows are to be added to each other: how much is 1 + 10 + 100?",
            lambda: [1, 10, 100],
        ),
    ),
)
