"""The two-layer net's gradients by hand, in torch."""

import torch
import torch.nn.functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions
from lessons.l02_tensors._nets import as_float32, forward_by_einsum, two_layer_cases


def by_autograd(x, y, h, h_relu, y_pred, w2):
    """The oracle: torch's own, by moving the weights by nothing.

    w1 isn't given; moved by E1 (D_in, D_hidden), it would move h by x @ E1.
    """
    E1 = torch.zeros(x.shape[1], h.shape[1], dtype=torch.float64, requires_grad=True)
    E2 = torch.zeros_like(w2, dtype=torch.float64, requires_grad=True)
    moved = F.relu(h.double() + x.double() @ E1) @ (w2.double() + E2)
    loss = F.mse_loss(moved, y.double(), reduction="sum")
    return tuple(g.float() for g in torch.autograd.grad(loss, (E1, E2)))


def cases(rng):
    """x, y, h, h_relu, y_pred, w2 in float32, computed in double precision."""
    for x, y, w1, w2 in two_layer_cases(rng):
        yield as_float32((x, y, *forward_by_einsum(x, w1, w2), w2))


MISTAKES = (
    Mistake(
        "ReLU's mask forgotten",
        did="`dw1` is right except that switched-off units still pass gradient back.",
        look="Where `h` is negative, no gradient passes. Ask `h > 0`, or `h_relu > 0`: `h_relu >= 0` is true everywhere.",
        swap=[{" * (h > 0)": ""}, {"h > 0": "h_relu >= 0"}],
    ),
    Mistake(
        "ReLU's mask inverted",
        did="`dw1` lets gradient through where a unit is off, and stops it where the unit is on.",
        look="A unit that passed its signal on gets the blame: which way round is the comparison?",
        swap={"h > 0": "h < 0"},
    ),
    Mistake(
        "factor 2 dropped",
        did="Both gradients are half of what they should be.",
        look="The derivative of a square is 2 times what was squared.",
        swap={"2 * (y_pred - y)": "y_pred - y"},
    ),
    Mistake(
        "mean for sum",
        did="Both gradients are divided by the number of entries of `y`. (`F.mse_loss` takes the mean, too, unless it is told otherwise.)",
        look="This network's loss is the sum, so that nothing is divided.",
        swap={"2 * (y_pred - y)": "2 * (y_pred - y) / y.numel()"},
    ),
    Mistake(
        "reshaped for transposed",
        did="You gave `x` and `h_relu` the shapes of their transposes with `reshape` or `view`, which leaves the numbers in their old order.",
        look="Turning is `.T`: the entry at [i, j] goes to [j, i].",
        swap={
            "h_relu.T": "h_relu.reshape(h_relu.shape[1], -1)",
            "x.T": "x.reshape(x.shape[1], -1)",
        },
    ),
    Mistake(
        "h in place of h_relu",
        did="`dw2` is computed with `h`, negative values and all.",
        look="What went through `w2` on the way forward was `h_relu`.",
        swap={"h_relu.T": "h.T"},
    ),
    Mistake(
        "y_pred changed in place",
        did="The gradients are right, but a method with an underscore wrote into `y_pred`, which belongs to the caller.",
        look="`y_pred - y` makes a new tensor; `y_pred.sub_(y)` overwrites the old one.",
        swap={"2 * (y_pred - y)": "2 * y_pred.sub_(y)"},
    ),
    Mistake(
        "mask from the gradient",
        did="You switched off where the gradient is negative. ReLU doesn't look at gradients.",
        look="On the way forward, ReLU switched on the sign of `h`; the way back uses the same switches.",
        swap={" * (h > 0)": ".clamp(min=0)"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.gradients,
    oracle=by_autograd,
    cases=cases,
    returns=("dw1", "dw2"),
    rtol=1e-4,
    hints=(
        "Line by line, this is lesson 01's. `.T` turns a tensor of two axes as it turns an array.",
        "A mask of True and False may be multiplied with a tensor of floats.",
    ),
    mistakes=MISTAKES,
)
