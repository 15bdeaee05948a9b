"""Convolution, one product at a time."""

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions
from lessons.l07_numpy_conv2d._convolution import conv_by_torch, forward_cases

MISTAKES = (
    Mistake(
        "kernel flipped",
        did="You turned the kernel round before laying it on, as mathematicians do.",
        look="What torch calls convolution lays the kernel on as it is: weight [0, 0] meets the upper left pixel of the window.",
        swap={"weight[o, c, a, b]": "weight[o, c, -1 - a, -1 - b]"},
    ),
    Mistake(
        "kernel transposed",
        did="You exchanged the rows and columns of the kernel.",
        look="The weight at [a, b] meets the pixel `a` rows down and `b` columns on.",
        swap=[
            {"weight[o, c, a, b]": "weight[o, c, b, a]"},
            {
                "i * sH + a * dH, j * sW + b * dW": "i * sH + b * dH, j * sW + a * dW",
            },
            {
                "    (sH, sW), (dH, dW)": "    weight = weight.swapaxes(2, 3)\n    (sH, sW), (dH, dW)",
            },
        ],
    ),
    Mistake(
        "stride ignored",
        did="Your windows move on by one pixel, whatever the stride is.",
        look="Output pixel (i, j) starts at row i · sH, column j · sW.",
        swap={
            "(sH, sW), (dH, dW) = pair(stride), pair(dilation)": "dH, dW = pair(dilation)",
            "stride, padding, dilation)": "1, padding, dilation)",
            "i * sH + a * dH, j * sW + b * dW": "i + a * dH, j + b * dW",
        },
    ),
    Mistake(
        "stride missing from the index",
        did="The size is right, but your windows move on by one pixel.",
        look="Output pixel (i, j) starts at row i · sH, column j · sW.",
        swap={"i * sH + a * dH, j * sW + b * dW": "i + a * dH, j + b * dW"},
    ),
    Mistake(
        "dilation missing from the index",
        did="The size is right, but your kernel reads neighbours, as if it had no holes.",
        look="Weight (a, b) meets the pixel a · dH rows and b · dW columns on.",
        swap={"i * sH + a * dH, j * sW + b * dW": "i * sH + a, j * sW + b"},
    ),
    Mistake(
        "padded at the end only",
        did="You put all zeros below and to the right.",
        look="Padding of 1 adds a row above and one below, a column left and one right.",
        swap={
            "    padded = pad(x, padding)": "    pH, pW = pair(padding)\n    padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * pH), (0, 2 * pW)))",
        },
    ),
    Mistake(
        "padding ignored",
        did="You left the padding out.",
        look="Put zeros around the picture first: `pad(x, padding)`.",
        swap={
            "stride, padding, dilation)": "stride, dilation=dilation)",
            "    padded = pad(x, padding)\n": "",
            "padded[n, first": "x[n, first",
        },
    ),
    Mistake(
        "dilation ignored",
        did="Your kernel has no holes: neighbours are read where dilation skips some.",
        look="Weight (a, b) meets the pixel a · dH rows and b · dW columns on.",
        swap={
            "(sH, sW), (dH, dW) = pair(stride), pair(dilation)": "sH, sW = pair(stride)",
            "stride, padding, dilation)": "stride, padding)",
            "i * sH + a * dH, j * sW + b * dW": "i * sH + a, j * sW + b",
        },
    ),
    Mistake(
        "groups ignored",
        did="Every output reads the channels of the first group.",
        look="Output `o` belongs to group o // (C_out / groups), and its channels start at that number times C_in / groups.",
        swap={
            "        first = o // (len(weight) // groups) * weight.shape[1]\n": "",
            "first + c": "c",
        },
    ),
    Mistake(
        "group's number for its first channel",
        did="You took the number of a group for the number of its first channel.",
        look="Each group has C_in / groups channels: multiply by that, `weight.shape[1]`.",
        swap={"(len(weight) // groups) * weight.shape[1]": "(len(weight) // groups)"},
    ),
    Mistake(
        "outputs dealt out in turn",
        did="You gave the outputs to the groups in turn, like cards.",
        look="Groups are blocks: the first C_out / groups outputs are the first group's.",
        swap={"o // (len(weight) // groups)": "o % groups"},
    ),
    Mistake(
        "channels dealt out in turn",
        did="You gave the input channels to the groups in turn, like cards.",
        look="Groups are blocks: the first C_in / groups channels are the first group's.",
        swap={
            "first = o // (len(weight) // groups) * weight.shape[1]": "group = o // (len(weight) // groups)",
            "first + c": "group + c * groups",
        },
    ),
    Mistake(
        "rows and columns of the stride exchanged",
        did="You used the first number of the stride for columns.",
        look="Pairs are (rows, columns).",
        swap=[
            {"(sH, sW), (dH, dW) =": "(sW, sH), (dH, dW) ="},
            {
                "(sH, sW), (dH, dW) =": "(sW, sH), (dH, dW) =",
                "stride, padding, dilation)": "(sH, sW), padding, dilation)",
            },
        ],
    ),
    Mistake(
        "rows and columns of the padding exchanged",
        did="You used the first number of the padding for columns.",
        look="Pairs are (rows, columns).",
        swap=[
            {
                "    padded = pad(x, padding)": "    pW, pH = pair(padding)\n    padded = pad(x, (pH, pW))",
            },
            {
                "(sH, sW), (dH, dW) = pair(stride), pair(dilation)": "(sH, sW), (dH, dW) = pair(stride), pair(dilation)\n    pW, pH = pair(padding)",
                "stride, padding, dilation)": "stride, (pH, pW), dilation)",
                "pad(x, padding)": "pad(x, (pH, pW))",
            },
        ],
    ),
    Mistake(
        "rows and columns of the dilation exchanged",
        did="You used the first number of the dilation for columns.",
        look="Pairs are (rows, columns).",
        swap=[
            {"(sH, sW), (dH, dW) =": "(sH, sW), (dW, dH) ="},
            {
                "(sH, sW), (dH, dW) =": "(sH, sW), (dW, dH) =",
                "stride, padding, dilation)": "stride, padding, (dH, dW))",
            },
        ],
    ),
    Mistake(
        "first of each pair",
        did="You used the first number of each pair for rows and columns alike.",
        look="Unpack the pairs: `sH, sW = pair(stride)`.",
        swap={
            "(sH, sW), (dH, dW) = pair(stride), pair(dilation)": "stride, padding, dilation = (pair(s)[0] for s in (stride, padding, dilation))",
            "pixel = padded[n, first + c, i * sH + a * dH, j * sW + b * dW]": "row, column = i * stride + a * dilation, j * stride + b * dilation\n            pixel = padded[n, first + c, row, column]",
        },
    ),
    Mistake(
        "int where a pair is given",
        did="You calculated with settings as if each were a number.",
        look="Each may be a pair, (rows, columns): unpack it with `pair`.",
        swap=[
            {
                "    (sH, sW), (dH, dW) = pair(stride), pair(dilation)\n": "",
                "pixel = padded[n, first + c, i * sH + a * dH, j * sW + b * dW]": "row, column = i * stride + a * dilation, j * stride + b * dilation\n            pixel = padded[n, first + c, row, column]",
            },
            {
                "    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)": "    (H, W), (kH, kW) = x.shape[2:], weight.shape[2:]\n    H_out = (H + 2 * padding - dilation * (kH - 1) - 1) // stride + 1\n    W_out = (W + 2 * padding - dilation * (kW - 1) - 1) // stride + 1",
                "*size": "H_out, W_out",
            },
        ],
    ),
    Mistake(
        "bias left out",
        did="The products are right, and no bias is added.",
        look="Each output channel has one number to add, unless `bias` is None.",
        swap={
            "        if bias is not None:\n            y[n, o, i, j] += bias[o]\n": "",
        },
    ),
    Mistake(
        "bias once per product",
        did="You added the bias with every product of the window.",
        look="An output pixel gets its bias once, after the sum.",
        swap={
            "        if bias is not None:\n            y[n, o, i, j] += bias[o]": "            if bias is not None:\n                y[n, o, i, j] += bias[o]",
        },
    ),
    Mistake(
        "bias tested by if",
        did="You asked `if bias:`, and an array of several numbers is neither true nor false.",
        look="Ask what you want to know: `if bias is not None:`.",
        swap={"if bias is not None:": "if bias:"},
    ),
    Mistake(
        "bias along the columns",
        did="You added the bias without saying along which axis, and broadcasting reads from the right: it meets the columns.",
        look="`bias[:, None, None]` stands beside (C_out, H_out, W_out).",
        swap=[
            {
                "        if bias is not None:\n            y[n, o, i, j] += bias[o]\n": "    if bias is not None:\n        y += bias\n",
            },
            {
                "        if bias is not None:\n            y[n, o, i, j] += bias[o]\n    return y": "    return y if bias is None else y + bias",
            },
        ],
    ),
    Mistake(
        "only the last product",
        did="Each output pixel holds the last product alone, not the sum.",
        look="Add the products up: `+=`.",
        swap={"+= pixel": "= pixel"},
    ),
    Mistake(
        "returned within the loop",
        did="You computed the first output pixel, and the others are zeros.",
        look="Does the `return` stand inside the loop? Move it to the left, under the `for`.",
        swap={"\n    return y": "\n        return y"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.conv2d_loops,
    oracle=conv_by_torch,
    cases=forward_cases,
    hints=(
        "`for n, o, i, j in np.ndindex(y.shape):` visits every output pixel. Within it, `for c, a, b in np.ndindex(weight.shape[1:]):` visits its products.",
        "Weight (c, a, b) meets row i · sH + a · dH, column j · sW + b · dW of the padded picture.",
        "Output `o` is in group `o // (C_out // groups)`; that group's first channel is this number times `weight.shape[1]`.",
    ),
    mistakes=MISTAKES,
)
