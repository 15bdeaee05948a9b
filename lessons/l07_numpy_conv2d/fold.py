"""Every window put back to where it was read."""

import numpy as np
import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions
from lessons.l07_numpy_conv2d.solutions import output_size


def fold_by_torch(dwindows, size, stride=1, padding=0, dilation=1):
    """The oracle: torch's fold. dwindows (N, C, kH, kW, H_out, W_out): (N, C, *size)."""
    N, C, kH, kW, H_out, W_out = dwindows.shape
    columns = torch.from_numpy(dwindows).reshape(N, C * kH * kW, H_out * W_out)
    return F.fold(columns, size, (kH, kW), dilation, padding, stride).numpy()


# (N, C), size, kernel's size, then stride, padding, dilation.
SETTINGS = (
    ((2, 3), (5, 6), (3, 2), (2, 1), 0, 1),
    ((3, 1), (5, 4), (2, 3), 1, (2, 1), 1),
    ((1, 2), (7, 8), (2, 3), 1, 0, (3, 2)),
    ((2, 1), (6, 7), (3, 2), (2, 3), (1, 2), (2, 1)),
)


def cases(rng):
    """dwindows (N, C, kH, kW, H_out, W_out), size (H, W), stride, padding, dilation."""
    two_windows = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0])
    yield two_windows.reshape(1, 1, 1, 2, 1, 3), (1, 4), 1, 0, 1
    for (N, C), size, kernel, *settings in SETTINGS:
        places = output_size(size, kernel, *settings)
        yield rng.normal(size=(N, C, *kernel, *places)), size, *settings


MISTAKES = (
    Mistake(
        "overwritten, weight by weight",
        did="Where windows overlap, the last weight's share has replaced the others.",
        look="Every share counts: `+=`.",
        swap={"+= dwindows": "= dwindows"},
    ),
    Mistake(
        "overwritten, window by window",
        did="Where windows overlap, the last window has replaced the others.",
        look="A pixel that was read by four windows gets four shares: add them up.",
        swap={
            "for a, b in np.ndindex(kH, kW):": "for i, j in np.ndindex(dwindows.shape[4:]):",
            "view[:, :, a, b] += dwindows[:, :, a, b]": "view[..., i, j] = dwindows[..., i, j]",
        },
    ),
    Mistake(
        "overlapping view written at once",
        did="You wrote to the whole view in one statement. Where windows overlap, one share is left.",
        look="Go weight by weight: for one (a, b), the pixels of `view[:, :, a, b]` don't overlap.",
        swap={
            "    for a, b in np.ndindex(kH, kW):\n        view[:, :, a, b] += dwindows[:, :, a, b]": "    view += dwindows",
        },
    ),
    Mistake(
        "nothing arrived",
        did="Your result is all zeros: no window's share arrived.",
        look="Is it `dpadded` that you write into? `.copy()`, and often `reshape`, hand out other memory.",
        swap={"writeable=True)": "writeable=True).copy()"},
    ),
    Mistake(
        "only the first weight",
        did="Only the shares of weight (0, 0) went back.",
        look="Does the `return` stand inside the loop? Move it to the left, under the `for`.",
        swap={"\n    return dpadded": "\n        return dpadded"},
    ),
    Mistake(
        "averaged where windows overlap",
        did="You took the mean of the shares that arrive at a pixel.",
        look="Blame from several windows adds up.",
        code="""
            def fold(dwindows, size, stride=1, padding=0, dilation=1):
                N, C, kH, kW = dwindows.shape[:4]
                (H, W), (pH, pW) = size, pair(padding)
                dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
                counts = np.zeros_like(dpadded)
                view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
                counted = windows(counts, (kH, kW), stride, dilation, writeable=True)
                for a, b in np.ndindex(kH, kW):
                    view[:, :, a, b] += dwindows[:, :, a, b]
                    counted[:, :, a, b] += 1
                dpadded /= np.maximum(counts, 1)
                return dpadded[:, :, pH : pH + H, pW : pW + W]
        """,
    ),
    Mistake(
        "padding not cropped",
        did="Your result still has the padding around it.",
        look="The zeros around the picture belong to nobody: cut their rows and columns off.",
        swap={"dpadded[:, :, pH : pH + H, pW : pW + W]": "dpadded"},
    ),
    Mistake(
        "cropped to minus zero",
        did="You cropped with `pH:-pH`, and without padding, that is `0:-0`: nothing.",
        look="`pH : pH + H` works for every padding.",
        swap={"pH : pH + H, pW : pW + W": "pH:-pH, pW:-pW"},
    ),
    Mistake(
        "cropped at the end only",
        did="You cut the padding of both sides off at the end, so everything lies too far down or to the right.",
        look="The picture begins at row pH, column pW of the padded one.",
        swap={"pH : pH + H, pW : pW + W": ":H, :W"},
    ),
    Mistake(
        "only what the windows reach",
        did="Your result ends where the last window does.",
        look="Where the stride doesn't divide, the last rows were never read: their share is 0, and they count in the size.",
        code="""
            def fold(dwindows, size, stride=1, padding=0, dilation=1):
                N, C, kH, kW, H_out, W_out = dwindows.shape
                (sH, sW), (pH, pW), (dH, dW) = map(pair, (stride, padding, dilation))
                H = sH * (H_out - 1) + dH * (kH - 1) + 1
                W = sW * (W_out - 1) + dW * (kW - 1) + 1
                dpadded = np.zeros((N, C, H, W), dwindows.dtype)
                view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
                for a, b in np.ndindex(kH, kW):
                    view[:, :, a, b] += dwindows[:, :, a, b]
                return dpadded[:, :, pH : H - pH, pW : W - pW]
        """,
    ),
    Mistake(
        "stride not spread out",
        did="You put the windows one pixel apart, whatever the stride is.",
        look="Window (i, j) was read at row i · sH, column j · sW, and goes back there.",
        code="""
            def fold(dwindows, size, stride=1, padding=0, dilation=1):
                N, C, kH, kW, H_out, W_out = dwindows.shape
                (H, W), (pH, pW), (dH, dW) = size, pair(padding), pair(dilation)
                dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
                for a, b in np.ndindex(kH, kW):
                    rows = slice(a * dH, a * dH + H_out)
                    columns = slice(b * dW, b * dW + W_out)
                    dpadded[:, :, rows, columns] += dwindows[:, :, a, b]
                return dpadded[:, :, pH : pH + H, pW : pW + W]
        """,
    ),
    Mistake(
        "dilation ignored",
        did="You put each window back without its holes.",
        look="Its entry (a, b) was read a · dH rows and b · dW columns on.",
        code="""
            def fold(dwindows, size, stride=1, padding=0, dilation=1):
                N, C, kH, kW, H_out, W_out = dwindows.shape
                (H, W), (pH, pW), (sH, sW) = size, pair(padding), pair(stride)
                dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
                for i, j in np.ndindex(H_out, W_out):
                    rows = slice(i * sH, i * sH + kH)
                    columns = slice(j * sW, j * sW + kW)
                    dpadded[:, :, rows, columns] += dwindows[..., i, j]
                return dpadded[:, :, pH : pH + H, pW : pW + W]
        """,
    ),
    Mistake(
        "windows turned round",
        did="You put every window back upside down and mirrored.",
        look="Its entry (a, b) goes back to where it was read: a down, b on.",
        swap={"dwindows[:, :, a, b]": "dwindows[:, :, -1 - a, -1 - b]"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.fold,
    oracle=fold_by_torch,
    cases=cases,
    hints=(
        "Start with zeros as large as the padded picture. `windows(dpadded, ..., writeable=True)` shows every window of it, and can be written through.",
        "Windows overlap, but for one weight (a, b) its pixels never do: `view[:, :, a, b] += dwindows[:, :, a, b]` is safe.",
        "At the end, cut the padding off: rows pH to pH + H, columns pW to pW + W.",
    ),
    mistakes=MISTAKES,
)
