"""A class of students that nobody knows: notebooks with right, wrong and no answers."""

import copy
from pathlib import Path

import nbformat
import numpy as np

from diagnose.cells import exercises_in
from lessons import exercises_of
from lessons.places import notebook_of

STUB, SOLVED = "stub", "solved"


def course_notebook(lesson):
    return nbformat.read(notebook_of(lesson), as_version=4)


def answered(notebook, sources):
    """A copy with some exercises' cells replaced: {exercise id: source}."""
    copied = copy.deepcopy(notebook)
    for cell in copied.cells:
        if cell.cell_type == "code":
            for exercise in exercises_in(cell.source):
                cell.source = sources.get(exercise, cell.source)
    return copied


def write_class(folder, lesson, students, seed=0):
    """Write one notebook a student into ``folder``; returns what each answer was.

    {student: {exercise id: "stub", "solved" or a mistake's name}}
    """
    rng = np.random.default_rng(seed)
    notebook = course_notebook(lesson)
    written = {}
    for number in range(students):
        student = f"student {number:03}"
        chosen = {e.id: _choice(e, rng) for e in exercises_of(lesson).values()}
        sources = {key: source for key, (_, source) in chosen.items() if source}
        path = Path(folder, student, f"{lesson[1:]}.ipynb")
        path.parent.mkdir(parents=True)
        nbformat.write(answered(notebook, sources), path)
        written[student] = {key: what for key, (what, _) in chosen.items()}
    return written


def _choice(exercise, rng):
    """(what it is, source) of an answer: half are right, one in six isn't there."""
    kind = rng.integers(6)
    if kind == 0:
        return STUB, ""
    if kind <= 3:
        return SOLVED, exercise.solution
    wrong_answers = exercise.wrong_answers()
    wrong = wrong_answers[rng.integers(len(wrong_answers))]
    return wrong.mistake.name, exercise.cell(wrong.source)
