"""Run notebooks, and store in them what they show: `make outputs`.

All notebooks, or those named: make outputs ARGS=notebooks/00_start_here.ipynb

What is stored is what the next run would store: no times, no widget state, nobody's
progress. A notebook with a cell that fails is left as it was. With
COURSE_SOLUTIONS=hide, the cards are stored without solutions: notebooks to hand out.
"""

import asyncio
import contextlib
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
CELL_SECONDS = 300
KERNEL = "python3"
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


class Refused(Exception):
    """One sentence: which notebook was left as it was, and why."""


def main(names):
    paths = [Path(name) for name in names] or sorted(ROOT.glob("notebooks/*.ipynb"))
    failed = False
    for path in paths:
        try:
            changed = refresh(path)
            print(f"{path.name}: {'outputs stored' if changed else 'unchanged'}")
        except Refused as reason:
            failed = True
            print(f"{path.name} is left as it was: {reason}", file=sys.stderr)
    return int(failed)


def refresh(path):
    """Run one notebook and store its outputs; returns whether the file changed."""
    path = Path(path).resolve()
    try:
        before = path.read_bytes()
        notebook = read(before)
        with fresh_environment() as environment:
            execute(notebook, path.parent, environment)
        clean(notebook)
        after = as_stored(notebook)
        if after != before:
            replace(path, after)
    except OSError as error:
        raise Refused(f"{error.strerror or error}.") from error
    return after != before


def read(content):
    """A notebook from a file's bytes, with an id of its own for every cell."""
    try:
        raw = json.loads(content)
        if raw["nbformat"] != 4:
            raise ValueError(f"its format is {raw['nbformat']}, not 4")
        give_ids(raw["cells"])
        raw["nbformat_minor"] = max(raw["nbformat_minor"], 5)  # the first with ids
        nbformat.validate(raw)
    except (ValueError, KeyError, TypeError, nbformat.ValidationError) as error:
        first_line = str(error).splitlines()[0]
        raise Refused(f"it can't be read as a notebook ({first_line}).") from error
    return nbformat.reads(json.dumps(raw), as_version=4)


def give_ids(cells):
    """Ids stay; a cell without one, or with another's, gets one made of what it says.

    nbformat would make it up at random, and change it with every run.
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


@contextlib.contextmanager
def fresh_environment():
    """The environment for a kernel, with a folder that is removed afterwards.

    Neither the user's progress, photographs nor IPython settings may show in an output,
    and checks aren't strict.
    """
    unwanted = ("COURSE_PHOTOS", "COURSE_STRICT", "MPLBACKEND", "PYTHONSTARTUP")
    kept = {name: os.environ[name] for name in os.environ if name not in unwanted}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield kept | {
            "COURSE_DATA": os.path.join(folder, "course"),
            "IPYTHONDIR": os.path.join(folder, "ipython"),
        }


def execute(notebook, folder, environment, **hooks):
    """Run every cell of a notebook in a new kernel that works in ``folder``.

    Outputs are put in place. ``hooks`` are nbclient's, as ``on_cell_start``.
    """
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    begun = []
    client = NotebookClient(
        notebook,
        # No folder of kernels to search: the kernel is this Python's own, even where
        # the user has installed another one under the same name.
        km=AsyncKernelManager(
            kernel_name=KERNEL,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        ),
        timeout=CELL_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=lambda cell, cell_index: begun.append(cell),
        **hooks,
    )
    try:
        client.execute(env=environment, stderr=subprocess.DEVNULL, cleanup_kc=True)
    except CellExecutionError as error:
        raise Refused(_what_failed(begun[-1], error)) from None
    except CellTimeoutError:
        name = begun[-1].id
        raise Refused(f'cell "{name}" ran longer than {CELL_SECONDS} s.') from None
    except (AssertionError, asyncio.CancelledError, DeadKernelError) as error:
        # Ctrl+C makes nbclient stop the kernel, and then stumble over its absence.
        if hasattr(client, "_async_cleanup_kernel_future"):
            raise KeyboardInterrupt from None
        if not isinstance(error, DeadKernelError):
            raise
        where = f'in cell "{begun[-1].id}"' if begun else "before the first cell"
        raise Refused(f"its kernel died {where}.") from None


def _what_failed(cell, error):
    """The failing cell, its line and the error, as a sentence."""
    trace = re.sub(r"\x1b\[[\d;]*m", "", error.traceback)
    # The first frame is in the cell itself, the others in what it called. IPython
    # doesn't count blank lines at the top.
    found = re.search(r"Cell In\[\d+\], line (\d+)", trace)
    place = f'cell "{cell.id}"'
    if found:
        line = cell.source.lstrip().splitlines()[int(found[1]) - 1]
        place += f", line {found[1]} (`{line.strip()}`)"
    message = (error.evalue.strip() or "no message").splitlines()[0]
    # A cell's file has a made-up name, which says nothing.
    message = re.sub(r" \(\d+\.py, line \d+\)$", "", message)
    return f"{place}, raised {error.ename}: {message}"


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
    """Text that came in several pieces becomes one: where it is cut is chance."""
    merged = []
    for output in outputs:
        before = merged[-1] if merged else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before.text += output.text
        else:
            merged.append(output)
    return merged


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def replace(path, content):
    """Write a file so that whoever reads it finds the old or the new, never half."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.write_bytes(content)
        shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
