"""What the exercises on the two-layer net share, here and in lesson 03."""

import numpy as np
import torch

FROM_KINK = 0.05  # no hidden value in the cases is nearer to ReLU's kink than this


def forward_by_einsum(x, w1, w2):
    """h and h_relu (N, D_hidden) and y_pred (N, D_out), in NumPy, by indices.

    n counts examples, i inputs, j hidden units and k outputs.
    """
    h = np.einsum("ni,ij->nj", x, w1)
    h_relu = np.where(h > 0, h, 0.0)
    return h, h_relu, np.einsum("nj,jk->nk", h_relu, w2)


def two_layer_cases(rng):
    """(x, y, w1, w2) as arrays: the 2-3-1 net of lesson 01, then three drawn ones."""
    w1 = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, -1.0]])
    w2 = np.array([[1.0], [0.0], [2.0]])
    yield np.array([[1.0, 2.0]]), np.array([[3.0]]), w1, w2
    for N, D_in, D_hidden, D_out in [(2, 3, 4, 5), (5, 4, 3, 2), (3, 2, 5, 4)]:
        y = rng.normal(size=(N, D_out))
        w2 = rng.normal(size=(D_hidden, D_out))
        near_kink = True
        while near_kink:
            x = rng.normal(size=(N, D_in))
            w1 = rng.normal(size=(D_in, D_hidden))
            near_kink = np.abs(x @ w1).min() < FROM_KINK
        yield x, y, w1, w2


def as_float32(arrays):
    """A tuple of tensors, float32, one for each array; shapes stay."""
    return tuple(torch.tensor(array, dtype=torch.float32) for array in arrays)
