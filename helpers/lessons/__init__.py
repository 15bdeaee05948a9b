"""One module per notebook, found by its number: "01.forward" is in ``l01_…``."""

import difflib
import importlib
import pkgutil


def lesson_names():
    """The lessons there are, in order: ["l00_start_here", …]. Imports none of them."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(__path__)
        if module.name[:1] == "l" and module.name[1:3].isdigit()
    )


def load_lesson(name):
    return importlib.import_module(f"{__name__}.{name}")


def title(name):
    """A lesson's title: the first line of its module's docstring."""
    return load_lesson(name).__doc__.strip().splitlines()[0].rstrip(".")


def exercises_of(name):
    """A lesson's exercises, {id: Exercise}, in the order in which they are defined."""
    from helpers.checking.exercise import Exercise

    found = (v for v in vars(load_lesson(name)).values() if isinstance(v, Exercise))
    return {exercise.id: exercise for exercise in found if exercise.id[:2] == name[1:3]}


def all_exercises():
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
    near = difflib.get_close_matches(wanted, all_exercises(), n=1, cutoff=0.3)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise LookupError(f'There is no exercise "{wanted}".{hint}')
