"""The largest value of every window."""

import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def by_torch(x, kernel_size, stride):
    """The oracle: torch's own pooling of x (N, C, H, W)."""
    return F.max_pool2d(x, kernel_size, stride)


def cases(rng):
    """x (N, C, H, W), kernel_size and stride: one by hand, three drawn and lopsided."""
    yield torch.tensor([[[[1.0, 4.0, -2.0], [-3.0, -5.0, -1.0]]]]), (2, 2), (1, 1)
    for shape, kernel_size, stride in (
        ((1, 2, 5, 8), (2, 3), (2, 3)),
        ((2, 3, 7, 6), (3, 2), (2, 1)),
        ((3, 2, 4, 9), (2, 4), (1, 3)),
    ):
        # Mostly negative, so that a 0 that doesn't belong shows.
        values = rng.standard_normal(shape) - 1
        yield torch.tensor(values, dtype=torch.float32), kernel_size, stride


MISTAKES = (
    Mistake(
        "average for maximum",
        did="You averaged each window.",
        look="Max pooling keeps the largest value: `amax`.",
        swap={"amax": "mean"},
    ),
    Mistake(
        "smallest for largest",
        did="You kept the smallest value of each window.",
        look="Max pooling keeps the largest: `amax`.",
        swap={"amax": "amin"},
    ),
    Mistake(
        "the maximum starts at 0",
        did="Where a whole window is negative, you got 0.",
        look="A running maximum that starts at 0 never goes below: start from the window's own values, or from −∞.",
        code="""
            def max_pool2d(x, kernel_size, stride):
                (kH, kW), (sH, sW) = kernel_size, stride
                windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
                largest = torch.zeros(windows.shape[:4])
                for i in range(kH):
                    for j in range(kW):
                        largest = torch.maximum(largest, windows[..., i, j])
                return largest
        """,
    ),
    Mistake(
        "channels mixed",
        did="You took the largest value over all channels.",
        look="Each channel is pooled by itself: take the maximum over the window's rows and columns only.",
        swap=[
            {"(-2, -1)": "(1, -2, -1)"},
            {"x.unfold(2": "x.amax(1, keepdim=True).unfold(2"},
        ],
        code="""
            def max_pool2d(x, kernel_size, stride):
                (kH, kW), (sH, sW) = kernel_size, stride
                N, C, H, W = x.shape
                rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
                result = torch.empty(N, C, rows, columns)
                for n in range(N):
                    for i in range(rows):
                        for j in range(columns):
                            top, left = i * sH, j * sW
                            window = x[n, :, top : top + kH, left : left + kW]
                            result[n, :, i, j] = window.max()
                return result
        """,
    ),
    Mistake(
        "kernel's sides exchanged",
        did="Your windows are kW high and kH wide.",
        look="kernel_size is (kH, kW): rows first.",
        swap={"(kH, kW),": "(kW, kH),"},
    ),
    Mistake(
        "strides exchanged",
        did="You went sH to the right and sW down.",
        look="stride is (sH, sW): rows first.",
        swap={"(sH, sW) =": "(sW, sH) ="},
    ),
    Mistake(
        "stride ignored",
        did="You moved the window by its own size, whatever the stride.",
        look="The window of output row i starts at row `i * sH`.",
        swap={"(2, kH, sH)": "(2, kH, kH)", "(3, kW, sW)": "(3, kW, kW)"},
    ),
    Mistake(
        "every place a window",
        did="You moved the window by 1, whatever the stride.",
        look="The window of output row i starts at row `i * sH`.",
        swap={"(2, kH, sH)": "(2, kH, 1)", "(3, kW, sW)": "(3, kW, 1)"},
    ),
    Mistake(
        "first places for all",
        did="The output has the right size, but its windows are the first ones, 1 apart.",
        look="Row i of the output starts at row `i * sH` of x, column j at `j * sW`.",
        code="""
            def max_pool2d(x, kernel_size, stride):
                (kH, kW), (sH, sW) = kernel_size, stride
                N, C, H, W = x.shape
                rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
                result = torch.empty(N, C, rows, columns)
                for i in range(rows):
                    for j in range(columns):
                        window = x[:, :, i : i + kH, j : j + kW]
                        result[:, :, i, j] = window.amax((2, 3))
                return result
        """,
    ),
    Mistake(
        "one maximum for the whole batch",
        did="You took the largest value over all pictures and channels.",
        look="`.max()` of a slice of four axes is a single number: use `.amax((2, 3))`, which leaves pictures and channels apart.",
        code="""
            def max_pool2d(x, kernel_size, stride):
                (kH, kW), (sH, sW) = kernel_size, stride
                N, C, H, W = x.shape
                rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
                result = torch.empty(N, C, rows, columns)
                for i in range(rows):
                    for j in range(columns):
                        top, left = i * sH, j * sW
                        window = x[:, :, top : top + kH, left : left + kW]
                        result[:, :, i, j] = window.max()
                return result
        """,
    ),
    Mistake(
        "the corner of each window",
        did="You kept the top left value of each window.",
        look="Compare all kH · kW values of the window.",
        swap={"windows.amax((-2, -1))": "windows[..., 0, 0]"},
    ),
    Mistake(
        "rows of a window only",
        did="You took the maximum along one side of the window and left the other side standing.",
        look="A window has two axes, and both have to go: `amax((-2, -1))`.",
        swap=[{"(-2, -1)": "-1"}, {"(-2, -1)": "-2"}],
    ),
    Mistake(
        "the last window forgotten",
        did="The last row and column of windows are missing.",
        look="A picture as large as the window has one place for it: `(H - kH) // sH + 1` rows.",
        code="""
            def max_pool2d(x, kernel_size, stride):
                (kH, kW), (sH, sW) = kernel_size, stride
                N, C, H, W = x.shape
                rows, columns = (H - kH) // sH, (W - kW) // sW
                result = torch.empty(N, C, rows, columns)
                for i in range(rows):
                    for j in range(columns):
                        top, left = i * sH, j * sW
                        window = x[:, :, top : top + kH, left : left + kW]
                        result[:, :, i, j] = window.amax((2, 3))
                return result
        """,
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.max_pool2d,
    oracle=by_torch,
    cases=cases,
    gradients=True,
    hints=(
        "For one output entry: which rows and columns does its window cover? Row i starts at `i * sH`. Two loops and a slice are a good answer.",
        "`x[:, :, top : top + kH, left : left + kW].amax((2, 3))` is one entry of every picture and channel.",
        "Without loops: `x.unfold(2, kH, sH)` puts the windows along a new last axis.",
    ),
    mistakes=MISTAKES,
)
