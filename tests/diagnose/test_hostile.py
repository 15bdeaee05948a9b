"""Whatever an answer does, it doesn't pass, and the session goes on."""

import functools
import inspect
import signal
import threading
import types

import hostile
import numpy as np
import pytest
from answers import (
    FUNCTIONS,
    answer_by,
    answer_of,
    crossed,
    every_function,
    every_function_that_returns_with_inputs,
    every_function_with_inputs,
    every_toy_function,
    is_array,
    is_function,
    refused,
)
from cells import run_cell
from toy_lesson import DOUBLE, SOFT, TOTAL
from toy_lesson import EXERCISES as TOYS

from diagnose.card import as_text
from diagnose.ladder import judge
from diagnose.rungs import Rung
from helpers import exercise as exercise_decorator

# Exceptions


@crossed("name", hostile.RAISED, {"SystemExit", "KeyboardInterrupt"})
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


# Output


@every_toy_function
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


def arrays_in(given):
    """The arrays and tensors among inputs, and those in lists of them."""
    flat = [item for a in given for item in (a if isinstance(a, list) else [a])]
    return [item for item in flat if is_array(item)]


@every_function_that_returns_with_inputs
def test_changes_its_inputs(exercise):
    (first, *_) = exercise.cases(np.random.default_rng(0))
    if not arrays_in(first):
        pytest.skip("its inputs are numbers, which nobody can change")

    def spoiling(given):
        value = exercise.reference(*given)
        arrays_in(given)[0][...] = 7
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
@every_toy_function
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
        shapes = [a.shape for a in arrays_in(given) if a.ndim > 1]
        return all(shape[0] == shape[1] for shape in shapes)

    cases = list(exercise.cases(np.random.default_rng(0)))
    if all(map(is_square, cases)):
        pytest.skip("no case has a matrix")

    lopsided = []

    def square(given):
        lopsided.append(not is_square(given))
        return -7.0 if lopsided[-1] else exercise.reference(*given)

    answer = answer_by(exercise, square)
    judge(exercise, answer)
    if not any(lopsided):
        pytest.skip("its probe hands the answer no matrix")
    refused(exercise, answer)


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


def handed_back(exercise, answer):
    return exercise_decorator(exercise, practice=True)(answer)


@pytest.fixture
def alarm():
    """Ctrl+C, a moment after it is asked for.

    Answers ask for it themselves: it must come while they run, however long it takes
    on a busy machine until they do.
    """
    if not hasattr(signal, "setitimer"):
        pytest.skip("Windows has no alarm to set")
    assert threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.1)
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
    answer = answer_of(exercise, f"alarm()\n{lines}", alarm=alarm)
    verdict = judge(exercise, answer)
    assert verdict.rung is Rung.STOPPED
    assert "is there a loop that never ends?" in as_text(verdict)
    assert handed_back(exercise, answer) is exercise.reference
    assert judge(DOUBLE, DOUBLE.reference).passed


def test_is_interrupted_and_makes_an_answer_of_it(alarm):
    lines = "try:\n    while True: pass\nexcept KeyboardInterrupt:\n    return 5"
    answer = answer_of(TOTAL, f"alarm()\n{lines}", alarm=alarm)
    assert not judge(TOTAL, answer).passed
