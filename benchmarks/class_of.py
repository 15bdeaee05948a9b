"""A class of students that nobody knows: notebooks with right, wrong and no answers."""

import copy
import inspect
from pathlib import Path

import nbformat
import numpy as np

from diagnose.cells import exercises_in
from lessons import exercises_of
from lessons.places import PROJECT

STUB, SOLVED = "stub", "solved"


def course_notebook(lesson):
    path = Path(PROJECT, "notebooks", f"{lesson[1:]}.ipynb")
    return nbformat.read(path, as_version=4)


def answered(notebook, sources):
    """A copy with some exercises' cells replaced: {exercise id: source}."""
    copied = copy.deepcopy(notebook)
    for cell in copied.cells:
        if cell.cell_type == "code":
            for exercise in exercises_in(cell.source):
                cell.source = sources.get(exercise, cell.source)
    return copied


def mistaken(exercise, index):
    """A cell that makes one of an exercise's mistakes, by calling it."""
    name = exercise.reference.__name__
    mistake = f'find_exercise("{exercise.id}").mistakes[{index}].answer'
    if isinstance(exercise.reference, type):
        return (
            "from lessons import find_exercise\n"
            f'@exercise("{exercise.id}")\n'
            f"class {name}({mistake}):\n    pass"
        )
    signature = inspect.signature(exercise.reference)
    return (
        f'@exercise("{exercise.id}")\n'
        f"def {name}{signature}:\n"
        "    from lessons import find_exercise\n"
        f"    return {mistake}({', '.join(signature.parameters)})"
    )


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
    index = int(rng.integers(len(exercise.mistakes)))
    return exercise.mistakes[index].name, mistaken(exercise, index)
