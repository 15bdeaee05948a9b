"""How long students were at an exercise, and how often they ran it, as far as a
notebook tells.

JupyterLab notes when cells ran (`make lab` has it do so) and counts the runs. Neither
proves anything: students pause, and restart. So of a class, only medians are shown.
"""

from dataclasses import dataclass
from datetime import datetime

from nbformat import NotebookNode

LONGEST = 120  # minutes; if it was more, something else came in between
SHORTEST = 0.2  # minutes; if it was less, the notebook was run from top to bottom
MOST_RUNS = 200


@dataclass(frozen=True)
class Effort:
    """Minutes from the run of a cell above to the last run of this one, and how often
    this one was run since; None where the notebook doesn't say.
    """

    minutes: float | None = None
    runs: int | None = None


def effort_at(notebook: NotebookNode, number: int) -> Effort:
    """The Effort that went into a cell; ``number`` counts from 1."""
    cell = notebook.cells[number - 1]
    above = [c for c in notebook.cells[: number - 1] if c.cell_type == "code"]
    return Effort(_minutes(cell, above), _runs(cell, above))


def _minutes(cell, above):
    end = _time_of(cell)
    earlier = [time for time in map(_time_of, above) if time and end and time < end]
    if not earlier:
        return None
    minutes = (end - max(earlier)).total_seconds() / 60
    return round(minutes, 1) if SHORTEST <= minutes <= LONGEST else None


def _time_of(cell):
    noted = cell.metadata.get("execution")
    text = noted.get("iopub.execute_input") if isinstance(noted, dict) else None
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else None


def _runs(cell, above):
    """The runs counted since the cell above; from top to bottom, that is one."""
    before, count = _count_of(above[-1]) if above else None, _count_of(cell)
    if not before or not count:
        return None
    return count - before if 1 <= count - before <= MOST_RUNS else None


def _count_of(cell):
    count = cell.get("execution_count")
    return count if type(count) is int and count > 0 else None
