"""Learning rate and width: how fast does the two-layer net learn digits, if at all?"""

import numpy as np

from helpers.data import digits
from helpers.explorers import Explorer
from helpers.figures import COLOURS, new_figure
from lessons.l01_numpy_two_layer_net.solutions import (
    accuracy,
    forward,
    gradients,
    one_hot,
    squared_error,
)

TRAINED_ON = 300
STEPS = 60
TOO_LARGE = 1e12  # a loss beyond this counts as diverging


def train(x, labels, learning_rate, width, rng):
    """(losses, w1, w2) after STEPS steps, or once the loss is TOO_LARGE.

    x (N, D_in), labels (N,); w1 (D_in, width) and w2 (width, 10) are drawn from
    ``rng``.
    """
    y = one_hot(labels, 10)  # (N, 10)
    w1 = rng.normal(0, 0.1, size=(x.shape[1], width))
    w2 = rng.normal(0, 0.1, size=(width, 10))
    losses = []
    for _ in range(STEPS):
        h, h_relu, y_pred = forward(x, w1, w2)
        losses.append(squared_error(y_pred, y))
        if not losses[-1] < TOO_LARGE:
            break
        dw1, dw2 = gradients(x, y, h, h_relu, y_pred, w2)
        w1, w2 = w1 - learning_rate * dw1, w2 - learning_rate * dw2
    return losses, w1, w2


def explore_learning_rate():
    """The explorer; every move trains a net from scratch and draws its loss."""
    from ipywidgets import FloatLogSlider, IntSlider, Layout

    images, labels = digits()
    x = images.reshape(len(images), -1)  # (N, 64)
    seen, held_out = slice(None, TRAINED_ON), slice(TRAINED_ON, None)

    plot = LossPlot()

    def draw(learning_rate, width):
        rng = np.random.default_rng(0)
        losses, w1, w2 = train(x[seen], labels[seen], learning_rate, width, rng)
        any_on = (forward(x[seen], w1, w2)[0] > 0).any()
        _, _, scores = forward(x[held_out], w1, w2)
        share = accuracy(scores, labels[held_out])
        setting = f"Learning rate {learning_rate:.1e}, {width} hidden units: "
        plot.update(losses)
        return plot.figure, setting + what_happened(losses, any_on, share)

    layout, style = Layout(width="36em"), {"description_width": "8em"}
    controls = {
        "learning_rate": FloatLogSlider(
            value=1e-4,
            min=-6,
            max=-1,
            step=0.25,
            description="learning rate",
            readout_format=".1e",
            layout=layout,
            style=style,
        ),
        "width": IntSlider(
            value=50,
            min=2,
            max=100,
            step=2,
            description="hidden units",
            layout=layout,
            style=style,
        ),
    }
    question = "Which learning rate is best, and which is one step too far?"
    return Explorer(question, controls, draw)


class LossPlot:
    """The loss of this move, and in grey that of the move before.

    The figure is made once and only its curves change, which is what keeps a move
    under 100 ms.
    """

    LOWEST, HIGHEST = 10, 1e4

    def __init__(self):
        self.figure, axes = new_figure(7, 3, layout=None)
        self.figure.subplots_adjust(left=0.13, right=0.97, top=0.95, bottom=0.2)
        ax = axes[0, 0]
        ax.set_yscale("log")
        ax.set_ylim(self.LOWEST, self.HIGHEST)
        # Plain labels: Matplotlib takes three times as long to typeset powers of ten.
        ax.set_yticks([10, 100, 1000, 10_000], ["10", "100", "1,000", "10,000"])
        ax.set_yticks([], minor=True)
        ax.set_xlim(0, STEPS - 1)
        ax.set_xlabel("step")
        ax.set_ylabel("loss (sum of squares)")
        (self.before,) = ax.plot([], color=COLOURS["off"], ls="--", label="before")
        (self.now,) = ax.plot([], color=COLOURS["input"], label="now")
        ax.legend(loc="upper right", frameon=False)

    def update(self, losses):
        """Draw this move's losses, and turn the last move's grey."""
        self.before.set_data(self.now.get_data())
        shown = np.clip(losses, 0, 10 * self.HIGHEST)
        self.now.set_data(np.arange(len(shown)), shown)


def what_happened(losses, any_on, share):
    """The outcome of one training in a sentence or two."""
    if not losses[-1] < TOO_LARGE:
        return (
            f"the loss diverges. After {len(losses) - 1} steps it has passed "
            f"{TOO_LARGE:.0e}; each step overshoots further than the one before."
        )
    if not any_on:
        return (
            f"the loss diverges. It leaps to {max(losses):,.0f}, and the leap switches "
            "off every hidden unit. A unit that is off passes no blame back, so from "
            f"then on nothing moves: the loss stands still at {losses[-1]:.0f}."
        )
    start, end = losses[0], losses[-1]
    way = "hardly moves" if end > 0.95 * start else "falls"
    detour = f" (by way of {max(losses):,.0f})" if max(losses) > 1.2 * start else ""
    return (
        f"in {STEPS} steps the loss {way}, from {start:.0f} to {end:.0f}{detour}. Of "
        f"the digits it never saw, {share:.0%} are read correctly."
    )


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_learning_rate()
    rate, width = explorer.controls["learning_rate"], explorer.controls["width"]
    rates, widths = [1e-5, 3e-5, 1e-3, 1e-2], [20, 60, 100, 30]

    def turn(control, values):
        values.append(values.pop(0))
        control.value = values[0]

    yield "learning rate", lambda: turn(rate, rates)
    yield "hidden units", lambda: turn(width, widths)
