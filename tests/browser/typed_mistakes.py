"""A usual mistake as a student would type it: one whose code reads as a cell's source.

Most are made by functions that make mistakes, and say nothing when read alone. Every
lesson has some that are plain functions: the first of them that is known by its name
when it stands in a cell is taken.
"""

import inspect
import re
import textwrap
import types

from diagnose.answers_file import AnswersFile
from lessons import exercises_of
from lessons.course import COURSE


def typed_mistake(lesson, folder):
    """(exercise, mistake, source of the cell) of a lesson, named as in "l01_…".

    ``folder`` is for notes. Raises LookupError where no mistake can be typed: write one
    of the lesson's as a plain function.
    """
    for exercise in exercises_of(lesson).values():
        for mistake in exercise.mistakes:
            source = cell_of(exercise, mistake)
            if source and is_known(mistake, source, folder / "answer.py"):
                return exercise, mistake, source
    raise LookupError(f"{lesson} has no mistake that can be typed into a cell.")


def cell_of(exercise, mistake):
    """The mistake under the answer's name; None if it isn't a plain function."""
    answer, name = mistake.answer, exercise.reference.__name__
    if not isinstance(answer, types.FunctionType) or answer.__closure__:
        return None
    source = textwrap.dedent(inspect.getsource(answer)).rstrip()
    if not source.startswith(f"def {answer.__name__}("):
        return None
    renamed = re.sub(rf"\b{answer.__name__}\b", name, source)
    return f'@exercise("{exercise.id}")\n{renamed}'


def is_known(mistake, source, path):
    """Whether the mistake is named where a cell finds what the notebook has made."""
    path.write_text(source, encoding="utf-8")
    (judged,) = AnswersFile(path, COURSE).judged()
    return judged.verdict.mistakes == (mistake.name,)
