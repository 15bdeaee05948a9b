"""Which entries of a 2-D result differ, as a small picture with alt text."""

import base64
from dataclasses import dataclass

import numpy as np

from diagnose.compare import Difference, close
from diagnose.kinds import to_numpy

CELL = 16  # pixels
MOST = 24  # rows and columns shown


@dataclass(frozen=True)
class DifferenceMap:
    """A picture as a base64 SVG, its alt text, and the line below it."""

    image: str
    alt: str
    caption: str


def difference_map(
    difference: Difference, rtol: float | None = None
) -> DifferenceMap | None:
    """The picture; None unless expected and got are 2-D, of one shape, and differ."""
    expected, got = to_numpy(difference.expected), to_numpy(difference.got)
    if expected is None or got is None:
        return None
    if expected.ndim != 2 or expected.shape != got.shape or expected.size < 4:
        return None
    differs = ~close(difference.expected, difference.got, rtol)
    if not differs.any():
        return None
    count = f"{differs.sum()} of {differs.size} entries differ"
    rows = ", ".join(map(str, np.flatnonzero(differs.any(axis=1))[:8]))
    columns = ", ".join(map(str, np.flatnonzero(differs.any(axis=0))[:8]))
    return DifferenceMap(
        image=base64.b64encode(_svg(differs[:MOST, :MOST]).encode()).decode(),
        alt=f"{count}: rows {rows}; columns {columns}.",
        caption=f"{count}, marked with a cross.",
    )


def _svg(differs: np.ndarray) -> str:
    height, width = (side * CELL + 2 for side in differs.shape)
    cells = []
    for (row, column), wrong in np.ndenumerate(differs):
        x, y = column * CELL + 1, row * CELL + 1
        fill = "#D55E00" if wrong else "#f4f4f4"
        cells.append(
            f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{fill}" '
            'stroke="#777"/>'
        )
        if wrong:
            a, b = 4, CELL - 4
            cells.append(
                f'<path d="M{x + a} {y + a}L{x + b} {y + b}M{x + b} {y + a}'
                f'L{x + a} {y + b}" stroke="#fff" stroke-width="2"/>'
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f"{''.join(cells)}</svg>"
    )
