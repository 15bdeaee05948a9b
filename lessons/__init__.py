"""What is asked: a package for each lesson, in it a module for each exercise.

The number is the address: "01.forward" is ``lessons/l01_…/forward.py``. A lesson's
package holds its title (the docstring's first line) and its table of contents as plain
data, so that listing what there is imports no exercise, and nothing that they need.
"""

import functools
import importlib
import pkgutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """An exercise as far as a list needs it; ``minutes`` is how long it takes."""

    id: str
    minutes: int
    difficulty: int


def lesson_names() -> list[str]:
    """The lessons there are, in order: ["l00_start_here", …]. Imports none of them."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(__path__)
        if module.name[:1] == "l" and module.name[1:3].isdigit()
    )


@functools.cache
def load_lesson(name):
    """A lesson's package, without its exercises; ``name`` as in lesson_names."""
    return importlib.import_module(f"{__name__}.{name}")


def title(name: str) -> str:
    """A lesson's title: the first line of its package's docstring."""
    return load_lesson(name).__doc__.splitlines()[0].rstrip(".")


def entries_of(name: str) -> tuple[Entry, ...]:
    """A lesson's exercises, in their order, without importing one."""
    contents = load_lesson(name).EXERCISES
    return tuple(
        Entry(f"{name[1:3]}.{exercise}", **about)
        for exercise, about in contents.items()
    )


def about(module: str) -> dict:
    """id, minutes and difficulty of the exercise in a module, given its ``__name__``.

    They stand once, in the table of contents of the lesson's package.
    """
    lesson, _, exercise = module.removeprefix(f"{__name__}.").partition(".")
    return {
        "id": f"{lesson[1:3]}.{exercise}",
        **load_lesson(lesson).EXERCISES[exercise],
    }


def load_solutions(name: str):
    """The module of what a student ends with in a lesson; imports no engine."""
    return importlib.import_module(f"{__name__}.{name}.solutions")


def exercises_of(name: str) -> dict:
    """A lesson's exercises, {id: Exercise}, in their order."""
    return {entry.id: _load(name, entry.id) for entry in entries_of(name)}


def _load(name, exercise_id):
    return importlib.import_module(f"{__name__}.{name}.{exercise_id[3:]}").EXERCISE


def all_exercises() -> dict:
    """Every exercise of the course, {id: Exercise}. Imports all lessons."""
    return {
        exercise_id: exercise
        for name in lesson_names()
        for exercise_id, exercise in exercises_of(name).items()
    }


def find_exercise(wanted: str):
    """The exercise with this id; imports its own module and no other exercise's.

    Raises LookupError, naming the nearest id there is.
    """
    for name in lesson_names():
        if wanted[:2] == name[1:3] and wanted in [e.id for e in entries_of(name)]:
            return _load(name, wanted)
    known = [entry.id for name in lesson_names() for entry in entries_of(name)]
    from diagnose import no_such_exercise

    raise LookupError(no_such_exercise(wanted, known))
