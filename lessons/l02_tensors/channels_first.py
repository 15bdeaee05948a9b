"""Pictures with their channels first."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions


def by_index(images):
    """The oracle: (N, H, W, C) to (N, C, H, W), a channel of a picture at a time."""
    N, H, W, C = images.shape
    result = torch.empty(N, C, H, W, dtype=images.dtype)
    for n, c in np.ndindex(N, C):
        result[n, c] = images[n, :, :, c]
    return result


def cases(rng):
    """images alone, (N, H, W, C) in float32: one to count through, then drawn ones."""
    yield (torch.arange(12.0).reshape(1, 2, 2, 3),)
    for N, H, W, C in [(2, 4, 5, 3), (3, 2, 6, 4), (2, 3, 3, 3)]:
        yield (torch.tensor(rng.normal(size=(N, H, W, C)), dtype=torch.float32),)


MISTAKES = (
    Mistake(
        "reshaped for permuted",
        did="The shape is right and the picture is scrambled: `reshape` and `view` keep the numbers in their old order.",
        look="Axes change their places with `permute`.",
        code="""
def channels_first(images):
    N, H, W, C = images.shape
    return images.reshape(N, C, H, W)
""",
    ),
    Mistake(
        "height and width exchanged",
        did="Channels come first, but every picture lies on its side: (N, C, W, H).",
        look="After the channels come the old axes 1 and 2, in this order.",
        swap={"permute(0, 3, 1, 2)": "permute(0, 3, 2, 1)"},
    ),
    Mistake(
        "one exchange too few",
        did="You exchanged the axes 1 and 2, and left it at that.",
        look="Three axes move on by one place; a single exchange can't do that.",
        swap={"permute(0, 3, 1, 2)": "transpose(1, 2)"},
    ),
    Mistake(
        "moved the wrong way",
        did="You moved axis 1 to the end: that is the way from channels first to channels last.",
        look="Here the last axis has to come forward.",
        swap={"permute(0, 3, 1, 2)": "permute(0, 2, 3, 1)"},
    ),
    Mistake(
        "channels in reverse",
        did="The channels come first, but in reverse: red and blue are exchanged.",
        look="torch keeps red, green, blue in the order in which they come.",
        swap={"permute(0, 3, 1, 2)": "permute(0, 3, 1, 2).flip(1)"},
    ),
    Mistake(
        "batch last",
        did="All four axes are turned round, as `.T` does it: (C, W, H, N).",
        look="The examples stay in front: name the order of the axes with `permute`.",
        swap={"permute(0, 3, 1, 2)": "permute(3, 2, 1, 0)"},
    ),
    Mistake(
        "channels before the batch",
        did="The channels went all the way to the front: (C, N, H, W).",
        look="The examples stay in front, and the channels come next.",
        swap={"permute(0, 3, 1, 2)": "permute(3, 0, 1, 2)"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.channels_first,
    oracle=by_index,
    cases=cases,
    hints=(
        "The numbers must be counted in another order, so this is no task for `reshape`.",
        "`permute` lists, for each new axis, which old one it is. The new axis 1 is the old axis 3.",
    ),
    mistakes=MISTAKES,
)
