"""Numeric against analytic gradients: for which steps do they agree?"""

from functools import cache

import numpy as np
import torch
from scipy import fft

from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure
from lessons.l01_numpy_two_layer_net.solutions import numeric_gradient
from lessons.l06_custom_functions.solutions import FFTMagnitude, StraightThroughRound

X = np.array([[0.9, -1.3, 0.4], [2.2, -0.7, 1.6]])
KINK = np.array([[0.9, -1.3, 0.0], [2.2, -0.7, 1.6]])
STEPS = 10.0 ** np.arange(-12, 0.1, 0.5)


def by_function(function):
    """A gradient as FUNCTIONS hold it, by the backward of a Function of the lesson."""

    def gradient(x, blame):
        leaf = torch.tensor(x, requires_grad=True)
        (found,) = torch.autograd.grad(function(leaf), leaf, torch.tensor(blame))
        return found.numpy()

    return gradient


# What is computed, where, and the gradient that goes with it.
FUNCTIONS = {
    "cube": (lambda x: x**3, X, lambda x, blame: 3 * x**2 * blame),
    "FFT magnitude": (
        lambda x: abs(fft.rfft2(x)), X, by_function(FFTMagnitude.apply),
    ),
    "FFT with irfft2": (
        lambda x: abs(fft.rfft2(x)), X, lambda x, blame: fft.irfft2(blame, s=x.shape),
    ),
    "abs, one entry at 0": (abs, KINK, lambda x, blame: np.sign(x) * blame),
    "relu, one entry at 0": (
        lambda x: np.maximum(x, 0), KINK, lambda x, blame: (x > 0) * blame,
    ),
    "straight-through rounding": (
        np.round, X, by_function(lambda x: StraightThroughRound.apply(x, -8, 7)),
    ),
}  # fmt: skip


def weights(shape, dtype):
    """The blame: unequal numbers, so that no error hides behind a symmetry."""
    return np.cos(np.arange(np.prod(shape), dtype=dtype)).reshape(shape)


@cache
def analytic(name):
    """The gradient that goes with the function, by its formula or Function; (6,)."""
    function, x, gradient = FUNCTIONS[name]
    return gradient(x, weights(function(x).shape, float)).ravel()


@cache
def numeric(name, precision, step):
    """The gradient by central differences of this step, in float32 or float64; (6,)."""
    function, x, _ = FUNCTIONS[name]
    x = x.astype(precision)
    blame = weights(function(x).shape, precision)
    found = numeric_gradient(lambda w: (function(w) * blame).sum(), x, step)
    return found.ravel().astype(float)


def error(name, precision, step):
    """The largest difference between the two gradients, over all entries."""
    return np.abs(numeric(name, precision, step) - analytic(name)).max()


@cache
def errors(name, precision):
    """The error for each of STEPS."""
    return np.array([error(name, precision, step) for step in STEPS])


def explore_gradients():
    """The explorer: a function, a precision and a step; both gradients are drawn."""
    from ipywidgets import FloatLogSlider, Layout, ToggleButtons

    controls = {
        # Not a drop-down: the notebook takes its arrow keys for moves between cells.
        "function": ToggleButtons(
            options=list(FUNCTIONS), value="FFT magnitude", description="function",
            style={"button_width": "auto"},
        ),
        "precision": ToggleButtons(
            options=["float64", "float32"], description="precision",
            style={"button_width": "7em"},
        ),
        "step": FloatLogSlider(
            value=1e-5, min=-12, max=0, step=0.5, description="step",
            readout_format=".0e", layout=Layout(width="34em"),
        ),
    }  # fmt: skip
    picture = Picture()

    def draw(function, precision, step):
        figure = picture.show(function, precision, step)
        return figure, sentence(function, precision, step)

    question = "Which step tells the truth, and for which function does none?"
    return Explorer(question, controls, draw)


def sentence(name, precision, step):
    """How far the gradients are apart, where, and what that comes from."""
    apart = np.abs(numeric(name, precision, step) - analytic(name))
    worst = int(apart.argmax())
    row, column = divmod(worst, X.shape[1])
    at, by = numeric(name, precision, step)[worst], analytic(name)[worst]
    compared = (
        f"{name} in {precision}, step {step:.0e}: numeric and analytic gradients "
        f"differ by {apart[worst]:.0e} at most, at [{row}, {column}]: "
        f"{plain(at)} against {plain(by)}. "
    )
    found = errors(name, precision)
    size = np.abs(analytic(name)).max()
    if found.min() > 0.01 * size:
        return f"{compared}No step brings them together."
    if apart[worst] < 1e-6 * size:
        return f"{compared}They agree."
    if not numeric(name, precision, step).any():
        return f"{compared}Every nudge stays on its step of the staircase."
    if apart[worst] < 5 * found.min():
        return f"{compared}In {precision}, that is about as close as they come."
    if step > STEPS[found.argmin()]:
        return f"{compared}The step is too long: the curve bends meanwhile."
    return f"{compared}The step is too short: rounding drowns the difference."


def plain(number):
    """A number with three decimals at most, and without a minus before a zero."""
    return f"{round(number, 3) + 0.0:g}"


class Picture:
    """Made once; every move only shifts what is in it, which is three times faster."""

    def __init__(self):
        self.figure, axes = new_figure(8, 3.3, 1, 2, layout=None)
        self.figure.subplots_adjust(
            left=0.07, right=0.98, top=0.9, bottom=0.17, wspace=0.22
        )
        self.left, right = axes[0]
        places = np.arange(X.size)
        (self.analytic,) = self.left.plot(
            places, places, "o", ms=13, mfc="none", mew=2.5,
            color=COLOURS["gradient"], label="analytic",
        )  # fmt: skip
        (self.numeric,) = self.left.plot(
            places, places, "x", ms=9, mew=2.5, color=COLOURS["input"], label="numeric"
        )
        self.left.set_xticks(places, [f"{i // 3}, {i % 3}" for i in places])
        self.left.set_xlabel("entry")
        self.left.set_title("gradient, entry by entry")
        self.left.legend(frameon=False, ncols=2, loc="upper left")
        powers = np.log10(STEPS)
        (self.curve,) = right.plot(powers, powers, color=COLOURS["ink"])
        (self.here,) = right.plot([0], [0], "o", ms=12, color=COLOURS["target"])
        right.set_ylim(-17.5, 3)
        right.set_xticks([-12, -9, -6, -3, 0], ["1e-12", "1e-9", "1e-6", "1e-3", "1"])
        right.set_yticks([-16, -12, -8, -4, 0], ["1e-16", "1e-12", "1e-8", "1e-4", "1"])
        right.set_xlabel("step")
        right.set_title("largest difference")

    def show(self, name, precision, step):
        """The figure for these settings."""
        reach = 1.5 * np.abs(analytic(name)).max()
        self.analytic.set_ydata(analytic(name))
        self.numeric.set_ydata(np.clip(numeric(name, precision, step), -reach, reach))
        self.left.set_ylim(-1.1 * reach, 1.6 * reach)
        self.curve.set_ydata(np.log10(errors(name, precision) + FLOOR))
        height = np.log10(error(name, precision, step) + FLOOR)
        self.here.set_data([np.log10(step)], [height])
        return self.figure


FLOOR = 1e-17  # a logarithm needs something above zero


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_gradients()
    choices = {
        "function": ("cube", "FFT magnitude"),
        "precision": ("float32", "float64"),
        "step": (1e-3, 1e-7),
    }
    for name, control in explorer.controls.items():
        yield name, toggle(control, *choices[name])
