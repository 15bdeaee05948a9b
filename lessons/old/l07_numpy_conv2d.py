"""Convolution in NumPy.

Shapes are torch's: x (N, C_in, H, W), weight (C_out, C_in / groups, kH, kW), bias
(C_out,), y (N, C_out, H_out, W_out). Each of stride, padding and dilation is an int or
a pair (rows, columns).

What lessons after this one may import: conv2d and conv2d_backward, which work through
the batch in blocks; max_pool2d, batch_norm, relu and linear, each with its _backward;
bce_with_logits.
"""

import numpy as np
import torch
from torch.nn import functional as F

from diagnose.exercise import Exercise, Mistake
from lessons.l04_nn_layers.solutions import conv_output_size

# Finished pieces: settings, sizes, windows


def pair(value):
    """(3, 3) from 3; a pair stays as it is."""
    return (value, value) if isinstance(value, int) else tuple(value)


def pad(x, padding):
    """x (N, C, H, W) with zeros around its rows and columns."""
    pH, pW = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """(H_out, W_out) of a convolution of a picture of size (H, W)."""
    settings = map(pair, (kernel_size, stride, padding, dilation))
    sides = zip(size, *settings, strict=True)
    return tuple(conv_output_size(*side) for side in sides)


def windows(x, kernel_size, stride=1, dilation=1, writeable=False):
    """Every window of x (N, C, H, W), as a view: (N, C, kH, kW, H_out, W_out)."""
    (kH, kW), (sH, sW), (dH, dW) = map(pair, (kernel_size, stride, dilation))
    reach = dH * (kH - 1) + 1, dW * (kW - 1) + 1
    view = np.lib.stride_tricks.sliding_window_view(
        x, reach, axis=(2, 3), writeable=writeable
    )
    return view[:, :, ::sH, ::sW, ::dH, ::dW].transpose(0, 1, 4, 5, 2, 3)


MOST = 2**18  # numbers in a block of columns; one image may need more


def column_blocks(x, kernel_size, groups=1, stride=1, padding=0, dilation=1):
    """A few images at a time: (which of x, a copy of their windows).

    The copy is (images, groups, C_in / groups * kH * kW, H_out * W_out): a column
    for each output pixel. The next block overwrites it.
    """
    one = windows(pad(x[:1], padding), kernel_size, stride, dilation)
    images = max(1, min(len(x), MOST // one.size))
    buffer = np.empty((images, *one.shape[1:]), x.dtype)
    for first in range(0, len(x), images):
        block = slice(first, first + images)
        columns = buffer[: len(x[block])]
        columns[...] = windows(pad(x[block], padding), kernel_size, stride, dilation)
        yield block, columns.reshape(len(columns), groups, -1, one[0, 0, 0, 0].size)


# Predicted sizes


def predict_sizes():
    """For x of shape (2, 4, 7, 10) and 6 kernels of 3 x 3: shapes as tuples."""
    return {
        "y": (2, 6, 5, 8),
        "y, stride=2": (2, 6, 3, 4),
        "y, padding=(1, 0)": (2, 6, 7, 8),
        "y, dilation=(1, 3)": (2, 6, 5, 4),
        "weight, groups=2": (6, 2, 3, 3),
    }


def sizes_by_torch():
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


def sizes_but(**wrong):
    """The right shapes, but for those given: plain, stride, padding, …"""
    names = ("plain", "stride", "padding", "dilation", "groups")
    keys = dict(zip(names, predict_sizes(), strict=True))
    return lambda: predict_sizes() | {keys[name]: v for name, v in wrong.items()}


PREDICT_SIZES = Exercise(
    "07.predict_sizes",
    reference=predict_sizes,
    oracle=sizes_by_torch,
    minutes=4,
    difficulty=1,
    hints=(
        "A kernel of 3 has 7 - 3 + 1 places in 7 rows. Padding adds rows first; a "
        "stride of 2 keeps every second place, the first one included.",
        "With dilation 3, three weights reach over 7 columns: 1 + 3 + 3.",
        "With groups=2, a kernel reads only half of the channels. The number of "
        "kernels stays what it was.",
    ),
    mistakes=(
        Mistake(
            "kernel not subtracted",
            "You let the kernel hang over the edge: as many places as pixels.",
            "The whole kernel has to fit: 3 rows have 5 places in 7.",
            sizes_but(plain=(2, 6, 7, 10)),
        ),
        Mistake(
            "channels unchanged",
            "You let the output have as many channels as the input.",
            "Each of the 6 kernels makes a channel of its own.",
            sizes_but(
                plain=(2, 4, 5, 8),
                stride=(2, 4, 3, 4),
                padding=(2, 4, 7, 8),
                dilation=(2, 4, 5, 4),
            ),
        ),
        Mistake(
            "last place forgotten",
            "You took the kernel's size off, and forgot that the first place counts.",
            "A kernel of 3 in 3 rows has one place: size - kernel + 1.",
            sizes_but(
                plain=(2, 6, 4, 7),
                stride=(2, 6, 2, 3),
                padding=(2, 6, 6, 7),
                dilation=(2, 6, 4, 3),
            ),
        ),
        Mistake(
            "stride divides the picture",
            "At stride 2 you halved the picture's size.",
            "Stride thins out the *places*: every second one of 5 and of 8.",
            sizes_but(stride=(2, 6, 3, 5)),
        ),
        Mistake(
            "stride rounded down",
            "At stride 2 you halved 5 places to 2.",
            "Places 0, 2 and 4 remain: that's three.",
            sizes_but(stride=(2, 6, 2, 4)),
        ),
        Mistake(
            "padded on one side",
            "You counted the padding once.",
            "Padding of 1 adds a row above and a row below.",
            sizes_but(padding=(2, 6, 6, 8)),
        ),
        Mistake(
            "pair the other way round",
            "You read the pairs as (columns, rows).",
            "torch's pairs are (rows, columns), as H stands before W.",
            sizes_but(padding=(2, 6, 5, 10), dilation=(2, 6, 1, 8)),
        ),
        Mistake(
            "dilation multiplies the kernel",
            "You took 3 · 3 = 9 as the width of the dilated kernel.",
            "There are two gaps between three weights: 3 · 2 + 1 = 7.",
            sizes_but(dilation=(2, 6, 5, 2)),
        ),
        Mistake(
            "dilation changes nothing",
            "You left the size as it is without dilation.",
            "Spread out, the kernel reaches farther, and has fewer places.",
            sizes_but(dilation=(2, 6, 5, 8)),
        ),
        Mistake(
            "all channels in every group",
            "You let each kernel read all 4 channels, as without groups.",
            "With groups=2, a kernel reads the 2 channels of its own group.",
            sizes_but(groups=(6, 4, 3, 3)),
        ),
        Mistake(
            "channels before kernels",
            "You put the channels of a kernel before the number of kernels.",
            "The first axis counts kernels: (C_out, C_in / groups, kH, kW).",
            sizes_but(groups=(2, 6, 3, 3)),
        ),
        Mistake(
            "kernels divided by groups",
            "You divided the number of kernels by the groups.",
            "There are 6 output channels, so 6 kernels; each of them is thinner.",
            sizes_but(groups=(3, 4, 3, 3)),
        ),
        Mistake(
            "both divided by groups",
            "You divided the kernels by the groups as well as their channels.",
            "There are 6 output channels, so 6 kernels; each of them is thinner.",
            sizes_but(groups=(3, 2, 3, 3)),
        ),
    ),
)

# A kernel with holes


def dilate_kernel(weight, dilation):
    """The kernel with holes: zeros between the weights, dilation apart."""
    dH, dW = pair(dilation)
    kH, kW = weight.shape[2:]
    reach = dH * (kH - 1) + 1, dW * (kW - 1) + 1
    holes = np.zeros((*weight.shape[:2], *reach), weight.dtype)
    holes[:, :, ::dH, ::dW] = weight
    return holes


def dilate_by_kron(weight, dilation):
    """Each weight times a block with a single 1; the last block's zeros cut off."""
    dH, dW = (dilation, dilation) if isinstance(dilation, int) else dilation
    block = np.zeros((1, 1, dH, dW), weight.dtype)
    block[..., 0, 0] = 1
    blown_up = np.kron(weight, block)
    return blown_up[:, :, : blown_up.shape[2] - dH + 1, : blown_up.shape[3] - dW + 1]


def dilate_cases(rng):
    yield np.array([[[[1.0, 2.0]]]]), 2
    yield np.arange(1.0, 7.0).reshape(1, 1, 2, 3), (3, 2)
    yield rng.normal(size=(2, 3, 3, 2)), (1, 4)
    yield rng.normal(size=(3, 2, 2, 3)).astype(np.float32), 3


def holes_but(dilation=pair, extra=0):
    """A kernel with holes, from another dilation, or with room behind it."""

    def wrong(weight, given):
        dH, dW = dilation(given)
        holes = dilate_kernel(weight, (dH, dW))
        room = [(0, 0), (0, 0), (0, extra * (dH - 1)), (0, extra * (dW - 1))]
        return np.pad(holes, room)

    return wrong


DILATE_KERNEL = Exercise(
    "07.dilate_kernel",
    reference=dilate_kernel,
    oracle=dilate_by_kron,
    cases=dilate_cases,
    minutes=6,
    difficulty=2,
    hints=(
        "Between kH weights there are kH - 1 gaps, and each is dH long: the kernel "
        "reaches over dH * (kH - 1) + 1 rows.",
        "Make the zeros first. A slice with a step, `[::2]`, names every second place.",
        "`pair(dilation)` makes two numbers of an int or a pair.",
    ),
    mistakes=(
        Mistake(
            "zeros after the last weight",
            "You put zeros after every weight, the last one included.",
            "Holes lie between the weights; the kernel ends with a weight.",
            holes_but(extra=1),
        ),
        Mistake(
            "one zero too many",
            "You put as many zeros between two weights as the dilation says.",
            "Dilation is the step from one weight to the next: 2 leaves one hole.",
            holes_but(lambda d: tuple(n + 1 for n in pair(d))),
        ),
        Mistake(
            "rows and columns exchanged",
            "You used the first number of the pair for the columns.",
            "Pairs are (rows, columns).",
            holes_but(lambda d: pair(d)[::-1]),
        ),
        Mistake(
            "one number for both",
            "You used the first number of the pair for rows and columns alike.",
            "Unpack it: `dH, dW = pair(dilation)`.",
            holes_but(lambda d: (pair(d)[0],) * 2),
        ),
        Mistake(
            "only the columns",
            "You put holes between columns, and none between rows.",
            "The step in `[:, :, ::dH, ::dW]` is needed on both axes.",
            holes_but(lambda d: (1, pair(d)[1])),
        ),
        Mistake(
            "weights repeated",
            "You repeated each weight instead of leaving holes.",
            "The places between are 0: those pixels aren't read.",
            lambda weight, dilation: weight.repeat(pair(dilation)[0], 2).repeat(
                pair(dilation)[1], 3
            ),
        ),
        Mistake(
            "int where a pair is given",
            "You multiplied by the dilation as if it were always a number.",
            "It may be a pair: `dH, dW = pair(dilation)` takes both.",
            lambda weight, dilation: (
                dilate_kernel(weight, dilation)
                if isinstance(dilation, int)
                else dilation * (weight.shape[2] - 1) + 1
            ),
        ),
    ),
)

# Convolution, one product at a time


def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """torch's conv2d, one product at a time: (N, C_out, H_out, W_out)."""
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            pixel = padded[n, first + c, i * sH + a * dH, j * sW + b * dW]
            y[n, o, i, j] += pixel * weight[o, c, a, b]
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


def conv_by_torch(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x, weight = torch.from_numpy(x), torch.from_numpy(weight)
    bias = None if bias is None else torch.from_numpy(bias)
    return F.conv2d(x, weight, bias, stride, padding, dilation, groups).numpy()


# Shapes of x and weight, then stride, padding, dilation, groups.
CONV_CASES = (
    ((2, 3, 6, 7), (4, 3, 3, 2), (2, 1), 0, 1, 1),
    ((3, 2, 5, 4), (3, 2, 2, 3), 1, (2, 1), 1, 1),
    ((2, 1, 7, 8), (2, 1, 2, 3), 1, 0, (3, 2), 1),
    ((2, 4, 5, 6), (6, 2, 3, 2), 2, 1, 2, 2),
    ((1, 6, 9, 6), (3, 2, 2, 3), (1, 2), (0, 2), (2, 1), 3),
)


def conv_cases(rng):
    picture = np.array([[1.0, 2.0, 0.0, 4.0], [0.0, 3.0, 1.0, 5.0]])
    yield picture[None, None], np.array([[[[1.0, -2.0]]]]), None, 1, 0, 1, 1
    for place, (x, weight, *settings) in enumerate(CONV_CASES):
        bias = None if place == 1 else rng.normal(size=weight[0])
        yield rng.normal(size=x), rng.normal(size=weight), bias, *settings


def first_of_pair(value):
    return pair(value)[0]


def turned(value):
    return pair(value)[::-1]


def add_bias(y, bias, weight):
    return y if bias is None else y + bias[:, None, None]


def conv_but(kernel=lambda weight: weight, bias=add_bias, groups=None, **changed):
    """A wrong conv2d.

    kernel   what it makes of the weights
    bias     how it adds the bias: bias(y, bias, weight)
    groups   how it chooses channels: an array (C_out, C_in / groups) of their numbers
    changed  what it takes for the stride, padding or dilation it was given
    """

    def wrong(x, weight, b=None, stride=1, padding=0, dilation=1, given=1):
        settings = {"stride": stride, "padding": padding, "dilation": dilation}
        settings |= {name: how(settings[name]) for name, how in changed.items()}
        if groups and given > 1:
            chosen = groups(len(weight), weight.shape[1], given)
            y = [
                conv2d(x[:, channels], kernel(weight[o : o + 1]), **settings)
                for o, channels in enumerate(chosen)
            ]
            y = np.concatenate(y, axis=1)
        else:
            y = conv2d(x, kernel(weight), groups=given, **settings)
        return bias(y, b, weight)

    return wrong


def groups_in_turn(C_out, channels, groups):
    """Outputs dealt out to the groups like cards."""
    return [
        np.arange(channels) + (output % groups) * channels for output in range(C_out)
    ]


def channels_in_turn(C_out, channels, groups):
    """Input channels dealt out to the groups like cards."""
    each = C_out // groups
    return [np.arange(channels) * groups + output // each for output in range(C_out)]


def first_channels(C_out, channels, groups):
    return [np.arange(channels)] * C_out


def group_for_channel(C_out, channels, groups):
    """A group's number is taken for its first channel."""
    each = C_out // groups
    return [np.arange(channels) + output // each for output in range(C_out)]


def conv_cut(**changed):
    """Another stride or dilation, but only as many outputs as there should be."""

    def wrong(x, weight, b=None, stride=1, padding=0, dilation=1, groups=1):
        right = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
        settings = {"stride": stride, "padding": padding, "dilation": dilation}
        y = conv2d(x, weight, b, groups=groups, **(settings | changed))
        return y[:, :, : right[0], : right[1]]

    return wrong


def conv_padded_behind(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    pH, pW = pair(padding)
    padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * pH), (0, 2 * pW)))
    return conv2d(padded, weight, bias, stride, 0, dilation, groups)


def bias_if_true(y, bias, weight):
    if bias:
        y = y + bias[:, None, None]
    return y


def sizes_without_pairs(x, weight, b=None, stride=1, padding=0, dilation=1, groups=1):
    H = (x.shape[2] + 2 * padding - dilation * (weight.shape[2] - 1) - 1) // stride + 1
    W = (x.shape[3] + 2 * padding - dilation * (weight.shape[3] - 1) - 1) // stride + 1
    assert H and W
    return conv2d(x, weight, b, stride, padding, dilation, groups)


CONV_MISTAKES = (
    Mistake(
        "kernel flipped",
        "You turned the kernel round before laying it on, as mathematicians do.",
        "What torch calls convolution lays the kernel on as it is: weight [0, 0] "
        "meets the upper left pixel of the window.",
        conv_but(kernel=lambda weight: weight[:, :, ::-1, ::-1]),
    ),
    Mistake(
        "kernel transposed",
        "You exchanged the rows and columns of the kernel.",
        "The weight at [a, b] meets the pixel `a` rows down and `b` columns on.",
        conv_but(kernel=lambda weight: weight.swapaxes(2, 3)),
    ),
    Mistake(
        "stride ignored",
        "Your windows move on by one pixel, whatever the stride is.",
        "Output pixel (i, j) starts at row i · sH, column j · sW.",
        conv_but(stride=lambda stride: 1),
    ),
    Mistake(
        "stride missing from the index",
        "The size is right, but your windows move on by one pixel.",
        "Output pixel (i, j) starts at row i · sH, column j · sW.",
        conv_cut(stride=1),
    ),
    Mistake(
        "dilation missing from the index",
        "The size is right, but your kernel reads neighbours, as if it had no holes.",
        "Weight (a, b) meets the pixel a · dH rows and b · dW columns on.",
        conv_cut(dilation=1),
    ),
    Mistake(
        "padded at the end only",
        "You put all zeros below and to the right.",
        "Padding of 1 adds a row above and one below, a column left and one right.",
        conv_padded_behind,
    ),
    Mistake(
        "padding ignored",
        "You left the padding out.",
        "Put zeros around the picture first: `pad(x, padding)`.",
        conv_but(padding=lambda padding: 0),
    ),
    Mistake(
        "dilation ignored",
        "Your kernel has no holes: neighbours are read where dilation skips some.",
        "Weight (a, b) meets the pixel a · dH rows and b · dW columns on.",
        conv_but(dilation=lambda dilation: 1),
    ),
    Mistake(
        "groups ignored",
        "Every output reads the channels of the first group.",
        "Output `o` belongs to group o // (C_out / groups), and its channels start at "
        "that number times C_in / groups.",
        conv_but(groups=first_channels),
    ),
    Mistake(
        "group's number for its first channel",
        "You took the number of a group for the number of its first channel.",
        "Each group has C_in / groups channels: multiply by that, `weight.shape[1]`.",
        conv_but(groups=group_for_channel),
    ),
    Mistake(
        "outputs dealt out in turn",
        "You gave the outputs to the groups in turn, like cards.",
        "Groups are blocks: the first C_out / groups outputs are the first group's.",
        conv_but(groups=groups_in_turn),
    ),
    Mistake(
        "channels dealt out in turn",
        "You gave the input channels to the groups in turn, like cards.",
        "Groups are blocks: the first C_in / groups channels are the first group's.",
        conv_but(groups=channels_in_turn),
    ),
    Mistake(
        "rows and columns of the stride exchanged",
        "You used the first number of the stride for columns.",
        "Pairs are (rows, columns).",
        conv_but(stride=turned),
    ),
    Mistake(
        "rows and columns of the padding exchanged",
        "You used the first number of the padding for columns.",
        "Pairs are (rows, columns).",
        conv_but(padding=turned),
    ),
    Mistake(
        "rows and columns of the dilation exchanged",
        "You used the first number of the dilation for columns.",
        "Pairs are (rows, columns).",
        conv_but(dilation=turned),
    ),
    Mistake(
        "first of each pair",
        "You used the first number of each pair for rows and columns alike.",
        "Unpack the pairs: `sH, sW = pair(stride)`.",
        conv_but(stride=first_of_pair, padding=first_of_pair, dilation=first_of_pair),
    ),
    Mistake(
        "int where a pair is given",
        "You calculated with stride, padding and dilation as if they were numbers.",
        "Each may be a pair, (rows, columns): unpack it with `pair`.",
        sizes_without_pairs,
    ),
    Mistake(
        "bias left out",
        "The products are right, and no bias is added.",
        "Each output channel has one number to add, unless `bias` is None.",
        conv_but(bias=lambda y, bias, weight: y),
    ),
    Mistake(
        "bias once per product",
        "You added the bias with every product of the window.",
        "An output pixel gets its bias once, after the sum.",
        conv_but(
            bias=lambda y, bias, weight: (
                y if bias is None else y + weight[0].size * bias[:, None, None]
            )
        ),
    ),
    Mistake(
        "bias tested by if",
        "You asked `if bias:`, and an array of several numbers is neither true nor "
        "false.",
        "Ask what you want to know: `if bias is not None:`.",
        conv_but(bias=bias_if_true),
    ),
    Mistake(
        "bias along the columns",
        "You added the bias without saying along which axis, and broadcasting reads "
        "from the right: it meets the columns.",
        "`bias[:, None, None]` stands beside (C_out, H_out, W_out).",
        conv_but(bias=lambda y, bias, weight: y if bias is None else y + bias),
    ),
)


def conv_last_product(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    last = np.zeros_like(weight)
    last[:, -1, -1, -1] = weight[:, -1, -1, -1]
    return conv2d(x, last, bias, stride, padding, dilation, groups)


def conv_first_pixel(x, weight, *settings):
    right = conv2d(x, weight, *settings)
    y = np.zeros_like(right)
    y[0, 0, 0, 0] = right[0, 0, 0, 0]
    return y


CONV2D_LOOPS = Exercise(
    "07.conv2d_loops",
    reference=conv2d_loops,
    oracle=conv_by_torch,
    cases=conv_cases,
    minutes=12,
    difficulty=3,
    hints=(
        "`for n, o, i, j in np.ndindex(y.shape):` visits every output pixel. Within "
        "it, `for c, a, b in np.ndindex(weight.shape[1:]):` visits its products.",
        "Weight (c, a, b) meets row i · sH + a · dH, column j · sW + b · dW of the "
        "padded picture.",
        "Output `o` is in group `o // (C_out // groups)`; that group's first channel "
        "is this number times `weight.shape[1]`.",
    ),
    mistakes=(
        *CONV_MISTAKES,
        Mistake(
            "only the last product",
            "Each output pixel holds the last product alone, not the sum.",
            "Add the products up: `+=`.",
            conv_last_product,
        ),
        Mistake(
            "returned within the loop",
            "You computed the first output pixel, and the others are zeros.",
            "Does the `return` stand inside the loop? Move it to the left, under the "
            "`for`.",
            conv_first_pixel,
        ),
    ),
)

# Convolution, fast


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """torch's conv2d, by matmul, a few images at a time: (N, C_out, H_out, W_out)."""
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    H_out, W_out = output_size(x.shape[2:], kernel_size, *settings)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    y = np.empty((len(x), *rows.shape[:2], H_out * W_out), x.dtype)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        np.matmul(rows, columns, out=y[block])
    y = y.reshape(len(x), len(weight), H_out, W_out)
    if bias is not None:
        y += bias[:, None, None]
    return y


def conv_channels_last(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Channels come last out of the product, and are reshaped to the front."""
    y = conv2d(x, weight, None, stride, padding, dilation, groups)
    scrambled = y.transpose(0, 2, 3, 1).reshape(y.shape)
    return add_bias(scrambled, bias, weight)


def conv_batch_last(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The outputs come first out of the product, and are reshaped to the front."""
    y = conv2d(x, weight, None, stride, padding, dilation, groups)
    scrambled = y.transpose(1, 0, 2, 3).reshape(y.shape)
    return add_bias(scrambled, bias, weight)


def conv_settings_lost(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return conv2d(x, weight, bias, groups=groups)


def conv_kernels_in_turn(
    x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1
):
    dealt = weight.reshape(-1, groups, *weight.shape[1:]).swapaxes(0, 1)
    dealt = dealt.reshape(weight.shape)
    return conv2d(x, dealt, bias, stride, padding, dilation, groups)


def conv_one_group(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Raises an exception where there are groups."""
    view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
    N, C, kH, kW, H_out, W_out = view.shape
    columns = view.reshape(N, C * kH * kW, H_out * W_out)
    y = weight.reshape(len(weight), -1) @ columns
    return add_bias(y.reshape(N, -1, H_out, W_out), bias, weight)


def conv_last_block(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = groups, stride, padding, dilation
    *_, (block, _) = column_blocks(x, weight.shape[2:], *settings)
    return conv2d(x[block], weight, bias, stride, padding, dilation, groups)


def conv_first_block(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = groups, stride, padding, dilation
    block, _ = next(column_blocks(x, weight.shape[2:], *settings))
    return conv2d(x[block], weight, bias, stride, padding, dilation, groups)


def conv_columns_kept(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = groups, stride, padding, dilation
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    kept = [columns for _, columns in column_blocks(x, weight.shape[2:], *settings)]
    y = np.concatenate([rows @ columns for columns in kept])
    return add_bias(y.reshape(len(x), len(weight), *size), bias, weight)


def several_blocks(rng):
    """x and weight so large that column_blocks needs two blocks."""
    return rng.normal(size=(3, 1, 42, 44)), rng.normal(size=(2, 1, 8, 9))


def conv_block_cases(rng):
    yield from conv_cases(rng)
    yield *several_blocks(rng), None, 1, 0, 1, 1


CONV2D = Exercise(
    "07.conv2d",
    reference=conv2d,
    oracle=conv_by_torch,
    cases=conv_block_cases,
    minutes=10,
    difficulty=3,
    hints=(
        "As rows, the weights are (groups, C_out / groups, numbers in a window). The "
        "columns of a block are (images, groups, numbers in a window, pixels).",
        "`rows @ columns` gives (images, groups, C_out / groups, pixels), in the order "
        "in which `y` wants them: a `reshape` is all that is left.",
        "Make `y` first, and fill `y[block]` in a loop over `column_blocks(...)`.",
    ),
    mistakes=(
        *CONV_MISTAKES,
        Mistake(
            "settings not passed on",
            "You left out stride, padding and dilation.",
            "Pass them on, to `output_size` and to `column_blocks`.",
            conv_settings_lost,
        ),
        Mistake(
            "kernels dealt out in turn",
            "You gave the kernels to the groups in turn, like cards.",
            "The first C_out / groups kernels are the first group's: reshape to "
            "(groups, C_out // groups, -1), groups in front.",
            conv_kernels_in_turn,
        ),
        Mistake(
            "one group for all",
            "Your rows and columns fit only where there is one group.",
            "With groups, a kernel is thinner: give rows and columns an axis for the "
            "groups, and `@` multiplies group by group.",
            conv_one_group,
        ),
        Mistake(
            "only the last block",
            "Only the images of the last block came back.",
            "Each block has its place: fill `y[block]`, or collect the parts.",
            conv_last_block,
        ),
        Mistake(
            "only the first block",
            "Only the images of the first block came back.",
            "Does the `return` stand inside the loop?",
            conv_first_block,
        ),
        Mistake(
            "columns kept for later",
            "You kept the columns of all blocks and multiplied afterwards. By then, "
            "each block had been overwritten by the next.",
            "Multiply within the loop: `column_blocks` uses the same memory for every "
            "block.",
            conv_columns_kept,
        ),
        Mistake(
            "channels last reshaped",
            "Your product has the channels last, and a `reshape` gave it the right "
            "shape, but not the right order.",
            "Reshape to what it is, (N, H_out, W_out, C_out), and then transpose.",
            conv_channels_last,
        ),
        Mistake(
            "batch behind channels",
            "Your product has the outputs before the images, and a `reshape` gave it "
            "the right shape, but not the right order.",
            "Reshape to what it is, (C_out, N, H_out, W_out), and then transpose.",
            conv_batch_last,
        ),
    ),
)

# The way back, one product at a time


def conv2d_backward_loops(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Gradients (dx, dweight, dbias), given dy, that of conv2d's output."""
    (sH, sW), (dH, dW), (pH, pW) = pair(stride), pair(dilation), pair(padding)
    padded = pad(x, padding)
    dpadded, dweight = np.zeros_like(padded), np.zeros_like(weight)
    for n, o, i, j in np.ndindex(dy.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            pixel = n, first + c, i * sH + a * dH, j * sW + b * dW
            dweight[o, c, a, b] += dy[n, o, i, j] * padded[pixel]
            dpadded[pixel] += dy[n, o, i, j] * weight[o, c, a, b]
    H, W = x.shape[2:]
    dx = dpadded[:, :, pH : pH + H, pW : pW + W]
    return dx, dweight, dy.sum(axis=(0, 2, 3))


# Windows, put back


def fold(dwindows, size, stride=1, padding=0, dilation=1):
    """Add every window to where it was read, and cut off the padding: (N, C, *size).

    dwindows is (N, C, kH, kW, H_out, W_out), size is (H, W) without the padding.
    """
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pH, pW) = size, pair(padding)
    dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
    return dpadded[:, :, pH : pH + H, pW : pW + W]


def fold_by_torch(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW, H_out, W_out = dwindows.shape
    columns = torch.from_numpy(dwindows).reshape(N, C * kH * kW, H_out * W_out)
    return F.fold(columns, size, (kH, kW), dilation, padding, stride).numpy()


# (N, C), size, kernel's size, then stride, padding, dilation.
FOLD_CASES = (
    ((2, 3), (5, 6), (3, 2), (2, 1), 0, 1),
    ((3, 1), (5, 4), (2, 3), 1, (2, 1), 1),
    ((1, 2), (7, 8), (2, 3), 1, 0, (3, 2)),
    ((2, 1), (6, 7), (3, 2), (2, 3), (1, 2), (2, 1)),
)


def fold_cases(rng):
    two_windows = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0])
    yield two_windows.reshape(1, 1, 1, 2, 1, 3), (1, 4), 1, 0, 1
    for (N, C), size, kernel, *settings in FOLD_CASES:
        places = output_size(size, kernel, *settings)
        yield rng.normal(size=(N, C, *kernel, *places)), size, *settings


def fold_last_weight(dwindows, size, stride=1, padding=0, dilation=1):
    """Overwriting, weight by weight."""
    (H, W), (pH, pW) = size, pair(padding)
    N, C, kH, kW = dwindows.shape[:4]
    padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(padded, (kH, kW), stride, dilation, writeable=True)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] = dwindows[:, :, a, b]
    return padded[:, :, pH : pH + H, pW : pW + W]


def fold_last_window(dwindows, size, stride=1, padding=0, dilation=1):
    """Overwriting, window by window."""
    (H, W), (pH, pW) = size, pair(padding)
    N, C, kH, kW, H_out, W_out = dwindows.shape
    padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(padded, (kH, kW), stride, dilation, writeable=True)
    for i, j in np.ndindex(H_out, W_out):
        view[..., i, j] = dwindows[..., i, j]
    return padded[:, :, pH : pH + H, pW : pW + W]


def fold_uncropped(dwindows, size, stride=1, padding=0, dilation=1):
    (H, W), (pH, pW) = size, pair(padding)
    return fold(dwindows, (H + 2 * pH, W + 2 * pW), stride, 0, dilation)


def fold_cropped_behind(dwindows, size, stride=1, padding=0, dilation=1):
    H, W = size
    return fold_uncropped(dwindows, size, stride, padding, dilation)[:, :, :H, :W]


def fold_reached(dwindows, size, stride=1, padding=0, dilation=1):
    """Only as far as the last window reaches."""
    kernel, places = dwindows.shape[2:4], dwindows.shape[4:]
    settings = zip(places, kernel, *map(pair, (stride, padding, dilation)), strict=True)
    H, W = (s * (n - 1) + d * (k - 1) + 1 - 2 * p for n, k, s, p, d in settings)
    return fold(dwindows, (H, W), stride, padding, dilation)


def fold_side_by_side(dwindows, size, stride=1, padding=0, dilation=1):
    """As if the stride were 1; the room it should have taken stays empty."""
    return fold_placed(dwindows, size, 1, padding, dilation)


def fold_undilated(dwindows, size, stride=1, padding=0, dilation=1):
    return fold_placed(dwindows, size, stride, padding, 1)


def fold_placed(dwindows, size, stride, padding, dilation):
    """Windows added at places that need not be all the places there are."""
    (sH, sW), (pH, pW), (dH, dW) = map(pair, (stride, padding, dilation))
    N, C, kH, kW, H_out, W_out = dwindows.shape
    H, W = size
    padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    for a, b in np.ndindex(kH, kW):
        rows = slice(a * dH, a * dH + sH * (H_out - 1) + 1, sH)
        columns = slice(b * dW, b * dW + sW * (W_out - 1) + 1, sW)
        padded[:, :, rows, columns] += dwindows[:, :, a, b]
    return padded[:, :, pH : pH + H, pW : pW + W]


def fold_flipped(dwindows, size, stride=1, padding=0, dilation=1):
    return fold(dwindows[:, :, ::-1, ::-1], size, stride, padding, dilation)


def fold_at_once(dwindows, size, stride=1, padding=0, dilation=1):
    """The whole view of overlapping windows in one statement."""
    (H, W), (pH, pW) = size, pair(padding)
    N, C, kH, kW = dwindows.shape[:4]
    padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(padded, (kH, kW), stride, dilation, writeable=True)
    view += dwindows
    return padded[:, :, pH : pH + H, pW : pW + W]


def fold_cropped_to_minus(dwindows, size, stride=1, padding=0, dilation=1):
    pH, pW = pair(padding)
    padded = fold_uncropped(dwindows, size, stride, padding, dilation)
    return padded[:, :, pH:-pH, pW:-pW]


def fold_first_weight(dwindows, size, stride=1, padding=0, dilation=1):
    first = np.zeros_like(dwindows)
    first[:, :, 0, 0] = dwindows[:, :, 0, 0]
    return fold(first, size, stride, padding, dilation)


def fold_mean(dwindows, size, stride=1, padding=0, dilation=1):
    """The mean of what arrives at a pixel."""
    arrived = fold(np.ones_like(dwindows), size, stride, padding, dilation)
    total = fold(dwindows, size, stride, padding, dilation)
    return total / np.maximum(arrived, 1)


FOLD = Exercise(
    "07.fold",
    reference=fold,
    oracle=fold_by_torch,
    cases=fold_cases,
    minutes=8,
    difficulty=3,
    hints=(
        "Start with zeros as large as the padded picture. `windows(dpadded, ..., "
        "writeable=True)` shows every window of it, and can be written through.",
        "Windows overlap, but for one weight (a, b) its pixels never do: "
        "`view[:, :, a, b] += dwindows[:, :, a, b]` is safe.",
        "At the end, cut the padding off: rows pH to pH + H, columns pW to pW + W.",
    ),
    mistakes=(
        Mistake(
            "overwritten, weight by weight",
            "Where windows overlap, the last weight's share has replaced the others.",
            "Every share counts: `+=`.",
            fold_last_weight,
        ),
        Mistake(
            "overwritten, window by window",
            "Where windows overlap, the last window has replaced the others.",
            "A pixel that was read by four windows gets four shares: add them up.",
            fold_last_window,
        ),
        Mistake(
            "overlapping view written at once",
            "You wrote to the whole view in one statement. Where windows overlap, one "
            "share is left.",
            "Go weight by weight: for one (a, b), the pixels of `view[:, :, a, b]` "
            "don't overlap.",
            fold_at_once,
        ),
        Mistake(
            "nothing arrived",
            "Your result is all zeros: no window's share arrived.",
            "Is it `dpadded` that you write into? `.copy()`, and often `reshape`, hand "
            "out other memory.",
            lambda dwindows, size, *settings: 0 * fold(dwindows, size, *settings),
        ),
        Mistake(
            "only the first weight",
            "Only the shares of weight (0, 0) went back.",
            "Does the `return` stand inside the loop? Move it to the left, under the "
            "`for`.",
            fold_first_weight,
        ),
        Mistake(
            "averaged where windows overlap",
            "You took the mean of the shares that arrive at a pixel.",
            "Blame from several windows adds up.",
            fold_mean,
        ),
        Mistake(
            "padding not cropped",
            "Your result still has the padding around it.",
            "The zeros around the picture belong to nobody: cut their rows and "
            "columns off.",
            fold_uncropped,
        ),
        Mistake(
            "cropped to minus zero",
            "You cropped with `pH:-pH`, and without padding, that is `0:-0`: nothing.",
            "`pH : pH + H` works for every padding.",
            fold_cropped_to_minus,
        ),
        Mistake(
            "cropped at the end only",
            "You cut the padding of both sides off at the end, so everything lies too "
            "far down or to the right.",
            "The picture begins at row pH, column pW of the padded one.",
            fold_cropped_behind,
        ),
        Mistake(
            "only what the windows reach",
            "Your result ends where the last window does.",
            "Where the stride doesn't divide, the last rows were never read: their "
            "share is 0, and they count in the size.",
            fold_reached,
        ),
        Mistake(
            "stride not spread out",
            "You put the windows one pixel apart, whatever the stride is.",
            "Window (i, j) was read at row i · sH, column j · sW, and goes back there.",
            fold_side_by_side,
        ),
        Mistake(
            "dilation ignored",
            "You put each window back without its holes.",
            "Its entry (a, b) was read a · dH rows and b · dW columns on.",
            fold_undilated,
        ),
        Mistake(
            "windows turned round",
            "You put every window back upside down and mirrored.",
            "Its entry (a, b) goes back to where it was read: a down, b on.",
            fold_flipped,
        ),
    ),
)

# The way back, fast


def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Gradients (dx, dweight, dbias), given dy, that of conv2d's output."""
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
        np.matmul(rows.swapaxes(1, 2), dout, out=columns)  # they have served
        dwindows = columns.reshape(-1, x.shape[1], *kernel_size, *dy.shape[2:])
        dx[block] = fold(dwindows, x.shape[2:], *settings)
    return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))


def gradients_by_torch(y, dy, *leaves):
    """Of (y * dy).sum(): so torch needn't load what it checks a given dy with."""
    grads = torch.autograd.grad((y * torch.from_numpy(dy)).sum(), leaves)
    return tuple(grad.numpy() for grad in grads)


def conv_backward_by_torch(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    x, weight = (torch.from_numpy(v).requires_grad_() for v in (x, weight))
    bias = torch.zeros(len(weight), dtype=weight.dtype, requires_grad=True)
    y = F.conv2d(x, weight, bias, stride, padding, dilation, groups)
    return gradients_by_torch(y, dy, x, weight, bias)


def conv_backward_cases(rng):
    picture = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]])[None, None]
    dy = np.array([[1.0, 0.0], [0.0, 10.0]])[None, None]
    yield dy, picture, np.array([[[[1.0, -2.0]]]]), 1, 0, 1, 1
    for x, weight, *settings, groups in CONV_CASES:
        size = output_size(x[2:], weight[2:], *settings)
        dy = rng.normal(size=(x[0], weight[0], *size))
        yield dy, rng.normal(size=x), rng.normal(size=weight), *settings, groups


def dwindows_of(dy, weight, groups):
    """What each window of x gets, (N, C_in, kH, kW, H_out, W_out)."""
    N, C_out, H_out, W_out = dy.shape
    dout = dy.reshape(N, groups, C_out // groups, H_out, W_out)
    rows = weight.reshape(groups, C_out // groups, *weight.shape[1:])
    shares = np.einsum("ngohw,gocab->ngcabhw", dout, rows)
    return shares.reshape(N, -1, *shares.shape[3:])


def dweight_of(dy, view, groups):
    """What each weight gets from a view of windows, for every image by itself."""
    N, C_out, H_out, W_out = dy.shape
    dout = dy.reshape(N, groups, C_out // groups, H_out, W_out)
    view = view.reshape(N, groups, -1, *view.shape[2:])[..., :H_out, :W_out]
    shares = np.einsum("ngohw,ngcabhw->ngocab", dout, view)
    return shares.reshape(N, C_out, *shares.shape[3:])


def backward_but(dx=None, dweight=None, dbias=None):
    """A wrong conv2d_backward.

    dx       how it puts windows back, called like ``fold``
    dweight  its gradient of the weights, of (dy, x, weight, settings and groups)
    dbias    its gradient of the bias, of dy
    """

    def wrong(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
        settings = stride, padding, dilation
        right = conv2d_backward(dy, x, weight, *settings, groups)
        put = dx and dx(dwindows_of(dy, weight, groups), x.shape[2:], *settings)
        its = dweight and dweight(dy, x, weight, *settings, groups)
        summed = dbias and dbias(dy)
        return tuple(
            mine if given else its
            for mine, its, given in zip(
                (put, its, summed), right, (dx, dweight, dbias), strict=True
            )
        )

    return wrong


def dweight_per_image(dy, x, weight, stride, padding, dilation, groups):
    view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
    return dweight_of(dy, view, groups)


def dweight_from_dwindows(dy, x, weight, stride, padding, dilation, groups):
    return dweight_of(dy, dwindows_of(dy, weight, groups), groups).sum(axis=0)


def dweight_at_stride_one(dy, x, weight, stride, padding, dilation, groups):
    view = windows(pad(x, padding), weight.shape[2:], 1, dilation)
    return dweight_of(dy, view, groups).sum(axis=0)


def dweight_undilated(dy, x, weight, stride, padding, dilation, groups):
    view = windows(pad(x, padding), weight.shape[2:], stride, 1)
    return dweight_of(dy, view, groups).sum(axis=0)


def backward_flipped(dy, x, weight, *settings):
    _, dweight, dbias = conv2d_backward(dy, x, weight, *settings)
    flipped = weight[:, :, ::-1, ::-1]
    return conv2d_backward(dy, x, flipped, *settings)[0], dweight, dbias


def backward_groups_ignored(dy, x, weight, stride, padding, dilation, groups):
    """Every output is taken to have read the first group's channels."""
    channels = weight.shape[1]
    first = x[:, :channels]
    dfirst, dweight, dbias = conv2d_backward(
        dy, first, weight, stride, padding, dilation, 1
    )
    dx = np.zeros_like(x)
    dx[:, :channels] = dfirst
    return dx, dweight, dbias


def dweight_of_last_block(dy, x, weight, stride, padding, dilation, groups):
    settings = groups, stride, padding, dilation
    *_, (block, _) = column_blocks(x, weight.shape[2:], *settings)
    last = dy[block], x[block], weight, stride, padding, dilation, groups
    return conv2d_backward(*last)[1]


def conv_backward_block_cases(rng):
    yield from conv_backward_cases(rng)
    x, weight = several_blocks(rng)
    yield rng.normal(size=(3, 2, 35, 36)), x, weight, 1, 0, 1, 1


CONV2D_BACKWARD = Exercise(
    "07.conv2d_backward",
    reference=conv2d_backward,
    oracle=conv_backward_by_torch,
    cases=conv_backward_block_cases,
    returns=("dx", "dweight", "dbias"),
    minutes=12,
    difficulty=3,
    hints=(
        "Forward was `rows @ columns`, a product of two matrices. Lesson 01 has its "
        "gradients: `dout @ columns.T` for the one, `rows.T @ dout` for the other.",
        "Here the matrices are the last two axes, so `.T` becomes `.swapaxes(2, 3)`; "
        "the weights serve every image, so their gradient is summed over the images.",
        "`rows.swapaxes(1, 2) @ dout` is the gradient of the columns: reshape it to "
        "(images, C_in, kH, kW, H_out, W_out), and `fold` puts it back.",
    ),
    mistakes=(
        Mistake(
            "padding not cropped from dx",
            "`dx` still has the padding around it.",
            "Nobody wants gradients of those zeros: cut their rows and columns off.",
            backward_but(dx=fold_uncropped),
        ),
        Mistake(
            "dx cropped to minus zero",
            "You cropped `dx` with `pH:-pH`, and without padding, that is `0:-0`: "
            "nothing.",
            "`pH : pH + H` works for every padding.",
            backward_but(dx=fold_cropped_to_minus),
        ),
        Mistake(
            "dx cropped at the end only",
            "You cut the padding of both sides off at the end of `dx`.",
            "The picture begins at row pH, column pW of the padded one.",
            backward_but(dx=fold_cropped_behind),
        ),
        Mistake(
            "dx overwritten, weight by weight",
            "In `dx`, where windows overlap, the last weight's share has replaced the "
            "others.",
            "Every window that read a pixel sends a share back: add them up.",
            backward_but(dx=fold_last_weight),
        ),
        Mistake(
            "dx overwritten, window by window",
            "In `dx`, where windows overlap, the last window has replaced the others.",
            "Every window that read a pixel sends a share back: add them up.",
            backward_but(dx=fold_last_window),
        ),
        Mistake(
            "gradient not spread out by the stride",
            "In `dx`, neighbouring output pixels send their shares to neighbouring "
            "windows, whatever the stride is.",
            "Output pixel (i, j) read the window at row i · sH, column j · sW.",
            backward_but(dx=fold_side_by_side),
        ),
        Mistake(
            "dilation ignored in dx",
            "In `dx`, the shares go back as if the kernel had no holes.",
            "Weight (a, b) read the pixel a · dH rows and b · dW columns on.",
            backward_but(dx=fold_undilated),
        ),
        Mistake(
            "dx only as far as windows reach",
            "`dx` ends where the last window does.",
            "Where the stride doesn't divide, the last rows were never read: their "
            "gradient is 0, and `dx` has the shape of `x`.",
            backward_but(dx=fold_reached),
        ),
        Mistake(
            "kernel flipped in dx",
            "For `dx` you used the kernel upside down and mirrored.",
            "Share (a, b) of a window is dy times weight (a, b). A flip is due only if "
            "you lay the kernel on `dy` itself, as a convolution.",
            backward_flipped,
        ),
        Mistake(
            "groups ignored",
            "You went back as if every output had read the first group's channels.",
            "Each group has its own channels, kernels and outputs; nothing crosses "
            "over.",
            backward_groups_ignored,
        ),
        Mistake(
            "dweight kept apart for each image",
            "`dweight` has an axis too many: one gradient for each image.",
            "All images used the same weights, so their shares add up: `.sum(axis=0)`.",
            backward_but(dweight=dweight_per_image),
        ),
        Mistake(
            "dweight from the last image",
            "`dweight` holds what the last image says; earlier ones are lost.",
            "The shares of all images add up: `+=`.",
            backward_but(dweight=lambda *given: dweight_per_image(*given)[-1]),
        ),
        Mistake(
            "dweight from the last block",
            "`dweight` holds what the last block of images says; earlier ones are "
            "lost.",
            "The shares of all blocks add up: `+=`.",
            backward_but(dweight=dweight_of_last_block),
        ),
        Mistake(
            "columns overwritten too early",
            "For `dweight` you used the columns after they had become the gradient of "
            "the columns.",
            "First the product that needs them, then the one that is written over "
            "them.",
            backward_but(dweight=dweight_from_dwindows),
        ),
        Mistake(
            "dweight averaged over the batch",
            "You took the mean of the images' shares for `dweight`.",
            "Shares add up. If the loss is a mean, `dy` has it in already.",
            backward_but(dweight=lambda *given: dweight_per_image(*given).mean(0)),
        ),
        Mistake(
            "dweight summed over the outputs",
            "In `dweight` the output channels are summed up: every kernel has the "
            "same gradient.",
            "The axes that go are those of images and pixels; each kernel keeps its "
            "own gradient.",
            backward_but(
                dweight=lambda *given: np.repeat(
                    dweight_per_image(*given).sum(axis=(0, 1))[None], len(given[2]), 0
                )
            ),
        ),
        Mistake(
            "dweight at stride 1",
            "For `dweight` you took neighbouring windows of `x`, whatever the stride.",
            "Output pixel (i, j) read the window at row i · sH, column j · sW.",
            backward_but(dweight=dweight_at_stride_one),
        ),
        Mistake(
            "dilation ignored in dweight",
            "For `dweight` you took windows of `x` without holes.",
            "Weight (a, b) read the pixel a · dH rows and b · dW columns on.",
            backward_but(dweight=dweight_undilated),
        ),
        Mistake(
            "dbias summed over the batch only",
            "`dbias` still has rows and columns.",
            "One bias serves every pixel: sum over images, rows and columns.",
            backward_but(dbias=lambda dy: dy.sum(axis=0)),
        ),
        Mistake(
            "dbias apart for each image",
            "`dbias` still has an axis for the images.",
            "One bias serves every image: sum over axis 0 too.",
            backward_but(dbias=lambda dy: dy.sum(axis=(2, 3))),
        ),
        Mistake(
            "dbias summed over the channels",
            "`dbias` has a number for each column, and the channels are summed up.",
            "The axis that stays is that of the channels: sum over (0, 2, 3).",
            backward_but(dbias=lambda dy: dy.sum(axis=(0, 1, 2))),
        ),
        Mistake(
            "mean for sum in dbias",
            "You took the mean for `dbias`.",
            "Each pixel got the bias once, and sends its whole share back: sum.",
            backward_but(dbias=lambda dy: dy.mean(axis=(0, 2, 3))),
        ),
    ),
)

# Finished pieces: pooling and ReLU


def max_pool2d(x, kernel_size, stride=None):
    """The largest of each window; the stride is the window's size if not given."""
    view = windows(x, kernel_size, stride or kernel_size)
    return view.max(axis=(2, 3))


def relu(x):
    return np.maximum(x, 0)


def relu_backward(dy, x):
    return dy * (x > 0)


# Max pooling, the way back


def max_pool2d_backward(dy, x, kernel_size, stride=None):
    """The gradient of x; of equal largest ones in a window, the first gets it all."""
    view = windows(x, kernel_size, stride or kernel_size)
    N, C, kH, kW, H_out, W_out = view.shape
    flat = view.reshape(N, C, kH * kW, H_out, W_out)
    first = flat.argmax(axis=2)
    is_first = np.arange(kH * kW)[:, None, None] == first[:, :, None]
    dwindows = np.where(is_first, dy[:, :, None], 0).reshape(view.shape)
    return fold(dwindows, x.shape[2:], stride or kernel_size)


def max_pool_backward_by_torch(dy, x, kernel_size, stride=None):
    x = torch.from_numpy(x).requires_grad_()
    y = F.max_pool2d(x, kernel_size, stride)
    return gradients_by_torch(y, dy, x)[0]


# Shape of x, kernel's size, stride.
POOL_CASES = (
    ((2, 3, 4, 6), 2, None),
    ((2, 3, 5, 7), (2, 3), None),
    ((1, 2, 6, 7), 3, 2),
    ((3, 2, 5, 8), (3, 2), (1, 3)),
)


def pool_cases(rng):
    x = np.array([[1.0, 3.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0]])[None, None]
    yield np.array([[[[5.0, 7.0]]]]), x, 2, None
    for shape, kernel, stride in POOL_CASES:
        x = np.maximum(rng.normal(size=shape), 0)
        x[:, :, 0, 0] = x[:, :, 0, 1] = 9.0  # a tie in the first window, always
        size = output_size(shape[2:], kernel, stride or kernel)
        yield rng.normal(size=(*shape[:2], *size)), x, kernel, stride


def pool_backward_but(share=None, put=fold, size=lambda k: k, step=lambda s: s):
    """A wrong max_pool2d_backward.

    share  what each entry of a window gets, of (window's entries first, dy); its
           entries lie on axis 2
    put    how windows are put back; size and step: what it takes for the settings
    """

    def first_gets_it(flat, dy):
        first = flat.argmax(axis=2)[:, :, None]
        order = np.arange(flat.shape[2])[:, None, None]
        return np.where(order == first, dy, 0.0)

    def wrong(dy, x, kernel_size, stride=None):
        kernel, step_ = size(kernel_size), step(stride or kernel_size)
        view = windows(x, kernel, step_)
        N, C, kH, kW, H_out, W_out = view.shape
        flat = view.reshape(N, C, kH * kW, H_out, W_out)
        shares = (share or first_gets_it)(flat, dy[:, :, None])
        return put(shares.reshape(view.shape), x.shape[2:], step_)

    return wrong


def is_largest(flat):
    return flat == flat.max(axis=2, keepdims=True)


def last_gets_it(flat, dy):
    last = flat.shape[2] - 1 - flat[:, :, ::-1].argmax(axis=2)[:, :, None]
    return np.where(np.arange(flat.shape[2])[:, None, None] == last, dy, 0.0)


def pool_overwriting(dy, x, kernel_size, stride=None):
    dx, (sH, sW) = np.zeros_like(x), pair(stride or kernel_size)
    view = windows(x, kernel_size, stride or kernel_size)
    for n, c, i, j in np.ndindex(dy.shape):
        window = view[n, c, :, :, i, j]
        a, b = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * sH + a, j * sW + b] = dy[n, c, i, j]
    return dx


MAX_POOL2D_BACKWARD = Exercise(
    "07.max_pool2d_backward",
    reference=max_pool2d_backward,
    oracle=max_pool_backward_by_torch,
    cases=pool_cases,
    minutes=10,
    difficulty=3,
    hints=(
        "The output is one of the window's numbers. That one gets all of the blame, "
        "the others none.",
        "With the window's kH · kW entries on one axis, `argmax` names the first of "
        "the largest. Compare `np.arange(kH * kW)[:, None, None]` with it.",
        "`fold` puts windows back, and adds up where they overlap.",
    ),
    mistakes=(
        Mistake(
            "ties counted twice",
            "Where several numbers of a window are the largest, you gave each of them "
            "the whole gradient.",
            "Nothing may be counted twice: the first of them gets it, as `argmax` "
            "finds it.",
            pool_backward_but(lambda flat, dy: np.where(is_largest(flat), dy, 0.0)),
        ),
        Mistake(
            "ties share",
            "Where several numbers of a window are the largest, you divided the "
            "gradient among them.",
            "That would be fair; torch gives it to the first, and so shall you.",
            pool_backward_but(
                lambda flat, dy: (
                    np.where(is_largest(flat), dy, 0.0)
                    / is_largest(flat).sum(axis=2, keepdims=True)
                )
            ),
        ),
        Mistake(
            "the last of the ties",
            "Where several numbers of a window are the largest, you gave the gradient "
            "to the last.",
            "torch gives it to the first, in reading order.",
            pool_backward_but(last_gets_it),
        ),
        Mistake(
            "everyone gets it",
            "You gave the gradient to every number of the window.",
            "Only the largest one was passed on; nudging another changes nothing.",
            pool_backward_but(lambda flat, dy: dy + 0.0 * flat),
        ),
        Mistake(
            "shared by the window",
            "You divided the gradient among all numbers of the window: that is the "
            "way back of *average* pooling.",
            "Only the largest number was passed on.",
            pool_backward_but(lambda flat, dy: (dy + 0.0 * flat) / flat.shape[2]),
        ),
        Mistake(
            "dy left out",
            "You put back ones where a number is the largest.",
            "The mask says where blame goes; how much is `dy`: multiply.",
            pool_backward_but(lambda flat, dy: is_largest(flat) * 1.0),
        ),
        Mistake(
            "values for gradients",
            "You put back the largest numbers themselves.",
            "What travels back is `dy`; the largest number says where to.",
            pool_backward_but(lambda flat, dy: np.where(is_largest(flat), flat, 0.0)),
        ),
        Mistake(
            "overwritten where windows overlap",
            "A number that is the largest of several windows got the share of the "
            "last one that holds it.",
            "Shares add up; `fold` does that.",
            pool_overwriting,
        ),
        Mistake(
            "windows put side by side",
            "You put the windows back as if the stride were the window's size.",
            "With a stride of its own, windows may overlap, or leave gaps.",
            lambda dy, x, kernel_size, stride=None: fold_clipped(
                pool_shares(dy, x, kernel_size, stride), x.shape[2:], kernel_size
            ),
        ),
    ),
)


def pool_shares(dy, x, kernel_size, stride):
    """What each entry of each window gets: (N, C, kH, kW, H_out, W_out)."""
    view = windows(x, kernel_size, stride or kernel_size)
    N, C, kH, kW, H_out, W_out = view.shape
    flat = view.reshape(N, C, kH * kW, H_out, W_out)
    order = np.arange(kH * kW)[:, None, None]
    shares = np.where(order == flat.argmax(axis=2)[:, :, None], dy[:, :, None], 0.0)
    return shares.reshape(view.shape)


def fold_clipped(dwindows, size, stride):
    """Windows added at places of which some may lie beyond the picture."""
    room = [
        max(n, s * (have - 1) + k)
        for n, s, have, k in zip(
            size, pair(stride), dwindows.shape[4:], dwindows.shape[2:4], strict=True
        )
    ]
    return fold_placed(dwindows, room, stride, 0, 1)[:, :, : size[0], : size[1]]


# Finished pieces: batch norm


def batch_norm(x, weight, bias, mean, var, training=True, momentum=0.1, eps=1e-5):
    """Each channel with mean 0 and variance 1, then scaled and shifted.

    In training, the running mean and var (C,) move towards the batch's, in place;
    otherwise they are what is used.
    """
    if training:
        count = x.size / x.shape[1]
        batch_mean, batch_var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        mean += momentum * (batch_mean - mean)
        var += momentum * (batch_var * count / (count - 1) - var)
        mean, var = batch_mean, batch_var
    x_hat = (x - mean[:, None, None]) / np.sqrt(var + eps)[:, None, None]
    return weight[:, None, None] * x_hat + bias[:, None, None]


# Batch norm, the way back


def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    """Gradients (dx, dweight, dbias); mean and var (C,) are the running ones."""
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dweight, dbias = (dy * x_hat).sum(axis=axes), dy.sum(axis=axes)
    dx_hat = dy * weight[:, None, None]
    if training:
        tilt = (dx_hat * x_hat).mean(axis=axes, keepdims=True)
        dx_hat = dx_hat - dx_hat.mean(axis=axes, keepdims=True) - x_hat * tilt
    return dx_hat / std, dweight, dbias


def batch_norm_backward_by_torch(dy, x, weight, mean, var, training=True, eps=1e-5):
    x, weight, mean, var = map(torch.from_numpy, (x, weight, mean, var))
    leaves = x, weight, torch.zeros_like(weight)
    for leaf in leaves:
        leaf.requires_grad_()
    y = F.batch_norm(x, mean, var, *leaves[1:], training=training, eps=eps)
    return gradients_by_torch(y, dy, *leaves)


def batch_norm_cases(rng):
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


def norm_but(axes=(0, 2, 3), **parts):
    """A wrong batch_norm_backward, by what it leaves out or does differently.

    mean_path, var_path  whether blame also takes these ways, in training
    running, batch       whether the running statistics are used in training too, and
                         the batch's in evaluation too
    ddof                 what is taken off the count in the variance
    scale                whether dx is multiplied by the weight
    raw                  whether dweight is taken from x as it came
    summed               whether the paths hold sums, where means are due
    divisor              what dx is divided by, given var + eps
    eps                  whether eps is added to the variance
    """

    def wrong(dy, x, weight, mean, var, training=True, eps=1e-5):
        if (training and not parts.get("running")) or parts.get("batch"):
            mean = x.mean(axis=(0, 2, 3))
            var = x.var(axis=(0, 2, 3), ddof=parts.get("ddof", 0))
        variance = (var + eps * parts.get("eps", True))[:, None, None]
        std = np.sqrt(variance)
        x_hat = (x - mean[:, None, None]) / std
        seen = x if parts.get("raw") else x_hat
        dx_hat = dy * weight[:, None, None] if parts.get("scale", True) else dy
        dx = dx_hat
        if (training and not parts.get("running")) or parts.get("paths_always"):
            tilt = (dx_hat * x_hat).mean(axis=(0, 2, 3), keepdims=True)
            count = x[:, 0].size if parts.get("summed") else 1
            if parts.get("mean_path", True):
                dx = dx - count * dx_hat.mean(axis=(0, 2, 3), keepdims=True)
            if parts.get("var_path", True):
                dx = dx - count * x_hat * tilt
        divisor = parts.get("divisor", np.sqrt)(variance)
        return dx / divisor, (dy * seen).sum(axis=axes), dy.sum(axis=axes)

    return wrong


BATCH_NORM_BACKWARD = Exercise(
    "07.batch_norm_backward",
    reference=batch_norm_backward,
    oracle=batch_norm_backward_by_torch,
    cases=batch_norm_cases,
    returns=("dx", "dweight", "dbias"),
    minutes=10,
    difficulty=3,
    hints=(
        "y = weight · x_hat + bias, channel by channel: `dweight` and `dbias` are sums "
        "over images, rows and columns.",
        "In training, an x moves its batch's mean and variance too. Blame comes back "
        "on three ways: directly, through the mean, through the variance.",
        "The two further ways take the mean of dx_hat away, and x_hat times the mean "
        "of dx_hat · x_hat. In evaluation they don't exist.",
    ),
    mistakes=(
        Mistake(
            "mean's path left out",
            "In training, `dx` lacks the way through the mean.",
            "Raise one x, and the mean of its channel rises: all others of the "
            "channel come out lower.",
            norm_but(mean_path=False),
        ),
        Mistake(
            "variance's path left out",
            "In training, `dx` lacks the way through the variance.",
            "Move one x away from the mean, and the variance grows: all others of the "
            "channel come out smaller.",
            norm_but(var_path=False),
        ),
        Mistake(
            "mean and variance as constants",
            "In training you treated the batch's mean and variance as constants.",
            "They are computed from x, so blame goes back through them, too.",
            norm_but(mean_path=False, var_path=False),
        ),
        Mistake(
            "sums in the paths",
            "Through mean and variance you sent the sum of the blame.",
            "Each x moves the mean by 1/n of its own step, so what comes back is the "
            "mean of the blame.",
            norm_but(summed=True),
        ),
        Mistake(
            "training mode ignored",
            "You used the running statistics in training too.",
            "In training, batch norm uses the batch's own mean and variance.",
            norm_but(running=True),
        ),
        Mistake(
            "evaluation treated like training",
            "In evaluation you used the batch's statistics, and their paths.",
            "With `training=False`, mean and var are given, and constant.",
            norm_but(batch=True, paths_always=True),
        ),
        Mistake(
            "paths through given statistics",
            "In evaluation you sent blame through mean and variance as well.",
            "There they don't depend on x: only the direct way is left.",
            norm_but(paths_always=True),
        ),
        Mistake(
            "unbiased variance",
            "You normalised with the unbiased variance, which has one less below.",
            "The batch is normalised with the biased one, `x.var(axis=...)` as it is; "
            "the unbiased one is only kept as running variance.",
            norm_but(ddof=1),
        ),
        Mistake(
            "weight left out of dx",
            "`dx` is right for a weight of 1.",
            "On its way to x_hat, blame passes the weight: multiply.",
            norm_but(scale=False),
        ),
        Mistake(
            "dweight from x as it came",
            "For `dweight` you multiplied `dy` by x before it was normalised.",
            "The weight is multiplied by x_hat: that is its signal.",
            norm_but(raw=True),
        ),
        Mistake(
            "divided by the variance",
            "You divided `dx` by the variance.",
            "x was divided by the standard deviation, its root, and so is its blame.",
            norm_but(divisor=lambda variance: variance),
        ),
        Mistake(
            "not divided by the deviation",
            "You didn't divide `dx` by the standard deviation.",
            "x was divided by it on the way forward, and so is its blame.",
            norm_but(divisor=np.ones_like),
        ),
        Mistake(
            "eps left out",
            "You took the root of the variance alone.",
            "`eps` is added below the root, as on the way forward: "
            "`np.sqrt(var + eps)`.",
            norm_but(eps=False),
        ),
        Mistake(
            "summed over the batch only",
            "`dweight` and `dbias` still have rows and columns.",
            "A channel has one weight and one bias: sum over rows and columns too.",
            norm_but(axes=0),
        ),
    ),
)

# Binary cross-entropy


def bce_with_logits(logits, targets):
    """(mean loss, gradient of the logits); targets (N,) are 0 or 1. Never overflows."""
    small = np.exp(-np.abs(logits))
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(small)
    probability = np.where(logits >= 0, 1.0, small) / (1 + small)
    return losses.mean(), (probability - targets) / logits.size


def bce_by_torch(logits, targets):
    logits = torch.from_numpy(logits).requires_grad_()
    loss = F.binary_cross_entropy_with_logits(logits, torch.from_numpy(targets))
    loss.backward()
    return loss.item(), logits.grad.numpy()


def bce_cases(rng):
    yield np.array([0.0, 2.0]), np.array([1.0, 0.0])
    yield rng.normal(size=5), np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    extremes = np.array([100.0, -100.0, 1000.0, -1000.0, 100.0, -100.0, 0.5])
    yield extremes + rng.uniform(0, 1, size=7), np.array([1.0, 0, 1, 0, 0, 1, 1])
    yield rng.normal(size=(3,)) * 3, np.array([0.0, 1.0, 0.0])


@np.errstate(all="ignore")
def plain_sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def bce_but(loss=None, grad=None):
    def wrong(logits, targets):
        right = bce_with_logits(logits, targets)
        return (
            loss(logits, targets) if loss else right[0],
            grad(logits, targets) if grad else right[1],
        )

    return wrong


@np.errstate(all="ignore")
def loss_from_probability(logits, targets):
    p = plain_sigmoid(logits)
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()


def loss_clipped(logits, targets, eps=1e-7):
    p = np.clip(plain_sigmoid(logits), eps, 1 - eps)
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()


def loss_propped(logits, targets, eps=1e-12):
    p = plain_sigmoid(logits)
    return -(targets * np.log(p + eps) + (1 - targets) * np.log(1 - p + eps)).mean()


@np.errstate(all="ignore")
def loss_by_exp(logits, targets):
    return (np.log(1 + np.exp(logits)) - logits * targets).mean()


@np.errstate(all="ignore")
def loss_without_bars(logits, targets):
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-logits))
    return losses.mean()


@np.errstate(all="ignore")
def grad_overflowing(logits, targets):
    large = np.exp(logits)
    return (large / (1 + large) - targets) / logits.size


def error_of(logits, targets):
    """Probability minus target."""
    return bce_with_logits(logits, targets)[1] * logits.size


BCE_WITH_LOGITS = Exercise(
    "07.bce_with_logits",
    reference=bce_with_logits,
    oracle=bce_by_torch,
    cases=bce_cases,
    returns=("loss", "dlogits"),
    minutes=6,
    difficulty=2,
    hints=(
        "For a target of 0 the loss is log(1 + e^z), for 1 it is log(1 + e^-z). Both "
        "are log(1 + e^z) - z · target.",
        "log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), and e^-|z| is never above 1.",
        "The gradient is sigmoid(z) - target, over N because the loss is a mean.",
    ),
    mistakes=(
        Mistake(
            "logarithm of a rounded probability",
            "At ±100 the sigmoid is rounded to 1 or as good as 0, and the logarithm "
            "of 0 is infinite.",
            "Compute the loss from the logit: max(z, 0) - z · target + log1p(e^-|z|).",
            bce_but(loss=loss_from_probability),
        ),
        Mistake(
            "exponential overflows",
            "`exp` of a large logit is infinite.",
            "Take the large part out: log(1 + e^z) = max(z, 0) + log(1 + e^-|z|).",
            bce_but(loss=loss_by_exp),
        ),
        Mistake(
            "size left out of the exponent",
            "You took e^-z where e^-|z| is due. For a negative z it is large, or "
            "infinite.",
            "log(1 + e^z) = max(z, 0) + log(1 + e^-|z|): mind the bars.",
            bce_but(loss=loss_without_bars),
        ),
        Mistake(
            "only the ones count",
            "Your loss counts the examples whose target is 1; the others cost nothing.",
            "A target of 0 costs log(1 + e^z).",
            bce_but(loss=lambda z, t: (t * np.logaddexp(0, -z)).mean()),
        ),
        Mistake(
            "probability clipped",
            "You clipped the probability, so that no loss is above 16.",
            "A logit of 100 on the side it shouldn't be costs 100. Compute it from the "
            "logit.",
            bce_but(loss=loss_clipped),
        ),
        Mistake(
            "probability kept from zero",
            "You added something like 1e-12 to the probability: no loss is above 28.",
            "A logit of 100 on the side it shouldn't be costs 100. Compute it from the "
            "logit.",
            bce_but(loss=loss_propped),
        ),
        Mistake(
            "sigmoid overflows",
            "Your sigmoid divides e^z by 1 + e^z, and for a large z both are infinite.",
            "Use e^-|z|, which is never above 1: for z ≥ 0 the sigmoid is "
            "1 / (1 + e^-|z|).",
            bce_but(grad=grad_overflowing),
        ),
        Mistake(
            "sum for mean",
            "You summed the losses, and the gradient fits that.",
            "torch's loss is the mean: divide both by N.",
            lambda logits, targets: tuple(
                logits.size * part for part in bce_with_logits(logits, targets)
            ),
        ),
        Mistake(
            "gradient of the sum",
            "The loss is a mean, and your gradient is that of the sum.",
            "Nudging one logit moves the mean by 1/N of what its own loss moves.",
            bce_but(grad=error_of),
        ),
        Mistake(
            "gradient turned round",
            "Your gradient is target minus probability: it points downhill.",
            "If the target is 1, a larger logit makes the loss smaller: the gradient "
            "is negative there.",
            bce_but(grad=lambda z, t: -error_of(z, t) / z.size),
        ),
        Mistake(
            "gradient of the probability",
            "You took one step back only, to the probability, or the sigmoid's slope "
            "was multiplied in once more.",
            "All the way to the logit, the slopes cancel: what is left is probability "
            "minus target.",
            bce_but(
                grad=lambda z, t: (
                    error_of(z, t)
                    * np.exp(-np.abs(z))
                    / (1 + np.exp(-np.abs(z))) ** 2
                    / z.size
                )
            ),
        ),
        Mistake(
            "classes exchanged",
            "Your loss is small where the target is 0 and the logit is large.",
            "A large logit says 1: log(1 + e^z) - z · target.",
            lambda logits, targets: (
                bce_with_logits(logits, 1 - targets)[0],
                bce_with_logits(logits, 1 - targets)[1],
            ),
        ),
        Mistake(
            "squared error",
            "You took the squared error of the probability for the loss.",
            "Cross-entropy is minus the logarithm of the probability that the right "
            "class got.",
            bce_but(loss=lambda z, t: (error_of(z, t) ** 2).mean()),
        ),
    ),
)

# Finished pieces: the rest of a network


def linear(x, weight, bias):
    """x (N, D_in), weight (D_out, D_in), bias (D_out,): (N, D_out)."""
    return x @ weight.T + bias


def linear_backward(dy, x, weight):
    """Gradients (dx, dweight, dbias)."""
    return dy @ weight, dy.T @ x, dy.sum(axis=0)
