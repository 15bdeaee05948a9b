"""A gradient found by central differences, to check others by."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions


def by_complex_step(f, w, eps=None):
    """The oracle: the exact gradient of f at w, by a tiny step into the complex plane.

    f(w + ih) = f(w) + ih f'(w) + …, so the imaginary part over h is the derivative,
    with nothing subtracted and no digits lost. Squire and Trapp, "Using complex
    variables to estimate derivatives of real functions", SIAM Review 40 (1998).
    """
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        nudged = w.astype(complex)
        nudged[index] += 1e-30j
        grad[index] = f(nudged).imag / 1e-30
    return grad


# What it is tried on: functions of an array of any shape that return one number.


def weighted_squares(w):
    """A bowl: central differences are exact on it, for any eps."""
    return (np.arange(1, w.size + 1).reshape(w.shape) * w**2).sum()


def products_of_neighbours(w):
    """Each entry times the next; nothing squared, everything entangled."""
    flat = w.ravel()
    return (flat[1:] * flat[:-1]).sum() + 3 * flat[0]


def far_up(w):
    """A bowl so high up that rounding drowns a small nudge, and not a large one."""
    return weighted_squares(w) + 1e7


def wavy(w):
    """A sine of each entry, weighted: never straight, so that eps must be small."""
    return (np.sin(w) * np.arange(1, w.size + 1).reshape(w.shape)).sum()


def cases(rng):
    """f, w with one axis or two, and an eps that suits f."""
    yield weighted_squares, np.array([3.0, 1.0]), 0.5
    yield products_of_neighbours, np.array([[1.0, 2.0, -1.0]]), 0.25
    yield weighted_squares, rng.normal(size=(2, 3)), 0.1
    yield far_up, rng.normal(size=(3, 1)), 8.0
    yield wavy, rng.normal(size=(3, 2)), 1e-5
    yield weighted_squares, rng.normal(size=4), 1e-4


MISTAKES = (
    Mistake(
        "forward difference",
        did="You compared `f` a step ahead with `f` where it stands. On a curve, that is off by an amount that grows with `eps`.",
        look="Step to both sides, `w + nudge` and `w - nudge`: the error of one side cancels that of the other.",
        swap={"f(w - nudge)": "f(w)", "(2 * eps)": "eps"},
    ),
    Mistake(
        "backward difference",
        did="You compared `f` where it stands with `f` a step behind. On a curve, that is off by an amount that grows with `eps`.",
        look="Step to both sides, `w + nudge` and `w - nudge`: the error of one side cancels that of the other.",
        swap={"f(w + nudge)": "f(w)", "(2 * eps)": "eps"},
    ),
    Mistake(
        "divided by eps",
        did="Every entry is twice what it should be: you divided by `eps`.",
        look="From `w - nudge` to `w + nudge` it is two steps.",
        swap={"(2 * eps)": "eps"},
    ),
    Mistake(
        "multiplied instead of divided",
        did="You wrote `/ 2 * eps`, which divides by 2 and then multiplies by `eps`.",
        look="Python works from left to right here: put brackets around `2 * eps`.",
        swap={"(2 * eps)": "2 * eps"},
    ),
    Mistake(
        "difference not divided",
        did="You returned how much `f` changes, not how fast.",
        look="A slope is a change divided by the distance: `2 * eps`.",
        swap={
            "(f(w + nudge) - f(w - nudge)) / (2 * eps)": "f(w + nudge) - f(w - nudge)"
        },
    ),
    Mistake(
        "all entries nudged at once",
        did="You nudged all of `w` at once, so every entry got the same slope, their sum.",
        look="Each entry needs a nudge of its own, while the others stay.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        grad[index] = (f(w + eps) - f(w - eps)) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "one slope for all of w",
        did="You nudged all of `w` at once and got a single slope.",
        look="Each entry needs a nudge of its own, while the others stay, and has its slope in the result.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    return (f(w + eps) - f(w - eps)) / (2 * eps)
""",
    ),
    Mistake(
        "whole rows nudged",
        did="You nudged a whole row at a time: `nudge[i]` means all of row i.",
        look="Every entry has an index for each axis: `np.ndindex(w.shape)` gives them.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for i in range(len(w)):
        nudge = np.zeros_like(w)
        nudge[i] = eps
        grad[i] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "nudges pile up",
        did="The first entry is right, then the errors start: an entry once nudged was never put back.",
        look="Start each entry from `w` as it was given.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    moved = w.copy()
    for index in np.ndindex(w.shape):
        moved[index] += eps
        up = f(moved)
        moved[index] -= 2 * eps
        down = f(moved)
        grad[index] = (up - down) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "w left nudged",
        did="You nudged `w` itself and never put it back: the caller's weights have moved, and later entries are computed at another place.",
        look="Work on `w + nudge` and `w - nudge`, and leave `w` alone.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        w[index] += eps
        up = f(w)
        w[index] -= 2 * eps
        down = f(w)
        grad[index] = (up - down) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "put back by arithmetic",
        did="You nudged `w` itself and stepped back by adding and subtracting. Rounding leaves it a hair from where it was.",
        look="Keep the old value and write it back, or leave `w` alone and use `w + nudge`.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        w[index] += eps
        up = f(w)
        w[index] -= 2 * eps
        down = f(w)
        w[index] += eps
        grad[index] = (up - down) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "only the first entry",
        did="Only the first entry was computed: the loop ended after one turn.",
        look="Does the `return` stand inside the loop? Move it to the left.",
        swap={"    return grad": "        return grad"},
    ),
    Mistake(
        "nudge never cleared",
        did="The first entry is right, then the errors start: `nudge` still holds the nudges of the turns before.",
        look="Make a new `nudge` of zeros in each turn of the loop.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    nudge = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "f asked about single entries",
        did="You handed `f` one entry at a time.",
        look="`f` takes an array like `w`: all of it, with one entry nudged.",
        code="""
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        grad[index] = (f(w[index] + eps) - f(w[index] - eps)) / (2 * eps)
    return grad
""",
    ),
    Mistake(
        "eps ignored",
        did="You took a step of your own, whatever `eps` is.",
        look="How far to step is for the caller to say: where numbers are large, a tiny step drowns in rounding.",
        swap=[
            {"nudge[index] = eps": "nudge[index] = 1e-5", "2 * eps": "2 * 1e-5"},
            {"nudge[index] = eps": "nudge[index] = 1e-6", "2 * eps": "2 * 1e-6"},
            {"nudge[index] = eps": "nudge[index] = 1e-4", "2 * eps": "2 * 1e-4"},
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.numeric_gradient,
    oracle=by_complex_step,
    cases=cases,
    rtol=1e-6,
    hints=(
        "One entry at a time: nudge it up, ask `f`; nudge it down, ask `f` again.",
        "`for index in np.ndindex(w.shape):` visits every entry, whatever the number of axes.",
        "Make a nudge of zeros with `eps` at `index`. The two values of `f` lie `2 * eps` apart.",
    ),
    mistakes=MISTAKES,
)
