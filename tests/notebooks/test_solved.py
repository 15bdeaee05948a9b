"""The solution that a card shows, pasted where the student would paste it, passes.

Every stub is replaced in a copy of the notebook, and the copy is run with checks made
strict: the first answer that isn't accepted stops it.
"""

import json
from pathlib import Path

import nbformat
import pytest
from course_notebook import course_notebooks, load
from rules.exercises import stubs

from lessons import exercises_of, find_exercise
from tools import outputs

ALWAYS = ("00", "03", "06")  # the others with --everything
# The last one first, while the shipped run begins with the first: no order matters.
NOTEBOOKS = [
    pytest.param(
        path,
        id=path.name,
        marks=() if path.name.startswith(ALWAYS) else pytest.mark.everything,
    )
    for path in course_notebooks()[::-1]
]


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_solved_notebook_passes(path, tmp_path):
    notebook = solved(load(path))
    passed = run_strictly(notebook, tmp_path)
    assert passed == exercises_of(load(path).lesson).keys()


def test_wrong_answer_stops_a_strict_run(tmp_path):
    answer = find_exercise("00.relu").solution.replace("maximum", "minimum")
    with pytest.raises(outputs.NotebookError, match=r'cell "answer".*00\.relu'):
        run_strictly(notebook_of(answer), tmp_path)


def test_practice_may_be_wrong(tmp_path):
    answer = find_exercise("00.relu").solution.replace("maximum", "minimum")
    answer = answer.replace('"00.relu"', '"00.relu", practice=True')
    assert run_strictly(notebook_of(answer), tmp_path) == set()


def solved(notebook):
    """A copy with the solution in place of every stub."""
    solutions = {
        cell.position - 1: exercise.solution for cell, exercise, _ in stubs(notebook)
    }
    copy = outputs.read(notebook.path.read_bytes())
    for index, solution in solutions.items():
        copy.cells[index].source = solution
    return copy


def notebook_of(answer):
    imports = "import numpy as np\nfrom helpers import exercise"
    cells = [
        nbformat.v4.new_code_cell(imports, id="imports"),
        nbformat.v4.new_code_cell(answer, id="answer"),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def run_strictly(notebook, folder):
    """Run a notebook in ``folder`` with strict checks; returns what was passed."""
    with outputs.fresh_environment() as environment:
        outputs.execute(notebook, folder, environment | {"COURSE_STRICT": "1"})
        record = Path(environment["COURSE_DATA"]) / "progress.json"
        if not record.exists():
            return set()
        return json.loads(record.read_text(encoding="utf-8"))["passed"].keys()
