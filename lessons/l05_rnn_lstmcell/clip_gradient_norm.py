"""A limit for gradients that explode."""

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions
from lessons.l05_rnn_lstmcell._numbers import numbers


def by_torch(grads, max_norm):
    """The oracle: torch's clip_grad_norm_, on copies. A list of the gradients' shapes."""
    parameters = [nn.Parameter(torch.zeros_like(grad)) for grad in grads]
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.grad = grad.clone()
    nn.utils.clip_grad_norm_(parameters, max_norm)
    return [parameter.grad for parameter in parameters]


def cases(rng):
    """A list of tensors of any shapes, and a limit above their norm or below it."""
    yield [torch.tensor([3.0, 0.0]), torch.tensor([[4.0]])], 1.0
    yield [torch.tensor([0.3, 0.0]), torch.tensor([[0.4]])], 1.0
    yield [torch.zeros(2), torch.zeros(3, 1)], 2.0
    for scale, max_norm in [(3.0, 2.0), (0.1, 3.0), (10.0, 5.0)]:
        shapes = (2, 3), (4,), (3, 1)
        # At least 0.5 in size, so that a sum of squares is far from its root.
        grads = [numbers(rng, *shape) for shape in shapes]
        yield [scale * (grad + 0.5 * grad.sign()) for grad in grads], max_norm


MISTAKES = (
    Mistake(
        "each tensor by itself",
        did="You clipped each tensor by its own norm. The step then points in another direction.",
        look="One norm for all of them, and one factor.",
        code="""
def clip_gradient_norm(grads, max_norm):
    clipped = []
    for grad in grads:
        scale = (max_norm / grad.norm()).clamp(max=1)
        clipped.append(grad * scale)
    return clipped
""",
    ),
    Mistake(
        "norm of the first tensor",
        did="You took the norm of the first tensor for that of all of them.",
        look="The norm has every tensor's squares in it.",
        swap={"torch.sqrt(sum((grad**2).sum() for grad in grads))": "grads[0].norm()"},
    ),
    Mistake(
        "small gradients scaled up",
        did="Gradients below `max_norm` were scaled up to it.",
        look="It is a limit, not a target: the factor is 1 at most.",
        swap={"(max_norm / norm).clamp(max=1)": "max_norm / (norm + 1e-6)"},
    ),
    Mistake(
        "scaled up, and zero over zero",
        did="Every list was scaled to `max_norm`, the small ones too, and gradients of zero became NaN.",
        look="It is a limit, not a target: if the norm is within it, change nothing.",
        swap={"(max_norm / norm).clamp(max=1)": "max_norm / norm"},
    ),
    Mistake(
        "never scaled down",
        did="Your factor is 1 at the least, so that large gradients stay large and small ones grow.",
        look="The factor is 1 at the most: `min`, or `clamp(max=1)`.",
        swap=[
            {"clamp(max=1)": "clamp(min=1)"},
            {"/ norm).clamp(max=1)": "/ (norm + 1e-6)).clamp(min=1)"},
        ],
    ),
    Mistake(
        "entries clamped",
        did="You cut every entry off at ±`max_norm`, each by itself.",
        look="Scaling keeps the direction of the step: one factor for all entries.",
        code="""
def clip_gradient_norm(grads, max_norm):
    return [grad.clamp(-max_norm, max_norm) for grad in grads]
""",
    ),
    Mistake(
        "root forgotten",
        did="You compared the sum of squares with `max_norm`; that is the norm squared.",
        look="The norm is its root.",
        swap={"torch.sqrt(": "", "in grads))": "in grads)"},
    ),
    Mistake(
        "sizes summed",
        did="Your norm is the sum of the absolute values.",
        look="It is the root of the sum of the squares that is wanted.",
        swap={
            "torch.sqrt(sum((grad**2).sum() for grad in grads))": "sum(grad.abs().sum() for grad in grads)"
        },
    ),
    Mistake(
        "largest entry for the norm",
        did="You took the largest entry for the norm.",
        look="The norm has all entries in it: the root of the sum of their squares.",
        swap={
            "torch.sqrt(sum((grad**2).sum() for grad in grads))": "max(grad.abs().max() for grad in grads)"
        },
    ),
    Mistake(
        "norms of the tensors added",
        did="You added the norms of the tensors.",
        look="Add their squares, and take the root at the end.",
        swap={
            "torch.sqrt(sum((grad**2).sum() for grad in grads))": "sum(grad.norm() for grad in grads)"
        },
    ),
    Mistake(
        "scaled to norm one",
        did="Gradients that were too large now have norm 1, whatever `max_norm` says.",
        look="Multiply by `max_norm` as well.",
        swap={"(max_norm / norm).clamp(max=1)": "1 / norm if norm > max_norm else 1"},
    ),
    Mistake(
        "zero over zero",
        did="Gradients of zero became NaN, from 0 divided by 0.",
        look="Make the factor first, and limit it to 1; or divide only where the norm is too large.",
        swap={"(max_norm / norm).clamp(max=1)": "norm.clamp(max=max_norm) / norm"},
    ),
    Mistake(
        "changed in place",
        did="The numbers are right, and they were written into the caller's gradients.",
        look="torch's `clip_grad_norm_` does that, and says so by its `_`. Here a list of new ones is wanted.",
        swap={
            "return [grad * scale for grad in grads]": "for grad in grads:\n        grad *= scale\n    return grads"
        },
    ),
    Mistake(
        "limit subtracted",
        did="You subtracted `max_norm` from the entries of gradients that are too large.",
        look="Scale them: one factor makes all of them smaller.",
        code="""
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum((grad**2).sum() for grad in grads))
    if norm > max_norm:
        return [grad - max_norm for grad in grads]
    return grads
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.clip_gradient_norm,
    oracle=by_torch,
    cases=cases,
    rtol=1e-4,
    hints=(
        "First one number: the root of the sum of all squares, over all tensors.",
        "If it is larger than `max_norm`, every tensor is multiplied by `max_norm` over it. Otherwise nothing changes.",
        "All-zero gradients have norm 0: see that no 0/0 arises.",
    ),
    mistakes=MISTAKES,
)
