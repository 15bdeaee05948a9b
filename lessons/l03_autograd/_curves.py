"""Functions whose derivatives are worked out on paper, for two exercises."""

import numpy as np
import torch


def cube(x):
    """x³, entry by entry."""
    return x**3


def wave(x):
    """sin(2x) + x, entry by entry."""
    return torch.sin(2 * x) + x


def hill(x):
    """exp(-x²), entry by entry."""
    return torch.exp(-(x**2))


def derivatives(f, x):
    """The first and the second derivative of one of the above, from paper.

    x is an array of any shape, and so are both.
    """
    if f is cube:
        return 3 * x**2, 6 * x
    if f is wave:
        return 2 * np.cos(2 * x) + 1, -4 * np.sin(2 * x)
    return -2 * x * np.exp(-(x**2)), (4 * x**2 - 2) * np.exp(-(x**2))


def cases(rng):
    """A function and x, a float64 tensor of one or two axes."""
    yield cube, torch.tensor([2.0, -1.0], dtype=torch.float64)
    for f, shape in [(cube, (3,)), (wave, (2, 3)), (hill, (4,))]:
        yield f, torch.tensor(rng.uniform(0.6, 2, size=shape))
