"""Layers."""

import math
from functools import partial, reduce
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from diagnose.exercise import Exercise, Mistake

# Sharpening, each colour by itself


def sharpen(channels):
    """The sharpening weight for F.conv2d(picture, weight, groups=channels)."""
    weight = torch.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 1, 1] = 1
    return weight


def sharpen_written_out(channels):
    ninths = [[-1.0, -1.0, -1.0], [-1.0, 9.0, -1.0], [-1.0, -1.0, -1.0]]
    return torch.stack([torch.tensor([ninths]) / 9] * channels)


def numbers_of_channels(rng):
    yield from [(2,), (3,), (int(rng.integers(4, 100)),)]


def sharpen_but(middle=1.0, around=-1 / 9, shape=lambda c: (c, 1, 3, 3)):
    def wrong(channels):
        weight = torch.full(shape(channels), around)
        weight[..., 1, 1] = middle
        return weight

    return wrong


def sharpen_on_the_diagonal(channels):
    weight = torch.zeros(channels, channels, 3, 3)
    for c in range(channels):
        weight[c, c] = sharpen_written_out(1)[0, 0]
    return weight


def sharpen_in_the_corner(channels):
    return sharpen(channels).roll((1, 1), (2, 3))


SHARPEN = Exercise(
    "04.sharpen",
    reference=sharpen,
    oracle=sharpen_written_out,
    cases=numbers_of_channels,
    minutes=4,
    difficulty=1,
    hints=(
        "A weight is (C_out, C_in/groups, kH, kW). With as many groups as channels, "
        "how many channels does one kernel see?",
        "`torch.full(shape, -1 / 9)` fills it; `weight[:, :, 1, 1]` is every middle.",
    ),
    mistakes=(
        Mistake(
            "one kernel for all channels",
            "Your weight makes one output channel out of all input channels.",
            "Every group needs a kernel of its own, (1, 3, 3): stack `channels` of "
            "them along the first axis.",
            sharpen_but(shape=lambda c: (1, c, 3, 3)),
        ),
        Mistake(
            "every channel from all",
            "Every output channel has a kernel for each of the input channels, so "
            "the colours would be mixed; and with `groups=channels` it doesn't fit.",
            "In a group there is one input channel: the second axis has size 1.",
            sharpen_but(shape=lambda c: (c, c, 3, 3)),
        ),
        Mistake(
            "zeros where groups would do",
            "This weight keeps the colours apart by zeros: right without groups, and "
            "it doesn't fit with them.",
            "`groups=channels` keeps them apart by itself, and each kernel sees one "
            "channel: (channels, 1, 3, 3).",
            sharpen_on_the_diagonal,
        ),
        Mistake(
            "the second axis missing",
            "Your weight is (channels, 3, 3), a kernel for each channel.",
            "`conv2d` asks for four axes; the second one counts the input channels of "
            "a group, and must be there though it is 1.",
            sharpen_but(shape=lambda c: (c, 3, 3)),
        ),
        Mistake(
            "the kernel alone",
            "Your weight is one kernel, (3, 3), for one channel.",
            "`conv2d` asks for (C_out, C_in/groups, kH, kW): a kernel for each "
            "channel.",
            sharpen_but(shape=lambda c: (3, 3)),
        ),
        Mistake(
            "the middle a ninth too small",
            "You took a ninth from every place, the middle too: it is 8/9 now.",
            "Here the middle is 1, and the ninths stand around it.",
            sharpen_but(middle=8 / 9),
        ),
        Mistake(
            "the middle negative too",
            "All nine entries are −1/9: that is a blur, turned dark.",
            "The middle is 1.",
            sharpen_but(middle=-1 / 9),
        ),
        Mistake(
            "eighths for ninths",
            "You shared the negative part among the eight neighbours, −1/8 each.",
            "It is −1/9 each, so that a ninth of the brightness is left.",
            sharpen_but(around=-1 / 8),
        ),
        Mistake(
            "neighbours added",
            "The neighbours have +1/9, so the picture is blurred and grows brighter.",
            "To sharpen is to take the neighbours away: −1/9.",
            sharpen_but(around=1 / 9),
        ),
        Mistake(
            "the corner for the middle",
            "Your 1 stands in the last row and column of the kernel.",
            "Counted from 0, the middle of three is 1: `weight[:, :, 1, 1]`.",
            sharpen_in_the_corner,
        ),
    ),
)

# Predicted shapes


def predict_shapes():
    """What each layer makes of pictures of shape (2, 3, 32, 20), as tuples."""
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


PREDICTED = {
    "Conv2d(3, 8, 5)": lambda: nn.Conv2d(3, 8, 5),
    "Conv2d(3, 8, 3, padding=1)": lambda: nn.Conv2d(3, 8, 3, padding=1),
    "Conv2d(3, 8, 3, stride=2)": lambda: nn.Conv2d(3, 8, 3, stride=2),
    "MaxPool2d(2)": lambda: nn.MaxPool2d(2),
}


def shapes_by_torch():
    x = torch.zeros(2, 3, 32, 20)
    return {name: tuple(make()(x).shape) for name, make in PREDICTED.items()}


def positions(size, kernel_size, stride, padding):
    return (size + 2 * padding - kernel_size) // stride + 1


def shapes_but(size=positions, arrange=lambda n, c, h, w: (n, c, h, w), channels=8):
    """A wrong prediction: another rule for a side, or another order of the axes."""
    settings = ((5, 1, 0, channels), (3, 1, 1, channels), (3, 2, 0, channels))

    def wrong():
        shapes = [
            arrange(2, out, size(32, k, s, p), size(20, k, s, p))
            for k, s, p, out in (*settings, (2, 2, 0, 3))
        ]
        return dict(zip(PREDICTED, shapes, strict=True))

    return wrong


def shapes_with(**wrong):
    """A wrong prediction: the named layers make something else."""
    named = dict(zip(("wide", "padded", "strided", "pooled"), PREDICTED, strict=True))
    changed = {named[layer]: shape for layer, shape in wrong.items()}
    return lambda: predict_shapes() | changed


PREDICT_SHAPES = Exercise(
    "04.predict_shapes",
    reference=predict_shapes,
    oracle=shapes_by_torch,
    minutes=4,
    difficulty=1,
    hints=(
        "The batch stays. The channels become what the convolution's second number "
        "says; pooling leaves them as they are.",
        "A window of 5 in 32 starts at 0, 1, … 27: count these places. With stride 2, "
        "every other one.",
    ),
    mistakes=(
        Mistake(
            "the last place forgotten",
            "You took the window's size off and stopped there.",
            "A window of 5 in a side of 5 fits once, not 0 times: add 1 for the place "
            "it starts from.",
            shapes_but(lambda n, k, s, p: (n + 2 * p - k) // s),
        ),
        Mistake(
            "padding on one side only",
            "You added the padding once.",
            "`padding=1` puts a border around the picture: left and right, above and "
            "below.",
            shapes_but(lambda n, k, s, p: (n + p - k) // s + 1),
        ),
        Mistake(
            "a window over the edge",
            "With stride 2 you counted a place more than there is, as if 32 were "
            "halved.",
            "A window of 3 in 32 starts at 0, 2, … 28. At 30 it would hang over the "
            "edge, and is left out: round down.",
            shapes_but(lambda n, k, s, p: math.ceil((n + 2 * p - k) / s) + 1),
        ),
        Mistake(
            "every window fits everywhere",
            "Only the stride made your pictures smaller.",
            "Without padding, a window of 5 can't start at the last 4 places.",
            shapes_but(lambda n, k, s, p: n // s),
        ),
        Mistake(
            "padding left out",
            "You counted as if nothing were put around the picture.",
            "`padding=1` makes each side 2 larger before the window moves.",
            shapes_but(lambda n, k, s, p: positions(n, k, s, 0)),
        ),
        Mistake(
            "channels last",
            "You put the channels last, as picture files do.",
            "Torch's layers have them right after the batch: (N, C, H, W).",
            shapes_but(arrange=lambda n, c, h, w: (n, h, w, c)),
        ),
        Mistake(
            "three channels stay three",
            "You kept the three colours.",
            "`Conv2d(3, 8, …)` reads 3 channels and makes 8, one for each of its "
            "kernels.",
            shapes_but(channels=3),
        ),
        Mistake(
            "batch left out",
            "You left the batch axis out.",
            "Two pictures went in, and two come out: the first axis stays 2.",
            shapes_but(arrange=lambda n, c, h, w: (c, h, w)),
        ),
        Mistake(
            "height and width exchanged",
            "Height and width have changed places.",
            "The pictures are 32 high and 20 wide, and (N, C, H, W) is the order.",
            shapes_but(arrange=lambda n, c, h, w: (n, c, w, h)),
        ),
        Mistake(
            "pooling makes channels",
            "You gave the pictures 8 channels in pooling.",
            "Pooling has no kernels: it goes over each channel by itself.",
            shapes_with(pooled=(2, 8, 16, 10)),
        ),
        Mistake(
            "the padding alone",
            "You added the border, and let the window take nothing off.",
            "`padding=1` adds 2 to each side, and a window of 3 takes 2 off.",
            shapes_with(padded=(2, 8, 34, 22)),
        ),
        Mistake(
            "pooling by single steps",
            "You moved the pooling window by 1.",
            "Unless it is told otherwise, `MaxPool2d(2)` moves by its own size, 2.",
            shapes_with(pooled=(2, 3, 31, 19)),
        ),
        Mistake(
            "layers taken for a chain",
            "You handed each layer what the one before it made.",
            "Each of the four gets the pictures themselves, (2, 3, 32, 20).",
            shapes_with(
                padded=(2, 8, 28, 16), strided=(2, 8, 13, 7), pooled=(2, 8, 6, 3)
            ),
        ),
    ),
)

# The size of what a convolution gives


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """How many places a window has along one side of a picture, as an int."""
    reach = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - reach) // stride + 1


def output_size_by_torch(size, kernel_size, stride=1, padding=0, dilation=1):
    x, weight = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size)
    return F.conv1d(x, weight, None, stride, padding, dilation).shape[-1]


def conv_settings(rng):
    yield 5, 3, 1, 0, 1
    yield 5, 3, 2, 1, 1
    yield 6, 3, 2, 0, 1
    yield 9, 3, 1, 0, 2
    yield 224, 11, 3, 0, 1
    for _ in range(8):
        kernel_size, stride, dilation = (int(rng.integers(2, 5)) for _ in range(3))
        padding = int(rng.integers(1, 4))
        yield int(rng.integers(14, 40)), kernel_size, stride, padding, dilation


def output_size_but(reach=None, padding_times=2, end=None):
    """A wrong `conv_output_size`: another reach, padding or last step."""
    reach = reach or (lambda k, d: d * (k - 1) + 1)
    end = end or (lambda room, s: room // s + 1)

    def wrong(size, kernel_size, stride=1, padding=0, dilation=1):
        room = size + padding_times * padding - reach(kernel_size, dilation)
        return end(room, stride)

    return wrong


CONV_OUTPUT_SIZE = Exercise(
    "04.conv_output_size",
    reference=conv_output_size,
    oracle=output_size_by_torch,
    cases=conv_settings,
    minutes=6,
    difficulty=2,
    hints=(
        "Count the places where the window can start. The first is 0; which is the "
        "last?",
        "With dilation 2, three taps lie at 0, 2 and 4: they reach over 5 cells. Write "
        "the reach for any kernel size and dilation.",
        "The window can move by `size + 2 * padding - reach`; every `stride`-th place "
        "counts, and place 0 too.",
    ),
    mistakes=(
        Mistake(
            "floor forgotten",
            "You divided with `/`, so a part of a step is counted.",
            "Half a step leads to no place: `//` rounds down.",
            output_size_but(end=lambda room, s: room / s + 1),
        ),
        Mistake(
            "rounded up",
            "You rounded up, so a window is counted that hangs over the edge.",
            "Torch leaves out what doesn't fit: round down.",
            output_size_but(end=lambda room, s: -(-room // s) + 1),
        ),
        Mistake(
            "rounded to the nearest",
            "You rounded to the nearest, so a window more than half inside is counted.",
            "It fits or it doesn't: round down, with `//`.",
            output_size_but(end=lambda room, s: round(room / s + 1)),
        ),
        Mistake(
            "dilation counted once too often",
            "You took `dilation * kernel_size` for the reach.",
            "Between 3 taps there are 2 gaps: the reach is `dilation * "
            "(kernel_size - 1) + 1`.",
            output_size_but(reach=lambda k, d: d * k),
        ),
        Mistake(
            "dilation ignored",
            "You took the kernel size for the reach, whatever the dilation.",
            "Dilation pulls the taps apart: 3 taps at 0, 2, 4 reach over 5 cells.",
            output_size_but(reach=lambda k, d: k),
        ),
        Mistake(
            "the first tap not counted",
            "Your reach is one short: it counts the gaps, and not the tap at the "
            "start.",
            "Three taps side by side reach over 3 cells, with 2 steps between them.",
            output_size_but(reach=lambda k, d: d * (k - 1)),
        ),
        Mistake(
            "holes of the size of the dilation",
            "You put `dilation` empty cells between two taps.",
            "Dilation is the distance from one tap to the next; with 1 there is no "
            "hole.",
            output_size_but(reach=lambda k, d: k + d * (k - 1)),
        ),
        Mistake(
            "padding once",
            "You added the padding on one side only.",
            "It is put on both ends: `2 * padding`.",
            output_size_but(padding_times=1),
        ),
        Mistake(
            "padding ignored",
            "You left the padding out.",
            "Both ends grow by `padding` before the window moves.",
            output_size_but(padding_times=0),
        ),
        Mistake(
            "the first place forgotten",
            "You counted the steps, not the places: one is missing.",
            "A window that can't move at all still has one place: add 1 at the end.",
            output_size_but(end=lambda room, s: room // s),
        ),
        Mistake(
            "one added before dividing",
            "You added 1 before dividing by the stride.",
            "The 1 is the place at the start, whatever the stride: divide first, then "
            "add.",
            output_size_but(end=lambda room, s: (room + 1) // s),
        ),
        Mistake(
            "stride ignored",
            "You counted every place, as if the stride were 1.",
            "With stride 2, every other place is left out: divide by the stride.",
            output_size_but(end=lambda room, s: room + 1),
        ),
        Mistake(
            "right for odd kernels",
            "You took `kernel_size // 2` off at each end, which is right for odd "
            "kernels only.",
            "A kernel of 4 takes 3 off, not 4: the reach is "
            "`dilation * (kernel_size - 1) + 1`.",
            output_size_but(reach=lambda k, d: 2 * d * (k // 2) + 1),
        ),
    ),
)

# Max pooling


def max_pool2d(x, kernel_size, stride):
    """The largest value of every window of x (N, C, H, W), in each channel.

    kernel_size (kH, kW) and stride (sH, sW) are pairs.
    """
    (kH, kW), (sH, sW) = kernel_size, stride
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax((-2, -1))


def max_pool_by_torch(x, kernel_size, stride):
    return F.max_pool2d(x, kernel_size, stride)


def pooling_cases(rng):
    yield torch.tensor([[[[1.0, 4.0, -2.0], [-3.0, -5.0, -1.0]]]]), (2, 2), (1, 1)
    for shape, kernel_size, stride in (
        ((1, 2, 5, 8), (2, 3), (2, 3)),
        ((2, 3, 7, 6), (3, 2), (2, 1)),
        ((3, 2, 4, 9), (2, 4), (1, 3)),
    ):
        # Mostly negative, so that a 0 that doesn't belong shows.
        values = rng.standard_normal(shape) - 1
        yield torch.tensor(values, dtype=torch.float32), kernel_size, stride


def pool_but(
    take=lambda windows: windows.amax((-2, -1)),
    settings=lambda kernel_size, stride: (kernel_size, stride),
):
    def wrong(x, kernel_size, stride):
        (kH, kW), (sH, sW) = settings(kernel_size, stride)
        return take(x.unfold(2, kH, sH).unfold(3, kW, sW))

    return wrong


def first_places(x, kernel_size, stride):
    rows, columns = max_pool_by_torch(x, kernel_size, stride).shape[2:]
    return max_pool_by_torch(x, kernel_size, 1)[:, :, :rows, :columns]


MAX_POOL2D = Exercise(
    "04.max_pool2d",
    reference=max_pool2d,
    oracle=max_pool_by_torch,
    cases=pooling_cases,
    gradients=True,
    minutes=8,
    difficulty=2,
    hints=(
        "For one output entry: which rows and columns does its window cover? Row i "
        "starts at `i * sH`. Two loops and a slice are a good answer.",
        "`x[:, :, top : top + kH, left : left + kW].amax((2, 3))` is one entry of "
        "every picture and channel.",
        "Without loops: `x.unfold(2, kH, sH)` puts the windows along a new last axis.",
    ),
    mistakes=(
        Mistake(
            "average for maximum",
            "You averaged each window.",
            "Max pooling keeps the largest value: `amax`.",
            pool_but(take=lambda windows: windows.mean((-2, -1))),
        ),
        Mistake(
            "smallest for largest",
            "You kept the smallest value of each window.",
            "Max pooling keeps the largest: `amax`.",
            pool_but(take=lambda windows: windows.amin((-2, -1))),
        ),
        Mistake(
            "the maximum starts at 0",
            "Where a whole window is negative, you got 0.",
            "A running maximum that starts at 0 never goes below: start from the "
            "window's own values, or from −∞.",
            pool_but(take=lambda windows: windows.amax((-2, -1)).clamp(min=0)),
        ),
        Mistake(
            "channels mixed",
            "You took the largest value over all channels.",
            "Each channel is pooled by itself: take the maximum over the window's rows "
            "and columns only.",
            pool_but(take=lambda w: w.amax((-2, -1)).amax(1, keepdim=True)),
        ),
        Mistake(
            "kernel's sides exchanged",
            "Your windows are kW high and kH wide.",
            "kernel_size is (kH, kW): rows first.",
            pool_but(settings=lambda k, s: (k[::-1], s)),
        ),
        Mistake(
            "strides exchanged",
            "You went sH to the right and sW down.",
            "stride is (sH, sW): rows first.",
            pool_but(settings=lambda k, s: (k, s[::-1])),
        ),
        Mistake(
            "stride ignored",
            "You moved the window by its own size, whatever the stride.",
            "The window of output row i starts at row `i * sH`.",
            pool_but(settings=lambda k, s: (k, k)),
        ),
        Mistake(
            "every place a window",
            "You moved the window by 1, whatever the stride.",
            "The window of output row i starts at row `i * sH`.",
            pool_but(settings=lambda k, s: (k, (1, 1))),
        ),
        Mistake(
            "first places for all",
            "The output has the right size, but its windows are the first ones, 1 "
            "apart.",
            "Row i of the output starts at row `i * sH` of x, column j at `j * sW`.",
            first_places,
        ),
        Mistake(
            "one maximum for the whole batch",
            "You took the largest value over all pictures and channels.",
            "`.max()` of a slice of four axes is a single number: use "
            "`.amax((2, 3))`, which leaves pictures and channels apart.",
            pool_but(
                take=lambda w: w.amax((0, 1, -2, -1)).expand(*w.shape[:2], -1, -1)
            ),
        ),
        Mistake(
            "the corner of each window",
            "You kept the top left value of each window.",
            "Compare all kH · kW values of the window.",
            pool_but(take=lambda windows: windows[..., 0, 0]),
        ),
        Mistake(
            "rows of a window only",
            "You took the maximum along one side of the window and left the other "
            "side standing.",
            "A window has two axes, and both have to go: `amax((-2, -1))`.",
            pool_but(take=lambda windows: windows.amax(-1)),
        ),
        Mistake(
            "the last window forgotten",
            "The last row and column of windows are missing.",
            "A picture as large as the window has one place for it: "
            "`(H - kH) // sH + 1` rows.",
            lambda x, kernel_size, stride: max_pool_by_torch(x, kernel_size, stride)[
                :, :, :-1, :-1
            ],
        ),
    ),
)

# Batch normalisation


def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    """x (N, C, H, W) normalised in each channel; the running statistics after it.

    weight, bias, running_mean and running_var are (C,). Changes none of them.
    """
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean = torch.lerp(running_mean, mean, momentum)
        running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
    mean, var, scale, shift = (t.view(-1, 1, 1) for t in (mean, var, weight, bias))
    y = (x - mean) / (var + eps).sqrt() * scale + shift
    return y, running_mean, running_var


def batch_norm_by_torch(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    running_mean, running_var = running_mean.clone(), running_var.clone()
    y = F.batch_norm(
        x, running_mean, running_var, weight, bias, training, momentum, eps
    )
    return y, running_mean, running_var


def batch_norm_cases(rng):
    x = torch.tensor([1.0, 3.0, 5.0, 7.0]).view(2, 1, 1, 2)
    yield x, *torch.tensor([[2.0], [1.0], [0.0], [1.0]]), True, 0.5, 4.0
    for shape, training, momentum, eps in (
        ((4, 3, 2, 5), True, 0.1, 0.5),
        ((3, 2, 4, 1), False, 0.1, 0.25),
        ((2, 4, 3, 2), True, 0.3, 0.25),
    ):
        channels = shape[1]
        draw = lambda size, low, high: torch.tensor(  # noqa: E731
            rng.uniform(low, high, size), dtype=torch.float32
        )
        yield (
            draw(shape, -2, 3) + draw((channels, 1, 1), -1, 1),
            *(draw(channels, low, high) for low, high in ((1, 2), (-1, 1), (1, 2))),
            draw(channels, 2, 4),
            training,
            momentum,
            eps,
        )


def batch_norm_but(
    axes=(0, 2, 3),
    correction=0,
    running_correction=1,
    mix=lambda old, new, momentum: (1 - momentum) * old + momentum * new,
    root=lambda var, eps: (var + eps).sqrt(),
    uses_batch=lambda training: training,
    updates=lambda training: training,
    affine=lambda y, weight, bias: y * weight + bias,
    spread=lambda x, axes, correction: x.var(axes, correction=correction),
):
    """A wrong `batch_norm`, given which of its steps is done differently."""

    def wrong(
        x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
    ):
        by_channel = [t.view(-1, 1, 1) for t in (running_mean, running_var)]
        mean, var = by_channel
        if uses_batch(training):
            mean = x.mean(axes, keepdim=True)
            var = x.var(axes, correction=correction, keepdim=True)
        y = (x - mean) / root(var, eps)
        if updates(training):
            new = x.mean((0, 2, 3)), spread(x, (0, 2, 3), running_correction)
            running_mean, running_var = (
                mix(old, value, momentum)
                for old, value in zip((running_mean, running_var), new, strict=True)
            )
        y = affine(y, weight.view(-1, 1, 1), bias.view(-1, 1, 1))
        return y, running_mean, running_var

    return wrong


BATCH_NORM = Exercise(
    "04.batch_norm",
    reference=batch_norm,
    oracle=batch_norm_by_torch,
    cases=batch_norm_cases,
    returns=("y", "running_mean", "running_var"),
    minutes=14,
    difficulty=3,
    hints=(
        "Per channel means: over the batch, the rows and the columns, axes (0, 2, 3).",
        "Normalise with the biased variance, `correction=0`; keep the unbiased one, "
        "`x.var(axes)`. `(1 - momentum) * old + momentum * new` is the running value.",
        "In eval, the running statistics take the batch's place, and stay as they are. "
        "`mean.view(-1, 1, 1)` stands beside (N, C, H, W).",
    ),
    mistakes=(
        Mistake(
            "eps outside the root",
            "You added eps to the standard deviation.",
            "It belongs to the variance, inside the root: `(var + eps).sqrt()`.",
            batch_norm_but(root=lambda var, eps: var.sqrt() + eps),
        ),
        Mistake(
            "eps forgotten",
            "You divided by the bare standard deviation.",
            "Where a channel doesn't vary, that is a division by 0: add eps to the "
            "variance.",
            batch_norm_but(root=lambda var, eps: var.sqrt()),
        ),
        Mistake(
            "the root forgotten",
            "You divided by the variance.",
            "The spread that has the unit of x is the standard deviation, the root of "
            "it.",
            batch_norm_but(root=lambda var, eps: var + eps),
        ),
        Mistake(
            "unbiased variance to normalise",
            "The normalised values are too small: you divided by the root of the "
            "variance over n − 1.",
            "Torch normalises with the biased one, `correction=0`, and keeps the "
            "unbiased one in running_var.",
            batch_norm_but(correction=1),
        ),
        Mistake(
            "biased variance kept",
            "running_var took in the biased variance, over n.",
            "What is kept for later is an estimate for all pictures: the unbiased one, "
            "over n − 1, torch's default.",
            batch_norm_but(running_correction=0),
        ),
        Mistake(
            "standard deviation kept",
            "running_var took in the standard deviation.",
            "As its name says, it keeps the variance, not yet under the root.",
            batch_norm_but(spread=lambda x, axes, c: x.std(axes, correction=c)),
        ),
        Mistake(
            "momentum the other way round",
            "Your running statistics kept the share `momentum` of the old, and took in "
            "the rest.",
            "Torch's momentum is the share of the new value: 0.1 moves a tenth of the "
            "way.",
            batch_norm_but(mix=lambda old, new, m: m * old + (1 - m) * new),
        ),
        Mistake(
            "momentum added on top",
            "You added the share of the new, and kept all of the old.",
            "What comes in must go out: `(1 - momentum) * old + momentum * new`.",
            batch_norm_but(mix=lambda old, new, m: old + m * new),
        ),
        Mistake(
            "running statistics replaced",
            "You kept the statistics of the last batch alone.",
            "Move a share `momentum` of the way from the old to the new.",
            batch_norm_but(mix=lambda old, new, m: new),
        ),
        Mistake(
            "running statistics never move",
            "You handed the running statistics back as they came.",
            "While training, each moves a share `momentum` of the way to the batch's.",
            batch_norm_but(updates=lambda training: False),
        ),
        Mistake(
            "eval uses the batch",
            "In eval you normalised with the batch's own statistics.",
            "In eval a picture's result mustn't depend on its neighbours: take "
            "running_mean and running_var.",
            batch_norm_but(uses_batch=lambda training: True),
        ),
        Mistake(
            "eval goes on counting",
            "You moved the running statistics in eval too.",
            "They learn while training only; a test must leave no trace.",
            batch_norm_but(updates=lambda training: True),
        ),
        Mistake(
            "running statistics while training",
            "While training you normalised with the running statistics.",
            "That is for eval; while training the batch's own mean and variance are "
            "taken.",
            batch_norm_but(uses_batch=lambda training: False),
        ),
        Mistake(
            "train and eval exchanged",
            "You did in training what belongs to eval, and the reverse.",
            "`training` true: the batch's statistics, and the running ones move.",
            batch_norm_but(
                uses_batch=lambda training: not training,
                updates=lambda training: not training,
            ),
        ),
        Mistake(
            "over the batch axis only",
            "You averaged over the batch alone, and left each pixel its own mean.",
            "A channel is one thing wherever it is looked at: average over the batch, "
            "the rows and the columns.",
            batch_norm_but(axes=(0,)),
        ),
        Mistake(
            "each picture by itself",
            "You averaged over rows and columns, within each picture: that is instance "
            "normalisation.",
            "Batch normalisation averages over the batch too.",
            batch_norm_but(axes=(2, 3)),
        ),
        Mistake(
            "over the channels",
            "You averaged over the channels of each picture: that is layer "
            "normalisation.",
            "Batch normalisation keeps the channels apart and averages over everything "
            "else.",
            batch_norm_but(axes=(1, 2, 3)),
        ),
        Mistake(
            "one mean for all channels",
            "You averaged over everything, the channels too.",
            "Every channel has a mean of its own: leave axis 1 standing.",
            batch_norm_but(axes=(0, 1, 2, 3)),
        ),
        Mistake(
            "weight and bias left out",
            "You handed back the normalised values themselves.",
            "Then the layer's own scale and shift: `* weight + bias`, a pair for each "
            "channel.",
            batch_norm_but(affine=lambda y, weight, bias: y),
        ),
        Mistake(
            "shifted before scaling",
            "You added the bias before multiplying by the weight.",
            "Scale first, then shift: `* weight + bias`.",
            batch_norm_but(affine=lambda y, weight, bias: (y + bias) * weight),
        ),
    ),
)

# Dropout


def dropout(x, noise, p, training):
    """While training, drop the entries of x whose noise is below p, scale the rest.

    noise has the shape of x and is uniform between 0 and 1.
    """
    if not training:
        return x
    return x * (noise >= p) / (1 - p)


def dropout_one_by_one(x, noise, p, training):
    result = torch.zeros_like(x)
    for place in torch.cartesian_prod(*map(torch.arange, x.shape)).tolist():
        place = tuple(place)
        if not training:
            result[place] = x[place]
        elif noise[place] >= p:
            result[place] = x[place] / (1 - p)
    return result


def dropout_cases(rng):
    yield torch.tensor([[3.0, 6.0]]), torch.tensor([[0.2, 0.9]]), 0.25, True
    for shape, p, training in (
        ((2, 5), 0.4, True),
        ((3, 4), 0.25, False),
        ((4, 3, 2), 0.7, True),
    ):
        x, noise = rng.standard_normal(shape) + 2, rng.uniform(size=shape)
        x, noise = (torch.tensor(t, dtype=torch.float32) for t in (x, noise))
        # Whatever was drawn, something is dropped and something is kept.
        noise.view(-1)[0], noise.view(-1)[1] = p / 2, (1 + p) / 2
        yield x, noise, p, training


def dropout_but(
    keep=lambda noise, p: noise >= p,
    scale=lambda x, p, kept: x / (1 - p),
    in_eval=lambda x, p, dropped: x,
):
    def wrong(x, noise, p, training):
        kept = keep(noise, p)
        dropped = scale(x * kept, p, kept)
        return dropped if training else in_eval(x, p, dropped)

    return wrong


def dropout_exchanged(x, noise, p, training):
    return dropout(x, noise, p, not training)


def dropout_without_brackets(x, noise, p, training):
    return x * (noise >= p) / 1 - p if training else x


DROPOUT = Exercise(
    "04.dropout",
    reference=dropout,
    oracle=dropout_one_by_one,
    cases=dropout_cases,
    minutes=4,
    difficulty=1,
    hints=(
        "`noise >= p` is a mask: true for the entries that stay.",
        "A share 1 − p stays. What must the rest be multiplied by, so that the mean "
        "stays? And in eval nothing happens at all.",
    ),
    mistakes=(
        Mistake(
            "not scaled",
            "You dropped, and left the rest as it was, so the mean falls to a share "
            "1 − p.",
            "Divide what stays by 1 − p.",
            dropout_but(scale=lambda x, p, kept: x),
        ),
        Mistake(
            "p kept instead of dropped",
            "You kept the entries with noise below p; those are the ones to drop.",
            "p is the share that goes: keep where noise is p or more.",
            dropout_but(keep=lambda noise, p: noise < p),
        ),
        Mistake(
            "kept and scaled by p",
            "You kept a share p and divided by p, as if p were the chance to stay.",
            "In torch, p is the chance to be dropped: keep 1 − p, divide by 1 − p.",
            dropout_but(
                keep=lambda noise, p: noise < p, scale=lambda x, p, kept: x / p
            ),
        ),
        Mistake(
            "divided by p",
            "You divided by p, the share that was dropped.",
            "What stays is a share 1 − p: divide by that.",
            dropout_but(scale=lambda x, p, kept: x / p),
        ),
        Mistake(
            "multiplied for divided",
            "You multiplied by 1 − p, so what stays grows weaker still.",
            "Divide, and what stays makes up for what went.",
            dropout_but(scale=lambda x, p, kept: x * (1 - p)),
        ),
        Mistake(
            "divided by what stayed",
            "You divided by the share that happened to stay in this batch.",
            "It is the expected share, 1 − p, whatever the dice said: an entry's scale "
            "mustn't depend on the others.",
            dropout_but(scale=lambda x, p, kept: x / kept.float().mean()),
        ),
        Mistake(
            "drops in eval",
            "You dropped entries in eval too.",
            "With training false, x goes through untouched.",
            dropout_but(in_eval=lambda x, p, dropped: dropped),
        ),
        Mistake(
            "scaled in eval",
            "In eval you multiplied by 1 − p, on top of the scaling while training.",
            "While training what stays was divided by 1 − p already: nothing is left "
            "to do in eval.",
            dropout_but(in_eval=lambda x, p, dropped: x * (1 - p)),
        ),
        Mistake(
            "scaled up in eval",
            "In eval you divided by 1 − p, where nothing had been dropped.",
            "With training false, x goes through untouched.",
            dropout_but(in_eval=lambda x, p, dropped: x / (1 - p)),
        ),
        Mistake(
            "scaled at test time",
            "You left the values as they were while training, and multiplied by 1 − p "
            "in eval. The first papers did that.",
            "Torch does it the other way: divide by 1 − p while training, and leave "
            "eval alone.",
            dropout_but(
                scale=lambda x, p, kept: x, in_eval=lambda x, p, dropped: x * (1 - p)
            ),
        ),
        Mistake(
            "train and eval exchanged",
            "You dropped in eval, and let everything through while training.",
            "`training` true: entries are dropped.",
            dropout_exchanged,
        ),
        Mistake(
            "brackets left out",
            "You wrote `/ 1 - p`, which divides by 1 and then takes p off.",
            "Division comes before subtraction: `/ (1 - p)`.",
            dropout_without_brackets,
        ),
    ),
)

# Counting parameters


def count_parameters(model):
    """How many numbers of model training may change, as an int."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def counted_in_the_state(model, a, b):
    tensors = MODELS[model](a, b).state_dict(keep_vars=True).values()
    trained = {id(t): t.nelement() for t in tensors if t.requires_grad}
    return sum(trained.values())


def used_twice(a, b):
    layer = nn.Linear(a, a)
    return nn.Sequential(layer, nn.ReLU(), layer, nn.Linear(a, b))


def with_frozen_weight(a, b):
    layer = nn.Linear(a, b)
    layer.weight.requires_grad_(False)
    return layer


MODELS = {
    "Linear(a, b)": nn.Linear,
    "Conv2d(a, b, (2, 5))": lambda a, b: nn.Conv2d(a, b, (2, 5)),
    "Sequential(Linear(a, b), BatchNorm1d(b))": lambda a, b: nn.Sequential(
        nn.Linear(a, b), nn.BatchNorm1d(b)
    ),
    "Sequential(Linear(a, b), Sequential(ReLU(), Linear(b, 1)))": lambda a, b: (
        nn.Sequential(nn.Linear(a, b), nn.Sequential(nn.ReLU(), nn.Linear(b, 1)))
    ),
    "one Linear(a, a) used twice, then Linear(a, b)": used_twice,
    "Linear(a, b) with its weight frozen": with_frozen_weight,
}


def models_of_some_size(rng):
    yield "Linear(a, b)", 3, 2
    for name in MODELS:
        yield name, int(rng.integers(4, 7)), int(rng.integers(7, 12))


def count_in(answer, model, a, b):
    return answer(MODELS[model](a, b))


def count_children(model):
    layers = list(model.children()) or [model]
    return sum(
        p.numel()
        for layer in layers
        for p in layer.parameters(recurse=False)
        if p.requires_grad
    )


def trained(model):
    return [p for p in model.parameters() if p.requires_grad]


COUNT_PARAMETERS = Exercise(
    "04.count_parameters",
    reference=count_parameters,
    oracle=counted_in_the_state,
    cases=models_of_some_size,
    probe=count_in,
    inputs=("model", "a", "b"),
    minutes=4,
    difficulty=1,
    hints=(
        "`model.parameters()` goes through all layers and the layers inside them. "
        "`numel()` counts a tensor's entries.",
        "Which of them does training leave alone? `requires_grad` tells.",
    ),
    mistakes=(
        Mistake(
            "tensors counted",
            "You counted the tensors, not the numbers in them.",
            "A weight of shape (2, 3) holds 6: `numel()`.",
            lambda model: len(trained(model)),
        ),
        Mistake(
            "first axis counted",
            "You counted the rows of each tensor: `len(p)` is the size of its first "
            "axis.",
            "`p.numel()` multiplies all its sizes.",
            lambda model: sum(len(p) for p in trained(model)),
        ),
        Mistake(
            "sizes added up",
            "You added the sizes of each tensor.",
            "A weight of shape (2, 3) holds 2 · 3 numbers: `numel()` multiplies.",
            lambda model: sum(sum(p.shape) for p in trained(model)),
        ),
        Mistake(
            "only where a gradient is",
            "You counted what has a gradient in `.grad` now. Before the first "
            "`backward`, nothing has.",
            "`requires_grad` says what will get one.",
            lambda model: sum(p.numel() for p in trained(model) if p.grad is not None),
        ),
        Mistake(
            "frozen ones counted",
            "You counted parameters with `requires_grad=False` too.",
            "The optimizer gets no gradient for those and leaves them alone.",
            lambda model: sum(p.numel() for p in model.parameters()),
        ),
        Mistake(
            "buffers counted",
            "You counted all that is stored: running statistics too, and what isn't "
            "trained.",
            "`state_dict` is for saving; what is trained is in `parameters()`.",
            lambda model: sum(t.numel() for t in model.state_dict().values()),
        ),
        Mistake(
            "shared ones counted twice",
            "You counted a layer that is used twice two times.",
            "It has one weight. `model.parameters()` hands each out once.",
            lambda model: sum(
                t.nelement()
                for t in model.state_dict(keep_vars=True).values()
                if t.requires_grad
            ),
        ),
        Mistake(
            "inner layers counted again",
            "You asked every module for its parameters, and each answers for the "
            "layers inside it too.",
            "`model.parameters()`, asked once, goes all the way down.",
            lambda model: sum(
                p.numel() for m in model.modules() for p in trained(m)
            ),
        ),
        Mistake(
            "inner layers missed",
            "You counted the outer layers' own parameters, and not those of layers "
            "inside them.",
            "`model.parameters()` goes all the way down.",
            count_children,
        ),
        Mistake(
            "biases left out",
            "You counted the weights and no biases.",
            "A bias is trained as well, one number for each output.",
            lambda model: sum(p.numel() for p in trained(model) if p.dim() > 1),
        ),
        Mistake(
            "only the first tensor",
            "You counted the first tensor of the model, and none after it.",
            "Does the `return` stand inside the loop? Move it to the left.",
            lambda model: next(model.parameters()).numel(),
        ),
    ),
)  # fmt: skip

# A small VGG


class TinyVGG(nn.Module):
    """Blocks of Conv2d 3×3 (padding 1), ReLU, MaxPool2d(2); a mean; a Linear.

    channels (3, 8, 16) means two blocks, 3 → 8 and 8 → 16; forward takes pictures
    (N, 3, H, W) and returns scores (N, classes).
    """

    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
            for a, b in pairwise(channels)
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))


def known_parameter(shape):
    """A weight or bias of this shape, always the same, neither tiny nor huge."""
    count = math.prod(shape)
    values = torch.sin(torch.arange(1, count + 1) * 0.7) + 0.2
    return values.reshape(shape) / math.sqrt(count / shape[0])


def use_vgg(answer, channels, classes, x):
    """Two models of the same parameters: what they hold, and what they say.

    Scores that are left to chance count as zeros, so that they can be compared.
    """
    models = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for _ in range(2):
            model = answer(channels, classes)
            for p in model.parameters():
                p.data.copy_(known_parameter(p.shape))
            models.append(model)
        first, second = (model(x) for model in models)
    agree = torch.equal(first, second)
    return {
        "the parameters that the optimizer sees": sum(
            p.numel() for p in models[0].parameters()
        ),
        "two models with the same parameters agree": agree,
        "scores": first.detach() if agree else torch.zeros_like(first),
    }


def use_functional_vgg(channels, classes, x):
    shapes = []
    for a, b in pairwise(channels):
        shapes += [(b, a, 3, 3), (b,)]
        weight, bias = map(known_parameter, shapes[-2:])
        x = F.max_pool2d(F.relu(F.conv2d(x, weight, bias, padding=1)), 2)
    shapes += [(classes, channels[-1]), (classes,)]
    weight, bias = map(known_parameter, shapes[-2:])
    return {
        "the parameters that the optimizer sees": sum(map(math.prod, shapes)),
        "two models with the same parameters agree": True,
        "scores": F.linear(F.adaptive_avg_pool2d(x, 1).flatten(1), weight, bias),
    }


def vgg_cases(rng):
    for channels, classes, shape in (
        ((1, 2), 3, (1, 1, 4, 2)),
        ((3, 5, 4), 2, (2, 3, 8, 6)),
        ((2, 3, 6, 4), 5, (3, 2, 9, 17)),
    ):
        x = torch.tensor(rng.standard_normal(shape), dtype=torch.float32)
        yield channels, classes, x


def vgg_block(a, b, padding=1, bend=nn.ReLU, pool=nn.MaxPool2d):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=padding), bend(), pool(2))


def vgg_block_with_norm(a, b):
    return nn.Sequential(
        nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)
    )


def vgg_but(
    block=vgg_block,
    keep=nn.ModuleList,
    gather=lambda x: x.mean((2, 3)),
    finish=lambda scores: scores,
    chain=lambda blocks, x: reduce(lambda made, block: block(made), blocks, x),
    head=nn.Linear,
    start=nn.Module.__init__,
):
    """A wrong `TinyVGG`, given which of its lines is done differently."""

    class Wrong(nn.Module):
        def __init__(self, channels, classes):
            start(self)
            self.blocks = keep([block(a, b) for a, b in pairwise(channels)])
            self.head = head(channels[-1], classes)

        def forward(self, x):
            return finish(self.head(gather(chain(self.blocks, x))))

    return Wrong


class MadeInForward(nn.Module):
    """A wrong `TinyVGG`, every layer of which is made anew in each call."""

    def __init__(self, channels, classes):
        super().__init__()
        self.sizes = channels, classes

    def forward(self, x):
        return TinyVGG(*self.sizes)(x)


TINY_VGG = Exercise(
    "04.tiny_vgg",
    reference=TinyVGG,
    oracle=use_functional_vgg,
    cases=vgg_cases,
    probe=use_vgg,
    inputs=("channels", "classes", "x"),
    minutes=10,
    difficulty=3,
    hints=(
        "`super().__init__()` first. Then the blocks, and one Linear as the head.",
        "`pairwise((3, 8, 16))` gives (3, 8), (8, 16): a block for each pair.",
        "A `ModuleList` is a list that the model knows of: loop over it in `forward`, "
        "then take the mean over rows and columns.",
    ),
    mistakes=(
        Mistake(
            "layers in a plain list",
            "The model doesn't find your blocks' parameters: they are kept in a plain "
            "Python list, or made in `forward`. No optimizer will train them, no file "
            "save them.",
            "Make them in `__init__`, in an `nn.ModuleList([...])`, which the model "
            "looks into.",
            vgg_but(keep=list),
        ),
        Mistake(
            "super().__init__() missing",
            "You gave a module its first layer before it was set up.",
            "Call `super().__init__()` first: it makes the registers that parameters "
            "and layers go into.",
            vgg_but(start=lambda self: None),
        ),
        Mistake(
            "ReLU left out",
            "Your blocks have no ReLU.",
            "A block is Conv2d, ReLU, MaxPool2d.",
            vgg_but(partial(vgg_block, bend=nn.Identity)),
        ),
        Mistake(
            "pooling left out",
            "Your blocks don't pool. The mean at the end hides it: the shape fits, the "
            "scores don't.",
            "A block is Conv2d, ReLU, MaxPool2d(2).",
            vgg_but(partial(vgg_block, pool=nn.Identity)),
        ),
        Mistake(
            "pooled once at the end",
            "You pooled once, behind all the convolutions.",
            "Each block pools: it is Conv2d, ReLU, MaxPool2d(2).",
            vgg_but(
                partial(vgg_block, pool=nn.Identity),
                gather=lambda x: F.max_pool2d(x, 2).mean((2, 3)),
            ),
        ),
        Mistake(
            "average pooling",
            "Your blocks pool by the average.",
            "A block ends in MaxPool2d(2).",
            vgg_but(partial(vgg_block, pool=nn.AvgPool2d)),
        ),
        Mistake(
            "padding left out",
            "Your convolutions don't pad, so every block loses the border, and small "
            "pictures run out of pixels.",
            "`padding=1` keeps the size under a 3×3 kernel.",
            vgg_but(partial(vgg_block, padding=0)),
        ),
        Mistake(
            "batch norm added",
            "Your blocks have a batch norm, which wasn't asked for this time.",
            "A block is Conv2d, ReLU, MaxPool2d(2).",
            vgg_but(vgg_block_with_norm),
        ),
        Mistake(
            "maximum for the mean",
            "You took the largest value of each channel before the head.",
            "Take the mean over rows and columns: `x.mean((2, 3))`.",
            vgg_but(gather=lambda x: x.amax((2, 3))),
        ),
        Mistake(
            "flattened without a mean",
            "You flattened all pixels into the head, which has one weight for each "
            "channel.",
            "Take the mean over rows and columns first: what is left is (N, C).",
            vgg_but(gather=lambda x: x.flatten(1)),
        ),
        Mistake(
            "softmax at the end",
            "You turned the scores into probabilities.",
            "Hand back the scores; the loss has the softmax in it.",
            vgg_but(finish=lambda scores: scores.softmax(1)),
        ),
        Mistake(
            "ReLU on the scores",
            "You put a ReLU behind the head.",
            "A score may be negative: hand back what the Linear gives.",
            vgg_but(finish=torch.relu),
        ),
        Mistake(
            "blocks not chained",
            "Every block got the picture itself, not what the block before it made.",
            "`x = block(x)`: what comes out of one goes into the next.",
            vgg_but(chain=lambda blocks, x: [block(x) for block in blocks][-1]),
        ),
        Mistake(
            "the head left out",
            "You handed back the features, a number for each channel.",
            "The head turns them into scores, one for each class.",
            vgg_but(head=nn.Identity),
        ),
        Mistake(
            "layers made in forward",
            "You made all layers in `forward`: each call makes new ones, with other "
            "numbers in them, and none is ever trained.",
            "Make them in `__init__`, and keep them: `self.head = nn.Linear(...)`.",
            MadeInForward,
        ),
        Mistake(
            "left to chance",
            "Two models with the same parameters give different scores: something in "
            "`forward` is drawn at random.",
            "No dropout and no noise is asked for: the same numbers go in, the same "
            "come out.",
            vgg_but(finish=lambda scores: scores + torch.rand_like(scores)),
        ),
        Mistake(
            "sum for mean",
            "You added up each channel's values before the head.",
            "Take the mean over rows and columns, so that the size of a picture "
            "doesn't count: `x.mean((2, 3))`.",
            vgg_but(gather=lambda x: x.sum((2, 3))),
        ),
    ),
)

# Cross entropy


def cross_entropy(scores, labels):
    """The mean of -log softmax(scores)[label]; scores (N, C), labels (N,) integers."""
    shifted = scores - scores.amax(1, keepdim=True)
    log_sum = shifted.exp().sum(1).log()
    chosen = shifted[torch.arange(len(labels)), labels]
    return (log_sum - chosen).mean()


def cross_entropy_by_torch(scores, labels):
    return F.cross_entropy(scores.double(), labels).to(scores.dtype)


def scored_examples(rng):
    yield torch.tensor([[2.0, 0.0, 0.0]]), torch.tensor([0])
    for n, classes in ((3, 4), (5, 2)):
        scores = torch.tensor(rng.standard_normal((n, classes)) * 2).float()
        yield scores, torch.tensor(rng.permutation(n) % classes)
    # Far up and far down: exp would overflow in one row and vanish in the other, and
    # the first label is too unlikely for a float32.
    yield (
        torch.tensor([[1000.0, 800.0, 999.0], [-1000.0, -1003.0, -1001.0]]),
        torch.tensor([1, 2]),
    )


def entropy_but(
    log_p=lambda scores: scores.log_softmax(1),
    pick=lambda log_p, labels: log_p[range(len(labels)), labels],
    reduce=torch.mean,
    sign=-1,
):
    """A wrong `cross_entropy`, given which of its steps is done differently."""

    def wrong(scores, labels):
        return sign * reduce(pick(log_p(scores), labels))

    return wrong


def log_p_of_one_sum(scores):
    shifted = scores - scores.amax(1, keepdim=True)
    return shifted - shifted.exp().sum().log()


def times_labels(log_p, labels):
    return (log_p * labels.unsqueeze(1)).sum(1)


CROSS_ENTROPY = Exercise(
    "04.cross_entropy",
    reference=cross_entropy,
    oracle=cross_entropy_by_torch,
    cases=scored_examples,
    gradients=True,
    minutes=8,
    difficulty=3,
    hints=(
        "−log(exp(s_label) / Σ exp(s)) is log Σ exp(s) − s_label.",
        "Taking a row's largest score off all its scores changes nothing, and then "
        "exp can't overflow.",
        "`scores[torch.arange(len(labels)), labels]` is one score for each row.",
    ),
    mistakes=(
        Mistake(
            "no maximum subtracted",
            "Your exp overflows for large scores, or vanishes for very low ones, and "
            "the result is inf or nan.",
            "Take each row's largest score off before exp: the result stays the same.",
            entropy_but(log_p=lambda s: (s.exp() / s.exp().sum(1, keepdim=True)).log()),
        ),
        Mistake(
            "one maximum for all rows",
            "You took the largest score of the whole batch off. In a row far below it, "
            "every exp is 0.",
            "Every row has a maximum of its own: `scores.amax(1, keepdim=True)`.",
            entropy_but(
                log_p=lambda s: (
                    (s - s.max()) - (s - s.max()).exp().sum(1, keepdim=True).log()
                )
            ),
        ),
        Mistake(
            "shifted in one place only",
            "You took the largest score off before the sum, and not from the label's "
            "score.",
            "Both belong to the same shifted scores: log Σ exp(shifted) − "
            "shifted[label].",
            entropy_but(
                log_p=lambda s: (
                    s - (s - s.amax(1, keepdim=True)).exp().sum(1, keepdim=True).log()
                )
            ),
        ),
        Mistake(
            "one sum for all examples",
            "You added the exponentials of the whole batch into one number.",
            "Each example has a sum of its own: `.sum(1)`.",
            entropy_but(log_p=log_p_of_one_sum),
        ),
        Mistake(
            "log of a vanished softmax",
            "You took softmax first and log after it. A probability too small for a "
            "float32 is 0, and its log is −∞.",
            "Keep to logs: log Σ exp(s) − s_label never leaves the safe range.",
            entropy_but(log_p=lambda s: s.softmax(1).log()),
        ),
        Mistake(
            "softmax over the batch",
            "Your probabilities add up to 1 down each column, over the examples.",
            "It is the classes of one example that share its probability: axis 1.",
            entropy_but(log_p=lambda s: s.log_softmax(0)),
        ),
        Mistake(
            "sum for mean",
            "You added the losses of all examples.",
            "Take the mean, so that the loss doesn't grow with the batch.",
            entropy_but(reduce=torch.sum),
        ),
        Mistake(
            "divided by all entries",
            "You divided by N · C.",
            "There is one loss for each example: divide by N.",
            entropy_but(
                pick=lambda log_p, labels: (
                    log_p * F.one_hot(labels, log_p.shape[1])
                )
            ),
        ),
        Mistake(
            "one loss for each example",
            "You handed back the losses of the examples, not yet their mean.",
            "`.mean()` at the end.",
            entropy_but(reduce=lambda losses: losses),
        ),
        Mistake(
            "minus forgotten",
            "Your loss is negative, and would fall as the net gets worse.",
            "A log of a probability is below 0; the loss is minus that.",
            entropy_but(sign=1),
        ),
        Mistake(
            "labels taken for one-hot",
            "You multiplied by the labels themselves, as if they were ones and zeros.",
            "A label is an index: pick that class's score from each row.",
            entropy_but(pick=times_labels),
        ),
        Mistake(
            "every label from every row",
            "`log_p[:, labels]` picks all labels from each row, N · N numbers.",
            "Row n goes with label n: `log_p[torch.arange(N), labels]`.",
            entropy_but(pick=lambda log_p, labels: log_p[:, labels]),
        ),
        Mistake(
            "all classes averaged",
            "You averaged over all classes, and never looked at the labels.",
            "The loss asks one thing: how probable was the label?",
            entropy_but(pick=lambda log_p, labels: log_p),
        ),
        Mistake(
            "log forgotten",
            "You averaged −p, the probability of the label itself.",
            "Take its log: being sure and mistaken must cost dearly.",
            entropy_but(log_p=lambda s: s.softmax(1)),
        ),
        Mistake(
            "softmax twice",
            "You took a softmax of the probabilities, once more.",
            "Scores go in as they are; one softmax is enough.",
            entropy_but(log_p=lambda s: s.softmax(1).log_softmax(1)),
        ),
        Mistake(
            "scores without their sum",
            "You took minus the label's score, and left the log of the sum out.",
            "The loss is log Σ exp(s) − s_label: the other classes count too.",
            entropy_but(log_p=lambda s: s),
        ),
        Mistake(
            "a small number added",
            "You added 1e-8 to the probabilities before the log, so that a label which "
            "is almost impossible costs no more than 18.4.",
            "Such a loss must cost more and more. Keep to logs: log Σ exp(s) − s_label "
            "needs no such help.",
            entropy_but(log_p=lambda s: (s.softmax(1) + 1e-8).log()),
        ),
    ),
)  # fmt: skip
