"""Shapes of a convolution's output and weights, for several settings."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions


def sizes_by_torch():
    """The oracle: {setting: shape}, asked of torch's own layers."""

    def layer(**settings):
        with torch.random.fork_rng(devices=[]):
            return torch.nn.Conv2d(4, 6, 3, **settings)

    def size(**settings):
        return tuple(layer(**settings)(torch.zeros(2, 4, 7, 10)).shape)

    return {
        "y": size(),
        "y, stride=2": size(stride=2),
        "y, padding=(1, 0)": size(padding=(1, 0)),
        "y, dilation=(1, 3)": size(dilation=(1, 3)),
        "weight, groups=2": tuple(layer(groups=2).weight.shape),
    }


MISTAKES = (
    Mistake(
        "kernel not subtracted",
        did="You let the kernel hang over the edge: as many places as pixels.",
        look="The whole kernel has to fit: 3 rows have 5 places in 7.",
        swap=[
            {"(2, 6, 5, 8)": "(2, 6, 7, 10)"},
            {
                "(2, 6, 5, 8)": "(2, 6, 7, 10)",
                "(2, 6, 3, 4)": "(2, 6, 4, 5)",
                "(2, 6, 7, 8)": "(2, 6, 9, 10)",
                "(2, 6, 5, 4)": "(2, 6, 7, 10)",
            },
        ],
    ),
    Mistake(
        "channels unchanged",
        did="You let the output have as many channels as the input.",
        look="Each of the 6 kernels makes a channel of its own.",
        swap={
            "(2, 6, 5, 8)": "(2, 4, 5, 8)",
            "(2, 6, 3, 4)": "(2, 4, 3, 4)",
            "(2, 6, 7, 8)": "(2, 4, 7, 8)",
            "(2, 6, 5, 4)": "(2, 4, 5, 4)",
        },
    ),
    Mistake(
        "last place forgotten",
        did="You took the kernel's size off, and forgot that the first place counts.",
        look="A kernel of 3 in 3 rows has one place: size - kernel + 1.",
        swap={
            "(2, 6, 5, 8)": "(2, 6, 4, 7)",
            "(2, 6, 3, 4)": "(2, 6, 2, 3)",
            "(2, 6, 7, 8)": "(2, 6, 6, 7)",
            "(2, 6, 5, 4)": "(2, 6, 4, 3)",
        },
    ),
    Mistake(
        "stride divides the picture",
        did="At stride 2 you halved the picture's size.",
        look="Stride thins out the *places*: every second one of 5 and of 8.",
        swap={"(2, 6, 3, 4)": "(2, 6, 3, 5)"},
    ),
    Mistake(
        "stride rounded down",
        did="At stride 2 you halved 5 places to 2.",
        look="Places 0, 2 and 4 remain: that's three.",
        swap={"(2, 6, 3, 4)": "(2, 6, 2, 4)"},
    ),
    Mistake(
        "padded on one side",
        did="You counted the padding once.",
        look="Padding of 1 adds a row above and a row below.",
        swap={"(2, 6, 7, 8)": "(2, 6, 6, 8)"},
    ),
    Mistake(
        "pair the other way round",
        did="You read the pairs as (columns, rows).",
        look="torch's pairs are (rows, columns), as H stands before W.",
        swap={"(2, 6, 7, 8)": "(2, 6, 5, 10)", "(2, 6, 5, 4)": "(2, 6, 1, 8)"},
    ),
    Mistake(
        "dilation multiplies the kernel",
        did="You took 3 · 3 = 9 as the width of the dilated kernel.",
        look="There are two gaps between three weights: 3 · 2 + 1 = 7.",
        swap={"(2, 6, 5, 4)": "(2, 6, 5, 2)"},
    ),
    Mistake(
        "dilation changes nothing",
        did="You left the size as it is without dilation.",
        look="Spread out, the kernel reaches farther, and has fewer places.",
        swap={"(2, 6, 5, 4)": "(2, 6, 5, 8)"},
    ),
    Mistake(
        "all channels in every group",
        did="You let each kernel read all 4 channels, as without groups.",
        look="With groups=2, a kernel reads the 2 channels of its own group.",
        swap={"(6, 2, 3, 3)": "(6, 4, 3, 3)"},
    ),
    Mistake(
        "channels before kernels",
        did="You put the channels of a kernel before the number of kernels.",
        look="The first axis counts kernels: (C_out, C_in / groups, kH, kW).",
        swap={"(6, 2, 3, 3)": "(2, 6, 3, 3)"},
    ),
    Mistake(
        "kernels divided by groups",
        did="You divided the number of kernels by the groups.",
        look="There are 6 output channels, so 6 kernels; each of them is thinner.",
        swap={"(6, 2, 3, 3)": "(3, 4, 3, 3)"},
    ),
    Mistake(
        "both divided by groups",
        did="You divided the kernels by the groups as well as their channels.",
        look="There are 6 output channels, so 6 kernels; each of them is thinner.",
        swap={"(6, 2, 3, 3)": "(3, 2, 3, 3)"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_sizes,
    oracle=sizes_by_torch,
    hints=(
        "A kernel of 3 has 7 - 3 + 1 places in 7 rows. Padding adds rows first; a stride of 2 keeps every second place, the first one included.",
        "With dilation 3, three weights reach over 7 columns: 1 + 3 + 3.",
        "With groups=2, a kernel reads only half of the channels. The number of kernels stays what it was.",
    ),
    mistakes=MISTAKES,
)
