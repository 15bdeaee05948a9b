"""Notebooks of a few cells, to be made into slides."""

from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)


def prose(slide_type, source):
    return _typed(new_markdown_cell(source), slide_type)


def code(slide_type, source, *outputs):
    return _typed(new_code_cell(source, outputs=list(outputs)), slide_type)


def printed(text):
    return new_output("stream", name="stdout", text=text)


def card(html):
    return new_output("display_data", {"text/html": html, "text/plain": "✗ card"})


def picture(plain):
    return new_output(
        "display_data",
        {"image/png": PIXEL, "text/plain": plain},
        metadata={"image/png": {"alt": plain}},
    )


def notebook(*cells):
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=list(cells))


def _typed(cell, slide_type):
    cell.metadata.slideshow = {"slide_type": slide_type}
    return cell
