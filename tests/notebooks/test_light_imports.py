"""What a notebook of bare NumPy needs starts quickly: nothing heavy comes with it."""

import subprocess
import sys

import pytest

from lessons import lesson_names

HEAVY = {"torch", "torchvision", "matplotlib", "sklearn", "scipy", "networkx"}
NUMPY_LESSONS = [name for name in lesson_names() if name[1:3] in ("00", "01")]


def imported(code):
    """The packages that a new Python has imported once it has run the code."""
    code += "\nimport sys; print(*{name.split('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", code]
    return set(subprocess.check_output(command, text=True).split())


def test_the_exercise_decorator_is_light():
    packages = imported("from helpers import doctor, exercise, progress")
    assert not packages & (HEAVY | {"IPython", "ipywidgets"})


@pytest.mark.parametrize("name", NUMPY_LESSONS)
def test_judging_a_numpy_lesson_is_light(name):
    code = f"""
from diagnose.card import as_html
from diagnose.ladder import judge
from lessons import exercises_of
for exercise in exercises_of("{name}").values():
    verdict = judge(exercise, exercise.reference)
    assert verdict.passed, verdict
    as_html(verdict)
"""
    assert not imported(code) & HEAVY
