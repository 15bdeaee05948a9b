"""One module per notebook, found by its number: "01.forward" is in ``l01_…``.

Listing what there is reads the modules' source; only judging an answer imports one.
So ``progress()`` in the first notebook doesn't load torch for the later ones.
"""

import ast
import difflib
import functools
import importlib.util
import pkgutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """An exercise as far as a list needs it."""

    id: str
    minutes: int
    difficulty: int


def lesson_names():
    """The lessons there are, in order: ["l00_start_here", …]. Imports none of them."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(__path__)
        if module.name[:1] == "l" and module.name[1:3].isdigit()
    )


@functools.cache
def _parsed(name):
    file = importlib.util.find_spec(f"{__name__}.{name}").origin
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def title(name):
    """A lesson's title: the first line of its module's docstring."""
    return ast.get_docstring(_parsed(name)).splitlines()[0].rstrip(".")


@functools.cache
def entries_of(name):
    """A lesson's exercises as a tuple of entries, in order, read from the source."""
    calls = [
        node
        for node in ast.walk(_parsed(name))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Exercise"
    ]
    entries = []
    for call in sorted(calls, key=lambda call: call.lineno):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        exercise_id = call.args[0] if call.args else given["id"]
        entries.append(
            Entry(exercise_id.value, given["minutes"].value, given["difficulty"].value)
        )
    return tuple(entries)


def load_lesson(name):
    return importlib.import_module(f"{__name__}.{name}")


def exercises_of(name):
    """A lesson's exercises, {id: Exercise}, in the order in which they are defined."""
    from helpers.checking.exercise import Exercise

    found = (v for v in vars(load_lesson(name)).values() if isinstance(v, Exercise))
    return {exercise.id: exercise for exercise in found if exercise.id[:2] == name[1:3]}


def all_exercises():
    """Every exercise of the course, {id: Exercise}. Imports all lessons."""
    return {
        exercise_id: exercise
        for name in lesson_names()
        for exercise_id, exercise in exercises_of(name).items()
    }


def find_exercise(wanted):
    """The exercise with this id; imports its own lesson and no other.

    Raises LookupError, naming the nearest id there is.
    """
    for name in lesson_names():
        if wanted[:2] == name[1:3] and wanted in exercises_of(name):
            return exercises_of(name)[wanted]
    known = [entry.id for name in lesson_names() for entry in entries_of(name)]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.3)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise LookupError(f'There is no exercise "{wanted}".{hint}')
