"""The shapes on the way forward, and on the way back."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions


def of_arrays():
    """The oracle: shapes read off arrays. A gradient is shaped like what it moves."""
    x, w1, w2 = np.zeros((64, 1000)), np.zeros((1000, 100)), np.zeros((100, 10))
    h = x @ w1
    y_pred = h @ w2
    arrays = {"h": h, "y_pred": y_pred, "dw1": w1, "dw2": w2}
    return {name: array.shape for name, array in arrays.items()}


MISTAKES = (
    Mistake(
        "hidden layer transposed",
        did="You gave `h` a row for each hidden unit.",
        look="The rows of `x` are examples, and they stay rows all the way: what is left of (64, 1000) @ (1000, 100)?",
        swap={'"h": (64, 100)': '"h": (100, 64)'},
    ),
    Mistake(
        "hidden layer shaped like its weights",
        did="You gave `h` the shape of `w1`.",
        look="`h` holds a row for each of the 64 examples; the 1000 is what the product sums away.",
        swap={'"h": (64, 100)': '"h": (1000, 100)'},
    ),
    Mistake(
        "prediction without its batch",
        did="You gave `y_pred` the shape of `w2`.",
        look="Each of the 64 examples gets its own 10 scores.",
        swap={'"y_pred": (64, 10)': '"y_pred": (100, 10)'},
    ),
    Mistake(
        "prediction transposed",
        did="You gave `y_pred` a row for each output.",
        look="Examples are rows in this course, from `x` to `y_pred`.",
        swap={'"y_pred": (64, 10)': '"y_pred": (10, 64)'},
    ),
    Mistake(
        "gradients shaped like activations",
        did="You gave the gradients a row for each example.",
        look="`dw1` is subtracted from `w1`, so it has the same shape; the sum over the examples happens inside the product.",
        swap={
            '"dw1": (1000, 100)': '"dw1": (64, 100)',
            '"dw2": (100, 10)': '"dw2": (64, 10)',
        },
    ),
    Mistake(
        "gradients transposed",
        did="You turned the gradients on their side.",
        look="`w1 - learning_rate * dw1` has to fit: entry by entry, the two have one shape.",
        swap={
            '"dw1": (1000, 100)': '"dw1": (100, 1000)',
            '"dw2": (100, 10)': '"dw2": (10, 100)',
        },
    ),
    Mistake(
        "batch left out",
        did="You thought of one example.",
        look="`x` holds 64 of them, a row each: `h` and `y_pred` have 64 rows, too.",
        swap={
            '"h": (64, 100)': '"h": (100,)',
            '"y_pred": (64, 10)': '"y_pred": (10,)',
        },
    ),
    Mistake(
        "inner size kept",
        did="You kept the size that a product sums away.",
        look="In (64, 1000) @ (1000, 100) the two 1000s meet and disappear.",
        swap={
            '"h": (64, 100)': '"h": (64, 1000)',
            '"y_pred": (64, 10)': '"y_pred": (64, 100)',
        },
    ),
    Mistake(
        "gradients exchanged",
        did="You gave each gradient the shape of the other.",
        look="`dw1` belongs to `w1`, `dw2` to `w2`, and each is shaped like its own.",
        swap={
            '"dw1": (1000, 100)': '"dw1": (100, 10)',
            '"dw2": (100, 10)': '"dw2": (1000, 100)',
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_shapes,
    oracle=of_arrays,
    hints=(
        "In `a @ b` the inner sizes must be equal, and disappear; the outer two stay.",
        "A gradient has one number for each number of what it belongs to, because it is going to be subtracted from it.",
    ),
    mistakes=MISTAKES,
)
