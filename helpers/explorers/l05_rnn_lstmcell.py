"""An LSTM of one unit, set by hand: which of its gates makes it keep, add, forget?"""

import numpy as np
import torch

from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure
from lessons.l05_rnn_lstmcell.solutions import lstm_cell

INPUTS = [0, 1, 0, 1, 1, 0, -1, 0, 1, 0]
# One column each for w_ih, w_hh and the bias; the rows are torch's: i, f, g, o.
MACHINES = {
    "latch": [[20, -30, -10], [20, 0, 10], [0, 0, 5], [0, 0, 10]],
    "counter": [[20, 0, -10], [0, 0, 10], [0, 0, 5], [0, 0, 10]],
    "forgetter": [[20, 0, -10], [0, 0, 0], [0, 0, 5], [0, 0, 10]],
}
ROWS = {
    "x": "input x",
    "i": "input gate i",
    "f": "forget gate f",
    "g": "candidate g",
    "o": "output gate o",
    "c": "cell state c",
    "h": "output h",
}


def explore_memory():
    """The explorer: three LSTMs set by hand, step by step."""
    from ipywidgets import IntSlider, Layout, ToggleButtons

    style = {"description_width": "9em"}

    def slider(words, low, value, high):
        layout = Layout(width="36em")
        return IntSlider(
            value, low, high, description=words, layout=layout, style=style
        )

    controls = {
        "machine": ToggleButtons(
            options=list(MACHINES), description="machine", style=style
        ),
        "step": slider("step", 1, 7, len(INPUTS)),
        "extra": slider("added to f's bias", -15, 0, 15),
    }

    board = MemoryBoard()

    def draw(machine, step, extra):
        values = walk(machine, extra)
        return board.show(values, step), sentence(machine, values, step, extra)

    question = (
        "Go through the steps of each machine. Then change one number, f's bias: can "
        "you turn the counter into the forgetter?"
    )
    return Explorer(question, controls, draw)


def walk(machine, extra):
    """{row: a number for each step}, with ``extra`` added to the bias of gate f."""
    table = torch.tensor(MACHINES[machine], dtype=torch.float64)
    table[1, 2] += extra
    w_ih, w_hh, bias = table[:, :1], table[:, 1:2], table[:, 2]
    h = c = torch.zeros(1, 1, dtype=torch.float64)
    values = {name: [] for name in ROWS}
    for number in INPUTS:
        x = torch.tensor([[float(number)]], dtype=torch.float64)
        sums = x @ w_ih.T + h @ w_hh.T + bias
        i, f, g, o = (float(s) for s in sums[0])
        h, c = lstm_cell(x, h, c, w_ih, w_hh, bias, torch.zeros_like(bias))
        now = number, sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o), float(c), float(h)
        for name, value in zip(ROWS, now, strict=True):
            values[name].append(value)
    return values


def sigmoid(x):
    """1 / (1 + exp(-x)) of a number."""
    return 1 / (1 + np.exp(-x))


def short(value):
    """Two decimals at most, and no minus before a zero."""
    return f"{round(float(value), 2) + 0.0:g}"


def sentence(machine, values, step, extra):
    """The arithmetic of one step, from the old cell state to the output."""
    now = {name: short(numbers[step - 1]) for name, numbers in values.items()}
    before = short(values["c"][step - 2]) if step > 1 else "0"
    bias = MACHINES[machine][1][2] + extra
    return (
        f"{machine.capitalize()} with forget bias {bias}, step {step} of "
        f"{len(INPUTS)}: the input is {now['x']}. The new c is f · old c + i · g = "
        f"{now['f']} · {before} + {now['i']} · {now['g']} = {now['c']}. The output is "
        f"o · tanh(c) = {now['o']} · {short(np.tanh(values['c'][step - 1]))} = "
        f"{now['h']}."
    )


class MemoryBoard:
    """The picture: a row for each quantity, a column for each step, up to the present.

    Made once and filled anew on every move, since placing many words takes time.
    """

    def __init__(self):
        from matplotlib.patches import Rectangle

        self.figure, axes = new_figure(8.4, 3.5, layout=None)
        self.figure.subplots_adjust(left=0.17, right=0.985, top=0.9, bottom=0.02)
        ax = axes[0, 0]
        shape = len(ROWS), len(INPUTS)
        self.shades = ax.pcolormesh(np.ones((*shape, 3)))
        ax.invert_yaxis()
        self.words = {
            (row, column): ax.text(
                column + 0.5, row + 0.5, "", ha="center", va="center", fontsize=12
            )
            for row, column in np.ndindex(shape)
        }
        for line in (1, 5):  # what comes in, the gates, what is kept and shown
            ax.axhline(line, color=COLOURS["ink"], linewidth=1)
        self.present = Rectangle(
            (0, 0.03), 0.96, len(ROWS) - 0.06, fill=False, lw=3,
            edgecolor=COLOURS["ink"],
        )  # fmt: skip
        ax.add_patch(self.present)
        ax.set_axis_off()  # an axis with its ticks takes longer than these words
        for row, label in enumerate(ROWS.values()):
            ax.text(-0.15, row + 0.5, label, ha="right", va="center", fontsize=12)
        self.heading = ax.text(0, -0.1, "", ha="center", va="bottom", fontsize=12)

    def show(self, values, step):
        """The figure, filled with the ``values`` of the steps up to this one."""
        from matplotlib.colors import to_rgb

        paper, blue, green = (
            np.array(to_rgb(COLOURS[name])) for name in ("paper", "input", "activation")
        )
        reach = dict.fromkeys(ROWS, 1.0) | {"c": max(1.0, *map(abs, values["c"]))}
        shades = np.tile(paper, (len(ROWS), len(INPUTS), 1))
        for row, name in enumerate(ROWS):
            for column in range(len(INPUTS)):
                value = values[name][column] if column < step else 0.0
                strength = 0.65 * min(1.0, abs(value) / reach[name])
                colour = blue if name == "x" else green
                shades[row, column] += strength * (colour - paper)
                word = short(value) if column < step else ""
                self.words[row, column].set_text(word)
        self.shades.set_array(shades)
        self.present.set_x(step - 0.98)
        self.heading.set_text(f"step {step}")
        self.heading.set_x(step - 0.5)
        return self.figure


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_memory()
    others = {"machine": ("latch", "counter"), "step": (9, 10), "extra": (0, -10)}
    for name, control in explorer.controls.items():
        yield name, toggle(control, *others[name])
