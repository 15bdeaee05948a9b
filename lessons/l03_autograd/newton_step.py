"""A step to where a function is flat."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l03_autograd import solutions
from lessons.l03_autograd._curves import cases, derivatives


def by_paper(f, x):
    """The oracle: where Newton's step leads, in the shape of x."""
    first, second = derivatives(f, x.numpy())
    return torch.tensor(x.numpy() - first / second)


MISTAKES = (
    Mistake(
        "gradient step",
        did="You went down the slope by its own size; the second derivative isn't used.",
        look="Newton divides the slope by the second derivative, which sets the length of the step.",
        swap={"x - slope / bend": "x - slope"},
    ),
    Mistake(
        "towards a zero of f",
        did="You divided `f` by its slope: that leads to where `f` is 0.",
        look="To get to where it is flat, use the slope and *its* slope.",
        swap={"slope / bend": "f(x) / slope"},
    ),
    Mistake(
        "step the wrong way",
        did="You added the step.",
        look="The slope has to be cancelled: subtract.",
        swap={"x - slope / bend": "x + slope / bend"},
    ),
    Mistake(
        "fraction upside down",
        did="You divided the second derivative by the slope.",
        look="The other way round: a strong bend makes a short step.",
        swap={"slope / bend": "bend / slope"},
    ),
    Mistake(
        "multiplied by the bend",
        did="You multiplied the slope by the second derivative.",
        look="A strong bend makes a short step: divide.",
        swap={"slope / bend": "slope * bend"},
    ),
    Mistake(
        "step without the place",
        did="You returned the step itself.",
        look="The step starts at `x`. Where does it lead?",
        swap=[
            {"x - slope / bend": "-slope / bend"},
            {"x - slope / bend": "slope / bend"},
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.newton_step,
    oracle=by_paper,
    cases=cases,
    hints=(
        "Near `x` the slope is `slope + bend * step`. For which step is that 0?",
        "The step is the slope divided by the second derivative, against its sign.",
    ),
    mistakes=MISTAKES,
)
