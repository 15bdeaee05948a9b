"""How long each notebook takes from its first cell to its last, and where."""

import time

from benchmarks.table import Table
from tools import outputs

SHOWN = 3


def measure():
    table = Table("Running a notebook, in s", "notebook", "all", "its slowest cells")
    for path in sorted(outputs.ROOT.glob("notebooks/*.ipynb")):
        seconds = time_cells(path)
        slowest = sorted(seconds, key=seconds.get, reverse=True)[:SHOWN]
        told = ", ".join(f"{name} {seconds[name]:.1f}" for name in slowest)
        table.add(path.stem, f"{sum(seconds.values()):.1f}", told)
    return table


def time_cells(path):
    """{cell's id: seconds}"""
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
