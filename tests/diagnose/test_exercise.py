"""The decorator: one line above a cell, and a working function below it."""

import subprocess
import sys

import numpy as np
import pytest
from cells import body, run_cell
from toy_lesson import AFFINE, CUBE, DOUBLE, EXERCISES

from helpers import exercise
from helpers.progress_file import Progress, progress
from lessons import all_exercises, find_exercise

RELU = find_exercise("00.relu")


@pytest.fixture(autouse=True)
def progress_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))


def answer(*lines):
    return run_cell(body(DOUBLE, *lines))["double"]


# What is handed back


def test_a_right_answer_is_handed_back(capsys):
    mine = answer("return 2 * x")
    assert exercise(DOUBLE)(mine) is mine
    assert capsys.readouterr().out.startswith("✓ 99.double")


@pytest.mark.parametrize("line", ["raise NotImplementedError", "return x", "return y"])
def test_until_then_the_course_s_version_is(capsys, line):
    assert exercise(DOUBLE)(answer(line)) is DOUBLE.reference
    assert "Below, the course's version is used." in capsys.readouterr().out


def test_of_a_class_too():
    assert exercise(CUBE)(CUBE.reference) is CUBE.reference
    assert exercise(AFFINE)(5) is AFFINE.reference


def test_an_answer_of_a_real_exercise():
    relu = run_cell(
        """
        @exercise("00.relu")
        def relu(x):
            return np.where(x > 0, x, 0)
        """,
        exercise=exercise,
    )["relu"]
    assert relu is not RELU.reference
    assert relu(np.array([-1.0, 2.0])).tolist() == [0, 2]


# Which exercise


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("01.gradient", "01.gradients"),
        ("1.gradient", "01.gradients"),
        ("01.Forward", "01.forward"),
        ("01,sgd_step", "01.sgd_step"),
        ("relu", "00.relu"),
    ],
)
def test_an_unknown_id_names_the_nearest(wanted, near):
    with pytest.raises(LookupError, match=f'Did you mean "{near}"?'):
        exercise(wanted)


@pytest.mark.parametrize("wanted", ["", "99", "qqqqqqqqqqqqqqqqqq", "0"])
def test_an_unknown_id_that_is_like_none(wanted):
    with pytest.raises(LookupError, match="There is no exercise"):
        exercise(wanted)


@pytest.mark.parametrize("which", [answer("return x"), int, None, 1.0, ["01.forward"]])
def test_missing_brackets(which):
    with pytest.raises(TypeError, match="Write the exercise's id in brackets"):
        exercise(which)


def test_missing_brackets_on_a_function():
    with pytest.raises(TypeError, match=r'@exercise\("01.gradients"\)'):

        @exercise
        def relu(x):
            return x


# Practice, progress, strictness


def test_a_passed_exercise_is_recorded(capsys):
    exercise("00.relu")(RELU.reference)
    assert "✓ 00.relu" in repr(Progress()("00"))
    assert progress.latest == "00"


def test_practice_leaves_progress_alone(capsys):
    relu = exercise("00.relu", practice=True)(RELU.reference)
    assert relu is RELU.reference
    assert "✓ 00.relu — passed" in capsys.readouterr().out
    assert "○ 00.relu" in repr(Progress()("00"))


def test_practice_is_judged_like_anything_else(capsys):
    exercise("00.relu", practice=True)(run_cell("def relu(x): return x > 0")["relu"])
    assert "You returned where `x` is positive" in capsys.readouterr().out


def test_strict_checks_raise(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_STRICT", "1")
    assert exercise(DOUBLE)(DOUBLE.reference) is DOUBLE.reference
    for line, rung in [("return x**2", "KNOWN_MISTAKE"), ("pass", "NOT_ATTEMPTED")]:
        with pytest.raises(AssertionError, match=f"99.double: {rung}"):
            exercise(DOUBLE)(answer(line))
    assert exercise(DOUBLE, practice=True)(answer("return x")) is DOUBLE.reference


# What an exercise says of itself


def test_the_solution_can_be_pasted_over_the_stub():
    for known in [*EXERCISES, *all_exercises().values()]:
        first, second = known.solution.splitlines()[:2]
        assert first == f'@exercise("{known.id}")'
        assert second.startswith(("def ", "class "))
    assert DOUBLE.solution.splitlines()[-1] == "    return 2 * x"


def test_in_a_cell_the_decorator_stands_above_the_answer_and_what_it_needs_above_that():
    needed = "import functools\n\ndef twice(x):\n    return 2 * x\n"
    decorated = "@functools.cache\ndef double(x):\n    return twice(x)"
    assert DOUBLE.cell(f"{needed}\n{decorated}") == (
        f'{needed}\n@exercise("99.double")\n{decorated}'
    )
    with pytest.raises(LookupError, match="doesn't define double"):
        DOUBLE.cell(needed)


def test_inputs_are_named_after_the_parameters_unless_said():
    assert find_exercise("01.forward").inputs == ("x", "w1", "w2")
    assert CUBE.inputs == ("x",)


# What it costs


def test_importing_the_decorator_imports_no_torch():
    script = (
        "import sys, numpy; from helpers import exercise, progress, doctor;"
        "from lessons import find_exercise; find_exercise('01.forward');"
        "print({'torch', 'scipy', 'matplotlib'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"
