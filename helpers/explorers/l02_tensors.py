"""Two shapes, typed in: how do they align, and what comes out?"""

from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure

MOST_AXES = 6


class NotAShape(ValueError):
    """What was typed can't be read as a shape; the message says why."""


def read_shape(typed):
    """(2, 3) from "2, 3", "(2,3)" or "2 3". Raises NotAShape for anything else."""
    words = typed.replace("(", " ").replace(")", " ").replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() for word in words):
        example = "Write whole numbers, as in 5, 1, 4."
        raise NotAShape(f"“{typed}” is no shape yet. {example}")
    if len(words) > MOST_AXES:
        raise NotAShape(f"“{typed}” has more than {MOST_AXES} axes; use fewer.")
    return tuple(int(word[:6]) for word in words)


def align(left, right):
    """A column for each axis, leftmost first: (one size, other size, result).

    A size of None means that the shape has no such axis; a result of None, that the two
    sizes don't fit.
    """
    length = max(len(left), len(right))
    columns = []
    for place in range(-length, 0):
        a = left[place] if -place <= len(left) else None
        b = right[place] if -place <= len(right) else None
        sizes = {size for size in (a, b) if size not in (None, 1)}
        columns.append((a, b, None if len(sizes) > 1 else max(sizes, default=1)))
    return columns


def explore_broadcasting():
    """The explorer: two shapes to type in, and how they align."""
    from ipywidgets import Layout, Text

    def shape_box(label, value):
        return Text(value=value, description=label, layout=Layout(width="20em"))

    controls = {
        "first": shape_box("first", "5, 1, 4"),
        "second": shape_box("second", "3, 1"),
    }

    def draw(first, second):
        try:
            left, right = read_shape(first), read_shape(second)
        except NotAShape as problem:
            return picture([]), str(problem)
        return picture(align(left, right)), sentence(left, right)

    question = "Can you make two shapes of two axes that both stretch? Two that fail?"
    return Explorer(question, controls, draw)


def picture(columns):
    """A figure of the columns that `align` returns: two shapes above their result."""
    from matplotlib.patches import FancyBboxPatch

    figure, axes = new_figure(6.5, 2.5, layout=None)
    figure.subplots_adjust(left=0, right=1, top=1, bottom=0)
    ax = axes[0, 0]
    ax.set_axis_off()
    ax.set_xlim(0, MOST_AXES + 0.9)
    ax.set_ylim(3.1, -0.1)
    labels = ("first", "second", "result")
    for row, label in enumerate(labels):
        ax.text(0.1, row + 0.5, label, va="center")
    offset = MOST_AXES + 0.85 - len(columns)
    for i, sizes in enumerate(columns):
        for row, size in enumerate(sizes):
            failed = row == 2 and size is None
            stretched = row < 2 and size in (None, 1) and sizes[2] not in (None, 1)
            colour = COLOURS["gradient" if failed else "input" if row < 2 else "ink"]
            ax.add_patch(
                FancyBboxPatch(
                    (offset + i + 0.08, row + 0.12),
                    0.78,
                    0.72,
                    boxstyle="round,pad=0.02",
                    facecolor="white",
                    edgecolor=COLOURS["off"] if size is None and row < 2 else colour,
                    linestyle="--" if stretched else "-",
                    linewidth=2,
                )
            )
            shown = "fails" if failed else "1" if size is None else str(size)
            if stretched:
                shown += f" → {sizes[2]}"
            ax.text(
                offset + i + 0.47, row + 0.49, shown, ha="center", va="center",
                fontsize=11,
            )  # fmt: skip
    return figure


def sentence(left, right):
    """What two shapes give, and which axes stretch or clash."""
    columns = align(left, right)
    clash = next(((a, b) for a, b, size in reversed(columns) if size is None), None)
    if clash:
        return (
            f"{left} and {right} fail: read from the right, {clash[0]} meets "
            f"{clash[1]}, and neither is 1."
        )
    result = tuple(size for _, _, size in columns)
    grown = [
        f"axis {place} of the {which}"
        for which, shape in (("first", left), ("second", right))
        for place, size in enumerate(shape)
        if size == 1 and result[place - len(shape)] != 1
    ]
    new = [
        f"{len(result) - len(shape)} new in front of the {which}"
        for which, shape in (("first", left), ("second", right))
        if len(shape) < len(result)
    ]
    changes = "; ".join(grown + new)
    return f"{left} and {right} give {result}. " + (
        f"Stretched: {changes}." if changes else "Nothing is stretched."
    )


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_broadcasting()
    for name, control in explorer.controls.items():
        yield name, toggle(control, "4", "3, 1")
