"""How long each notebook takes from its first cell to its last, and where."""

import time

from benchmarks.table import Table
from tools import outputs
from tools.named import all_notebooks

SHOWN = 3
BUDGET = 300  # seconds for the whole course as shipped, on 2 cores


def measure():
    table = Table(
        f"Running a notebook as shipped, in s: all of them under {BUDGET}",
        *("notebook", "all", "imports", "its slowest cells"),
    )
    course = 0.0
    for path in all_notebooks():
        begun = time.perf_counter()
        seconds = time_cells(path)
        # With its kernel's start, for which a student waits as well.
        took = time.perf_counter() - begun
        course += took
        table.add(path.stem, f"{took:.1f}", *imports_and_slowest(seconds))
    table.add("the course", f"{course:.1f}", "", "", over=course > BUDGET)
    return table


def imports_and_slowest(seconds):
    """(seconds of the first cell, which imports; the slowest others), as text."""
    first, *others = seconds
    slowest = sorted(others, key=seconds.get, reverse=True)[:SHOWN]
    rest = ", ".join(f"{name} {seconds[name]:.1f}" for name in slowest)
    return f"{seconds[first]:.1f}", rest


def time_cells(path):
    """{cell's id: seconds}, in the notebook's order"""
    started, seconds = {}, {}

    def start(cell, cell_index):
        started[cell.id] = time.perf_counter()

    def stop(cell, cell_index, execute_reply):
        seconds[cell.id] = time.perf_counter() - started[cell.id]

    notebook = outputs.read(path.read_bytes())
    with outputs.fresh_environment() as environment:
        outputs.execute(
            notebook,
            path.parent,
            environment,
            on_cell_start=start,
            on_cell_executed=stop,
        )
    return seconds
