"""Code as a student would type it into a cell, and what the engine makes of it."""

import textwrap

import numpy as np

from diagnose import judge
from diagnose.define import define


def run_cell(source, **names):
    """What a cell with this source defines, where np and ``names`` are known."""
    return define(textwrap.dedent(source), {"np": np, **names})


def judge_cell(exercise, source, **names):
    """The verdict on the answer that a cell defines under the exercise's name."""
    namespace = run_cell(source, **names)
    return judge(exercise, namespace[exercise.reference.__name__])


def body(exercise, *lines):
    """A cell that answers a function exercise with these lines."""
    header = f"def {exercise.reference.__name__}({', '.join(exercise.inputs)}):"
    return "\n".join([header, *(f"    {line}" for line in lines)])


def wrong_answer(exercise, index=0):
    """One of an exercise's mistakes, as a student would have defined it."""
    return exercise.wrong_answers()[index].answer
