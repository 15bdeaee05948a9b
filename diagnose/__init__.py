"""Diagnoses answers to programming exercises. README.md beside this file explains it.

Names are loaded when they are first asked for, so that declaring an exercise loads no
engine, and neither does reading the cells of a notebook.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diagnose.answers_file import AnswersFile, FileError
    from diagnose.card import as_html, as_text, headline, show
    from diagnose.course import Course, no_such_exercise
    from diagnose.exercise import Exercise, Mistake, WrongAnswer, call
    from diagnose.ladder import judge
    from diagnose.rungs import Rung
    from diagnose.verdict import Verdict

_HOMES = {
    "AnswersFile": "answers_file",
    "Course": "course",
    "Exercise": "exercise",
    "FileError": "answers_file",
    "Mistake": "exercise",
    "Rung": "rungs",
    "Verdict": "verdict",
    "WrongAnswer": "exercise",
    "as_html": "card",
    "as_text": "card",
    "call": "exercise",
    "headline": "card",
    "judge": "ladder",
    "no_such_exercise": "course",
    "show": "card",
}
__all__ = [
    "AnswersFile",
    "Course",
    "Exercise",
    "FileError",
    "Mistake",
    "Rung",
    "Verdict",
    "WrongAnswer",
    "as_html",
    "as_text",
    "call",
    "headline",
    "judge",
    "no_such_exercise",
    "show",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
