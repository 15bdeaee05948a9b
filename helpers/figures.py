"""Pictures for the notebooks: curves, images, arrays and small nets, with alt text.

Colours are from the Okabe-Ito palette, which colour-blind readers can tell apart, and
mean the same thing all through the course. Figures stand on a light ground of their
own, so that they read in dark themes too. pyplot isn't used: its current figure would
be hidden state.
"""

from __future__ import annotations

import base64
import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

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


def new_figure(
    width: float,
    height: float,
    rows: int = 1,
    columns: int = 1,
    layout: str | None = "constrained",
) -> tuple[Figure, np.ndarray]:
    """A Figure of this size in inches, and its axes as an array (rows, columns).

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


def png(figure: Figure) -> bytes:
    """A figure as the bytes of a PNG file, at DPI pixels an inch."""
    buffer = io.BytesIO()
    # Without Matplotlib's version in it, and compressed fast rather than well.
    figure.savefig(
        buffer,
        format="png",
        metadata={"Software": None},
        pil_kwargs={"compress_level": 3},
    )
    return buffer.getvalue()


def png_text(figure: Figure) -> str:
    """A figure's PNG in base64: what outputs of cells and web pages hold."""
    return base64.b64encode(png(figure)).decode()


def as_output(
    image: str, alt: str, kind: str = "picture"
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """(data, metadata) of a cell's output: a `png_text` with its alt text.

    ``kind`` says in plain text what stands here: "[picture] A falling curve."
    """
    data = {"image/png": image, "text/plain": f"[{kind}] {alt}"}
    return data, {"image/png": {"alt": alt}}


def show(figure: Figure, alt: str) -> None:
    """Display a figure below the running cell, with ``alt`` as its alt text."""
    from IPython.display import display

    data, metadata = as_output(png_text(figure), alt)
    display(data, metadata=metadata, raw=True)


def curves(
    lines: Mapping[str, Sequence[float] | np.ndarray],
    *,
    xlabel: str,
    ylabel: str,
    x: ArrayLike | None = None,
    log: bool = False,
    width: float = 7.5,
    height: float = 3.4,
) -> Figure:
    """A figure of one or more curves, ``lines`` = {label: values}.

    ``x`` holds the values of the horizontal axis; without it they are 0, 1, 2, … With
    ``log`` the vertical axis is logarithmic; ``width`` and ``height`` are inches.
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
    if x is None:
        ax.xaxis.get_major_locator().set_params(integer=True)
    values = np.concatenate([np.asarray(v, float) for v in lines.values()])
    _readable_ticks(ax.yaxis, values, log)
    if len(lines) > 1:
        ax.legend(frameon=False)
    return figure


def _readable_ticks(axis, values, log):
    """Label an axis with plain numbers: 200 M rather than 2.0 with 1e8 beside it."""
    from matplotlib.ticker import EngFormatter, LogLocator, NullLocator

    if log:
        axis.axes.set_yscale("log")
        if values.max() < 1e3 * values.min():
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter("{x:,g}")
    elif values.max() >= 1e5:
        axis.set_major_formatter(EngFormatter())


def show_curves(
    lines: Mapping[str, Sequence[float] | np.ndarray], *, alt: str, **how: Any
) -> None:
    """Display ``curves(lines, **how)`` with ``alt`` as its alt text."""
    show(curves(lines, **how), alt)


def show_images(
    images: np.ndarray,
    titles: Sequence[str],
    *,
    alt: str,
    columns: int = 8,
    signed: bool = False,
    size: float = 1.15,
    dark_is_high: bool = True,
) -> None:
    """Small pictures (N, H, W) side by side, each with a title.

    Unsigned ones run from white (0) to black (the largest), or the other way round
    if not ``dark_is_high``; signed ones from orange (negative) over white (0) to
    purple (positive). Each has a scale of its own.
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
            shades = "gray_r" if dark_is_high else "gray"
            ax.imshow(image, cmap=shades, vmin=0, vmax=reach)
        ax.set_title(title, fontsize=12, pad=3)
    show(figure, alt)


def show_decision(
    score: Callable[[np.ndarray], float],
    points: np.ndarray,
    labels: np.ndarray,
    *,
    alt: str,
    steps: int = 40,
) -> None:
    """Points (N, 2) of two classes, and where a score changes its sign.

    ``labels`` (N,) are 0 and 1. ``score`` takes one point (2,) and returns a number; it
    is evaluated on a grid of ``steps`` × ``steps`` points. Classes differ in marker as
    well as in colour, and so do the two sides of the boundary.
    """
    low, high = points.min(axis=0) - 0.4, points.max(axis=0) + 0.4
    across, up = (np.linspace(low[i], high[i], steps) for i in (0, 1))
    scores = np.array([[score(np.array([a, b])) for a in across] for b in up])
    figure, axes = new_figure(6.2, 4)
    ax = axes[0, 0]
    ax.contourf(
        across, up, scores > 0, levels=[-0.5, 0.5, 1.5], colors=["#DCEAF4", "#F7E0D2"]
    )
    ax.contour(across, up, scores, levels=[0], colors=[COLOURS["ink"]], linewidths=2)
    for label, marker, colour in ((0, "o", "input"), (1, "^", "gradient")):
        chosen = points[labels == label]
        ax.scatter(
            *chosen.T, marker=marker, color=COLOURS[colour], label=f"class {label}"
        )
    ax.legend(loc="lower left")
    show(figure, alt)


def show_layers(
    *layers: ArrayLike,
    alt: str,
    names: Sequence[str],
    links: Sequence[str],
    colours: Sequence[str] = (),
    off: ArrayLike | None = None,
) -> None:
    """Layers of units as columns of circles with their values, left to right.

    layers   one example each, (1, D) or (D,)
    names    what stands below each layer
    links    between one layer and the next: "all" joins every unit with every unit,
             "own" each with its counterpart, as ReLU does
    colours  names from COLOURS, one a layer; inputs, then activations by default
    off      a mask for the last layer: units drawn dark, because they are switched off

    Raises ValueError where ``names`` or ``links`` don't fit the number of layers.
    """
    layers = [np.ravel(layer) + 0.0 for layer in layers]  # + 0.0 turns -0.0 into 0.0
    colours = colours or ["input"] + ["activation"] * (len(layers) - 1)
    dark = [np.zeros(layer.size, bool) for layer in layers]
    if off is not None:
        dark[-1] = np.ravel(off)
    tallest = max(layer.size for layer in layers)
    figure, axes = new_figure(1.7 * len(layers) + 0.6, 0.8 * tallest + 0.6)
    ax = axes[0, 0]
    spots = [
        [(column * 2.0, (tallest - layer.size) / 2 + i) for i in range(layer.size)]
        for column, layer in enumerate(layers)
    ]
    for (left, right), link in zip(itertools.pairwise(spots), links, strict=True):
        pairs = (
            zip(left, right, strict=True)
            if link == "own"
            else itertools.product(left, right)
        )
        for (x1, y1), (x2, y2) in pairs:
            ax.plot([x1, x2], [y1, y2], color="#B0B0B0", lw=1.2, zorder=1)
    for column, (places, name) in enumerate(zip(spots, names, strict=True)):
        for i, (x, y) in enumerate(places):
            _unit(ax, x, y, layers[column][i], colours[column], dark[column][i])
        ax.text(column * 2.0, -0.75, name, ha="center", va="center", family="monospace")
    ax.set_xlim(-0.7, 2.0 * (len(layers) - 1) + 0.7)
    ax.set_ylim(tallest - 0.4, -1.1)
    ax.set_aspect("equal")
    ax.set_axis_off()
    show(figure, alt)


def _unit(ax, x, y, value, colour, is_off):
    from matplotlib.patches import Circle

    fill = COLOURS["ink"] if is_off else "white"
    edge = COLOURS[colour]
    ax.add_patch(Circle((x, y), 0.4, facecolor=fill, edgecolor=edge, lw=3, zorder=2))
    ink = "white" if is_off else COLOURS["ink"]
    ax.text(x, y, f"{value:g}", ha="center", va="center", color=ink, zorder=3)
