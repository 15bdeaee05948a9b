"""A first Function: multiply by a constant."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._functions_put_to_use import by_autograd, put_to_use


def by_multiplying(x, constant, blame):
    """The oracle: torch's own multiplication. x and blame have the same shape."""
    given = {"x": x, "constant": constant}
    return by_autograd(lambda x, constant: x.mul(constant), given, blame)


def cases(rng):
    """x of any shape, the constant, and blame of x's shape."""
    yield torch.tensor([[1.0, 2.0]]), 3.0, torch.tensor([[1.0, 10.0]])
    for shape in ((2, 3), (4,)):
        x, blame = (torch.tensor(rng.normal(size=shape)) for _ in range(2))
        yield x, float(rng.uniform(1.5, 4)), blame


def probe(answer, x, constant, blame):
    """A report on the Function: its output and what its backward makes of blame."""
    return put_to_use(answer, {"x": x, "constant": constant}, blame)


MISTAKES = (
    Mistake(
        "one gradient too few",
        did="Your `backward` returned one gradient, and `forward` took two arguments.",
        look="One is due for each argument after `ctx`, in their order: `None` for the constant.",
        swap={"blame * ctx.constant, None": "blame * ctx.constant"},
    ),
    Mistake(
        "None in front",
        did="You returned `None` where the gradient of `x` is due.",
        look="Gradients come in the order of `forward`'s arguments: `x` first, and `None` for the constant.",
        swap={"blame * ctx.constant, None": "None, blame * ctx.constant"},
    ),
    Mistake(
        "a gradient for the constant",
        did="You returned a gradient for the constant, too. It is a plain number, and autograd can't pass anything back to it.",
        look="What is no tensor gets `None`.",
        swap=[
            {"blame * ctx.constant, None": "blame * ctx.constant, blame"},
            {
                "ctx.constant = constant": "ctx.constant = constant\n        ctx.save_for_backward(x)",
                "return blame * ctx.constant, None": "(x,) = ctx.saved_tensors\n        return blame * ctx.constant, blame * x",
            },
            {
                "ctx.constant = constant": "ctx.constant = constant\n        ctx.save_for_backward(x)",
                "return blame * ctx.constant, None": "(x,) = ctx.saved_tensors\n        return blame * ctx.constant, (blame * x).sum()",
            },
        ],
    ),
    Mistake(
        "self in front of ctx",
        did="Your methods begin with `self`. A Function is never made into an object: autograd calls them with `ctx` in first place.",
        look="`@staticmethod`, and `ctx` for the first argument.",
        swap=[
            {
                "@staticmethod\n    def forward(ctx,": "def forward(self, ctx,",
                "@staticmethod\n    def backward(ctx,": "def backward(self, ctx,",
            },
            {
                "def forward(ctx,": "def forward(self, ctx,",
                "def backward(ctx,": "def backward(self, ctx,",
            },
        ],
    ),
    Mistake(
        "a number given to save_for_backward",
        did="You gave the constant to `save_for_backward`, which takes tensors only.",
        look="A plain number becomes an attribute: `ctx.constant = constant`.",
        swap=[
            {
                "ctx.constant = constant": "ctx.save_for_backward(constant)",
                "return blame * ctx.constant": "(constant,) = ctx.saved_tensors\n        return blame * constant",
            },
            {
                "ctx.constant = constant": "ctx.save_for_backward(x, constant)",
                "return blame * ctx.constant": "x, constant = ctx.saved_tensors\n        return blame * constant",
            },
        ],
    ),
    Mistake(
        "nothing kept for the way back",
        did="`backward` asks `ctx` for a constant that `forward` never put there.",
        look="`ctx` is all that the two share: write `ctx.constant = constant` in `forward`.",
        swap={"        ctx.constant = constant\n": ""},
    ),
    Mistake(
        "blame left out",
        did="You returned the constant itself, for a blame of 1 everywhere.",
        look="What arrives in `blame` is multiplied by it.",
        swap=[
            {"blame * ctx.constant": "ctx.constant"},
            {"blame * ctx.constant": "torch.full_like(blame, ctx.constant)"},
        ],
    ),
    Mistake(
        "blame passed on as it came",
        did="You passed the blame on unchanged.",
        look="A hair of `x` moves the output by `constant` hairs.",
        swap={"blame * ctx.constant": "blame"},
    ),
    Mistake(
        "partners exchanged",
        did="You multiplied the blame by `x`. That would be the constant's gradient.",
        look="A hair of `x` moves the output by `constant` hairs.",
        swap=[
            {
                "ctx.constant = constant": "ctx.save_for_backward(x)",
                "return blame * ctx.constant": "(x,) = ctx.saved_tensors\n        return blame * x",
            },
            {
                "ctx.constant = constant": "ctx.x = x",
                "blame * ctx.constant": "blame * ctx.x",
            },
        ],
    ),
    Mistake(
        "divided on the way back",
        did="You divided the blame by the constant, as if to undo the forward step.",
        look="Backward doesn't undo: it multiplies by the slope, which is the constant.",
        swap={"blame * ctx.constant": "blame / ctx.constant"},
    ),
    Mistake(
        "x changed in place",
        did="Your `forward` multiplied `x` itself, which belongs to whoever called it.",
        look="Make a new tensor: `x * constant`.",
        swap=[
            {"return x * constant": "x *= constant\n        return x"},
            {"return x * constant": "return x.mul_(constant)"},
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.MulConstant,
    oracle=by_multiplying,
    cases=cases,
    probe=probe,
    inputs=("x", "constant", "blame"),
    hints=(
        "A plain number is hung on `ctx` as an attribute: `ctx.constant = constant`.",
        "By how much does the output grow if `x` grows by a hair? Multiply the blame by that.",
        "`backward` returns one thing for each argument of `forward` after `ctx`: here two, and the second is `None`.",
    ),
    mistakes=MISTAKES,
)
