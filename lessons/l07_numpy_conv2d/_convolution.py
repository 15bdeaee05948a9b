"""What the exercises on convolution share: the settings they are tried with, and torch.

Shapes are torch's: x (N, C_in, H, W), weight (C_out, C_in / groups, kH, kW), bias
(C_out,), y (N, C_out, H_out, W_out).
"""

import numpy as np
import torch
from torch.nn import functional as F

# Shapes of x and weight, then stride, padding, dilation, groups.
SETTINGS = (
    ((2, 3, 6, 7), (4, 3, 3, 2), (2, 1), 0, 1, 1),
    ((3, 2, 5, 4), (3, 2, 2, 3), 1, (2, 1), 1, 1),
    ((2, 1, 7, 8), (2, 1, 2, 3), 1, 0, (3, 2), 1),
    ((2, 4, 5, 6), (6, 2, 3, 2), 2, 1, 2, 2),
    ((1, 6, 9, 6), (3, 2, 2, 3), (1, 2), (0, 2), (2, 1), 3),
)


def conv_by_torch(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The oracle of both forward exercises: torch's conv2d, arrays in, array out."""
    x, weight = torch.from_numpy(x), torch.from_numpy(weight)
    bias = None if bias is None else torch.from_numpy(bias)
    return F.conv2d(x, weight, bias, stride, padding, dilation, groups).numpy()


def forward_cases(rng):
    """x, weight, bias or None, stride, padding, dilation, groups; none is square."""
    picture = np.array([[1.0, 2.0, 0.0, 4.0], [0.0, 3.0, 1.0, 5.0]])
    yield picture[None, None], np.array([[[[1.0, -2.0]]]]), None, 1, 0, 1, 1
    for place, (x, weight, *settings) in enumerate(SETTINGS):
        bias = None if place == 1 else rng.normal(size=weight[0])
        yield rng.normal(size=x), rng.normal(size=weight), bias, *settings


def several_blocks(rng):
    """x and weight so large that column_blocks needs two blocks."""
    return rng.normal(size=(3, 1, 42, 44)), rng.normal(size=(2, 1, 8, 9))
