"""Run notebooks, and store in them what they show: `make outputs`.

All notebooks, or those named: make outputs ARGS=notebooks/00_start_here.ipynb

What is stored is what the next run would store: no times, no widget state and no user's
progress. A notebook with a cell that fails is left as it was. With
COURSE_SOLUTIONS=hide, the cards are stored without solutions: notebooks to hand out.
"""

import hashlib
import itertools
import json
import re
import sys
from pathlib import Path

import nbformat

from lessons import whole_files
from lessons.places import PROJECT
from tools.notebook_runs import (
    KERNEL,
    NotebookError,
    code_cells,
    execute,
    fresh_environment,
)

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": KERNEL,
    },
    # As the kernel reports it, but for Python's version: that differs between machines.
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
CELL_METADATA = {"slideshow", "tags"}  # what an author says; the rest is an editor's
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def main(names):
    """Refresh the notebooks named, or all; returns the exit status, 1 if one failed."""
    paths = [Path(name) for name in names] or sorted(PROJECT.glob("notebooks/*.ipynb"))
    failed = False
    for path in paths:
        try:
            changed = refresh(path)
            print(f"{path.name}: {'outputs stored' if changed else 'unchanged'}")
        except NotebookError as reason:
            failed = True
            print(f"{path.name} is left as it was: {reason}", file=sys.stderr)
    return int(failed)


def refresh(path):
    """Run one notebook and store its outputs; returns whether the file changed.

    Raises NotebookError where it can't be read, run or written.
    """
    path = Path(path).resolve()
    try:
        before = path.read_bytes()
        notebook = read(before)
        with fresh_environment() as environment:
            execute(notebook, path.parent, environment)
        clean(notebook)
        after = as_stored(notebook)
        if after != before:
            whole_files.replace(path, after)
    except OSError as error:
        raise NotebookError(f"{error.strerror or error}.") from error
    return after != before


def read(content):
    """A notebook from a file's bytes, with an id of its own for every cell.

    Raises NotebookError where the bytes are no notebook of format 4.
    """
    try:
        raw = json.loads(content)
        if raw["nbformat"] != 4:
            raise ValueError(f"its format is {raw['nbformat']}, not 4")
        give_ids(raw["cells"])
        raw["nbformat_minor"] = max(raw["nbformat_minor"], 5)  # the first with ids
        nbformat.validate(raw)
    except (ValueError, KeyError, TypeError, nbformat.ValidationError) as error:
        first_line = str(error).splitlines()[0]
        raise NotebookError(
            f"it can't be read as a notebook ({first_line})."
        ) from error
    return nbformat.reads(json.dumps(raw), as_version=4)


def give_ids(cells):
    """Give an id made from its source to each cell that has none, or another cell's.

    nbformat would draw ids at random, and so change them with every run.
    """
    used = {cell.get("id") for cell in cells}
    kept = set()
    for cell in cells:
        if cell.get("id") in kept or not re.fullmatch(r"[\w-]{1,64}", _id(cell), re.A):
            cell["id"] = next(name for name in _names(cell) if name not in used)
            used.add(cell["id"])
        kept.add(cell["id"])


def _id(cell):
    return str(cell.get("id", ""))


def _names(cell):
    digest = hashlib.sha256("".join(cell["source"]).encode("utf-8")).hexdigest()[:8]
    yield digest
    yield from (f"{digest}-{number}" for number in itertools.count(2))


def clean(notebook):
    """Take out all that would differ when the notebook is run again or elsewhere."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for name in cell.metadata.keys() - CELL_METADATA:
            del cell.metadata[name]
    for cell in code_cells(notebook):
        cell.outputs = _merged(filter(_without_widget, cell.outputs))


def as_stored(notebook):
    """A notebook as the bytes of its file."""
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


def _without_widget(output):
    """Drop a widget's view, which is dead in a file; its picture stays.

    Returns whether anything is left to be shown.
    """
    if "data" not in output:
        return True
    output.data.pop(WIDGET_VIEW, None)
    output.metadata.pop(WIDGET_VIEW, None)
    return bool(output.data)


def _merged(outputs):
    """Join pieces of printed text that follow each other: how it is cut is chance."""
    merged = []
    for output in outputs:
        before = merged[-1] if merged else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before.text += output.text
        else:
            merged.append(output)
    return merged


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
