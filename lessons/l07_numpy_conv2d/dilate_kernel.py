"""A kernel with holes between its weights."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions


def dilate_by_kron(weight, dilation):
    """The oracle: each weight times a block with a single 1, by NumPy's kron.

    weight is (C_out, C_in, kH, kW). The zeros of the last block are cut off.
    """
    dH, dW = (dilation, dilation) if isinstance(dilation, int) else dilation
    block = np.zeros((1, 1, dH, dW), weight.dtype)
    block[..., 0, 0] = 1
    blown_up = np.kron(weight, block)
    return blown_up[:, :, : blown_up.shape[2] - dH + 1, : blown_up.shape[3] - dW + 1]


def cases(rng):
    """weight (C_out, C_in, kH, kW) and a dilation: an int or a pair; one is float32."""
    yield np.array([[[[1.0, 2.0]]]]), 2
    yield np.arange(1.0, 7.0).reshape(1, 1, 2, 3), (3, 2)
    yield rng.normal(size=(2, 3, 3, 2)), (1, 4)
    yield rng.normal(size=(3, 2, 2, 3)).astype(np.float32), 3


MISTAKES = (
    Mistake(
        "zeros after the last weight",
        did="You put zeros after every weight, the last one included.",
        look="Holes lie between the weights; the kernel ends with a weight.",
        swap={"dH * (kH - 1) + 1, dW * (kW - 1) + 1": "dH * kH, dW * kW"},
    ),
    Mistake(
        "one zero too many",
        did="You put as many zeros between two weights as the dilation says.",
        look="Dilation is the step from one weight to the next: 2 leaves one hole.",
        swap={
            "dH * (kH - 1) + 1, dW * (kW - 1) + 1": "kH + dH * (kH - 1), kW + dW * (kW - 1)",
            "::dH, ::dW": ":: dH + 1, :: dW + 1",
        },
    ),
    Mistake(
        "rows and columns exchanged",
        did="You used the first number of the pair for the columns.",
        look="Pairs are (rows, columns).",
        swap={"dH, dW = pair(dilation)": "dW, dH = pair(dilation)"},
    ),
    Mistake(
        "one number for both",
        did="You used the first number of the pair for rows and columns alike.",
        look="Unpack it: `dH, dW = pair(dilation)`.",
        swap={"dH, dW = pair(dilation)": "dH = dW = pair(dilation)[0]"},
    ),
    Mistake(
        "only the columns",
        did="You put holes between columns, and none between rows.",
        look="The step in `[:, :, ::dH, ::dW]` is needed on both axes.",
        swap={
            "dH * (kH - 1) + 1, dW * (kW - 1) + 1": "kH, dW * (kW - 1) + 1",
            "::dH, ::dW": ":, ::dW",
        },
    ),
    Mistake(
        "weights repeated",
        did="You repeated each weight instead of leaving holes.",
        look="The places between are 0: those pixels aren't read.",
        code="""
            def dilate_kernel(weight, dilation):
                dH, dW = pair(dilation)
                return weight.repeat(dH, axis=2).repeat(dW, axis=3)
        """,
    ),
    Mistake(
        "int where a pair is given",
        did="You multiplied by the dilation as if it were always a number.",
        look="It may be a pair: `dH, dW = pair(dilation)` takes both.",
        swap={"dH, dW = pair(dilation)": "dH = dW = dilation"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.dilate_kernel,
    oracle=dilate_by_kron,
    cases=cases,
    hints=(
        "Between kH weights there are kH - 1 gaps, and each is dH long: the kernel reaches over dH * (kH - 1) + 1 rows.",
        "Make the zeros first. A slice with a step, `[::2]`, names every second place.",
        "`pair(dilation)` makes two numbers of an int or a pair.",
    ),
    mistakes=MISTAKES,
)
