"""The lesson's network for its oracles and cases: another way forward, slopes by nudges.

The references do it by matrix products and the chain rule. Here products are written out
by their indices, and a gradient is what the loss says when a weight is nudged.
"""

import math

import numpy as np

NUDGE = 1e-3
FROM_KINK = 0.05  # no hidden value in the cases is nearer to ReLU's kink than this


def small_net():
    """The 2-3-1 net that the lesson computes by hand: x, y, w1, w2."""
    x = np.array([[1.0, 2.0]])
    y = np.array([[3.0]])
    w1 = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, -1.0]])
    w2 = np.array([[1.0], [0.0], [2.0]])
    return x, y, w1, w2


def nets(rng):
    """x (N, D_in), y (N, D_out), w1, w2: the lesson's 2-3-1 net, then three drawn ones."""
    yield small_net()
    for N, D_in, D_hidden, D_out in [(2, 3, 4, 5), (5, 4, 3, 2), (3, 2, 5, 4)]:
        y = rng.normal(size=(N, D_out))
        w2 = rng.normal(size=(D_hidden, D_out))
        near_kink = True
        while near_kink:
            x = rng.normal(size=(N, D_in))
            w1 = rng.normal(size=(D_in, D_hidden))
            near_kink = np.abs(x @ w1).min() < FROM_KINK
        yield x, y, w1, w2


def forward_by_einsum(x, w1, w2):
    """h, h_relu (N, D_hidden) and y_pred (N, D_out), by explicit indices.

    n counts examples, i inputs, j hidden units, k outputs.
    """
    h = np.einsum("ni,ij->nj", x, w1)
    h_relu, y_pred = from_hidden(h, w2)
    return h, h_relu, y_pred


def from_hidden(h, w2):
    """The second half of the way, from h (N, D_hidden) on: h_relu and y_pred."""
    h_relu = np.where(h > 0, h, 0.0)
    return h_relu, np.einsum("nj,jk->nk", h_relu, w2)


def squared_error_one_by_one(y_pred, y):
    """The sum of all squared differences of two arrays of one shape; a number."""
    pairs = zip(y_pred.ravel().tolist(), y.ravel().tolist(), strict=True)
    return math.fsum((p - t) ** 2 for p, t in pairs)


def gradients_by_nudging(x, y, h, h_relu, y_pred, w2):
    """dw1 (D_in, D_hidden) and dw2 (D_hidden, D_out): central differences of the loss.

    No chain rule anywhere. Nudging w1 by E moves h by x @ E. Between the kinks of ReLU
    the loss is quadratic in the weights, and central differences of a quadratic have no
    error but rounding.
    """

    def loss(E1, E2):
        _, nudged = from_hidden(h + x @ E1, w2 + E2)
        return squared_error_one_by_one(nudged, y)

    zero1, zero2 = np.zeros((x.shape[1], h.shape[1])), np.zeros(w2.shape)
    dw1, dw2 = zero1.copy(), zero2.copy()
    for index in np.ndindex(dw1.shape):
        E = zero1.copy()
        E[index] = NUDGE
        dw1[index] = (loss(E, zero2) - loss(-E, zero2)) / (2 * NUDGE)
    for index in np.ndindex(dw2.shape):
        E = zero2.copy()
        E[index] = NUDGE
        dw2[index] = (loss(zero1, E) - loss(zero1, -E)) / (2 * NUDGE)
    return dw1, dw2
