"""Explorers of notebook 04: a kernel on a portrait, and convolution arithmetic."""

from functools import cache

import numpy as np

from helpers.data import portrait
from helpers.explorers import Explorer
from helpers.figures import COLOURS, new_figure

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
    preset = ipywidgets.Dropdown(
        options=[*PRESETS, OWN], value=chosen, description="kernel"
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
    return tuple(round(slider.value * 9) for slider in entries.values())


def slide(picture, weights):
    """The 3×3 weights laid on every place of the picture where they fit."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3))
    return np.einsum("hwij,ij->hw", windows, weights)


def is_signed(weights):
    """Whether flat areas come out near 0, so that 0 has to be shown as grey."""
    return abs(weights.sum()) < 0.06


@cache
def kernel_artists():
    """The figure, drawn once, and its parts that a move changes: that is faster."""
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
    rows = "; ".join(" ".join(f"{w:.2f}" for w in row + 0.0) for row in weights)
    total = weights.sum() + 0.0
    flat = "nothing" if is_signed(weights) else f"{total:.2f} times its brightness"
    return (
        f"Kernel {rows}. Its entries add up to {total:.2f}: of a flat area, {flat} is "
        f"left. The result runs from {result.min():.2f} to {result.max():.2f}."
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

    def draw(size, kernel_size, stride, padding, dilation, step, transposed):
        settings = size, kernel_size, stride, padding, dilation
        if transposed:
            return draw_transposed(*settings, step)
        return draw_convolution(*settings, step)

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
    return Explorer(question, controls, draw, arrange)


def taps(start, kernel_size, dilation):
    return [start + dilation * k for k in range(kernel_size)]


def listed(numbers):
    """[0, 1, 2] → "0, 1 and 2"; a single one by itself."""
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def draw_convolution(size, kernel_size, stride, padding, dilation, step):
    reach = dilation * (kernel_size - 1) + 1
    room = size + 2 * padding - reach
    places = room // stride + 1
    setting = (
        f"Reach {reach}. ({size} + 2·{padding} − {reach}) // {stride} + 1 = {places}"
    )
    if room < 0:
        sentence = (
            f"Reach {reach}, and the side with its padding is only "
            f"{size + 2 * padding} long: the window fits nowhere."
        )
        return two_grids(size, padding, [], 0, 0, [], "input", "output"), sentence
    row, column = divmod(step % places**2, places)
    rows, columns = (
        taps(place * stride - padding, kernel_size, dilation) for place in (row, column)
    )
    read = [(r, c) for r in rows for c in columns]
    outside = sum(not (0 <= r < size and 0 <= c < size) for r, c in read)
    figure = two_grids(
        size, padding, read, places, 0, [(row, column)], "input", "output"
    )
    sentence = (
        f"{setting}, so {places} × {places} places. Place {step % places**2 + 1} of "
        f"{places**2}: output row {row}, column {column} reads rows {listed(rows)} and "
        f"columns {listed(columns)}"
    )
    padded = f"; {outside} of the {len(read)} taps read padding" if outside else ""
    return figure, f"{sentence}{padded}."


def draw_transposed(size, kernel_size, stride, padding, dilation, step):
    reach = dilation * (kernel_size - 1) + 1
    places = (size - 1) * stride + reach - 2 * padding
    setting = (
        f"Transposed. ({size} − 1)·{stride} + {reach} − 2·{padding} = {max(places, 0)}"
    )
    if places < 1:
        figure = two_grids(size, 0, [], 0, 0, [], "input", "output")
        return figure, f"{setting}: the padding cuts all of the output away."
    row, column = divmod(step % size**2, size)
    rows, columns = (
        taps(place * stride - padding, kernel_size, dilation) for place in (row, column)
    )
    written = [(r, c) for r in rows for c in columns]
    lost = sum(not (0 <= r < places and 0 <= c < places) for r, c in written)
    figure = two_grids(
        size, 0, [(row, column)], places, padding, written, "input", "output"
    )
    sentence = (
        f"{setting}, so {places} × {places}. Entry {step % size**2 + 1} of {size**2}: "
        f"input row {row}, column {column} is added, times the kernel, to rows "
        f"{listed(rows)} and columns {listed(columns)}"
    )
    cut = f"; {lost} of the {len(written)} products are cut off" if lost else ""
    return figure, f"{sentence}{cut}."


def two_grids(left, left_border, left_lit, right, right_border, right_lit, *titles):
    """Two square grids side by side; lit cells are coloured, borders hatched.

    ``left`` and ``right`` are sizes; lit cells are (row, column), counted from the
    first cell inside the border.
    """
    figure, axes = new_figure(7.6, 3.9, 1, 2, layout=None)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.9, bottom=0.02, wspace=0.02)
    grids = (
        (axes[0, 0], left, left_border, left_lit, "input"),
        (axes[0, 1], right, right_border, right_lit, "activation"),
    )
    for (ax, size, border, lit, colour), title in zip(grids, titles, strict=True):
        ax.set_axis_off()
        ax.set_aspect("equal")
        ax.set_title(f"{title}, {size} × {size}", pad=4)
        cells(ax, size, border, lit, colour)
        # Both grids on one scale, and in the middle.
        half = max(left + 2 * left_border, right + 2 * right_border, 1) / 2 + 0.3
        ax.set_xlim(size / 2 - half, size / 2 + half)
        ax.set_ylim(size / 2 + half, size / 2 - half)
    return figure


def cells(ax, size, border, lit, colour):
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
        (inside, {"facecolor": "white", "edgecolor": COLOURS[colour]}),
        (outside, {"facecolor": "none", "edgecolor": "#999999", "linestyle": ":"}),
        (bright, {"facecolor": COLOURS["weight"], "edgecolor": COLOURS["ink"]}),
    )
    for patches, style in styles:
        ax.add_collection(PatchCollection(patches, linewidth=1.4, **style))


def moves():
    """What the benchmark times: (name, one move) for each control."""
    kernel, convolution = explore_kernel(), explore_convolution()
    preset = kernel.box.children[1]
    yield "kernel: preset", mover(preset, *list(PRESETS)[:2])
    for name, control in kernel.controls.items():
        yield f"kernel: {name}", mover(control, 0.0, 1.0)
    for name, control in convolution.controls.items():
        values = (False, True) if name == "transposed" else (1, 2)
        yield f"convolution: {name}", mover(control, *values)


def mover(control, one, other):
    return lambda: setattr(control, "value", other if control.value == one else one)
