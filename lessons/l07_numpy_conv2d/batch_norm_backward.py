"""The way back through batch norm, in training and in evaluation."""

import numpy as np
import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions
from lessons.l07_numpy_conv2d._autograd import gradients_by_torch


def batch_norm_backward_by_torch(dy, x, weight, mean, var, training=True, eps=1e-5):
    """The oracle: (dx, dweight, dbias) by autograd. dy and x are (N, C, H, W)."""
    x, weight, mean, var = map(torch.from_numpy, (x, weight, mean, var))
    leaves = x, weight, torch.zeros_like(weight)
    for leaf in leaves:
        leaf.requires_grad_()
    y = F.batch_norm(x, mean, var, *leaves[1:], training=training, eps=eps)
    return gradients_by_torch(y, dy, *leaves)


def cases(rng):
    """dy and x (N, C, H, W), weight, mean and var (C,), training, eps."""
    dy, x = np.array([[[[1.0]], [[0.0]]], [[[0.0]], [[2.0]]]]), np.ones((2, 2, 1, 1))
    x[1] = [[[3.0]], [[-1.0]]]
    ones = np.ones(2)
    yield dy, x, 2 * ones, 0 * ones, ones, True, 0.5
    yield dy, x, 2 * ones, 0 * ones, 4 * ones, False, 0.5
    for shape, training in [((4, 3, 2, 5), True), ((3, 2, 4, 1), False)]:
        C = shape[1]
        statistics = rng.normal(size=C), rng.uniform(1, 3, size=C)
        dy, x = rng.normal(size=shape), rng.normal(1, 2, size=shape)
        yield dy, x, rng.uniform(0.5, 2, size=C), *statistics, training, 0.1


MISTAKES = (
    Mistake(
        "mean's path left out",
        did="In training, `dx` lacks the way through the mean.",
        look="Raise one x, and the mean of its channel rises: all others of the channel come out lower.",
        swap={" - dx_hat.mean(axis=axes, keepdims=True)": ""},
    ),
    Mistake(
        "variance's path left out",
        did="In training, `dx` lacks the way through the variance.",
        look="Move one x away from the mean, and the variance grows: all others of the channel come out smaller.",
        swap={
            "        tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n": "",
            " - x_hat * tilt": "",
        },
    ),
    Mistake(
        "mean and variance as constants",
        did="In training you treated the batch's mean and variance as constants.",
        look="They are computed from x, so blame goes back through them, too.",
        swap={
            "    if training:\n        tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n        dx_hat = dx_hat - dx_hat.mean(axis=axes, keepdims=True) - x_hat * tilt\n": "",
        },
    ),
    Mistake(
        "sums in the paths",
        did="Through mean and variance you sent the sum of the blame.",
        look="Each x moves the mean by 1/n of its own step, so what comes back is the mean of the blame.",
        swap={
            "(dx_hat * x_hat).mean(": "(dx_hat * x_hat).sum(",
            "- dx_hat.mean(": "- dx_hat.sum(",
        },
    ),
    Mistake(
        "training mode ignored",
        did="You used the running statistics in training too.",
        look="In training, batch norm uses the batch's own mean and variance.",
        swap=[
            {
                "    if training:\n        mean, var = x.mean(axis=axes), x.var(axis=axes)\n": "",
            },
            {
                "    if training:\n        mean, var = x.mean(axis=axes), x.var(axis=axes)\n": "",
                "    if training:\n        tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n        dx_hat = dx_hat - dx_hat.mean(axis=axes, keepdims=True) - x_hat * tilt\n": "",
            },
        ],
    ),
    Mistake(
        "evaluation treated like training",
        did="In evaluation you used the batch's statistics, and their paths.",
        look="With `training=False`, mean and var are given, and constant.",
        swap={
            "    if training:\n        mean, var =": "    mean, var =",
            "    if training:\n        tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n        dx_hat =": "    tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n    dx_hat =",
        },
    ),
    Mistake(
        "paths through given statistics",
        did="In evaluation you sent blame through mean and variance as well.",
        look="There they don't depend on x: only the direct way is left.",
        swap={
            "    if training:\n        tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n        dx_hat =": "    tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)\n    dx_hat =",
        },
    ),
    Mistake(
        "unbiased variance",
        did="You normalised with the unbiased variance, which has one less below.",
        look="The batch is normalised with the biased one, `x.var(axis=...)` as it is; the unbiased one is only kept as running variance.",
        swap={"x.var(axis=axes)": "x.var(axis=axes, ddof=1)"},
    ),
    Mistake(
        "weight left out of dx",
        did="`dx` is right for a weight of 1.",
        look="On its way to x_hat, blame passes the weight: multiply.",
        swap={"dx_hat = dy * weight[:, None, None]": "dx_hat = dy"},
    ),
    Mistake(
        "dweight from x as it came",
        did="For `dweight` you multiplied `dy` by x before it was normalised.",
        look="The weight is multiplied by x_hat: that is its signal.",
        swap={"(dy * x_hat).sum": "(dy * x).sum"},
    ),
    Mistake(
        "divided by the variance",
        did="You divided `dx` by the variance.",
        look="x was divided by the standard deviation, its root, and so is its blame.",
        swap={"return dx_hat / std": "return dx_hat / (var + eps)[:, None, None]"},
    ),
    Mistake(
        "not divided by the deviation",
        did="You didn't divide `dx` by the standard deviation.",
        look="x was divided by it on the way forward, and so is its blame.",
        swap={"return dx_hat / std": "return dx_hat"},
    ),
    Mistake(
        "eps left out",
        did="You took the root of the variance alone.",
        look="`eps` is added below the root, as on the way forward: `np.sqrt(var + eps)`.",
        swap={"np.sqrt(var + eps)": "np.sqrt(var)"},
    ),
    Mistake(
        "summed over the batch only",
        did="`dweight` and `dbias` still have rows and columns.",
        look="A channel has one weight and one bias: sum over rows and columns too.",
        swap={
            "(dy * x_hat).sum(axis=axes), dy.sum(axis=axes)": "(dy * x_hat).sum(axis=0), dy.sum(axis=0)",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.batch_norm_backward,
    oracle=batch_norm_backward_by_torch,
    cases=cases,
    returns=("dx", "dweight", "dbias"),
    hints=(
        "y = weight · x_hat + bias, channel by channel: `dweight` and `dbias` are sums over images, rows and columns.",
        "In training, an x moves its batch's mean and variance too. Blame comes back on three ways: directly, through the mean, through the variance.",
        "The two further ways take the mean of dx_hat away, and x_hat times the mean of dx_hat · x_hat. In evaluation they don't exist.",
    ),
    mistakes=MISTAKES,
)
