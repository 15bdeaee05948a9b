"""A linear layer as a Function."""

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._functions_put_to_use import by_autograd, put_to_use


def linear(x, weight, bias):
    """torch's own: x (N, D_in), weight (D_out, D_in), bias (D_out,) or None."""
    return nn.functional.linear(x, weight, bias)


def by_torch(x, weight, bias, blame, wanted):
    """The oracle: torch's own layer; blame (N, D_out), wanted as "x, weight"."""
    given = {"x": x, "weight": weight, "bias": bias}
    return by_autograd(linear, given, blame, wanted.split(", "))


def cases(rng):
    """x (N, D_in), weight (D_out, D_in), bias (D_out,) or None, blame (N, D_out).

    Last, the names of those that ask for a gradient, in one string.
    """

    def numbers(*shape):
        return torch.tensor(rng.normal(size=shape))

    yield (
        torch.tensor([[1.0, 2.0]], dtype=torch.float64),
        torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 1.0]], dtype=torch.float64),
        torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64),
        torch.tensor([[1.0, 10.0, 100.0]], dtype=torch.float64),
        "x, weight, bias",
    )
    yield numbers(2, 3), numbers(4, 3), None, numbers(2, 4), "x, weight"
    yield numbers(3, 2), numbers(4, 2), numbers(4), numbers(3, 4), "weight, bias"
    yield numbers(4, 5), numbers(3, 5), numbers(3), numbers(4, 3), "x"


def probe(answer, x, weight, bias, blame, wanted):
    """A report on the Function: its output and what its backward makes of blame."""
    given = {"x": x, "weight": weight, "bias": bias}
    return put_to_use(answer, given, blame, wanted.split(", "))


MISTAKES = (
    Mistake(
        "weight gradient transposed",
        did="The weight's gradient has its rows and columns exchanged.",
        look="It must have the weight's own shape, (D_out, D_in): blame comes first in the product.",
        swap={"blame.T @ x": "x.T @ blame"},
    ),
    Mistake(
        "bias gradient not summed",
        did="You gave the bias one row of blame for each example. autograd adds such rows up without a word, but only because the shapes allow it.",
        look="One bias served all rows: sum the blame over the batch, axis 0.",
        swap={"blame.sum(0)": "blame"},
    ),
    Mistake(
        "bias gradient summed along the rows",
        did="You summed the blame over the outputs of each example.",
        look="The bias has an entry for each output. Sum over the batch: axis 0.",
        swap={"blame.sum(0)": "blame.sum(1)"},
    ),
    Mistake(
        "bias gradient averaged",
        did="You averaged the blame over the batch.",
        look="Blame adds up: if an average is wanted, the loss has divided already.",
        swap={"blame.sum(0)": "blame.mean(0)"},
    ),
    Mistake(
        "weight gradient averaged",
        did="You divided the weight's gradient by the number of examples.",
        look="Blame adds up: if an average is wanted, the loss has divided already.",
        swap={"blame.T @ x": "blame.T @ x / len(x)"},
    ),
    Mistake(
        "gradients in another order",
        did="You returned the weight's gradient first, and then that of `x`.",
        look="The order is that of `forward`'s arguments: x, weight, bias.",
        swap={"return dx, dweight, dbias": "return dweight, dx, dbias"},
    ),
    Mistake(
        "one gradient too few",
        did="Your `backward` returned two gradients, and `forward` took three arguments.",
        look="One is due for each argument after `ctx`, `None` for a bias that isn't there.",
        swap={"return dx, dweight, dbias": "return dx, dweight"},
    ),
    Mistake(
        "frozen inputs left out of the list",
        did="You returned only those gradients that were asked for, so the others moved up.",
        look="The places stay: what `ctx.needs_input_grad` says no to gets `None`.",
        swap={
            "return dx, dweight, dbias": "grads = zip((dx, dweight, dbias), ctx.needs_input_grad)\n        return tuple(grad for grad, needed in grads if needed)"
        },
    ),
    Mistake(
        "a gradient for a bias that isn't there",
        did="You returned a gradient for the bias, even where the bias is None.",
        look="Note in `forward` whether there is a bias, and return `None` if not.",
        swap={"blame.sum(0) if ctx.has_bias else None": "blame.sum(0)"},
    ),
    Mistake(
        "tensors kept as attributes",
        did="You hung tensors on `ctx` as attributes. Change one of them in place before `backward`, and the gradient comes out false without a word.",
        look="`ctx.save_for_backward(x, weight)` keeps count of such changes, and refuses.",
        swap={
            "ctx.save_for_backward(x, weight)": "ctx.x, ctx.weight = x, weight",
            "x, weight = ctx.saved_tensors": "x, weight = ctx.x, ctx.weight",
        },
    ),
    Mistake(
        "weight not transposed",
        did="You multiplied `x` by the weight as it lies.",
        look="x is (N, D_in), weight (D_out, D_in): one of the two has to be transposed.",
        swap={"x @ weight.T": "x @ weight"},
    ),
    Mistake(
        "bias tested for being true",
        did="`if bias:` asks a whole tensor for one yes or no.",
        look="What you want to know is whether there is one: `if bias is not None:`.",
        swap={
            "return out + bias if ctx.has_bias else out": "if bias:\n            out = out + bias\n        return out"
        },
    ),
    Mistake(
        "bias never added",
        did="Your `forward` leaves the bias out.",
        look="Where it isn't None, it is added to every row.",
        swap={"out + bias if ctx.has_bias else out": "out"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.LinearFunction,
    oracle=by_torch,
    cases=cases,
    probe=probe,
    inputs=("x", "weight", "bias", "blame", "asking for gradients"),
    hints=(
        "Each gradient has the shape of what it belongs to. With blame (N, D_out), x (N, D_in) and weight (D_out, D_in), only one product fits each.",
        "The bias was added to every row, so it is to blame for every row: sum over the batch. Without a bias, its place is taken by `None`.",
        "`dx = blame @ weight` and `dweight = blame.T @ x`; return them in the order x, weight, bias.",
    ),
    mistakes=MISTAKES,
)
