"""How long a notebook's cells run here: measured once, and kept until they change.

The notebook runs in a scratch folder and leaves the user's progress alone. Times are
kept in the user's cache directory, under a digest of the cells.
"""

import contextlib
import hashlib
import json
import tempfile
import time

from filelock import FileLock

from classroom.plan.sections import Lesson, source_of
from lessons import whole_files

VERSION = 1
FORMAT = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def run_times(lesson: Lesson) -> dict[int, float]:
    """{position of a cell: seconds}. Raises tools.notebook_runs.NotebookError."""
    path = _kept_in(lesson)
    seconds = _read(path)
    if seconds is None:
        seconds = measured(lesson)
        _keep(path, seconds)
    return seconds


def _kept_in(lesson):
    from helpers.pictures.cache import cache_directory

    of = [VERSION, [(c["cell_type"], source_of(c)) for c in lesson.cells]]
    digest = hashlib.sha256(json.dumps(of).encode()).hexdigest()[:24]
    return cache_directory() / "run_times" / f"{lesson.name}-{digest}.json"


def _read(path):
    """What was kept, or None: what is missing or damaged is measured again."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {int(position): float(seconds) for position, seconds in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _keep(path, seconds):
    """Write the times whole or not at all; a plan can do without them being kept."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            whole_files.replace(path, json.dumps(seconds))


def measured(lesson: Lesson) -> dict[int, float]:
    """Run the notebook; returns {position: seconds}. Raises NotebookError."""
    # Here, not above: a plan whose times are known starts no kernel.
    import nbformat
    from tqdm import tqdm

    from tools.notebook_runs import code_cells, execute, fresh_environment

    cells = [
        {"id": f"cell-{position}", **cell, "source": source_of(cell)}
        for position, cell in enumerate(lesson.cells)
    ]
    notebook = nbformat.from_dict({"cells": cells, **FORMAT})
    started, seconds = {}, {}
    bar = tqdm(
        total=len(code_cells(notebook)),
        desc=lesson.name,
        unit="cell",
        disable=None,
        leave=False,
    )

    def start(cell, cell_index):
        started[cell_index] = time.perf_counter()

    def stop(cell, cell_index, execute_reply):
        seconds[cell_index] = time.perf_counter() - started[cell_index]
        bar.update()

    with (
        bar,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        fresh_environment() as environment,
    ):
        execute(
            notebook,
            folder,
            environment,
            on_cell_start=start,
            on_cell_executed=stop,
        )
    return seconds
