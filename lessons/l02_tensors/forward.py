"""The two-layer net forward, in torch."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions
from lessons.l02_tensors._nets import as_float32, forward_by_einsum


def by_numpy(x, w1, w2):
    """The oracle: in NumPy and double precision; only the results are rounded.

    x (N, D_in), w1 (D_in, D_hidden), w2 (D_hidden, D_out).
    """
    return as_float32(forward_by_einsum(*(t.double().numpy() for t in (x, w1, w2))))


def cases(rng):
    """x, w1, w2 in float32: the 2-3-1 net of lesson 01, then three drawn ones."""
    w1 = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, -1.0]])
    yield as_float32((np.array([[1.0, 2.0]]), w1, np.array([[1.0], [0.0], [2.0]])))
    for N, D_in, D_hidden, D_out in [(2, 3, 4, 5), (5, 4, 2, 3), (7, 6, 5, 2)]:
        shapes = (N, D_in), (D_in, D_hidden), (D_hidden, D_out)
        yield as_float32([rng.normal(size=shape) for shape in shapes])


MISTAKES = (
    Mistake(
        "clamped from the other side",
        did="You kept what is negative: `clamp(max=0)` is a ceiling.",
        look="ReLU has its floor at 0: which of `min` and `max` sets a floor?",
        swap={"clamp(min=0)": "clamp(max=0)"},
    ),
    Mistake(
        "h overwritten in place",
        did="`h` has lost its negative numbers: ReLU wrote its result into the same tensor.",
        look="The way back needs `h` as it was. `clamp_`, with the underscore, writes into `h` itself; `clamp` makes a new tensor.",
        swap={"h.clamp(min=0)": "h.clamp_(min=0)"},
    ),
    Mistake(
        "no ReLU before the output",
        did="The second layer was fed with `h`, so ReLU made no difference to `y_pred`.",
        look="Which of the two does the output layer see: `h`, or what ReLU left of it?",
        swap={"h_relu.mm(w2)": "h.mm(w2)"},
    ),
    Mistake(
        "ReLU on the output too",
        did="You cut negative predictions off as well.",
        look="ReLU belongs between the layers; the output may be any number.",
        swap={"h_relu.mm(w2)": "h_relu.mm(w2).clamp(min=0)"},
    ),
    Mistake(
        "clamped to between 0 and 1",
        did="You cut everything above 1 as well.",
        look="ReLU has a floor and no ceiling: leave `max` out.",
        swap={"clamp(min=0)": "clamp(min=0, max=1)"},
    ),
    Mistake(
        "mask for ReLU",
        did="`h_relu` holds only ones and zeros: where `h` is positive, not how much.",
        look="A unit that is on passes its value on: `h * (h > 0)`.",
        swap={"h.clamp(min=0)": "(h > 0).float()"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.forward,
    oracle=by_numpy,
    cases=cases,
    returns=("h", "h_relu", "y_pred"),
    hints=(
        "Take your three lines from lesson 01. Two of them need no change at all: `@` works on tensors.",
        "torch's names are `mm` for the product of two matrices, and `clamp(min=0)` for the maximum with 0.",
    ),
    mistakes=MISTAKES,
)
