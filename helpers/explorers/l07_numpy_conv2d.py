"""Which inputs does an output pixel read, and where does an input's blame come from?"""

import numpy as np

from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure
from lessons.l07_numpy_conv2d.solutions import (
    conv2d,
    conv2d_backward,
    fold,
    output_size,
)

SIZE, KERNEL, MOST_PLACES = 7, 3, 5
WEIGHT = np.array([[1, 2, -1], [-2, 1, 3], [2, -1, 1]])
X = np.array(
    [
        [0, 1, 3, 2, 0, 1, 2],
        [1, 4, 2, 0, 1, 3, 0],
        [3, 2, 0, 1, 4, 1, 1],
        [2, 0, 1, 3, 2, 0, 3],
        [0, 1, 4, 2, 0, 2, 1],
        [1, 3, 1, 0, 3, 1, 4],
        [2, 0, 2, 1, 1, 3, 0],
    ]
)
BLAME = np.array(
    [
        [1, 0, 2, 1, 0],
        [2, 1, 0, 1, 3],
        [0, 1, 1, 2, 0],
        [1, 3, 0, 1, 2],
        [0, 2, 1, 0, 1],
    ]
)


def light(colour, share=0.45):
    """A colour on which dark numbers can be read."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(1 - share + share * part for part in parts)


PAPER = light(COLOURS["paper"], 1)


def explore_pixels():
    """The explorer: an output pixel, an input pixel, stride and dilation."""
    from ipywidgets import IntSlider, Layout

    def slider(label, value, least, most):
        return IntSlider(
            value=value,
            min=least,
            max=most,
            description=label,
            layout=Layout(width="34em"),
            style={"description_width": "8em"},
        )

    controls = {
        "output_pixel": slider("output pixel", 6, 0, MOST_PLACES**2 - 1),
        "input_pixel": slider("input pixel", 23, 0, SIZE**2 - 1),
        "stride": slider("stride", 1, 1, 3),
        "dilation": slider("dilation", 1, 1, 3),
    }
    board = PixelBoard()

    def draw(**values):
        scene = Placement(**values)
        board.show(scene)
        return board.figure, scene.sentence()

    question = "Who reads whom? Pixels are counted along the rows, from the upper left."
    return Explorer(question, controls, draw)


class Placement:
    """A convolution, forward and back, with one output and one input looked at.

    There are fewer outputs where stride or dilation grow; a number beyond them means
    the last one.
    """

    def __init__(self, output_pixel, input_pixel, stride, dilation):
        self.stride, self.dilation = stride, dilation
        x, weight = X[None, None] * 1.0, WEIGHT[None, None] * 1.0
        places, _ = output_size((SIZE, SIZE), KERNEL, stride, 0, dilation)
        self.places = places
        self.y = conv2d(x, weight, None, stride, 0, dilation)[0, 0]
        self.dy = BLAME[:places, :places]
        blame = self.dy[None, None] * 1.0
        self.dx = conv2d_backward(blame, x, weight, stride, 0, dilation)[0][0, 0]
        every_window = np.ones((1, 1, KERNEL, KERNEL, places, places))
        readers = fold(every_window, (SIZE, SIZE), stride, 0, dilation)
        self.unread = int((readers == 0).sum())
        self.output = divmod(min(output_pixel, places**2 - 1), places)
        self.input = divmod(input_pixel, SIZE)
        self.reads = {
            (a, b): self.pixel(*self.output, a, b)
            for a, b in np.ndindex(KERNEL, KERNEL)
        }
        self.readers = {
            (a, b): (i, j)
            for i, j, a, b in np.ndindex(places, places, KERNEL, KERNEL)
            if self.pixel(i, j, a, b) == self.input
        }

    def pixel(self, i, j, a, b):
        """The input that output (i, j) reads with weight (a, b)."""
        return (
            i * self.stride + a * self.dilation,
            j * self.stride + b * self.dilation,
        )

    def products(self):
        """{weight: "3·2"} on the way forward."""
        return {w: f"{X[p]}·{number(WEIGHT[w])}" for w, p in self.reads.items()}

    def shares(self):
        """{weight: "3·2"} on the way back."""
        return {w: f"{self.dy[p]}·{number(WEIGHT[w])}" for w, p in self.readers.items()}

    def sentence(self):
        """The output's sum, the input's gradient, and how many inputs aren't read."""
        size = f"{self.places} × {self.places}"
        forward = f"Output {self.output} is {' + '.join(self.products().values())}"
        terms = " + ".join(self.shares().values())
        count = len(self.readers)
        outputs = "1 output" if count == 1 else f"{count} outputs"
        back = (
            f"Input {self.input} is read by {outputs}, and its gradient is {terms} = "
            f"{number(self.dx[self.input])}"
            if count
            else f"Input {self.input} is read by nobody, and its gradient is 0"
        )
        unread = (
            f"Of the {SIZE**2} inputs, {self.unread} are read by nobody."
            if self.unread
            else f"Each of the {SIZE**2} inputs is read."
        )
        return (
            f"With stride {self.stride} and dilation {self.dilation}, the output is "
            f"{size}. {forward} = {number(self.y[self.output])}. {back}. {unread}"
        )


def number(value):
    """A whole number as text, with a true minus sign."""
    return f"{round(float(value))}".replace("-", "−")


class PixelBoard:
    """Six grids of numbers: drawn once, then only changed."""

    def __init__(self):
        self.figure, axes = new_figure(7.2, 5.7, layout=None)
        self.figure.subplots_adjust(left=0.01, right=0.99, top=0.99, bottom=0.01)
        ax = axes[0, 0]
        ax.set_axis_off()
        ax.set_xlim(-0.2, 18.6)
        ax.set_ylim(15.6, -0.9)
        ax.set_aspect("equal")
        self.forward = [
            Grid(ax, (0, 0.4), SIZE, 1, "input", "input"),
            Grid(ax, (8, 1.65), KERNEL, 1.5, "input · weight", "weight"),
            Grid(ax, (13.5, 1.4), MOST_PLACES, 1, "output", "activation"),
        ]
        self.back = [
            Grid(ax, (0, 8.5), SIZE, 1, "gradient of the input", "gradient"),
            Grid(ax, (8, 9.75), KERNEL, 1.5, "blame · weight", "weight"),
            Grid(ax, (13.5, 9.5), MOST_PLACES, 1, "blame of the output", "gradient"),
        ]
        for start, end, height, colour in (
            (7.2, 7.8, 3.9, "input"),
            (12.7, 13.3, 3.9, "activation"),
            (7.8, 7.2, 12.0, "gradient"),
            (13.3, 12.7, 12.0, "gradient"),
        ):
            ax.annotate(
                "",
                xy=(end, height),
                xytext=(start, height),
                arrowprops={"arrowstyle": "-|>", "color": COLOURS[colour], "lw": 2},
            )

    def show(self, scene):
        """Fill the grids with a Placement."""
        inputs, products, outputs = self.forward
        inputs.fill(X, set(scene.reads.values()))
        products.write(scene.products())
        outputs.fill(scene.y, {scene.output})
        inputs, products, outputs = self.back
        inputs.fill(scene.dx, {scene.input})
        products.write(scene.shares())
        outputs.fill(scene.dy, set(scene.readers.values()))


class Grid:
    """Square cells in shades of grey; chosen ones are coloured, with their numbers."""

    def __init__(self, ax, corner, count, size, title, colour):
        from matplotlib.collections import PolyCollection

        left, top = corner
        self.colour = light(COLOURS[colour])
        middle = left + count * size / 2
        ax.text(middle, top - 0.25, title, ha="center", va="bottom", fontsize=12)
        self.cells = list(np.ndindex(count, count))
        corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0)])
        squares = [(np.array([j, i]) + corners) * size + corner for i, j in self.cells]
        self.boxes = PolyCollection(squares, edgecolors="#8A8A8A", linewidths=0.8)
        ax.add_collection(self.boxes)
        self.numbers = {
            (i, j): ax.text(
                left + (j + 0.5) * size,
                top + (i + 0.5) * size,
                "",
                ha="center",
                va="center_baseline",
                fontsize=11,
            )
            for i, j in self.cells
        }

    def fill(self, values, chosen):
        """Values (rows, columns) as shades; cells beyond them are left out."""
        reach = values.max() - values.min() or 1
        greys = 1 - 0.45 * (values - values.min()) / reach
        shades = {cell: (grey,) * 3 for cell, grey in np.ndenumerate(greys)}
        self._show({cell: number(values[cell]) for cell in chosen}, shades)

    def write(self, words):
        """{cell: words}; the other cells are empty and white."""
        self._show(words, dict.fromkeys(self.cells, (1, 1, 1)))

    def _show(self, words, shades):
        for cell, text in self.numbers.items():
            text.set_visible(cell in words)
            text.set_text(words.get(cell, ""))
        colours = [
            self.colour if cell in words else shades.get(cell, PAPER)
            for cell in self.cells
        ]
        self.boxes.set_facecolor(colours)
        self.boxes.set_linewidth([0.8 if cell in shades else 0 for cell in self.cells])


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_pixels()
    for name, control in explorer.controls.items():
        yield name, toggle(control, 1, 2)
