"""Borrowed from SciPy: a convolution."""

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._functions_put_to_use import (
    SECOND,
    by_autograd,
    put_to_use,
    second_derivative,
)


def conv(x, weight, bias):
    """torch's own: x (H, W), weight (kH, kW), bias (1,)."""
    return nn.functional.conv2d(x[None, None], weight[None, None], bias)[0, 0]


def by_torch(x, weight, bias, blame):
    """The oracle: torch's own convolution; blame (H - kH + 1, W - kW + 1)."""
    report = by_autograd(conv, {"x": x, "weight": weight, "bias": bias}, blame)
    return report | {SECOND: "isn't lost silently"}


def cases(rng):
    """x (H, W), weight (kH, kW), bias (1,), and blame (H - kH + 1, W - kW + 1)."""

    def numbers(*shape):
        return torch.tensor(rng.normal(size=shape))

    yield tuple(
        torch.tensor(rows, dtype=torch.float64)
        for rows in (
            [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
            [[1.0, -1.0]],
            [0.5],
            [[1.0, 10.0], [100.0, 1000.0]],
        )
    )
    for (H, W), (kH, kW) in (((4, 6), (2, 3)), ((5, 4), (3, 2)), ((5, 7), (2, 4))):
        out = (H - kH + 1, W - kW + 1)
        yield numbers(H, W), numbers(kH, kW), numbers(1), numbers(*out)


def probe(answer, x, weight, bias, blame):
    """A report on the Function, and on what becomes of a second derivative."""
    given = {"x": x, "weight": weight, "bias": bias}
    report = put_to_use(answer, given, blame)
    return report | {SECOND: second_derivative(answer, x, weight, bias)}


MISTAKES = (
    Mistake(
        "kernel flipped going forward",
        did="You went forward with `convolve2d`, which turns the kernel by half a turn before it slides.",
        look="What networks call convolution is `correlate2d`: the kernel as it lies.",
        swap={"out = correlate2d": "out = convolve2d"},
    ),
    Mistake(
        "correlate2d for the gradient of x",
        did="On the way back to x your kernel lands the other way round, as `correlate2d` has it, or `convolve2d` with a flip by hand.",
        look="Each entry of blame puts down a copy of the kernel as it lies, and that is what `convolve2d` computes by itself.",
        swap=[
            {"dx = convolve2d": "dx = correlate2d"},
            {"blame.numpy(), weight": "blame.numpy(), weight[::-1, ::-1]"},
        ],
    ),
    Mistake(
        "valid for the gradient of x",
        did='You used `mode="valid"` for the gradient of x, which makes blame smaller still.',
        look='x is larger than blame: `mode="full"`.',
        swap={'mode="full"': 'mode="valid"'},
    ),
    Mistake(
        "kernel transposed on the way to x",
        did="You exchanged rows and columns of the kernel on the way back to x.",
        look="What has to be turned is turned by `convolve2d` itself: hand it the kernel as it is.",
        swap={"blame.numpy(), weight": "blame.numpy(), weight.T"},
    ),
    Mistake(
        "convolve2d for the gradient of the weight",
        did="You found the weight's gradient with `convolve2d`, which turns the blame before it slides.",
        look="A weight is to blame for what it touched, in the order in which it touched it: `correlate2d`.",
        swap={"dweight = correlate2d": "dweight = convolve2d"},
    ),
    Mistake(
        "blame and x exchanged",
        did="You slid x over the blame, and the weight's gradient came out turned by half a turn.",
        look="The larger one comes first: `correlate2d(x, blame, …)`.",
        swap={
            "x, blame.numpy()": "blame.numpy(), x",
            "torch.from_numpy(dweight)": "torch.from_numpy(dweight.copy())",
        },
    ),
    Mistake(
        "full for the gradient of the weight",
        did='You used `mode="full"` for the weight\'s gradient.',
        look='The weight is small: `mode="valid"`, only where blame lies on x whole.',
        swap={'x, blame.numpy(), mode="valid"': 'x, blame.numpy(), mode="full"'},
    ),
    Mistake(
        "full going forward",
        did='You went forward with `mode="full"`, SciPy\'s default, over the edges of x.',
        look='Only where the kernel fits whole: `mode="valid"`.',
        swap=[
            {
                'weight.numpy(), mode="valid"': "weight.numpy()",
                'weight, mode="full"': "weight",
                'x, blame.numpy(), mode="valid"': "x, blame.numpy()",
            },
            {
                'weight.numpy(), mode="valid"': 'weight.numpy(), mode="full"',
                "torch.from_numpy(dweight)": "torch.from_numpy(dweight.copy())",
            },
        ],
    ),
    Mistake(
        "same going forward",
        did='You went forward with `mode="same"`, over the edges of x.',
        look='Only where the kernel fits whole: `mode="valid"`.',
        swap={'weight.numpy(), mode="valid"': 'weight.numpy(), mode="same"'},
    ),
    Mistake(
        "bias never added",
        did="Your `forward` leaves the bias out.",
        look="It is added to every entry of the result.",
        swap={"torch.from_numpy(out) + bias": "torch.from_numpy(out)"},
    ),
    Mistake(
        "None for the bias",
        did="You returned `None` for the bias, so it never learns.",
        look="It was added everywhere, so its gradient is the sum of the blame.",
        swap={
            "        dbias = blame.sum().reshape(1)  # (1,)\n": "",
            "torch.from_numpy(dweight), dbias": "torch.from_numpy(dweight), None",
        },
    ),
    Mistake(
        "bias left out of what is returned",
        did="Your `backward` returned two gradients, and `forward` took three arguments.",
        look="The third is the bias's: the sum of the blame, of shape (1,).",
        swap={
            "        dbias = blame.sum().reshape(1)  # (1,)\n": "",
            "torch.from_numpy(dweight), dbias": "torch.from_numpy(dweight)",
        },
    ),
    Mistake(
        "bias gradient not summed",
        did="You gave the bias the whole blame. autograd adds it up without a word, but only because the shapes allow it.",
        look="Sum it yourself, to shape (1,).",
        swap={"dbias = blame.sum().reshape(1)": "dbias = blame"},
    ),
    Mistake(
        "bias gradient without an axis",
        did="You returned a single number of shape () for the bias, whose shape is (1,).",
        look="A gradient has the shape of what it belongs to: `.reshape(1)`.",
        swap={".reshape(1)": ""},
    ),
    Mistake(
        "gradients in another order",
        did="You returned the weight's gradient first, and then that of x.",
        look="The order is that of `forward`'s arguments: x, weight, bias.",
        swap={
            "torch.from_numpy(dx), torch.from_numpy(dweight)": "torch.from_numpy(dweight), torch.from_numpy(dx)"
        },
    ),
    Mistake(
        "arrays handed back",
        did="`backward` returned NumPy arrays.",
        look="autograd wants tensors: `torch.from_numpy(…)`.",
        swap={"torch.from_numpy(dx), torch.from_numpy(dweight)": "dx, dweight"},
    ),
    Mistake(
        "bias gradient averaged",
        did="You averaged the blame.",
        look="Blame adds up: the bias moved every entry of the result.",
        swap={"blame.sum()": "blame.mean()"},
    ),
    Mistake(
        "gradients in float32",
        did="A gradient came back in float32: half of its digits are gone.",
        look="`torch.from_numpy` keeps what SciPy has. Leave out `.float()` and `torch.Tensor(…)`.",
        swap=[
            {
                "torch.from_numpy(dx), torch.from_numpy(dweight)": "torch.Tensor(dx), torch.Tensor(dweight)"
            },
            {
                "torch.from_numpy(dx), torch.from_numpy(dweight), dbias": "torch.from_numpy(dx).float(), torch.from_numpy(dweight).float(), dbias.float()"
            },
        ],
    ),
    Mistake(
        "result in float32",
        did="You made float32 of the result; float64 came in.",
        look="`torch.from_numpy` keeps what SciPy has. Leave out `.float()` and `torch.Tensor(…)`.",
        swap={"torch.from_numpy(out) + bias": "(torch.from_numpy(out) + bias).float()"},
    ),
    Mistake(
        "tensors kept as attributes",
        did="You hung x and weight on `ctx` as attributes. Change one of them in place before `backward`, and a gradient comes out false without a word.",
        look="`ctx.save_for_backward(x, weight)` keeps count of such changes, and refuses. An array from `.numpy()` is no copy either.",
        swap={
            "ctx.save_for_backward(x, weight)": "ctx.x, ctx.weight = x, weight",
            "(saved.numpy() for saved in ctx.saved_tensors)": "ctx.x.numpy(), ctx.weight.numpy()",
        },
    ),
    Mistake(
        "second derivative lost silently",
        did="Your gradients are right. But SciPy keeps no record of how they were computed, so that a second derivative would leave them out without a word.",
        look="`@once_differentiable` right above `def backward` makes autograd refuse.",
        swap={
            "    @once_differentiable\n": "",
            "saved.numpy() for": "saved.detach().numpy() for",
            "convolve2d(blame.numpy(),": "convolve2d(blame.detach().numpy(),",
            "x, blame.numpy(),": "x, blame.detach().numpy(),",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.ScipyConv2d,
    oracle=by_torch,
    cases=cases,
    probe=probe,
    inputs=("x", "weight", "bias", "blame"),
    hints=(
        "Only three calls of SciPy: `correlate2d` going forward, and one for each of x and weight coming back. The shapes tell you which mode: x is larger than blame, weight is smaller than x.",
        'Every entry of blame sends a copy of the kernel back to x: `convolve2d(…, mode="full")`. And the weight\'s gradient slides the blame over x, as the kernel slid before.',
        "The bias was added everywhere: its gradient is the sum of the blame, with shape (1,). What leaves torch is marked `@once_differentiable`.",
    ),
    mistakes=MISTAKES,
)
