"""Which axis disappears in a sum."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l00_start_here import solutions


def by_summing():
    """The oracle: the lesson's table, summed."""
    return np.outer([1, 10, 100], [1, 2, 3]).sum(axis=0).tolist()


MISTAKES = (
    Mistake(
        "summed along the rows",
        did="You added the numbers of each row: that is `table.sum(axis=1)`.",
        look="`axis=0` names the axis that disappears, and axis 0 counts the rows.",
        swap={"[111, 222, 333]": "[6, 60, 600]"},
    ),
    Mistake(
        "mean for sum",
        did="You took the mean of each column.",
        look="The direction is right; only leave out the division by 3.",
        swap={"[111, 222, 333]": "[37, 74, 111]"},
    ),
    Mistake(
        "largest of each column",
        did="You took the largest number of each column, or the last row.",
        look="`sum` adds up what it finds on its way down, the 1 and the 10 too.",
        swap={"[111, 222, 333]": "[100, 200, 300]"},
    ),
    Mistake(
        "first row",
        did="You kept the first row as it is.",
        look="The rows are to be added to each other: go on down each column.",
        swap={"[111, 222, 333]": "[1, 2, 3]"},
    ),
    Mistake(
        "everything summed",
        did="You added up all nine numbers.",
        look="That is `table.sum()`. With `axis=0`, one sum is left for each column.",
        swap={"[111, 222, 333]": "[666, 666, 666]"},
    ),
    Mistake(
        "one sum for everything",
        did="You added up all nine numbers into a single one.",
        look="That is `table.sum()`. With `axis=0`, one sum is left for each column.",
        swap={"[111, 222, 333]": "666"},
    ),
    Mistake(
        "first column",
        did="You kept the first column as it is.",
        look="The rows are to be added to each other: how much is 1 + 10 + 100?",
        swap={"[111, 222, 333]": "[1, 10, 100]"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_axis,
    oracle=by_summing,
    hints=(
        "Axis 0 is the first of the two sizes in `table.shape`: it counts the rows.",
        "Summing over an axis makes that axis disappear. Put a finger on the 1 and walk down.",
    ),
    mistakes=MISTAKES,
)
