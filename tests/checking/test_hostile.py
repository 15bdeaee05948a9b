"""Whatever an answer does, it doesn't pass, and the session goes on."""

import functools
import inspect
import signal
import threading
import types

import hostile
import numpy as np
import pytest
import torch
from cells import run_cell
from toy_lesson import CENTRE, DOUBLE, PREDICT_TABLE, SOFT, TOTAL
from toy_lesson import EXERCISES as TOYS

from helpers import exercise as exercise_decorator
from helpers.checking.card import as_html, as_text
from helpers.checking.exercise import call
from helpers.checking.ladder import judge
from helpers.checking.rungs import Rung
from helpers.lessons import all_exercises


def is_function(exercise):
    return not isinstance(exercise.reference, type)


FUNCTIONS = [e for e in [*all_exercises().values(), *TOYS] if is_function(e)]
WITH_INPUTS = [e for e in FUNCTIONS if e.inputs]
every_function = pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.id)
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
    assert exercise.reference is handed_back(exercise, answer)
    return verdict


def handed_back(exercise, answer):
    return exercise_decorator(exercise, practice=True)(answer)


# Exceptions


@pytest.mark.parametrize("name", hostile.RAISED)
@every_function
def test_raises(exercise, name):
    answer = answer_of(exercise, "raise error", error=hostile.RAISED[name])
    verdict = refused(exercise, answer)
    stopped = name == "KeyboardInterrupt"
    assert verdict.rung is (Rung.STOPPED if stopped else Rung.RAISED)


@every_function
def test_never_ends_calling_itself(exercise):
    name = exercise.reference.__name__
    arguments = ", ".join(inspect.signature(exercise.reference).parameters)
    answer = answer_of(exercise, f"return {name}({arguments})")
    verdict = refused(exercise, answer)
    assert verdict.raised.name == "RecursionError"


@every_function_with_inputs
def test_raises_in_one_case_only(exercise):
    calls = []

    def fragile(given):
        calls.append(given)
        return hostile.refuse() if len(calls) == 3 else exercise.reference(*given)

    assert judge(exercise, answer_by(exercise, fragile)).rung is Rung.RAISED


# What comes back


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
@pytest.mark.parametrize("name", hostile.RETURNED)
@every_function
def test_returns(exercise, name):
    answer = answer_of(exercise, "return make()", make=hostile.RETURNED[name])
    verdict = refused(exercise, answer)
    assert Rung.RETURNED_NOTHING <= verdict.rung < Rung.WRONG_GRADIENTS or (
        verdict.rung is Rung.NOT_ATTEMPTED and name == "None"
    )


@every_function_that_returns
def test_returns_itself(exercise):
    answer = answer_of(exercise, f"return {exercise.reference.__name__}")
    refused(exercise, answer)


@every_function
def test_returns_its_inputs(exercise):
    verdict = judge(exercise, answer_by(exercise, lambda given: given))
    assert not verdict.passed


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
@pytest.mark.parametrize("name", hostile.RETURNED)
def test_returns_one_right_part_and_a_hostile_one(name):
    make = hostile.RETURNED[name]
    lines = "m = x.mean(axis=0)\nreturn m, make()"
    refused(CENTRE, answer_of(CENTRE, lines, make=make))
    lines = "m = x.mean(axis=0)\nreturn 2 * m, make()"
    refused(CENTRE, answer_of(CENTRE, lines, make=make))
    for kind in ("matrix", "vector"):
        lines = f"return {{'shape': make(), 'kind': {kind!r}, 'total': make()}}"
        refused(PREDICT_TABLE, answer_of(PREDICT_TABLE, lines, make=make))


@every_function_that_returns_with_inputs
def test_right_numbers_in_a_class_that_lies(exercise):
    def disguised(given):
        value = exercise.reference(*given)
        if isinstance(value, tuple):
            return tuple(map(disguise, value))
        return disguise(value)

    refused(exercise, answer_by(exercise, disguised))


def first_case(exercise):
    return next(iter(exercise.cases(np.random.default_rng(0))))


def is_array(value):
    return isinstance(value, np.ndarray | torch.Tensor)


def disguise(value):
    if isinstance(value, torch.Tensor):
        return value.as_subclass(hostile.LyingTensor)
    return np.asarray(value).view(hostile.LyingArray)


# Output


@every_function
def test_prints_ten_thousand_lines(exercise, capsys):
    answer = answer_of(exercise, "for i in range(10_000): print(i)\nreturn '?'")
    assert not judge(exercise, answer).passed
    assert len(capsys.readouterr().out.splitlines()) == 21


def test_prints_one_endless_line(capsys):
    answer = answer_of(TOTAL, "print('ha' * 10**7, end='')\nreturn '?'")
    assert not judge(TOTAL, answer).passed
    assert len(capsys.readouterr().out) < 5000


def test_closes_and_replaces_the_output(capsys):
    lines = (
        "import sys\nsys.stdout.close()\nsys.stdout = None\nprint(1)\nreturn x.sum()"
    )
    assert judge(TOTAL, answer_of(TOTAL, lines)).passed
    print("still there")
    assert capsys.readouterr().out == "still there\n"


# Side effects


@every_function_that_returns_with_inputs
def test_changes_its_inputs(exercise):
    def spoiling(given):
        value = exercise.reference(*given)
        next(a for a in given if is_array(a))[...] = 7
        return value

    verdict = refused(exercise, answer_by(exercise, spoiling))
    assert verdict.rung in (Rung.CHANGED_INPUTS, Rung.KNOWN_MISTAKE)


@pytest.mark.parametrize(
    "line",
    [
        "np.allclose = np.isclose = np.array_equal = lambda *_, **__: True",
        "np.isclose = lambda a, b, **_: np.ones(np.shape(a), bool)",
        "np.asarray = np.array = lambda *_, **__: 0",
        "np.all = np.any = lambda *_: True",
    ],
)
@every_function
def test_replaces_a_library_s_functions(exercise, line):
    within = answer_of(exercise, f"{line}\nreturn 0")
    assert judge(exercise, within).rung is Rung.CHANGED_LIBRARY
    before = answer_of(exercise, "return 0")
    run_cell(line)
    assert judge(exercise, before).rung is Rung.CHANGED_LIBRARY
    refused(exercise, before)


# Right for some


@every_function_with_inputs
def test_remembers_the_first_answer(exercise):
    memory = []

    def lazy(given):
        memory.append(memory[0] if memory else exercise.reference(*given))
        return memory[0]

    refused(exercise, answer_by(exercise, lazy))


@every_function_with_inputs
def test_remembers_every_visible_answer(exercise):
    visible = list(exercise.cases(np.random.default_rng(0)))

    def knowing(given):
        known = any(all(map(same, given, case)) for case in visible)
        return exercise.reference(*given) if known else None

    refused(exercise, answer_by(exercise, knowing))


def same(a, b):
    if is_array(a):
        return a.shape == b.shape and bool((a == b).all())
    return a == b


@every_function_with_inputs
def test_answers_only_square_shapes(exercise):
    def is_square(given):
        shapes = [a.shape for a in given if np.ndim(a) > 1]
        return all(shape[0] == shape[1] for shape in shapes)

    cases = list(exercise.cases(np.random.default_rng(0)))
    if all(map(is_square, cases)):
        pytest.skip("no case has a matrix")

    def square(given):
        return exercise.reference(*given) if is_square(given) else 0.0

    refused(exercise, answer_by(exercise, square))


# Definitions


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
def test_is_no_plain_function():
    for exercise in FUNCTIONS:
        reference = exercise.reference
        name = reference.__name__

        class Callable:
            __call__ = staticmethod(reference)

        for answer in [
            lambda *given: reference(*given),  # noqa: B023
            functools.partial(reference),
            functools.lru_cache(reference),
            Callable(),
            Callable,
            types.MethodType(reference, 1),
            run_cell(f"async def {name}(): pass")[name],
            run_cell(f"async def {name}(): yield")[name],
            run_cell(f"def {name}(): yield")[name],
            run_cell(f"def {name}(a, b, c, d, e, f, g, h): pass")[name],
            run_cell(f"def {name}(*args): pass")[name] if exercise.inputs else None,
            *(make() for make in hostile.RETURNED.values()),
        ]:
            verdict = refused(exercise, answer)
            assert verdict.rung is Rung.DEFINED_DIFFERENTLY


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
def test_is_no_class_where_one_is_wanted():
    for exercise in TOYS:
        if not is_function(exercise):
            for answer in [
                exercise.reference.__init__,
                lambda: exercise.reference,  # noqa: B023
                *(make() for make in hostile.RETURNED.values()),
            ]:
                assert judge(exercise, answer).rung is Rung.DEFINED_DIFFERENTLY


# Endless


@pytest.fixture
def alarm():
    """Ctrl+C, a moment after it is asked for."""
    assert threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    yield lambda seconds=0.1: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "lines",
    [
        "import time\ntime.sleep(60)",
        "while True: pass",
        "while True:\n    try: x\n    except Exception: pass",
        "while True: print('again')",
    ],
)
@pytest.mark.parametrize("exercise", [TOTAL, SOFT], ids=lambda e: e.id)
def test_never_ends_and_is_interrupted(exercise, lines, alarm):
    answer = answer_of(exercise, lines)
    alarm()
    verdict = judge(exercise, answer)
    assert verdict.rung is Rung.STOPPED
    assert "is there a loop that never ends?" in as_text(verdict)
    alarm()
    assert handed_back(exercise, answer) is exercise.reference
    assert judge(DOUBLE, DOUBLE.reference).passed


def test_is_interrupted_and_makes_an_answer_of_it(alarm):
    lines = "try:\n    while True: pass\nexcept KeyboardInterrupt:\n    return 5"
    answer = answer_of(TOTAL, lines)
    for seconds in (0.1, 0.2):
        alarm(seconds)
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        assert not judge(TOTAL, answer).passed
        signal.setitimer(signal.ITIMER_REAL, 0)
