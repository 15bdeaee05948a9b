"""The way back through a convolution: gradients of x, weight and bias."""

import numpy as np
import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions
from lessons.l07_numpy_conv2d._autograd import gradients_by_torch
from lessons.l07_numpy_conv2d._convolution import SETTINGS, several_blocks
from lessons.l07_numpy_conv2d.solutions import output_size


def backward_by_torch(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """The oracle: (dx, dweight, dbias) by autograd. dy (N, C_out, H_out, W_out)."""
    x, weight = (torch.from_numpy(v).requires_grad_() for v in (x, weight))
    bias = torch.zeros(len(weight), dtype=weight.dtype, requires_grad=True)
    y = F.conv2d(x, weight, bias, stride, padding, dilation, groups)
    return gradients_by_torch(y, dy, x, weight, bias)


def cases(rng):
    """dy, x, weight and settings; the last x takes column_blocks two turns."""
    picture = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]])[None, None]
    dy = np.array([[1.0, 0.0], [0.0, 10.0]])[None, None]
    yield dy, picture, np.array([[[[1.0, -2.0]]]]), 1, 0, 1, 1
    for x, weight, *settings, groups in SETTINGS:
        size = output_size(x[2:], weight[2:], *settings)
        dy = rng.normal(size=(x[0], weight[0], *size))
        yield dy, rng.normal(size=x), rng.normal(size=weight), *settings, groups
    x, weight = several_blocks(rng)
    yield rng.normal(size=(3, 2, 35, 36)), x, weight, 1, 0, 1, 1


MISTAKES = (
    Mistake(
        "padding not cropped from dx",
        did="`dx` still has the padding around it.",
        look="Nobody wants gradients of those zeros: cut their rows and columns off.",
        swap={
            "dx, drows = np.empty_like(x)": "dx, drows = np.empty_like(pad(x, padding))",
            "fold(dwindows, x.shape[2:], *settings)": "fold(dwindows, dx.shape[2:], stride, 0, dilation)",
        },
    ),
    Mistake(
        "dx cropped to minus zero",
        did="You cropped `dx` with `pH:-pH`, and without padding, that is `0:-0`: nothing.",
        look="`pH : pH + H` works for every padding.",
        swap={
            "dx, drows = np.empty_like(x)": "dpadded, drows = np.empty_like(pad(x, padding))",
            "dx[block] = fold(dwindows, x.shape[2:], *settings)": "dpadded[block] = fold(dwindows, dpadded.shape[2:], stride, 0, dilation)",
            "    return dx,": "    pH, pW = pair(padding)\n    dx = dpadded[:, :, pH:-pH, pW:-pW]\n    return dx,",
        },
    ),
    Mistake(
        "dx cropped at the end only",
        did="You cut the padding of both sides off at the end of `dx`.",
        look="The picture begins at row pH, column pW of the padded one.",
        swap={
            "dx, drows = np.empty_like(x)": "dpadded, drows = np.empty_like(pad(x, padding))",
            "dx[block] = fold(dwindows, x.shape[2:], *settings)": "dpadded[block] = fold(dwindows, dpadded.shape[2:], stride, 0, dilation)",
            "    return dx,": "    H, W = x.shape[2:]\n    dx = dpadded[:, :, :H, :W]\n    return dx,",
        },
    ),
    Mistake(
        "dx overwritten, weight by weight",
        did="In `dx`, where windows overlap, the last weight's share has replaced the others.",
        look="Every window that read a pixel sends a share back: add them up.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                dpadded, drows = np.zeros_like(pad(x, padding)), np.zeros_like(rows)
                for block, columns in column_blocks(x, kernel_size, groups, *settings):
                    dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
                    drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
                    dcolumns = rows.swapaxes(1, 2) @ dout
                    dwindows = dcolumns.reshape(-1, x.shape[1], *kernel_size, *dy.shape[2:])
                    view = windows(dpadded[block], kernel_size, stride, dilation, writeable=True)
                    for a, b in np.ndindex(kernel_size):
                        view[:, :, a, b] = dwindows[:, :, a, b]
                (H, W), (pH, pW) = x.shape[2:], pair(padding)
                dx = dpadded[:, :, pH : pH + H, pW : pW + W]
                return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "dx overwritten, window by window",
        did="In `dx`, where windows overlap, the last window has replaced the others.",
        look="Every window that read a pixel sends a share back: add them up.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                dpadded, drows = np.zeros_like(pad(x, padding)), np.zeros_like(rows)
                for block, columns in column_blocks(x, kernel_size, groups, *settings):
                    dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
                    drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
                    dcolumns = rows.swapaxes(1, 2) @ dout
                    dwindows = dcolumns.reshape(-1, x.shape[1], *kernel_size, *dy.shape[2:])
                    view = windows(dpadded[block], kernel_size, stride, dilation, writeable=True)
                    for i, j in np.ndindex(dy.shape[2:]):
                        view[..., i, j] = dwindows[..., i, j]
                (H, W), (pH, pW) = x.shape[2:], pair(padding)
                dx = dpadded[:, :, pH : pH + H, pW : pW + W]
                return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "gradient not spread out by the stride",
        did="In `dx`, neighbouring output pixels send their shares to neighbouring windows, whatever the stride is.",
        look="Output pixel (i, j) read the window at row i · sH, column j · sW.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                (dH, dW), (H_out, W_out) = pair(dilation), dy.shape[2:]
                kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
                rows = weight.reshape(groups, len(weight) // groups, -1)
                dpadded, drows = np.zeros_like(pad(x, padding)), np.zeros_like(rows)
                for block, columns in column_blocks(x, kernel_size, groups, *settings):
                    dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
                    drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
                    dcolumns = rows.swapaxes(1, 2) @ dout
                    dwindows = dcolumns.reshape(-1, x.shape[1], *kernel_size, H_out, W_out)
                    for a, b in np.ndindex(kernel_size):
                        i, j = a * dH, b * dW
                        dpadded[block, :, i : i + H_out, j : j + W_out] += dwindows[:, :, a, b]
                (H, W), (pH, pW) = x.shape[2:], pair(padding)
                dx = dpadded[:, :, pH : pH + H, pW : pW + W]
                return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "dilation ignored in dx",
        did="In `dx`, the shares go back as if the kernel had no holes.",
        look="Weight (a, b) read the pixel a · dH rows and b · dW columns on.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                (sH, sW), (kH, kW) = pair(stride), weight.shape[2:]
                settings = stride, padding, dilation
                rows = weight.reshape(groups, len(weight) // groups, -1)
                dpadded, drows = np.zeros_like(pad(x, padding)), np.zeros_like(rows)
                for block, columns in column_blocks(x, (kH, kW), groups, *settings):
                    dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
                    drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
                    dcolumns = rows.swapaxes(1, 2) @ dout
                    dwindows = dcolumns.reshape(-1, x.shape[1], kH, kW, *dy.shape[2:])
                    for i, j in np.ndindex(dy.shape[2:]):
                        top, left = i * sH, j * sW
                        window = dpadded[block, :, top : top + kH, left : left + kW]
                        window += dwindows[..., i, j]
                (H, W), (pH, pW) = x.shape[2:], pair(padding)
                dx = dpadded[:, :, pH : pH + H, pW : pW + W]
                return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "dx only as far as windows reach",
        did="`dx` ends where the last window does.",
        look="Where the stride doesn't divide, the last rows were never read: their gradient is 0, and `dx` has the shape of `x`.",
        swap={
            "    dx, drows = np.empty_like(x), np.zeros_like(rows)\n": "    (sH, sW), (pH, pW), (dH, dW) = map(pair, settings)\n    H = sH * (dy.shape[2] - 1) + dH * (kernel_size[0] - 1) + 1 - 2 * pH\n    W = sW * (dy.shape[3] - 1) + dW * (kernel_size[1] - 1) + 1 - 2 * pW\n    dx, drows = np.empty((*x.shape[:2], H, W)), np.zeros_like(rows)\n",
            "fold(dwindows, x.shape[2:], *settings)": "fold(dwindows, (H, W), *settings)",
        },
    ),
    Mistake(
        "kernel flipped in dx",
        did="For `dx` you used the kernel upside down and mirrored.",
        look="Share (a, b) of a window is dy times weight (a, b). A flip is due only if you lay the kernel on `dy` itself, as a convolution.",
        swap={
            "    dx, drows =": "    flipped = weight[:, :, ::-1, ::-1].reshape(rows.shape)\n    dx, drows =",
            "rows.swapaxes(1, 2)": "flipped.swapaxes(1, 2)",
        },
    ),
    Mistake(
        "groups ignored",
        did="You went back as if every output had read the first group's channels.",
        look="Each group has its own channels, kernels and outputs; nothing crosses over.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
                channels = weight.shape[1]
                dweight = np.einsum("nohw,ncabhw->ocab", dy, view[:, :channels])
                dwindows = np.zeros_like(view)
                dwindows[:, :channels] = np.einsum("nohw,ocab->ncabhw", dy, weight)
                dx = fold(dwindows, x.shape[2:], stride, padding, dilation)
                return dx, dweight, dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "dweight kept apart for each image",
        did="`dweight` has an axis too many: one gradient for each image.",
        look="All images used the same weights, so their shares add up: `.sum(axis=0)`.",
        swap={
            "np.zeros_like(rows)": "np.zeros((len(x), *rows.shape))",
            "drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)": "drows[block] = dout @ columns.swapaxes(2, 3)",
            "drows.reshape(weight.shape)": "drows.reshape(-1, *weight.shape)",
        },
    ),
    Mistake(
        "dweight from the last image",
        did="`dweight` holds what the last image says; earlier ones are lost.",
        look="The shares of all images add up: `+=`.",
        swap={
            "        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)": "        for n in range(len(columns)):\n            drows = dout[n] @ columns[n].swapaxes(1, 2)",
        },
    ),
    Mistake(
        "dweight from the last block",
        did="`dweight` holds what the last block of images says; earlier ones are lost.",
        look="The shares of all blocks add up: `+=`.",
        swap={"drows +=": "drows ="},
    ),
    Mistake(
        "columns overwritten too early",
        did="For `dweight` you used the columns after they had become the gradient of the columns.",
        look="First the product that needs them, then the one that is written over them.",
        swap={
            "        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)\n        np.matmul(rows.swapaxes(1, 2), dout, out=columns)  # they have served\n": "        np.matmul(rows.swapaxes(1, 2), dout, out=columns)\n        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)\n",
        },
    ),
    Mistake(
        "dweight averaged over the batch",
        did="You took the mean of the images' shares for `dweight`.",
        look="Shares add up. If the loss is a mean, `dy` has it in already.",
        swap=[
            {"drows.reshape(weight.shape)": "drows.reshape(weight.shape) / len(x)"},
            {".sum(axis=0)": ".mean(axis=0)"},
        ],
    ),
    Mistake(
        "dweight summed over the outputs",
        did="In `dweight` the output channels are summed up: every kernel of a group has the same gradient.",
        look="The axes that go are those of images and pixels; each kernel keeps its own gradient.",
        swap=[
            {".sum(axis=0)": ".sum(axis=(0, 2))"},
            {".sum(axis=0)": ".sum(axis=(0, 2))[:, None]"},
        ],
    ),
    Mistake(
        "dweight at stride 1",
        did="For `dweight` you took neighbouring windows of `x`, whatever the stride.",
        look="Output pixel (i, j) read the window at row i · sH, column j · sW.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                (kH, kW), (dH, dW), (H_out, W_out) = weight.shape[2:], pair(dilation), dy.shape[2:]
                rows = weight.reshape(groups, len(weight) // groups, -1)
                dout = dy.reshape(len(x), *rows.shape[:2], H_out * W_out)
                dwindows = (rows.swapaxes(1, 2) @ dout).reshape(len(x), -1, kH, kW, H_out, W_out)
                dx = fold(dwindows, x.shape[2:], stride, padding, dilation)
                padded, dweight = pad(x, padding), np.zeros_like(weight)
                for a, b in np.ndindex(kH, kW):
                    pixels = padded[:, :, a * dH : a * dH + H_out, b * dW : b * dW + W_out]
                    columns = pixels.reshape(len(x), groups, -1, H_out * W_out)
                    shares = (dout @ columns.swapaxes(2, 3)).sum(axis=0)
                    dweight[:, :, a, b] = shares.reshape(weight.shape[:2])
                return dx, dweight, dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "dilation ignored in dweight",
        did="For `dweight` you took windows of `x` without holes.",
        look="Weight (a, b) read the pixel a · dH rows and b · dW columns on.",
        code="""
            def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
                (kH, kW), (sH, sW), (H_out, W_out) = weight.shape[2:], pair(stride), dy.shape[2:]
                rows = weight.reshape(groups, len(weight) // groups, -1)
                dout = dy.reshape(len(x), *rows.shape[:2], H_out * W_out)
                dwindows = (rows.swapaxes(1, 2) @ dout).reshape(len(x), -1, kH, kW, H_out, W_out)
                dx = fold(dwindows, x.shape[2:], stride, padding, dilation)
                padded, drows = pad(x, padding), np.zeros_like(rows)
                for i, j in np.ndindex(H_out, W_out):
                    window = padded[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
                    column = window.reshape(len(x), groups, 1, -1)
                    pixel = dy[:, :, i, j].reshape(len(x), *rows.shape[:2], 1)
                    drows += (pixel * column).sum(axis=0)
                return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))
        """,
    ),
    Mistake(
        "dbias summed over the batch only",
        did="`dbias` still has rows and columns.",
        look="One bias serves every pixel: sum over images, rows and columns.",
        swap={"dy.sum(axis=(0, 2, 3))": "dy.sum(axis=0)"},
    ),
    Mistake(
        "dbias apart for each image",
        did="`dbias` still has an axis for the images.",
        look="One bias serves every image: sum over axis 0 too.",
        swap={"dy.sum(axis=(0, 2, 3))": "dy.sum(axis=(2, 3))"},
    ),
    Mistake(
        "dbias summed over the channels",
        did="`dbias` has a number for each column, and the channels are summed up.",
        look="The axis that stays is that of the channels: sum over (0, 2, 3).",
        swap={"dy.sum(axis=(0, 2, 3))": "dy.sum(axis=(0, 1, 2))"},
    ),
    Mistake(
        "mean for sum in dbias",
        did="You took the mean for `dbias`.",
        look="Each pixel got the bias once, and sends its whole share back: sum.",
        swap={"dy.sum(axis=(0, 2, 3))": "dy.mean(axis=(0, 2, 3))"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.conv2d_backward,
    oracle=backward_by_torch,
    cases=cases,
    returns=("dx", "dweight", "dbias"),
    hints=(
        "Forward was `rows @ columns`, a product of two matrices. Lesson 01 has its gradients: `dout @ columns.T` for the one, `rows.T @ dout` for the other.",
        "Here the matrices are the last two axes, so `.T` becomes `.swapaxes(2, 3)`; the weights serve every image, so their gradient is summed over the images.",
        "`rows.swapaxes(1, 2) @ dout` is the gradient of the columns: reshape it to (images, C_in, kH, kW, H_out, W_out), and `fold` puts it back.",
    ),
    mistakes=MISTAKES,
)
