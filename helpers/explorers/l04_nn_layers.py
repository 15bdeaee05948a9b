"""Explorers of notebook 04: a kernel on a portrait, and convolution arithmetic."""

from functools import cache

import numpy as np

from helpers.data import portrait
from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure
from lessons.l04_nn_layers.solutions import conv_output_size

# A 3×3 kernel

PRESETS = {  # in ninths, so that every one of them can be set with the sliders
    "sharpen, as in the lesson": (-1, -1, -1, -1, 9, -1, -1, -1, -1),
    "sharpen, brightness kept": (-1, -1, -1, -1, 17, -1, -1, -1, -1),
    "blur": (1, 1, 1, 1, 1, 1, 1, 1, 1),
    "edges from left to right": (-9, 0, 9, -18, 0, 18, -9, 0, 9),
    "edges from top to bottom": (-9, -18, -9, 0, 0, 0, 9, 18, 9),
    "outline": (-2, -2, -2, -2, 16, -2, -2, -2, -2),
    "shift to the left": (0, 0, 0, 0, 0, 9, 0, 0, 0),
    "nothing changes": (0, 0, 0, 0, 9, 0, 0, 0, 0),
}
OWN = "your own"


@cache
def small_portrait():
    """The portrait in grey, every fourth pixel: (150, 128) from 0 to 1."""
    grey = portrait().mean(axis=2)
    return grey.reshape(150, 4, 128, 4).mean(axis=(1, 3))


def explore_kernel():
    """Nine sliders, one for each entry of a kernel, and what it makes of a portrait."""
    import ipywidgets

    chosen = "edges from left to right"
    # Not a drop-down: the notebook takes its arrow keys for moves between cells.
    preset = ipywidgets.ToggleButtons(
        options=[*PRESETS, OWN],
        value=chosen,
        description="kernel",
        style={"button_width": "auto"},
    )
    entries = {
        f"k{row}{column}": ipywidgets.FloatSlider(
            value=PRESETS[chosen][3 * row + column] / 9,
            min=-2,
            max=2,
            step=1 / 9,
            description=f"row {row}, {column}",
            readout_format=".2f",
            layout=ipywidgets.Layout(width="auto"),
        )
        for row in range(3)
        for column in range(3)
    }

    def draw(**values):
        weights = np.array(list(values.values())).reshape(3, 3)
        result = slide(small_portrait(), weights)
        return kernel_picture(weights, result), kernel_sentence(weights, result)

    def arrange(controls):
        grid = ipywidgets.GridBox(
            controls,
            layout=ipywidgets.Layout(grid_template_columns="repeat(3, 33%)"),
        )
        return [preset, grid]

    question = (
        "Which kernels leave the brightness as it is? Which turn flat areas to grey?"
    )
    explorer = Explorer(question, entries, draw, arrange)

    def set_sliders(change):
        if change.new != OWN and ninths(entries) != PRESETS[change.new]:
            with explorer.drawn_once():
                for slider, value in zip(
                    entries.values(), PRESETS[change.new], strict=True
                ):
                    slider.value = value / 9

    def name_kernel(change):
        if not explorer.waiting:
            now = ninths(entries)
            named = (name for name, values in PRESETS.items() if values == now)
            preset.value = next(named, OWN)

    preset.observe(set_sliders, names="value")
    for slider in entries.values():
        slider.observe(name_kernel, names="value")
    return explorer


def ninths(entries):
    """The sliders' values as whole numbers of ninths, which PRESETS hold too."""
    return tuple(round(slider.value * 9) for slider in entries.values())


def slide(picture, weights):
    """Each 3×3 window of a picture (H, W) times the weights, summed: (H - 2, W - 2)."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3))
    return np.einsum("hwij,ij->hw", windows, weights)


def is_signed(weights):
    """Whether flat areas come out near 0, so that 0 has to be shown as grey."""
    return abs(weights.sum()) < 0.06


@cache
def kernel_artists():
    """The figure, drawn once for speed, and its parts that a move changes."""
    figure, axes = new_figure(7.6, 3.4, 1, 3, layout=None)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.9, bottom=0.02, wspace=0.04)
    before, middle, after = axes[0]
    for ax in axes.flat:
        ax.set_axis_off()
    before.imshow(small_portrait(), cmap="gray", vmin=0, vmax=1)
    before.set_title("portrait", pad=4)
    middle.set_title("kernel", pad=4)
    weights = middle.imshow(np.zeros((3, 3)), cmap="PuOr", vmin=-2.5, vmax=2.5)
    numbers = [
        middle.text(column, row, "", ha="center", va="center")
        for row, column in np.ndindex(3, 3)
    ]
    return figure, weights, numbers, after.imshow(np.zeros((148, 126)), cmap="gray")


def kernel_picture(weights, result):
    """The figure for weights (3, 3) and their result (148, 126)."""
    figure, kernel, numbers, after = kernel_artists()
    kernel.set_data(weights)
    for number, weight in zip(numbers, weights.flat, strict=True):
        number.set_text(f"{weight + 0.0:.2f}")
        number.set_color("white" if abs(weight) > 1.4 else COLOURS["ink"])
    after.set_data(result)
    after.set_clim(-1 if is_signed(weights) else 0, 1)
    shade = "grey" if is_signed(weights) else "black"
    after.axes.set_title(f"result, 0 is {shade}", pad=4)
    return figure


def kernel_sentence(weights, result):
    """The kernel's entries, what they add up to, and the range of the result."""
    # Rounded, and without the sign of a zero.
    total, low, high = (
        round(value, 2) + 0.0 for value in (weights.sum(), result.min(), result.max())
    )
    rows = "; ".join(" ".join(f"{w:.2f}" for w in row + 0.0) for row in weights)
    flat = "nothing" if is_signed(weights) else f"{total:.2f} times its brightness"
    return (
        f"Kernel {rows}. Its entries add up to {total:.2f}: of a flat area, {flat} is "
        f"left. The result runs from {low:.2f} to {high:.2f}."
    )


# Convolution arithmetic


def explore_convolution():
    """Where a window reads and writes, place by place, forward or transposed."""
    import ipywidgets

    def slider(name, value, low, high):
        return ipywidgets.IntSlider(
            value=value, min=low, max=high, description=name,
            layout=ipywidgets.Layout(width="auto"),
        )  # fmt: skip

    controls = {
        "size": slider("size", 6, 1, 9),
        "kernel_size": slider("kernel_size", 3, 1, 4),
        "stride": slider("stride", 2, 1, 3),
        "padding": slider("padding", 1, 0, 2),
        "dilation": slider("dilation", 1, 1, 3),
        "step": slider("step", 4, 0, 80),
        "transposed": ipywidgets.Checkbox(
            value=False, description="transposed", indent=False
        ),
    }

    def arrange(widgets):
        return [
            ipywidgets.GridBox(
                widgets,
                layout=ipywidgets.Layout(grid_template_columns="repeat(2, 50%)"),
            )
        ]

    question = (
        "Which sizes does stride 2 turn into the same output? What does a tap read "
        "outside?"
    )
    return Explorer(question, controls, draw_arithmetic, arrange)


def taps(start, kernel_size, dilation):
    """The cells that a kernel reads along one axis, the first of them at ``start``."""
    return [start + dilation * k for k in range(kernel_size)]


def listed(numbers):
    """[0, 1, 2] → "0, 1 and 2"; a single one by itself."""
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def reach_of(kernel_size, dilation):
    """How many cells lie from the first tap of a window to the last, both counted."""
    return dilation * (kernel_size - 1) + 1


def places_of(size, kernel_size, stride, padding, dilation, transposed):
    """The size of the output; 0 or less where there is no output."""
    if transposed:
        return (size - 1) * stride + reach_of(kernel_size, dilation) - 2 * padding
    return conv_output_size(size, kernel_size, stride, padding, dilation)


def lit(size, places, kernel_size, stride, padding, dilation, transposed, step):
    """(input cells, output cells) of one step: a window, and one cell."""
    side = size if transposed else places
    cell = divmod(step % side**2, side)
    rows, columns = (
        taps(place * stride - padding, kernel_size, dilation) for place in cell
    )
    window = [(row, column) for row in rows for column in columns]
    return ([cell], window) if transposed else (window, [cell])


def draw_arithmetic(size, kernel_size, stride, padding, dilation, transposed, step):
    """(figure, sentence) for one step of a convolution with these settings."""
    settings = kernel_size, stride, padding, dilation, transposed
    places = places_of(size, *settings)
    borders = (0, padding) if transposed else (padding, 0)
    if places < 1:
        figure = two_grids((size, borders[0], []), (0, 0, []))
        return figure, none_sentence(size, *settings)
    inputs, outputs = lit(size, places, *settings, step)
    figure = two_grids((size, borders[0], inputs), (places, borders[1], outputs))
    return figure, arithmetic_sentence(size, places, *settings, inputs, outputs)


def none_sentence(size, kernel_size, stride, padding, dilation, transposed):
    """Why these settings leave no output."""
    if transposed:
        return "The padding cuts all of the output away."
    reach = reach_of(kernel_size, dilation)
    return (
        f"The taps reach over {reach} cells, and the side with its padding has only "
        f"{size + 2 * padding}: the window fits nowhere."
    )


def arithmetic_sentence(
    size, places, kernel_size, stride, padding, dilation, transposed, inputs, outputs
):
    """The output's size worked out, and what the step reads and writes."""
    reach = reach_of(kernel_size, dilation)
    window, side = (outputs, places) if transposed else (inputs, size)
    rows, columns = (listed(dict.fromkeys(axis)) for axis in zip(*window, strict=True))
    outside = sum(min(cell) < 0 or max(cell) >= side for cell in window)
    if transposed:
        ((row, column),) = inputs
        return (
            f"Transposed: ({size} − 1)·{stride} + {reach} − 2·{padding} = {places}. "
            f"Input row {row}, column {column} is multiplied by the kernel and added "
            f"to rows {rows} and columns {columns}"
            + (f"; {outside} of {len(window)} are cut off." if outside else ".")
        )
    ((row, column),) = outputs
    return (
        f"Reach {reach}; ({size} + 2·{padding} − {reach}) // {stride} + 1 = {places}. "
        f"Output row {row}, column {column} reads rows {rows} and columns {columns}"
        + (f"; {outside} of {len(window)} are padding." if outside else ".")
    )


def two_grids(inputs, outputs):
    """Two square grids side by side; lit cells are coloured, borders dotted.

    Each is (size, border, lit cells); cells are (row, column), counted from the first
    one inside the border.
    """
    figure, axes = new_figure(7.6, 3.9, 1, 2, layout=None)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.9, bottom=0.02, wspace=0.02)
    # Both grids on one scale, and in the middle.
    half = max(size + 2 * border for size, border, _ in (inputs, outputs)) / 2 + 0.3
    for ax, grid, title, colour in zip(
        axes[0],
        (inputs, outputs),
        ("input", "output"),
        ("input", "activation"),
        strict=True,
    ):
        size, border, bright = grid
        ax.set_axis_off()
        ax.set_aspect("equal")
        ax.set_title(f"{title}, {size} × {size}", pad=4)
        cells(ax, size, border, bright, COLOURS[colour])
        ax.set_xlim(size / 2 - half, size / 2 + half)
        ax.set_ylim(size / 2 + half, size / 2 - half)
    return figure


def cells(ax, size, border, lit, colour):
    """Draw one grid, in three kinds of cells: inside, in the border, and lit."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    inside, outside, bright = [], [], []
    for row in range(-border, size + border):
        for column in range(-border, size + border):
            cell = Rectangle((column + 0.05, row + 0.05), 0.9, 0.9)
            within = 0 <= row < size and 0 <= column < size
            (inside if within else outside).append(cell)
            if (row, column) in lit:
                bright.append(cell)
    styles = (
        (inside, {"facecolor": "white", "edgecolor": colour}),
        (outside, {"facecolor": "none", "edgecolor": "#999999", "linestyle": ":"}),
        (bright, {"facecolor": COLOURS["weight"], "edgecolor": COLOURS["ink"]}),
    )
    for patches, style in styles:
        ax.add_collection(PatchCollection(patches, linewidth=1.4, **style))


def moves():
    """What the benchmark times: (name, one move) for each control."""
    kernel, convolution = explore_kernel(), explore_convolution()
    preset = kernel.box.children[1]
    yield "kernel: preset", toggle(preset, *list(PRESETS)[:2])
    for name, control in kernel.controls.items():
        yield f"kernel: {name}", toggle(control, 0.0, 1.0)
    for name, control in convolution.controls.items():
        values = (False, True) if name == "transposed" else (1, 2)
        yield f"convolution: {name}", toggle(control, *values)
