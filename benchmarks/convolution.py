"""Lesson 07's convolution beside torch's: the four layers of lesson 08 at batch 8.

All in one run, in turn, one thread each, float32. The fastest of many rounds is taken:
what else the machine does can only add to it, and adds more to the longer. Loops are
timed on a part of the work, as their time is in proportion to it: one image, one
kernel, a few rows of output. Beside the lesson's loops, which multiply two numbers at a
time, stand those over output pixels only, which multiply a window at a time.

The promise is about forward and backward together, which is what a step of training
costs. The gradient of x is part of it, in the first layer too.

Memory is the peak beyond the inputs, result included: for NumPy as tracemalloc counts
it; for torch, whose memory it doesn't see, what the system counts as resident, in a
process of its own, where only Linux lets the peak be reset.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch.nn import functional as F

from benchmarks.table import Table, ms
from lessons.l07_numpy_conv2d.solutions import (
    conv2d,
    conv2d_backward,
    conv2d_backward_loops,
    conv2d_loops,
    output_size,
    pad,
)

# Name, shape of x, shape of weight, stride, padding, the most times torch's time.
LAYERS = (
    ("11×11, stride 3", (8, 3, 224, 224), (16, 3, 11, 11), 3, 0, 6),
    ("5×5", (8, 16, 36, 36), (32, 16, 5, 5), 1, 0, 3),
    ("3×3, padding 1", (8, 32, 16, 16), (64, 32, 3, 3), 1, 1, 3),
    ("3×3", (8, 64, 16, 16), (64, 64, 3, 3), 1, 0, 3),
)
LOOPS = 200  # loops shall take at least so many times as long
ROUNDS, ROWS = 40, 2


def measure():
    table = Table(
        "conv2d in NumPy, one thread, batch 8: torch's time in ms, and ratios",
        *("layer", "direction", "torch", "NumPy / torch", "at most"),
        *("loops / NumPy", "by window / NumPy", "peak MB", "torch's"),
    )
    peaks = torch_peaks()
    with one_thread():
        for name, *shapes, most in LAYERS:
            rows = Layer(*shapes).rows()
            for direction, row in rows.items():
                row["peaks"].append(peaks.get(f"{name}, {direction}"))
            rows["both"] = together(*rows.values())
            for direction, row in rows.items():
                ratio, loops = row["mine"] / row["torch"], row["loops"] / row["mine"]
                counts = direction == "both"
                table.add(
                    *(name, direction, ms(row["torch"]), f"{ratio:.1f}"),
                    most if counts else "",
                    *(f"{loops:.0f}", f"{row['by window'] / row['mine']:.0f}"),
                    *map(megabytes, row["peaks"]),
                    over=counts and (ratio > most or loops < LOOPS),
                )
    return table


def together(forward, backward):
    """Forward and then backward: times add up, of the peaks the larger counts."""
    both = {key: forward[key] + backward[key] for key in forward if key != "peaks"}
    pairs = zip(forward["peaks"], backward["peaks"], strict=True)
    return both | {"peaks": [None if None in pair else max(pair) for pair in pairs]}


def megabytes(size):
    return "?" if size is None else f"{size / 1e6:.1f}"


@contextlib.contextmanager
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(threads)


class Layer:
    """One layer's inputs, as arrays and as tensors, and what is done with them."""

    def __init__(self, x, weight, stride, padding):
        rng = np.random.default_rng(0)
        self.settings = stride, padding
        self.x, self.weight, self.bias = (
            rng.standard_normal(shape, dtype="float32")
            for shape in (x, weight, weight[:1])
        )
        size = output_size(x[2:], weight[2:], stride, padding)
        shape = x[0], weight[0], *size
        self.dy = rng.standard_normal(shape, dtype="float32")
        arrays = self.x, self.weight, self.bias
        self.tensors = [torch.from_numpy(array) for array in arrays]
        self.leaves = [tensor.clone().requires_grad_() for tensor in self.tensors]
        self.y = F.conv2d(*self.leaves, *self.settings)
        self.torch_dy = torch.from_numpy(self.dy)

    def forward(self):
        return conv2d(self.x, self.weight, self.bias, *self.settings)

    def backward(self):
        return conv2d_backward(self.dy, self.x, self.weight, *self.settings)

    def torch_forward(self):
        with torch.no_grad():
            return F.conv2d(*self.tensors, *self.settings)

    def torch_backward(self):
        return torch.autograd.grad(
            self.y, self.leaves, self.torch_dy, retain_graph=True
        )

    def rows(self):
        """{"forward": {…}, "backward": {…}}: seconds, and peaks in bytes."""
        actions = {
            "forward": (self.forward, self.torch_forward),
            "backward": (self.backward, self.torch_backward),
        }
        parts = {
            "forward": self.loops_forward(),
            "backward": self.loops_backward(),
        }
        rows = {}
        for direction, (mine, its) in actions.items():
            seconds = in_turn(mine, its)
            loops, by_window = parts[direction]
            rows[direction] = {
                "mine": seconds[0],
                "torch": seconds[1],
                "loops": loops,
                "by window": by_window,
                "peaks": [numpy_peak(mine)],
            }
        return rows

    def part(self):
        """x, weight and dy for a few rows of one kernel's output, and the share."""
        stride, _ = self.settings
        rows = stride * (ROWS - 1) + self.weight.shape[2]
        x = pad(self.x[:1], self.settings[1])[:, :, :rows]
        dy = self.dy[:1, :1, :ROWS]
        return x, self.weight[:1], np.ascontiguousarray(dy), self.dy.size / dy.size

    def loops_forward(self):
        x, weight, _, share = self.part()
        stride, _ = self.settings
        return [
            share * seconds(loops, x, weight, None, stride)
            for loops in (conv2d_loops, by_window)
        ]

    def loops_backward(self):
        x, weight, dy, share = self.part()
        stride, _ = self.settings
        return [
            share * seconds(loops, dy, x, weight, stride)
            for loops in (conv2d_backward_loops, by_window_backward)
        ]


def by_window(x, weight, bias, stride):
    """Loops over output pixels only; NumPy multiplies window and kernel."""
    kH, kW = weight.shape[2:]
    size = output_size(x.shape[2:], (kH, kW), stride)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    for n, o, i, j in np.ndindex(y.shape):
        rows = slice(i * stride, i * stride + kH)
        columns = slice(j * stride, j * stride + kW)
        y[n, o, i, j] = (x[n, :, rows, columns] * weight[o]).sum()
    return y


def by_window_backward(dy, x, weight, stride):
    kH, kW = weight.shape[2:]
    dx, dweight = np.zeros_like(x), np.zeros_like(weight)
    for n, o, i, j in np.ndindex(dy.shape):
        rows = slice(i * stride, i * stride + kH)
        columns = slice(j * stride, j * stride + kW)
        dweight[o] += dy[n, o, i, j] * x[n, :, rows, columns]
        dx[n, :, rows, columns] += dy[n, o, i, j] * weight[o]
    return dx, dweight


def seconds(action, *given):
    start = time.perf_counter()
    action(*given)
    return time.perf_counter() - start


def in_turn(*actions):
    """The fewest seconds of each of some actions, which take turns."""
    for action in actions:
        action()
    rounds = [[seconds(action) for action in actions] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*rounds, strict=True)]


def numpy_peak(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def torch_peaks():
    """{"5×5, forward": bytes}; empty where it can't be measured."""
    if not RESET.exists():
        return {}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.convolution"],
        # Every large array comes from the system and goes back to it at once.
        env=os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


RESET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


def resident_peaks():
    """What ``torch_peaks`` asks another process for."""
    peaks = {}
    with one_thread():
        for name, *shapes, _ in LAYERS:
            layer = Layer(*shapes)
            for direction, action in (
                ("forward", layer.torch_forward),
                ("backward", layer.torch_backward),
            ):
                action()  # loads the code that it runs
                RESET.write_text("5")
                before = status("VmRSS")
                action()
                peaks[f"{name}, {direction}"] = status("VmHWM") - before
    return peaks


def status(field):
    """A number of bytes from what Linux says of this process."""
    (line,) = [s for s in STATUS.read_text().splitlines() if s.startswith(field)]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    print(json.dumps(resident_peaks()))
