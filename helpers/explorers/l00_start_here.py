"""One unit, relu(w · x + b): what do its weight and its bias do?"""

import numpy as np

from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure
from lessons.l00_start_here.solutions import relu

REACH = 5.0


def explore_unit():
    """The explorer: weight and bias of one unit, and its output over x."""
    from ipywidgets import FloatSlider, Layout

    plot = UnitPlot()

    def draw(weight, bias):
        plot.update(weight, bias)
        return plot.figure, where_it_is_on(weight, bias)

    def slider(label, value):
        return FloatSlider(
            value=value,
            min=-3,
            max=3,
            step=0.25,
            description=label,
            layout=Layout(width="30em"),
        )

    controls = {"weight": slider("weight w", 1.0), "bias": slider("bias b", 0.0)}
    question = "Can you make a unit that is on for x below -2, and nowhere else?"
    return Explorer(question, controls, draw)


class UnitPlot:
    """relu(w · x + b) over x, drawn once; a move only changes the curve."""

    def __init__(self):
        self.figure, axes = new_figure(6, 2.8, layout=None)
        self.figure.subplots_adjust(left=0.11, right=0.97, top=0.95, bottom=0.22)
        ax = axes[0, 0]
        self.x = np.linspace(-REACH, REACH, 401)  # (401,)
        (self.curve,) = ax.plot(self.x, self.x, color=COLOURS["activation"])
        ax.set_xlim(-REACH, REACH)
        ax.set_ylim(-0.3, 6)
        ax.set_xlabel("input x")
        ax.set_ylabel("output")

    def update(self, weight, bias):
        """Move the curve to this weight and bias."""
        self.curve.set_ydata(relu(weight * self.x + bias))


def where_it_is_on(weight, bias):
    """The sentence: for which x the unit is on, and how steep it is there."""
    setting = f"w = {weight:g}, b = {bias:g}: "
    if weight == 0:
        always = f"gives {bias:g} everywhere" if bias > 0 else "is off everywhere"
        return f"{setting}the unit doesn't look at x at all, and {always}."
    kink = -bias / weight + 0.0  # + 0.0 turns -0.0 into 0.0
    side = "above" if weight > 0 else "below"
    return (
        f"{setting}the unit is on for x {side} {kink:.2f}, and there its output "
        f"changes by {abs(weight):g} for each step of x."
    )


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_unit()
    for name, control in explorer.controls.items():
        yield name, toggle(control, 1.5, -1.5)
