"""Rounding that lets blame through."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._functions_put_to_use import by_autograd, put_to_use


def clamp(x, low, high):
    """x of any shape, kept between low and high; autograd knows its slope."""
    return torch.minimum(torch.maximum(x, x.new_tensor(low)), x.new_tensor(high))


def by_clamping(x, low, high, blame):
    """The oracle: the value by NumPy, the gradient by torch's minimum and maximum."""
    given = {"x": x, "low": low, "high": high}
    value = torch.tensor(np.clip(np.rint(x.numpy()), low, high))
    return by_autograd(clamp, given, blame) | {"output": value}


def cases(rng):
    """x of any shape, low and high, and blame of x's shape."""
    yield (
        torch.tensor([0.4, 1.7, -2.9, 3.3, 5.0], dtype=torch.float64),
        -2,
        3,
        torch.tensor([1.0, 10.0, 100.0, 1000.0, 10000.0], dtype=torch.float64),
    )
    for shape, low, high in (((2, 3), -2, 1), ((3, 4), -8, 7)):
        # Whole numbers and thirds: never at a tie, nor at an end of the range.
        whole = rng.integers(low - 2, high + 2, size=shape)
        x = torch.tensor(whole + rng.choice([0.3, 0.7], size=shape))
        yield x, low, high, torch.tensor(rng.normal(size=shape))


def probe(answer, x, low, high, blame):
    """A report on the Function: its output and what its backward makes of blame."""
    return put_to_use(answer, {"x": x, "low": low, "high": high}, blame)


MISTAKES = (
    Mistake(
        "the true gradient",
        did="You returned zeros: the slope of a staircase, almost everywhere. True, and nothing would ever learn from it.",
        look="Straight through: pass the blame on as if nothing had been rounded.",
        swap={"blame * inside": "torch.zeros_like(blame)"},
    ),
    Mistake(
        "blame passes everywhere",
        did="You passed the blame on for entries that were cut off at the ends, too.",
        look="Out there the output doesn't move with x. Compare x itself with `low` and `high`; after clamping, everything is inside.",
        swap=[
            {"blame * inside": "blame"},
            {
                "ctx.save_for_backward": "x = x.round().clamp(low, high)\n        ctx.save_for_backward",
                "return x.round().clamp(low, high)": "return x",
            },
        ],
    ),
    Mistake(
        "mask taken after rounding",
        did="You compared the rounded x with the ends of the range, so that an x a little beyond an end still counts as inside.",
        look="Compare x as it came in, before it is rounded.",
        swap={
            "ctx.save_for_backward": "x = x.round()\n        ctx.save_for_backward",
            "x.round().clamp": "x.clamp",
        },
    ),
    Mistake(
        "mask turned round",
        did="Blame passes where x was cut off, and nowhere else.",
        look="Inside the range is where it should pass.",
        swap={"(x >= low) & (x <= high)": "(x < low) | (x > high)"},
    ),
    Mistake(
        "the steps at the ends left out",
        did="Nothing passes where x rounds to `low` or `high` itself.",
        look="Those belong to the range: compare x as it came in, with `<=` and `>=`.",
        swap=[
            {"(x >= low) & (x <= high)": "(x.round() > low) & (x.round() < high)"},
            {
                "ctx.save_for_backward((x >= low) & (x <= high))": "x = x.round().clamp(low, high)\n        ctx.save_for_backward((x > low) & (x < high))",
                "return x.round().clamp(low, high)": "return x",
            },
        ],
    ),
    Mistake(
        "blame clamped",
        did="You clamped the blame to the range of x.",
        look="Blame of any size may pass: where *x* lies decides.",
        swap={
            "ctx.save_for_backward((x >= low) & (x <= high))": "ctx.low, ctx.high = low, high",
            "        (inside,) = ctx.saved_tensors\n": "",
            "blame * inside": "blame.clamp(ctx.low, ctx.high)",
        },
    ),
    Mistake(
        "only one end looked at",
        did="You let blame pass below `low` as well: only `high` was compared.",
        look="The range has two ends.",
        swap={"(x >= low) & (x <= high)": "x <= high"},
    ),
    Mistake(
        "the upper end overlooked",
        did="You let blame pass above `high` as well: only `low` was compared.",
        look="The range has two ends.",
        swap={"(x >= low) & (x <= high)": "x >= low"},
    ),
    Mistake(
        "integers handed back",
        did="You made integers of the result. autograd doesn't follow those, so no blame comes back.",
        look="`.round()` is enough: its numbers are whole, and floats still.",
        swap=[
            {".clamp(low, high)": ".clamp(low, high).long()"},
            {".clamp(low, high)": ".clamp(low, high).int()"},
        ],
    ),
    Mistake(
        "numbers given to save_for_backward",
        did="You gave `low` and `high` to `save_for_backward`, which takes tensors only.",
        look="Plain numbers become attributes, `ctx.low = low`; or save the mask.",
        swap={
            "ctx.save_for_backward((x >= low) & (x <= high))": "ctx.save_for_backward(x, low, high)",
            "(inside,) = ctx.saved_tensors": "x, low, high = ctx.saved_tensors",
            "blame * inside": "blame * ((x >= low) & (x <= high))",
        },
    ),
    Mistake(
        "blame left out",
        did="You returned the mask itself.",
        look="The blame that arrives is multiplied by it.",
        swap=[
            {"blame * inside": "inside"},
            {"blame * inside": "inside.double()"},
        ],
    ),
    Mistake(
        "gradients too few",
        did="Your `backward` returned one gradient, and `forward` took three arguments.",
        look="One is due for each argument after `ctx`: `None` for `low` and `high`.",
        swap={"blame * inside, None, None": "blame * inside"},
    ),
    Mistake(
        "always rounded down",
        did="You rounded down, so that 1.7 became 1.",
        look="`.round()` goes to the nearest whole number.",
        swap={"x.round()": "x.floor()"},
    ),
    Mistake(
        "always rounded up",
        did="You rounded up, so that 0.4 became 1.",
        look="`.round()` goes to the nearest whole number.",
        swap={"x.round()": "x.ceil()"},
    ),
    Mistake(
        "digits cut off",
        did="You cut the digits off, which rounds towards zero.",
        look="`.round()` goes to the nearest whole number.",
        swap={"x.round()": "x.trunc()"},
    ),
    Mistake(
        "never clamped",
        did="Your output leaves the range: it was rounded, and not clamped.",
        look="`.clamp(low, high)` keeps it to the numbers that the bits can hold.",
        swap={".clamp(low, high)": ""},
    ),
    Mistake(
        "never rounded",
        did="You clamped x, and didn't round it.",
        look="`.round()` comes first.",
        swap={".round()": ""},
    ),
    Mistake(
        "x kept as an attribute",
        did="You hung `x` on `ctx` as an attribute. Change it in place before `backward`, and the gradient comes out false without a word.",
        look="Tensors go through `ctx.save_for_backward(…)`.",
        swap={
            "ctx.save_for_backward((x >= low) & (x <= high))": "ctx.x, ctx.low, ctx.high = x, low, high",
            "(inside,) = ctx.saved_tensors": "inside = (ctx.x >= ctx.low) & (ctx.x <= ctx.high)",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.StraightThroughRound,
    oracle=by_clamping,
    cases=cases,
    probe=probe,
    inputs=("x", "low", "high", "blame"),
    hints=(
        "Going back, act as if the rounding hadn't been there: what is the slope of a clamp inside its range, and outside?",
        "Inside, blame passes as it came; outside, nothing passes. A mask of True and False, saved in `forward`, says where.",
        "`forward` takes three arguments after `ctx`: `backward` returns `blame * inside, None, None`.",
    ),
    mistakes=MISTAKES,
)
