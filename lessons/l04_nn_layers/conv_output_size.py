"""How many places a window has along one side of a picture."""

import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def by_torch(size, kernel_size, stride=1, padding=0, dilation=1):
    """The oracle: how long torch's convolution of (1, 1, size) zeros is, an int."""
    x, weight = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size)
    return F.conv1d(x, weight, None, stride, padding, dilation).shape[-1]


def cases(rng):
    """size, kernel_size, stride, padding, dilation: five by hand, eight drawn."""
    yield 5, 3, 1, 0, 1
    yield 5, 3, 2, 1, 1
    yield 6, 3, 2, 0, 1
    yield 9, 3, 1, 0, 2
    yield 224, 11, 3, 0, 1
    for _ in range(8):
        kernel_size, stride, dilation = (int(rng.integers(2, 5)) for _ in range(3))
        padding = int(rng.integers(1, 4))
        yield int(rng.integers(14, 40)), kernel_size, stride, padding, dilation


MISTAKES = (
    Mistake(
        "floor forgotten",
        did="You divided with `/`, so a part of a step is counted.",
        look="Half a step leads to no place: `//` rounds down.",
        swap={"//": "/"},
    ),
    Mistake(
        "rounded up",
        did="You rounded up, so a window is counted that hangs over the edge.",
        look="Torch leaves out what doesn't fit: round down.",
        code="""
            import math


            def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
                reach = dilation * (kernel_size - 1) + 1
                return math.ceil((size + 2 * padding - reach) / stride) + 1
        """,
    ),
    Mistake(
        "rounded to the nearest",
        did="You rounded to the nearest, so a window more than half inside is counted.",
        look="It fits or it doesn't: round down, with `//`.",
        swap=[
            {"return (": "return round((", "// stride + 1": "/ stride + 1)"},
            {"return (": "return round((", "// stride": "/ stride)"},
        ],
    ),
    Mistake(
        "dilation counted once too often",
        did="You took `dilation * kernel_size` for the reach.",
        look="Between 3 taps there are 2 gaps: the reach is `dilation * (kernel_size - 1) + 1`.",
        swap={"(kernel_size - 1) + 1": "kernel_size"},
    ),
    Mistake(
        "dilation ignored",
        did="You took the kernel size for the reach, whatever the dilation.",
        look="Dilation pulls the taps apart: 3 taps at 0, 2, 4 reach over 5 cells.",
        swap={"dilation * (kernel_size - 1) + 1": "kernel_size"},
    ),
    Mistake(
        "the first tap not counted",
        did="Your reach is one short: it counts the gaps, and not the tap at the start.",
        look="Three taps side by side reach over 3 cells, with 2 steps between them.",
        swap={"(kernel_size - 1) + 1": "(kernel_size - 1)"},
    ),
    Mistake(
        "holes of the size of the dilation",
        did="You put `dilation` empty cells between two taps.",
        look="Dilation is the distance from one tap to the next; with 1 there is no hole.",
        swap={"reach = ": "reach = kernel_size + ", "- 1) + 1": "- 1)"},
    ),
    Mistake(
        "padding once",
        did="You added the padding on one side only.",
        look="It is put on both ends: `2 * padding`.",
        swap={"2 * padding": "padding"},
    ),
    Mistake(
        "padding ignored",
        did="You left the padding out.",
        look="Both ends grow by `padding` before the window moves.",
        swap={" + 2 * padding": ""},
    ),
    Mistake(
        "the first place forgotten",
        did="You counted the steps, not the places: one is missing.",
        look="A window that can't move at all still has one place: add 1 at the end.",
        swap={"// stride + 1": "// stride"},
    ),
    Mistake(
        "one added before dividing",
        did="You added 1 before dividing by the stride.",
        look="The 1 is the place at the start, whatever the stride: divide first, then add.",
        swap={"reach) // stride + 1": "reach + 1) // stride"},
    ),
    Mistake(
        "stride ignored",
        did="You counted every place, as if the stride were 1.",
        look="With stride 2, every other place is left out: divide by the stride.",
        swap={" // stride": ""},
    ),
    Mistake(
        "right for odd kernels",
        did="You took `kernel_size // 2` off at each end, which is right for odd kernels only.",
        look="A kernel of 4 takes 3 off, not 4: the reach is `dilation * (kernel_size - 1) + 1`.",
        swap={"(kernel_size - 1) + 1": "(kernel_size // 2) * 2 + 1"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.conv_output_size,
    oracle=by_torch,
    cases=cases,
    hints=(
        "Count the places where the window can start. The first is 0; which is the last?",
        "With dilation 2, three taps lie at 0, 2 and 4: they reach over 5 cells. Write the reach for any kernel size and dilation.",
        "The window can move by `size + 2 * padding - reach`; every `stride`-th place counts, and place 0 too.",
    ),
    mistakes=MISTAKES,
)
