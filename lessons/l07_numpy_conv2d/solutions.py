"""What a student ends with in lesson 07, in the notebook's order.

Not asked for, but defined by its cells: pair, pad, output_size, windows, column_blocks
and conv2d_backward_loops.
"""

import numpy as np

from lessons.l04_nn_layers.solutions import conv_output_size


def predict_sizes():
    """For x of shape (2, 4, 7, 10) and 6 kernels of 3 x 3: shapes as tuples."""
    return {
        "y": (2, 6, 5, 8),
        "y, stride=2": (2, 6, 3, 4),
        "y, padding=(1, 0)": (2, 6, 7, 8),
        "y, dilation=(1, 3)": (2, 6, 5, 4),
        "weight, groups=2": (6, 2, 3, 3),
    }


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


def dilate_kernel(weight, dilation):
    """The kernel with holes: zeros between the weights, dilation apart."""
    dH, dW = pair(dilation)
    kH, kW = weight.shape[2:]
    reach = dH * (kH - 1) + 1, dW * (kW - 1) + 1
    holes = np.zeros((*weight.shape[:2], *reach), weight.dtype)
    holes[:, :, ::dH, ::dW] = weight
    return holes


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


def max_pool2d_backward(dy, x, kernel_size, stride=None):
    """The gradient of x; of equal largest ones in a window, the first gets it all."""
    view = windows(x, kernel_size, stride or kernel_size)
    N, C, kH, kW, H_out, W_out = view.shape
    flat = view.reshape(N, C, kH * kW, H_out, W_out)
    first = flat.argmax(axis=2)
    is_first = np.arange(kH * kW)[:, None, None] == first[:, :, None]
    dwindows = np.where(is_first, dy[:, :, None], 0).reshape(view.shape)
    return fold(dwindows, x.shape[2:], stride or kernel_size)


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


def bce_with_logits(logits, targets):
    """(mean loss, gradient of the logits); targets (N,) are 0 or 1. Never overflows."""
    small = np.exp(-np.abs(logits))
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(small)
    probability = np.where(logits >= 0, 1.0, small) / (1 + small)
    return losses.mean(), (probability - targets) / logits.size
