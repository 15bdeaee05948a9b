"""The shapes in the first net for cats and dogs."""

import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l08_cnn_classifier import solutions

# kernel size, stride and padding of each layer
STAGES = {
    "Conv2d(3, 16, 11, stride=3)": (11, 3, 0),
    "MaxPool2d(2)": (2, 2, 0),
    "Conv2d(16, 32, 5)": (5, 1, 0),
    "MaxPool2d(2) again": (2, 2, 0),
    "Conv2d(32, 64, 3, padding=1)": (3, 1, 1),
    "Conv2d(64, 64, 3)": (3, 1, 0),
    "MaxPool2d(2) at last": (2, 2, 0),
}


def by_running():
    """The oracle: rows behind each layer, {name: int}, and how many numbers at last.

    Run on one channel, since the sizes don't depend on how many there are.
    """
    x, sizes = torch.zeros(1, 1, 224, 224), {}
    for name, (kernel_size, stride, padding) in STAGES.items():
        if "Pool" in name:
            x = F.max_pool2d(x, kernel_size)
        else:
            weight = torch.zeros(1, 1, kernel_size, kernel_size)
            x = F.conv2d(x, weight, None, stride, padding)
        sizes[name] = x.shape[2]
    return sizes | {"Flatten()": 64 * x.numel()}


MISTAKES = (
    Mistake(
        "the last place forgotten",
        did="You took the window off, divided by the stride, and stopped there.",
        look="The window also fits where it starts: add 1, and go through the layers again from the first one.",
        swap={
            '"Conv2d(3, 16, 11, stride=3)": 72': '"Conv2d(3, 16, 11, stride=3)": 71',
            '"MaxPool2d(2)": 36': '"MaxPool2d(2)": 34',
            '"Conv2d(16, 32, 5)": 32': '"Conv2d(16, 32, 5)": 29',
            '"MaxPool2d(2) again": 16': '"MaxPool2d(2) again": 13',
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 12',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 9',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 3',
            '"Flatten()": 3136': '"Flatten()": 576',
        },
    ),
    Mistake(
        "the last place forgotten in convolutions",
        did="Your pools are counted well; each convolution lost one place too many.",
        look="A window of 11 in a side of 11 fits once, not 0 times: add 1.",
        swap={
            '"Conv2d(3, 16, 11, stride=3)": 72': '"Conv2d(3, 16, 11, stride=3)": 71',
            '"MaxPool2d(2)": 36': '"MaxPool2d(2)": 35',
            '"Conv2d(16, 32, 5)": 32': '"Conv2d(16, 32, 5)": 30',
            '"MaxPool2d(2) again": 16': '"MaxPool2d(2) again": 15',
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 14',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 11',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 5',
            '"Flatten()": 3136': '"Flatten()": 1600',
        },
    ),
    Mistake(
        "one place too many in convolutions",
        did="Your pools are counted well; each convolution has one place too many, whose window hangs over the edge.",
        look="A window of 11 in a side of 11 fits once, not twice: add 1, and only once.",
        swap={
            '"Conv2d(3, 16, 11, stride=3)": 72': '"Conv2d(3, 16, 11, stride=3)": 73',
            '"Conv2d(16, 32, 5)": 32': '"Conv2d(16, 32, 5)": 33',
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 17',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 16',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 8',
            '"Flatten()": 3136': '"Flatten()": 4096',
        },
    ),
    Mistake(
        "only the stride counts",
        did="You divided by the stride, as if each convolution were padded to keep its size.",
        look="Without padding, a window of 5 can't start at the last 4 places.",
        swap={
            '"Conv2d(3, 16, 11, stride=3)": 72': '"Conv2d(3, 16, 11, stride=3)": 74',
            '"MaxPool2d(2)": 36': '"MaxPool2d(2)": 37',
            '"Conv2d(16, 32, 5)": 32': '"Conv2d(16, 32, 5)": 37',
            '"MaxPool2d(2) again": 16': '"MaxPool2d(2) again": 18',
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 18',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 18',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 9',
            '"Flatten()": 3136': '"Flatten()": 5184',
        },
    ),
    Mistake(
        "the first stride overlooked",
        did="Your first convolution visits every place.",
        look="`stride=3` lets it visit every third: (224 − 11) // 3 + 1.",
        swap={
            '"Conv2d(3, 16, 11, stride=3)": 72': '"Conv2d(3, 16, 11, stride=3)": 214',
            '"MaxPool2d(2)": 36': '"MaxPool2d(2)": 107',
            '"Conv2d(16, 32, 5)": 32': '"Conv2d(16, 32, 5)": 103',
            '"MaxPool2d(2) again": 16': '"MaxPool2d(2) again": 51',
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 51',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 49',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 24',
            '"Flatten()": 3136': '"Flatten()": 36864',
        },
    ),
    Mistake(
        "padding overlooked",
        did="You counted the third convolution as if it had no padding.",
        look="`padding=1` puts a border of 1 around, and a window of 3 then keeps the size.",
        swap={
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 14',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 12',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 6',
            '"Flatten()": 3136': '"Flatten()": 2304',
        },
    ),
    Mistake(
        "padding everywhere",
        did="Both convolutions of 3×3 keep the size in your count.",
        look="Only one of them has `padding=1`; the other takes 2 off.",
        swap={
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 16',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 8',
            '"Flatten()": 3136': '"Flatten()": 4096',
        },
    ),
    Mistake(
        "rounded up",
        did="You divided by the stride and rounded up, so windows are counted that hang over the edge.",
        look="What doesn't fit is left out: take the window off first, then round down, with `//`, and add 1.",
        swap={
            '"Conv2d(3, 16, 11, stride=3)": 72': '"Conv2d(3, 16, 11, stride=3)": 75',
            '"MaxPool2d(2)": 36': '"MaxPool2d(2)": 38',
            '"Conv2d(16, 32, 5)": 32': '"Conv2d(16, 32, 5)": 38',
            '"MaxPool2d(2) again": 16': '"MaxPool2d(2) again": 19',
            '"Conv2d(32, 64, 3, padding=1)": 16': '"Conv2d(32, 64, 3, padding=1)": 19',
            '"Conv2d(64, 64, 3)": 14': '"Conv2d(64, 64, 3)": 19',
            '"MaxPool2d(2) at last": 7': '"MaxPool2d(2) at last": 10',
            '"Flatten()": 3136': '"Flatten()": 6400',
        },
    ),
    Mistake(
        "channels left out",
        did="Your sizes are right. Flatten counted the places of a single channel.",
        look="There are 64 channels, each with 7 · 7 places: all go into the line.",
        swap={'"Flatten()": 3136': '"Flatten()": 49'},
    ),
    Mistake(
        "rows counted without columns",
        did="Your sizes are right. Flatten counted 64 channels with 7 numbers each.",
        look="A channel has 7 rows and 7 columns.",
        swap={'"Flatten()": 3136': '"Flatten()": 448'},
    ),
    Mistake(
        "colours for channels",
        did="Your sizes are right. Flatten counted 3 channels, as many as colours.",
        look="The colours went in; what comes out has as many channels as the last convolution has kernels.",
        swap={'"Flatten()": 3136': '"Flatten()": 147'},
    ),
    Mistake(
        "the last pool left out of Flatten",
        did="Your sizes are right. Flatten counted what stood before the last pool.",
        look="It comes behind the pool, where each channel has 7 rows.",
        swap={'"Flatten()": 3136': '"Flatten()": 12544'},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_shapes,
    oracle=by_running,
    hints=(
        "A window of 11 in 224 starts at 0, 3, 6, … up to 213. Count these places. Then go on from that number.",
        "`conv_output_size(size, kernel_size, stride, padding)` from lesson 04 counts for you; a pool of 2 moves in steps of 2.",
        "Flatten lays all channels' rows and columns in one line: 64 · 7 · 7.",
    ),
    mistakes=MISTAKES,
)
