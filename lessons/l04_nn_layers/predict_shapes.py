"""What four layers make of a batch of pictures."""

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def by_torch():
    """The oracle: {layer: shape}, each layer run on zeros of shape (2, 3, 32, 20)."""
    layers = {
        "Conv2d(3, 8, 5)": nn.Conv2d(3, 8, 5),
        "Conv2d(3, 8, 3, padding=1)": nn.Conv2d(3, 8, 3, padding=1),
        "Conv2d(3, 8, 3, stride=2)": nn.Conv2d(3, 8, 3, stride=2),
        "MaxPool2d(2)": nn.MaxPool2d(2),
    }
    x = torch.zeros(2, 3, 32, 20)
    return {name: tuple(layer(x).shape) for name, layer in layers.items()}


MISTAKES = (
    Mistake(
        "the last place forgotten",
        did="You took the window's size off and stopped there.",
        look="A window of 5 in a side of 5 fits once, not 0 times: add 1 for the place it starts from.",
        swap={
            "(2, 8, 28, 16)": "(2, 8, 27, 15)",
            "(2, 8, 32, 20)": "(2, 8, 31, 19)",
            "(2, 8, 15, 9)": "(2, 8, 14, 8)",
            "(2, 3, 16, 10)": "(2, 3, 15, 9)",
        },
    ),
    Mistake(
        "padding on one side only",
        did="You added the padding once.",
        look="`padding=1` puts a border around the picture: left and right, above and below.",
        swap={"(2, 8, 32, 20)": "(2, 8, 31, 19)"},
    ),
    Mistake(
        "a window over the edge",
        did="With stride 2 you counted a place more than there is, as if 32 were halved.",
        look="A window of 3 in 32 starts at 0, 2, … 28. At 30 it would hang over the edge, and is left out: round down.",
        swap={"(2, 8, 15, 9)": "(2, 8, 16, 10)"},
    ),
    Mistake(
        "every window fits everywhere",
        did="Only the stride made your pictures smaller.",
        look="Without padding, a window of 5 can't start at the last 4 places.",
        swap={"(2, 8, 28, 16)": "(2, 8, 32, 20)", "(2, 8, 15, 9)": "(2, 8, 16, 10)"},
    ),
    Mistake(
        "padding left out",
        did="You counted as if nothing were put around the picture.",
        look="`padding=1` makes each side 2 larger before the window moves.",
        swap={"(2, 8, 32, 20)": "(2, 8, 30, 18)"},
    ),
    Mistake(
        "channels last",
        did="You put the channels last, as picture files do.",
        look="Torch's layers have them right after the batch: (N, C, H, W).",
        swap={
            "(2, 8, 28, 16)": "(2, 28, 16, 8)",
            "(2, 8, 32, 20)": "(2, 32, 20, 8)",
            "(2, 8, 15, 9)": "(2, 15, 9, 8)",
            "(2, 3, 16, 10)": "(2, 16, 10, 3)",
        },
    ),
    Mistake(
        "three channels stay three",
        did="You kept the three colours.",
        look="`Conv2d(3, 8, …)` reads 3 channels and makes 8, one for each of its kernels.",
        swap={
            "(2, 8, 28, 16)": "(2, 3, 28, 16)",
            "(2, 8, 32, 20)": "(2, 3, 32, 20)",
            "(2, 8, 15, 9)": "(2, 3, 15, 9)",
        },
    ),
    Mistake(
        "batch left out",
        did="You left the batch axis out.",
        look="Two pictures went in, and two come out: the first axis stays 2.",
        swap={
            "(2, 8, 28, 16)": "(8, 28, 16)",
            "(2, 8, 32, 20)": "(8, 32, 20)",
            "(2, 8, 15, 9)": "(8, 15, 9)",
            "(2, 3, 16, 10)": "(3, 16, 10)",
        },
    ),
    Mistake(
        "height and width exchanged",
        did="Height and width have changed places.",
        look="The pictures are 32 high and 20 wide, and (N, C, H, W) is the order.",
        swap={
            "(2, 8, 28, 16)": "(2, 8, 16, 28)",
            "(2, 8, 32, 20)": "(2, 8, 20, 32)",
            "(2, 8, 15, 9)": "(2, 8, 9, 15)",
            "(2, 3, 16, 10)": "(2, 3, 10, 16)",
        },
    ),
    Mistake(
        "pooling makes channels",
        did="You gave the pictures 8 channels in pooling.",
        look="Pooling has no kernels: it goes over each channel by itself.",
        swap={"(2, 3, 16, 10)": "(2, 8, 16, 10)"},
    ),
    Mistake(
        "the padding alone",
        did="You added the border, and let the window take nothing off.",
        look="`padding=1` adds 2 to each side, and a window of 3 takes 2 off.",
        swap={"(2, 8, 32, 20)": "(2, 8, 34, 22)"},
    ),
    Mistake(
        "pooling by single steps",
        did="You moved the pooling window by 1.",
        look="Unless it is told otherwise, `MaxPool2d(2)` moves by its own size, 2.",
        swap={"(2, 3, 16, 10)": "(2, 3, 31, 19)"},
    ),
    Mistake(
        "layers taken for a chain",
        did="You handed each layer what the one before it made.",
        look="Each of the four gets the pictures themselves, (2, 3, 32, 20).",
        swap={
            "(2, 8, 32, 20)": "(2, 8, 28, 16)",
            "(2, 8, 15, 9)": "(2, 8, 13, 7)",
            "(2, 3, 16, 10)": "(2, 8, 6, 3)",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_shapes,
    oracle=by_torch,
    hints=(
        "The batch stays. The channels become what the convolution's second number says; pooling leaves them as they are.",
        "A window of 5 in 32 starts at 0, 1, … 27: count these places. With stride 2, every other one.",
    ),
    mistakes=MISTAKES,
)
