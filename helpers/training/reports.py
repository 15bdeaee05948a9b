"""How training went and what came of it, as text and as figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.figures import COLOURS, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor


def curves_of(history) -> Figure:
    """A `History` as a figure: loss and accuracy; training dashed, test solid."""
    figure, axes = new_figure(9, 3.2, columns=2)
    epochs = history.column("epoch")
    for ax, name in zip(axes[0], ("loss", "accuracy"), strict=True):
        for split, colour, dash in (
            ("train", "input", "--"),
            ("test", "gradient", "-"),
        ):
            values = history.column(f"{split}_{name}")
            ax.plot(
                epochs, values, dash, color=COLOURS[colour], label=split, marker="."
            )
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend(frameon=False)
    return figure


def confusion_text(confusion: Tensor, classes: Sequence[str]) -> str:
    """Counts (C, C) as aligned text: rows are true, columns predicted classes."""
    headings = [f"said {name}" for name in classes]
    first = max(len(f"is {name}") for name in classes)
    lines = [" " * first + "".join(f"  {heading}" for heading in headings)]
    for name, row in zip(classes, confusion.tolist(), strict=True):
        cells = (
            f"  {count:>{len(heading)}}"
            for count, heading in zip(row, headings, strict=True)
        )
        lines.append(f"{f'is {name}':<{first}}" + "".join(cells))
    return "\n".join(lines)


def confusion_figure(confusion: Tensor, classes: Sequence[str]) -> Figure:
    """Counts (C, C) as a figure, each entry shaded by its share of its row."""
    size = 1.6 + 0.9 * len(classes)
    figure, axes = new_figure(size + 0.6, size)
    ax = axes[0, 0]
    counts = confusion.double()
    shares = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
    ax.imshow(shares.numpy(), cmap="Blues", vmin=0, vmax=1)
    for row in range(len(classes)):
        for column in range(len(classes)):
            ink = "white" if shares[row, column] > 0.6 else COLOURS["ink"]
            text = str(int(confusion[row, column]))
            ax.text(column, row, text, ha="center", va="center", color=ink)
    ax.set_xticks(range(len(classes)), classes)
    ax.set_yticks(range(len(classes)), classes)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    ax.grid(False)
    return figure
