"""Convolution by matmul, a few images at a time."""

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions
from lessons.l07_numpy_conv2d._convolution import (
    conv_by_torch,
    forward_cases,
    several_blocks,
)


def cases(rng):
    """x, weight, bias or None and settings; the last x takes column_blocks two turns."""
    yield from forward_cases(rng)
    yield *several_blocks(rng), None, 1, 0, 1, 1


MISTAKES = (
    Mistake(
        "kernel flipped",
        did="You turned the kernel round before laying it on, as mathematicians do.",
        look="What torch calls convolution lays the kernel on as it is: weight [0, 0] meets the upper left pixel of the window.",
        swap={"weight.reshape": "weight[:, :, ::-1, ::-1].reshape"},
    ),
    Mistake(
        "kernel transposed",
        did="You exchanged the rows and columns of the kernel.",
        look="The weight at [a, b] meets the pixel `a` rows down and `b` columns on.",
        swap=[
            {"weight.reshape": "weight.swapaxes(2, 3).reshape"},
            {
                "    kernel_size, settings": "    weight = weight.swapaxes(2, 3)\n    kernel_size, settings",
            },
        ],
    ),
    Mistake(
        "stride ignored",
        did="Your windows move on by one pixel, whatever the stride is.",
        look="Output pixel (i, j) starts at row i · sH, column j · sW.",
        swap={"(stride, padding, dilation)": "(1, padding, dilation)"},
    ),
    Mistake(
        "stride missing from the index",
        did="The size is right, but your windows move on by one pixel.",
        look="Output pixel (i, j) starts at row i · sH, column j · sW.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                (dH, dW), (kH, kW) = pair(dilation), weight.shape[2:]
                H_out, W_out = output_size(x.shape[2:], (kH, kW), stride, padding, dilation)
                padded = pad(x, padding)
                y = np.zeros((len(x), groups, len(weight) // groups, H_out * W_out))
                for a, b in np.ndindex(kH, kW):
                    pixels = padded[:, :, a * dH : a * dH + H_out, b * dW : b * dW + W_out]
                    columns = pixels.reshape(len(x), groups, -1, H_out * W_out)
                    y += weight[:, :, a, b].reshape(groups, len(weight) // groups, -1) @ columns
                y = y.reshape(len(x), len(weight), H_out, W_out)
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "dilation missing from the index",
        did="The size is right, but your kernel reads neighbours, as if it had no holes.",
        look="Weight (a, b) meets the pixel a · dH rows and b · dW columns on.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                (sH, sW), (kH, kW) = pair(stride), weight.shape[2:]
                H_out, W_out = output_size(x.shape[2:], (kH, kW), stride, padding, dilation)
                padded = pad(x, padding)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                y = np.empty((len(x), len(weight), H_out, W_out))
                for i, j in np.ndindex(H_out, W_out):
                    window = padded[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
                    column = window.reshape(len(x), groups, -1, 1)
                    y[:, :, i, j] = (rows @ column).reshape(len(x), len(weight))
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "padded at the end only",
        did="You put all zeros below and to the right.",
        look="Padding of 1 adds a row above and one below, a column left and one right.",
        swap={
            "    for block, columns in column_blocks(x, kernel_size, groups, *settings):": "    pH, pW = pair(padding)\n    padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * pH), (0, 2 * pW)))\n    settings = (stride, 0, dilation)\n    for block, columns in column_blocks(padded, kernel_size, groups, *settings):",
        },
    ),
    Mistake(
        "padding ignored",
        did="You left the padding out.",
        look="Put zeros around the picture first: `pad(x, padding)`.",
        swap={"(stride, padding, dilation)": "(stride, 0, dilation)"},
    ),
    Mistake(
        "dilation ignored",
        did="Your kernel has no holes: neighbours are read where dilation skips some.",
        look="Weight (a, b) meets the pixel a · dH rows and b · dW columns on.",
        swap={"(stride, padding, dilation)": "(stride, padding, 1)"},
    ),
    Mistake(
        "groups ignored",
        did="Every output reads the channels of the first group.",
        look="Output `o` belongs to group o // (C_out / groups), and its channels start at that number times C_in / groups.",
        swap={"np.matmul(rows, columns,": "np.matmul(rows, columns[:, :1],"},
    ),
    Mistake(
        "group's number for its first channel",
        did="You took the number of a group for the number of its first channel.",
        look="Each group has C_in / groups channels: multiply by that, `weight.shape[1]`.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                y = np.empty((len(x), len(weight), *view.shape[4:]))
                for o in range(len(weight)):
                    first = o // (len(weight) // groups)
                    channels = view[:, first : first + weight.shape[1]]
                    y[:, o] = np.einsum("ncabhw,cab->nhw", channels, weight[o])
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "outputs dealt out in turn",
        did="You gave the outputs to the groups in turn, like cards.",
        look="Groups are blocks: the first C_out / groups outputs are the first group's.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                y = np.empty((len(x), len(weight), *view.shape[4:]))
                for o in range(len(weight)):
                    first = o % groups * weight.shape[1]
                    channels = view[:, first : first + weight.shape[1]]
                    y[:, o] = np.einsum("ncabhw,cab->nhw", channels, weight[o])
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "channels dealt out in turn",
        did="You gave the input channels to the groups in turn, like cards.",
        look="Groups are blocks: the first C_in / groups channels are the first group's.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                y = np.empty((len(x), len(weight), *view.shape[4:]))
                for o in range(len(weight)):
                    group = o // (len(weight) // groups)
                    channels = view[:, group::groups]
                    y[:, o] = np.einsum("ncabhw,cab->nhw", channels, weight[o])
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "rows and columns of the stride exchanged",
        did="You used the first number of the stride for columns.",
        look="Pairs are (rows, columns).",
        swap={"(stride, padding, dilation)": "(pair(stride)[::-1], padding, dilation)"},
    ),
    Mistake(
        "rows and columns of the padding exchanged",
        did="You used the first number of the padding for columns.",
        look="Pairs are (rows, columns).",
        swap={"(stride, padding, dilation)": "(stride, pair(padding)[::-1], dilation)"},
    ),
    Mistake(
        "rows and columns of the dilation exchanged",
        did="You used the first number of the dilation for columns.",
        look="Pairs are (rows, columns).",
        swap={"(stride, padding, dilation)": "(stride, padding, pair(dilation)[::-1])"},
    ),
    Mistake(
        "first of each pair",
        did="You used the first number of each pair for rows and columns alike.",
        look="Unpack the pairs: `sH, sW = pair(stride)`.",
        swap={
            "    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)": "    kernel_size = weight.shape[2:]\n    settings = [pair(s)[0] for s in (stride, padding, dilation)]",
        },
    ),
    Mistake(
        "int where a pair is given",
        did="You calculated with stride, padding and dilation as if they were numbers.",
        look="Each may be a pair, (rows, columns): unpack it with `pair`.",
        swap={
            "    H_out, W_out = output_size(x.shape[2:], kernel_size, *settings)": "    (H, W), (kH, kW) = x.shape[2:], kernel_size\n    H_out = (H + 2 * padding - dilation * (kH - 1) - 1) // stride + 1\n    W_out = (W + 2 * padding - dilation * (kW - 1) - 1) // stride + 1",
        },
    ),
    Mistake(
        "bias left out",
        did="The products are right, and no bias is added.",
        look="Each output channel has one number to add, unless `bias` is None.",
        swap={
            "    if bias is not None:\n        y += bias[:, None, None]\n": "",
        },
    ),
    Mistake(
        "bias once per product",
        did="You added the bias with every product of the window.",
        look="An output pixel gets its bias once, after the sum.",
        code=[
            """
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                if bias is None:
                    bias = np.zeros(len(weight))
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                y = np.empty((len(x), len(weight), *view.shape[4:]))
                for o in range(len(weight)):
                    first = o // (len(weight) // groups) * weight.shape[1]
                    channels = view[:, first : first + weight.shape[1]]
                    products = channels * weight[o, :, :, :, None, None] + bias[o]
                    y[:, o] = products.sum(axis=(1, 2, 3))
                return y
            """,
            """
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                N, C, kH, kW, H_out, W_out = view.shape
                y = np.zeros((N, len(weight), H_out, W_out))
                for a, b in np.ndindex(kH, kW):
                    rows = weight[:, :, a, b].reshape(groups, len(weight) // groups, -1)
                    columns = view[:, :, a, b].reshape(N, groups, -1, H_out * W_out)
                    y += (rows @ columns).reshape(y.shape)
                    if bias is not None:
                        y += bias[:, None, None]
                return y
            """,
        ],
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
            {"y += bias[:, None, None]": "y += bias"},
            {"y += bias[:, None, None]": "y = y + bias"},
        ],
    ),
    Mistake(
        "settings not passed on",
        did="You left out stride, padding and dilation.",
        look="Pass them on, to `output_size` and to `column_blocks`.",
        swap={
            "kernel_size, settings = weight.shape[2:], (stride, padding, dilation)": "kernel_size = weight.shape[2:]",
            "kernel_size, *settings)": "kernel_size)",
            "groups, *settings)": "groups)",
        },
    ),
    Mistake(
        "kernels dealt out in turn",
        did="You gave the kernels to the groups in turn, like cards.",
        look="The first C_out / groups kernels are the first group's: reshape to (groups, C_out // groups, -1), groups in front.",
        swap={
            "weight.reshape(groups, len(weight) // groups, -1)": "weight.reshape(len(weight) // groups, groups, -1).swapaxes(0, 1)",
        },
    ),
    Mistake(
        "one group for all",
        did="Your rows and columns fit only where there is one group.",
        look="With groups, a kernel is thinner: give rows and columns an axis for the groups, and `@` multiplies group by group.",
        swap={
            "weight.reshape(groups, len(weight) // groups, -1)": "weight.reshape(1, len(weight), -1)",
            "kernel_size, groups, *settings": "kernel_size, 1, *settings",
        },
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                y = np.einsum("ncabhw,ocab->nohw", view, weight)
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "only the last block",
        did="Only the images of the last block came back.",
        look="Each block has its place: fill `y[block]`, or collect the parts.",
        swap={
            "    y = np.empty((len(x), *rows.shape[:2], H_out * W_out), x.dtype)\n": "",
            "np.matmul(rows, columns, out=y[block])": "y = rows @ columns",
            "y.reshape(len(x), len(weight)": "y.reshape(-1, len(weight)",
        },
    ),
    Mistake(
        "only the first block",
        did="Only the images of the first block came back.",
        look="Does the `return` stand inside the loop?",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
                H_out, W_out = output_size(x.shape[2:], kernel_size, *settings)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                for block, columns in column_blocks(x, kernel_size, groups, *settings):
                    y = (rows @ columns).reshape(-1, len(weight), H_out, W_out)
                    if bias is not None:
                        y += bias[:, None, None]
                    return y
        """,
    ),
    Mistake(
        "columns kept for later",
        did="You kept the columns of all blocks and multiplied afterwards. By then, each block had been overwritten by the next.",
        look="Multiply within the loop: `column_blocks` uses the same memory for every block.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
                H_out, W_out = output_size(x.shape[2:], kernel_size, *settings)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                kept = []
                for block, columns in column_blocks(x, kernel_size, groups, *settings):
                    kept.append(columns)
                y = rows @ np.concatenate(kept)
                y = y.reshape(len(x), len(weight), H_out, W_out)
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "channels last reshaped",
        did="Your product has the channels last, and a `reshape` gave it the right shape, but not the right order.",
        look="Reshape to what it is, (N, H_out, W_out, C_out), and then transpose.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                N, C, kH, kW, H_out, W_out = view.shape
                by_window = view.transpose(0, 4, 5, 1, 2, 3).reshape(N * H_out * W_out, groups, -1)
                kernels = weight.reshape(groups, len(weight) // groups, -1)
                y = np.einsum("pgk,gok->pgo", by_window, kernels)
                y = y.reshape(N, len(weight), H_out, W_out)
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
    Mistake(
        "batch behind channels",
        did="Your product has the outputs before the images, and a `reshape` gave it the right shape, but not the right order.",
        look="Reshape to what it is, (C_out, N, H_out, W_out), and then transpose.",
        code="""
            def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                N, C, kH, kW, H_out, W_out = view.shape
                columns = view.transpose(1, 2, 3, 0, 4, 5).reshape(groups, -1, N * H_out * W_out)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                y = (rows @ columns).reshape(N, len(weight), H_out, W_out)
                return y if bias is None else y + bias[:, None, None]
        """,
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.conv2d,
    oracle=conv_by_torch,
    cases=cases,
    hints=(
        "As rows, the weights are (groups, C_out / groups, numbers in a window). The columns of a block are (images, groups, numbers in a window, pixels).",
        "`rows @ columns` gives (images, groups, C_out / groups, pixels), in the order in which `y` wants them: a `reshape` is all that is left.",
        "Make `y` first, and fill `y[block]` in a loop over `column_blocks(...)`.",
    ),
    mistakes=MISTAKES,
)
