"""Gradients of a small expression, and what a second backward does to them."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l03_autograd import solutions


def by_autograd():
    """The oracle, {name: int}: out = a * b + a, differentiated twice in a row."""
    a = torch.tensor(2.0, requires_grad=True)
    b = torch.tensor(3.0, requires_grad=True)
    (a * b + a).backward()
    first = {"a.grad": int(a.grad), "b.grad": int(b.grad)}
    (a * b + a).backward()
    return first | {"a.grad after a second backward": int(a.grad)}


MISTAKES = (
    Mistake(
        "the direct way forgotten",
        did="You counted the way of `a` through the product, and not the one past it.",
        look="Nudge `a` by a hair: the product grows by 3 hairs, and then `+ a` adds one more.",
        swap={
            '"a.grad": 4': '"a.grad": 3',
            'second backward": 8': 'second backward": 6',
        },
    ),
    Mistake(
        "only the direct way",
        did="You counted the `+ a`, and not the way of `a` through the product.",
        look="Nudge `a` by a hair: what does `a * b` do?",
        swap={
            '"a.grad": 4': '"a.grad": 1',
            'second backward": 8': 'second backward": 2',
        },
    ),
    Mistake(
        "partners exchanged",
        did="You gave each factor its own value as its gradient.",
        look="In `a * b`, a hair of `a` counts `b` times: the gradient of a factor is the other one.",
        swap={
            '"a.grad": 4': '"a.grad": 3',
            '"b.grad": 2': '"b.grad": 3',
            'second backward": 8': 'second backward": 6',
        },
    ),
    Mistake(
        "the second call replaces the first",
        did="You let the second `backward` start from nothing.",
        look="`backward` adds to what is in `.grad` already; that is why training loops zero it.",
        swap={'second backward": 8': 'second backward": 4'},
    ),
    Mistake(
        "values for gradients",
        did="You wrote down `a` and `b` themselves.",
        look="A gradient says by how much `out` changes if the number is nudged.",
        swap={
            '"a.grad": 4': '"a.grad": 2',
            '"b.grad": 2': '"b.grad": 3',
            'second backward": 8': 'second backward": 2',
        },
    ),
    Mistake(
        "one way and no adding",
        did="You counted the way of `a` through the product only, and let the second `backward` start from nothing.",
        look="`+ a` adds one more, and `backward` adds to what is in `.grad` already.",
        swap={
            '"a.grad": 4': '"a.grad": 3',
            'second backward": 8': 'second backward": 3',
        },
    ),
    Mistake(
        "too much for b",
        did="The gradient of `b` is larger than what the product passes on.",
        look="`b` is a factor of `a * b` and nothing else: nudge it by a hair, and `out` grows by `a` hairs.",
        swap={'"b.grad": 2': '"b.grad": 3'},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_grads,
    oracle=by_autograd,
    hints=(
        "`a` reaches `out` on two ways: through the product, and directly. Blame comes back on both.",
        "Nobody empties `.grad` between two calls of `backward`.",
    ),
    mistakes=MISTAKES,
)
