"""The derivative of a derivative."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l03_autograd import solutions
from lessons.l03_autograd._curves import cases, derivatives


def by_paper(f, x):
    """The oracle: the second derivative of f, in the shape of x."""
    _, second = derivatives(f, x.numpy())
    return torch.tensor(second)


MISTAKES = (
    Mistake(
        "no record to follow",
        did="Something was to be differentiated that has no record of how it was computed from `x`.",
        look="Two things keep a record: `x.detach().requires_grad_()` before `f`, and `create_graph=True` in the first call.",
        swap=[
            {", create_graph=True": ""},
            {"create_graph=True": "retain_graph=True"},
            {"    x = x.detach().requires_grad_()\n": ""},
        ],
    ),
    Mistake(
        "first derivative",
        did="You returned the slope.",
        look="Differentiate it once more.",
        swap={"return bend": "return slope"},
    ),
    Mistake(
        "slope squared",
        did="You squared the slope.",
        look="The second derivative is the slope of the slope.",
        swap={"return bend": "return slope**2"},
    ),
    Mistake(
        "summed over the entries",
        did="You returned the sum of all second derivatives.",
        look="Each entry of `x` has its own.",
        swap={"return bend": "return bend.sum()"},
    ),
    Mistake(
        "slope at the slope",
        did="You put the slope into `f` and differentiated there.",
        look="Differentiate the slope itself with respect to `x`.",
        swap={"slope.sum(), x)": "f(slope).sum(), slope)"},
    ),
    Mistake(
        "slope still in .grad",
        did="You returned the slope plus its slope: the second `backward` added to what the first had left in `x.grad`.",
        look="Empty `x.grad` between the two, or use `torch.autograd.grad`, which adds to nothing.",
        code="""
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    f(x).sum().backward(create_graph=True)
    x.grad.sum().backward()
    return x.grad.detach()
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.second_derivative,
    oracle=by_paper,
    cases=cases,
    hints=(
        "The gradient of `f(x).sum()` holds the slope at each entry. Take the gradient of its sum once more.",
        "The second time needs a graph of how the slope was computed: `create_graph=True`.",
    ),
    mistakes=MISTAKES,
)
