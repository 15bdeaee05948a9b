"""Negative numbers become 0."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l00_start_here import solutions


def by_choosing(x):
    """The oracle: each entry chosen by a comparison. x of any shape."""
    return np.where(x > 0, x, 0.0)


def cases(rng):
    """x alone: a row with a 0 in it, a large number among small ones, drawn shapes."""
    yield (np.array([-2.0, 0.0, 3.0]),)
    yield (np.array([[0.5, -1.5, 2.0], [-0.25, 400.0, -3.0]]),)
    yield (rng.normal(0, 3, size=(3, 5)),)
    yield (rng.normal(0, 3, size=(2, 3, 4)),)


MISTAKES = (
    Mistake(
        "absolute value",
        did="You turned the negative numbers positive, so -2 became 2.",
        look="ReLU drops what is negative: what should be left of -2?",
        swap={"np.maximum(x, 0)": "np.abs(x)"},
    ),
    Mistake(
        "input changed in place",
        did="The numbers are right, but you wrote them into `x` itself, and whoever called your function has lost theirs.",
        look="Make a new array; `np.maximum` and `np.where` do.",
        swap={"return np.maximum(x, 0)": "x[x < 0] = 0\n    return x"},
    ),
    Mistake(
        "mask returned",
        did="You returned where `x` is positive, a yes or no for each entry.",
        look="That mask is half the way: what happens if you multiply `x` by it?",
        swap={"np.maximum(x, 0)": "x > 0"},
    ),
    Mistake(
        "clipped at 1 too",
        did="Everything above 1 was cut down to 1.",
        look="ReLU has a floor and no ceiling: large numbers pass as they are.",
        swap={"np.maximum(x, 0)": "np.clip(x, 0, 1)"},
    ),
    Mistake(
        "negatives leak",
        did="A hundredth of each negative number came through. That is a cousin, the leaky ReLU.",
        look="Here nothing of a negative number is to be left.",
        swap={"np.maximum(x, 0)": "np.where(x > 0, x, 0.01 * x)"},
    ),
    Mistake(
        "negatives kept",
        did="You kept the negative numbers and dropped the positive ones.",
        look="Of each number and 0, which one do you take: the smaller, or the larger?",
        swap={"np.maximum(x, 0)": "np.minimum(x, 0)"},
    ),
    Mistake(
        "sign of the numbers",
        did="Every positive number became 1: you kept its sign and lost its size.",
        look="A positive number passes through ReLU unchanged.",
        swap={"np.maximum(x, 0)": "np.where(x > 0, 1.0, 0.0)"},
    ),
    Mistake(
        "np.max for np.maximum",
        did="You asked for the largest number along axis 0: that is what the 0 means in `np.max(x, 0)`.",
        look="`np.maximum(x, 0)` puts a 0 against each entry of `x`.",
        swap={"np.maximum": "np.max"},
    ),
    Mistake(
        "negative numbers left out",
        did="You kept the positive numbers only, and the places of the others are gone.",
        look="The shape stays: where a number was negative, there is a 0 now.",
        swap={"np.maximum(x, 0)": "x[x > 0]"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.relu,
    oracle=by_choosing,
    cases=cases,
    hints=(
        "Two numbers compete for each place: the one in `x`, and 0. Which one wins?",
        "`np.maximum(a, b)` compares two arrays entry by entry, and one of them may be a single number.",
    ),
    mistakes=MISTAKES,
)
