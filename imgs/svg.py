"""Strokes for the course's drawings: each returns a piece of SVG as text.

A drawing script, NN_name.py, holds a function `drawings()` that returns
{"NN_name.svg": picture(...)}; `python imgs/NN_name.py` writes them beside it. The
ground is light and the same everywhere, so that drawings read in dark themes too.
Colours are those of helpers.figures, and mean the same.
"""

import html
from pathlib import Path

from helpers.figures import COLOURS

INK, PAPER, GREY = COLOURS["ink"], COLOURS["paper"], "#8A8A8A"
INPUT, WEIGHT = COLOURS["input"], COLOURS["weight"]
ACTIVATION, GRADIENT = COLOURS["activation"], COLOURS["gradient"]
TARGET = COLOURS["target"]


def picture(width, height, title, *strokes):
    """A whole drawing; ``title`` says what it shows, for those who can't see it."""
    body = "\n".join(strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        f'font-family="DejaVu Sans, Verdana, sans-serif">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<rect width="{width}" height="{height}" rx="14" fill="{PAPER}"/>\n'
        f"{body}\n</svg>\n"
    )


def text(x, y, words, size=18, colour=INK, anchor="middle", bold=False, mono=False):
    weight = ' font-weight="bold"' if bold else ""
    family = ' font-family="DejaVu Sans Mono, monospace"' if mono else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}" dominant-baseline="central"{weight}{family} '
        f'xml:space="preserve">{html.escape(str(words))}</text>'
    )


def code(x, y, words, size=17, **how):
    return text(x, y, words, size, mono=True, **how)


def box(x, y, width, height, colour=INK, fill="white", stroke=3, rx=10, dashed=False):
    dash = ' stroke-dasharray="7 6"' if dashed else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{rx}" '
        f'fill="{fill}" stroke="{colour}" stroke-width="{stroke}"{dash}/>'
    )


def circle(x, y, radius, colour=INK, fill="white", stroke=3):
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" '
        f'stroke="{colour}" stroke-width="{stroke}"/>'
    )


def line(x1, y1, x2, y2, colour=GREY, stroke=2, dashed=False):
    dash = ' stroke-dasharray="7 6"' if dashed else ""
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" '
        f'stroke-width="{stroke}" stroke-linecap="round"{dash}/>'
    )


def arrow(x1, y1, x2, y2, colour=GREY, stroke=3, head=11, dashed=False):
    """A line with an arrowhead at (x2, y2)."""
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    along = ((x2 - x1) / length, (y2 - y1) / length)
    across = (-along[1], along[0])
    base = (x2 - head * along[0], y2 - head * along[1])
    points = [
        (x2, y2),
        (base[0] + head / 2 * across[0], base[1] + head / 2 * across[1]),
        (base[0] - head / 2 * across[0], base[1] - head / 2 * across[1]),
    ]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    shaft = line(x1, y1, round(base[0], 1), round(base[1], 1), colour, stroke, dashed)
    return f'{shaft}<polygon points="{corners}" fill="{colour}"/>'


def curve(points, colour=INK, stroke=3):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="{stroke}" stroke-linejoin="round"/>'
    )


def save(drawings, folder=Path(__file__).parent):
    for name, drawing in drawings.items():
        (folder / name).write_text(drawing, encoding="utf-8")
        print(f"wrote {name}")
