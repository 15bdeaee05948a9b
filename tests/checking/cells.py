"""Code as a student would type it into a cell, and what the engine makes of it."""

import inspect
import itertools
import linecache
import textwrap

import numpy as np

from helpers.checking.ladder import judge

_numbers = itertools.count(1)


def run_cell(source, **names):
    """Run a cell the way IPython does: in a file of its own that only linecache has.

    Returns the names that are there afterwards, np among them.
    """
    source = textwrap.dedent(source)
    filename = f"<cell {next(_numbers)}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = len(source), None, lines, filename
    namespace = {"__name__": "__main__", "np": np, **names}
    exec(compile(source, filename, "exec"), namespace)
    return namespace


def judge_cell(exercise, source, **names):
    """The verdict on the answer that a cell defines under the exercise's name."""
    namespace = run_cell(source, **names)
    return judge(exercise, namespace[exercise.reference.__name__])


def body(exercise, *lines):
    """A cell that answers a function exercise with these lines."""
    header = f"def {exercise.reference.__name__}({', '.join(exercise.inputs)}):"
    return "\n".join([header, *(f"    {line}" for line in lines)])


def as_an_answer(exercise, wrong):
    """A mistake as a student would have defined it: under the exercise's name."""
    name = exercise.reference.__name__
    if isinstance(wrong, type):
        return type(name, (wrong,), {})
    parameters = inspect.signature(exercise.reference)
    given = ", ".join(parameters.parameters)
    return run_cell(f"def {name}{parameters}: return wrong({given})", wrong=wrong)[name]
