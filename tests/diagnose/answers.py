"""Answers for any exercise whatever, and the exercises that they are made for."""

import inspect

import numpy as np
import pytest
import torch
from cells import run_cell
from toy_lesson import EXERCISES as TOYS

from diagnose.card import as_html, as_text
from diagnose.exercise import call
from diagnose.ladder import judge
from lessons import all_exercises


def is_function(exercise):
    return not isinstance(exercise.reference, type)


FUNCTIONS = [e for e in [*all_exercises().values(), *TOYS] if is_function(e)]
WITH_INPUTS = [e for e in FUNCTIONS if e.inputs]
every_function = pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.id)
every_toy_function = pytest.mark.parametrize(
    "exercise", [e for e in TOYS if is_function(e)], ids=lambda e: e.id
)
every_function_with_inputs = pytest.mark.parametrize(
    "exercise", WITH_INPUTS, ids=lambda e: e.id
)

# Some exercises are judged by what an answer does, and what it returns is let be.
RETURNING = [e for e in FUNCTIONS if e.probe is call]
every_function_that_returns = pytest.mark.parametrize(
    "exercise", RETURNING, ids=lambda e: e.id
)
every_function_that_returns_with_inputs = pytest.mark.parametrize(
    "exercise", [e for e in RETURNING if e.inputs], ids=lambda e: e.id
)


# Toys have one exercise of each kind that the engine knows; what puts an answer to a
# case in its own way may break in its own way, too.
TELLING = [e for e in FUNCTIONS if e in TOYS or e.probe is not call]


def crossed(name, values, sentinels):
    """Parametrise with each exercise and each of the values, by their name.

    All values meet the exercises that are likely to tell, and a few of them, the
    sentinels, meet every exercise. The rest runs with --everything.
    """
    return pytest.mark.parametrize(
        ("exercise", name),
        [
            pytest.param(
                exercise,
                value,
                id=f"{exercise.id}-{value}",
                marks=[]
                if exercise in TELLING or value in sentinels
                else pytest.mark.everything,
            )
            for exercise in FUNCTIONS
            for value in values
        ],
    )


def answer_of(exercise, lines, **names):
    """An answer with the stub's first line and this body."""
    name = exercise.reference.__name__
    body = "\n".join(f"    {line}" for line in lines.splitlines())
    header = f"def {name}{inspect.signature(exercise.reference)}:"
    return run_cell(f"{header}\n{body}", torch=torch, **names)[name]


def answer_by(exercise, behaviour):
    """An answer that hands its arguments, a tuple, to ``behaviour``."""
    arguments = "".join(
        f"{name}, " for name in inspect.signature(exercise.reference).parameters
    )
    return answer_of(exercise, f"return behaviour(({arguments}))", behaviour=behaviour)


def refused(exercise, answer):
    """The verdict, after making sure that it refuses and can be shown."""
    verdict = judge(exercise, answer)
    assert not verdict.passed
    assert len(as_text(verdict)) < 5000
    assert "<script>" not in as_html(verdict)
    return verdict


def is_array(value):
    return isinstance(value, np.ndarray | torch.Tensor)
