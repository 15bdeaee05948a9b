"""The way back through max pooling."""

import numpy as np
import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions
from lessons.l07_numpy_conv2d._autograd import gradients_by_torch
from lessons.l07_numpy_conv2d.solutions import output_size


def max_pool_backward_by_torch(dy, x, kernel_size, stride=None):
    """The oracle: dx (N, C, H, W) by autograd. dy is (N, C, H_out, W_out)."""
    x = torch.from_numpy(x).requires_grad_()
    y = F.max_pool2d(x, kernel_size, stride)
    return gradients_by_torch(y, dy, x)[0]


# Shape of x, kernel's size, stride.
SETTINGS = (
    ((2, 3, 4, 6), 2, None),
    ((2, 3, 5, 7), (2, 3), None),
    ((1, 2, 6, 7), 3, 2),
    ((3, 2, 5, 8), (3, 2), (1, 3)),
)


def cases(rng):
    """dy, x (N, C, H, W) with ties in it, kernel_size, stride or None."""
    x = np.array([[1.0, 3.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0]])[None, None]
    yield np.array([[[[5.0, 7.0]]]]), x, 2, None
    for shape, kernel, stride in SETTINGS:
        x = np.maximum(rng.normal(size=shape), 0)
        x[:, :, 0, 0] = x[:, :, 0, 1] = 9.0  # a tie in the first window, always
        size = output_size(shape[2:], kernel, stride or kernel)
        yield rng.normal(size=(*shape[:2], *size)), x, kernel, stride


MISTAKES = (
    Mistake(
        "ties counted twice",
        did="Where several numbers of a window are the largest, you gave each of them the whole gradient.",
        look="Nothing may be counted twice: the first of them gets it, as `argmax` finds it.",
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                view = windows(x, kernel_size, stride or kernel_size)
                is_largest = view == view.max(axis=(2, 3), keepdims=True)
                dwindows = is_largest * dy[:, :, None, None]
                return fold(dwindows, x.shape[2:], stride or kernel_size)
        """,
    ),
    Mistake(
        "ties share",
        did="Where several numbers of a window are the largest, you divided the gradient among them.",
        look="That would be fair; torch gives it to the first, and so shall you.",
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                view = windows(x, kernel_size, stride or kernel_size)
                is_largest = view == view.max(axis=(2, 3), keepdims=True)
                share = is_largest / is_largest.sum(axis=(2, 3), keepdims=True)
                dwindows = share * dy[:, :, None, None]
                return fold(dwindows, x.shape[2:], stride or kernel_size)
        """,
    ),
    Mistake(
        "the last of the ties",
        did="Where several numbers of a window are the largest, you gave the gradient to the last.",
        look="torch gives it to the first, in reading order.",
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
                dx = np.zeros_like(x)
                for n, c, i, j in np.ndindex(dy.shape):
                    largest = n, c, i * sH, j * sW
                    for a, b in np.ndindex(kH, kW):
                        pixel = n, c, i * sH + a, j * sW + b
                        if x[pixel] >= x[largest]:
                            largest = pixel
                    dx[largest] += dy[n, c, i, j]
                return dx
        """,
    ),
    Mistake(
        "everyone gets it",
        did="You gave the gradient to every number of the window.",
        look="Only the largest one was passed on; nudging another changes nothing.",
        swap={
            "np.where(is_first, dy[:, :, None], 0).reshape(view.shape)": "np.ones(view.shape) * dy[:, :, None, None]",
        },
    ),
    Mistake(
        "shared by the window",
        did="You divided the gradient among all numbers of the window: that is the way back of *average* pooling.",
        look="Only the largest number was passed on.",
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                kH, kW = pair(kernel_size)
                view = windows(x, kernel_size, stride or kernel_size)
                dwindows = np.ones(view.shape) * dy[:, :, None, None] / (kH * kW)
                return fold(dwindows, x.shape[2:], stride or kernel_size)
        """,
    ),
    Mistake(
        "dy left out",
        did="You put back ones where a number is the largest.",
        look="The mask says where blame goes; how much is `dy`: multiply.",
        swap={"np.where(is_first, dy[:, :, None], 0)": "np.where(is_first, 1.0, 0)"},
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                view = windows(x, kernel_size, stride or kernel_size)
                is_largest = view == view.max(axis=(2, 3), keepdims=True)
                dwindows = is_largest.astype(x.dtype)
                return fold(dwindows, x.shape[2:], stride or kernel_size)
        """,
    ),
    Mistake(
        "values for gradients",
        did="You put back the largest numbers themselves.",
        look="What travels back is `dy`; the largest number says where to.",
        swap={"np.where(is_first, dy[:, :, None], 0)": "np.where(is_first, flat, 0)"},
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                view = windows(x, kernel_size, stride or kernel_size)
                is_largest = view == view.max(axis=(2, 3), keepdims=True)
                dwindows = is_largest * view
                return fold(dwindows, x.shape[2:], stride or kernel_size)
        """,
    ),
    Mistake(
        "overwritten where windows overlap",
        did="A number that is the largest of several windows got the share of the last one that holds it.",
        look="Shares add up; `fold` does that.",
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
                dx = np.zeros_like(x)
                for n, c, i, j in np.ndindex(dy.shape):
                    window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    dx[n, c, i * sH + a, j * sW + b] = dy[n, c, i, j]
                return dx
        """,
    ),
    Mistake(
        "windows put side by side",
        did="You put the windows back as if the stride were the window's size.",
        look="With a stride of its own, windows may overlap, or leave gaps.",
        swap={"x.shape[2:], stride or kernel_size": "x.shape[2:], kernel_size"},
        code="""
            def max_pool2d_backward(dy, x, kernel_size, stride=None):
                (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
                dx = np.zeros_like(x)
                for n, c, i, j in np.ndindex(dy.shape):
                    window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    dx[n, c, i * kH + a, j * kW + b] += dy[n, c, i, j]
                return dx
        """,
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.max_pool2d_backward,
    oracle=max_pool_backward_by_torch,
    cases=cases,
    hints=(
        "The output is one of the window's numbers. That one gets all of the blame, the others none.",
        "With the window's kH · kW entries on one axis, `argmax` names the first of the largest. Compare `np.arange(kH * kW)[:, None, None]` with it.",
        "`fold` puts windows back, and adds up where they overlap.",
    ),
    mistakes=MISTAKES,
)
