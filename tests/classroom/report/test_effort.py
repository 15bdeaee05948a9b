"""What a notebook tells of how long something took is read with care."""

import pytest
from handed_in import notebook_of

from classroom.report.effort import Effort, effort_at


def worked(*cells):
    """A notebook of cells, each with the minute it was run at and its count."""
    notebook = notebook_of(*["pass"] * len(cells))
    for cell, (minute, count) in zip(notebook.cells, cells, strict=True):
        cell.execution_count = count
        if minute is not None:
            text = f"2026-01-01T10:{minute:02}:00.000000+00:00"
            cell.metadata["execution"] = {"iopub.execute_input": text}
    return notebook


@pytest.mark.parametrize(
    ("cells", "effort"),
    [
        ([(0, 1), (12, 5)], Effort(12.0, 4)),
        ([(0, 1), (None, None), (12, 5)], Effort(12.0, None)),
        ([(0, 1), (0, 2)], Effort(None, 1)),  # run from top to bottom
        ([(5, 9), (0, 2)], Effort(None, None)),  # the cell above was run again
        ([(None, None), (None, None)], Effort()),
    ],
)
def test_minutes_and_runs_since_the_cell_above(cells, effort):
    assert effort_at(worked(*cells), len(cells)) == effort


@pytest.mark.parametrize("noted", ["yesterday", None, 7, "2026-01-01T10:00:00"])
def test_odd_times_are_not_known(noted):
    notebook = worked((0, 1), (1, 2))
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": noted}
    assert effort_at(notebook, 2).minutes is None
    notebook.cells[1].metadata["execution"] = noted
    assert effort_at(notebook, 2).minutes is None


def test_first_cell_has_nothing_above():
    assert effort_at(worked((0, 1)), 1) == Effort()
