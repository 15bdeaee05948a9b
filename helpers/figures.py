"""Pictures for the notebooks: curves, images, arrays and small nets, with alt text.

Colours are from the Okabe-Ito palette, which stays apart for colour-blind eyes, and
mean the same thing all through the course. Figures stand on a light ground of their
own, so that they read in dark themes too. pyplot isn't used: its current figure would
be hidden state.
"""

import base64
import io
import itertools

import numpy as np

COLOURS = {
    "input": "#0072B2",  # blue
    "weight": "#E69F00",  # orange
    "activation": "#009E73",  # green
    "gradient": "#D55E00",  # vermilion
    "target": "#CC79A7",  # purple
    "ink": "#222222",
    "off": "#9A9A9A",
    "paper": "#FBFBF8",
}
LINES = [COLOURS[name] for name in ("input", "gradient", "activation", "target")]
DASHES = ["-", "--", "-.", ":"]
DPI = 110
STYLE = {
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.edgecolor": "#666666",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "text.color": COLOURS["ink"],
    "axes.labelcolor": COLOURS["ink"],
    "lines.linewidth": 2.2,
}


def new_figure(width, height, rows=1, columns=1, layout="constrained"):
    """(figure, axes): a Matplotlib Figure in inches, axes as an array (rows, columns).

    ``layout=None`` leaves the margins to the caller, and draws twice as fast.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width, height), dpi=DPI, layout=layout)
        figure.set_facecolor(COLOURS["paper"])
        axes = figure.subplots(rows, columns, squeeze=False)
        for ax in axes.flat:
            ax.set_facecolor(COLOURS["paper"])
    return figure, axes


def png(figure):
    buffer = io.BytesIO()
    # Without the version of Matplotlib in it, and packed fast rather than small.
    figure.savefig(
        buffer,
        format="png",
        metadata={"Software": None},
        pil_kwargs={"compress_level": 3},
    )
    return buffer.getvalue()


def show(figure, alt):
    """Display a figure, with ``alt`` for those who can't see it."""
    from IPython.display import display

    display(
        {
            "image/png": base64.b64encode(png(figure)).decode(),
            "text/plain": f"[picture] {alt}",
        },
        metadata={"image/png": {"alt": alt}},
        raw=True,
    )


def curves(lines, *, xlabel, ylabel, x=None, log=False, width=7.5, height=3.4):
    """A figure of one or more curves, ``lines`` = {label: values}.

    ``x`` holds the values of the horizontal axis; without it they are counted.
    """
    figure, axes = new_figure(width, height)
    ax = axes[0, 0]
    for (label, values), colour, dash in zip(
        lines.items(), LINES * len(lines), DASHES * len(lines), strict=False
    ):
        ax.plot(
            range(len(values)) if x is None else x,
            values,
            color=colour,
            linestyle=dash,
            label=label,
        )
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    if log:
        ax.set_yscale("log")
    if len(lines) > 1:
        ax.legend(frameon=False)
    return figure


def show_curves(lines, *, alt, **how):
    show(curves(lines, **how), alt)


def show_images(images, titles, *, alt, columns=8, signed=False, size=1.15):
    """Small pictures (N, H, W) side by side, each with a title.

    Unsigned ones run from white (0) to black (the largest); signed ones from orange
    (negative) over white (0) to purple (positive), each on a scale of its own.
    """
    rows = -(-len(images) // columns)
    figure, axes = new_figure(columns * size, rows * (size + 0.35), rows, columns)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, title in zip(axes.flat, images, titles, strict=False):
        reach = np.abs(image).max() or 1.0
        if signed:
            ax.imshow(image, cmap="PuOr", vmin=-reach, vmax=reach)
        else:
            ax.imshow(image, cmap="gray_r", vmin=0, vmax=reach)
        ax.set_title(title, fontsize=12, pad=3)
    show(figure, alt)


def show_array(array, *, alt, title="", marked=None, colour="activation"):
    """A small 2-D array as a grid with its numbers; ``marked`` (a mask) is shaded."""
    array = np.atleast_2d(array)
    rows, columns = array.shape
    figure, axes = new_figure(0.9 * columns + 0.6, 0.62 * rows + 0.5)
    ax = axes[0, 0]
    marked = np.zeros(array.shape, bool) if marked is None else np.atleast_2d(marked)
    for (row, column), value in np.ndenumerate(array):
        shade = COLOURS[colour] if marked[row, column] else "white"
        ax.add_patch(_cell(column, row, shade))
        text = f"{value:g}"
        weight = "bold" if marked[row, column] else "normal"
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", weight=weight)
    _frame(ax, columns, rows, title)
    show(figure, alt)


def show_layers(*layers, alt, names=(), off=None):
    """Layers of units as columns of circles with their values, left to right.

    Each layer is one example, (1, D) or (D,). Units that are 0 in a layer whose name
    ends in "relu" are dark: they pass nothing on.
    """
    layers = [np.ravel(layer) for layer in layers]
    tallest = max(layer.size for layer in layers)
    figure, axes = new_figure(1.9 * len(layers) + 0.6, 0.95 * tallest + 0.6)
    ax = axes[0, 0]
    spots = [
        [(x * 2.0, (tallest - layer.size) / 2 + i) for i in range(layer.size)]
        for x, layer in enumerate(layers)
    ]
    for left, right in itertools.pairwise(spots):
        for start in left:
            for end in right:
                ax.plot(*zip(start, end, strict=True), color="#C8C8C8", lw=1, zorder=1)
    for x, (layer, places) in enumerate(zip(layers, spots, strict=True)):
        name = names[x] if x < len(names) else ""
        for value, (a, b) in zip(layer, places, strict=True):
            is_off = name.endswith("relu") and value == 0
            _unit(ax, a, b, value, "input" if x == 0 else "activation", is_off)
        ax.text(x * 2.0, -0.75, name, ha="center", va="center", family="monospace")
    ax.set_xlim(-0.7, 2.0 * (len(layers) - 1) + 0.7)
    ax.set_ylim(tallest - 0.4, -1.1)
    ax.set_aspect("equal")
    ax.set_axis_off()
    show(figure, alt)


def _unit(ax, x, y, value, colour, is_off):
    from matplotlib.patches import Circle

    fill = COLOURS["ink"] if is_off else "white"
    ax.add_patch(
        Circle((x, y), 0.4, facecolor=fill, edgecolor=COLOURS[colour], lw=3, zorder=2)
    )
    ink = "white" if is_off else COLOURS["ink"]
    ax.text(x, y, f"{value:g}", ha="center", va="center", color=ink, zorder=3)


def _cell(x, y, shade):
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, facecolor=shade, alpha=0.85, edgecolor="#666666")


def _frame(ax, width, height, title):
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.set_aspect("equal")
    ax.set_axis_off()
    if title:
        ax.set_title(title)
