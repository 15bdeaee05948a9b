"""A check leaves the session as it was, whatever the answer does to it."""

import copy
import io
import logging
import random
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pytest
import torch
from cells import body, judge_cell, run_cell
from toy_lesson import DOUBLE, SOFT

from diagnose.ladder import judge
from diagnose.running import LimitedOutput, run, unchanged

# The session


def legacy_state():
    return np.random.get_state()[1].tolist()  # noqa: NPY002


STATES = {
    "random": (random.getstate, "random.random()"),
    "random's seed": (random.getstate, "random.seed(1)"),
    "numpy's random": (legacy_state, "np.random.rand(3)"),
    "numpy's seed": (legacy_state, "np.random.seed(1)"),
    "torch's random": (lambda: torch.get_rng_state().tolist(), "torch.rand(3)"),
    "torch's seed": (lambda: torch.get_rng_state().tolist(), "torch.manual_seed(1)"),
    "print options": (
        np.get_printoptions,
        "np.set_printoptions(precision=1, threshold=1, formatter={'all': hex})",
    ),
    "errors": (np.geterr, "np.seterr(all='raise')"),
    "warnings": (lambda: list(warnings.filters), "warnings.simplefilter('ignore')"),
    "recursion": (sys.getrecursionlimit, "sys.setrecursionlimit(500)"),
    "dtype": (torch.get_default_dtype, "torch.set_default_dtype(torch.float64)"),
    "grad": (torch.is_grad_enabled, "torch.set_grad_enabled(False)"),
    "output": (lambda: (sys.stdout, sys.stderr), "sys.stdout = sys.stderr = None"),
}
LIBRARIES = {"random": random, "sys": sys, "torch": torch, "warnings": warnings}


@pytest.mark.parametrize(
    "last", ["return 2 * x", "raise ValueError", "raise SystemExit"]
)
@pytest.mark.parametrize("name", STATES)
def test_state_is_put_back(name, last):
    state, change = STATES[name]
    before = state()
    verdict = judge_cell(DOUBLE, body(DOUBLE, change, last), **LIBRARIES)
    assert state() == before
    assert verdict.passed == (last == "return 2 * x")


def test_state_is_put_back_after_gradients():
    for name in ("torch's seed", "dtype", "grad"):
        state, change = STATES[name]
        before = state()
        judge_cell(SOFT, body(SOFT, change, "return (1 + (x @ w).exp()).log()"),
                   **LIBRARIES)  # fmt: skip
        assert state() == before


def test_one_call_does_not_disturb_the_next():
    """Each case finds the session's state, not the one that the last call left."""
    seen = []
    cell = body(DOUBLE, "seen.append(np.random.rand())", "return 2 * x")
    judge_cell(DOUBLE, cell, seen=seen)
    assert len(seen) > 1
    assert len(set(seen)) == 1


def test_a_low_recursion_limit_does_not_catch_the_engine():
    depth = "import inspect", "sys.setrecursionlimit(len(inspect.stack(0)) + 20)"
    assert judge_cell(DOUBLE, body(DOUBLE, *depth, "return 2 * x"), sys=sys).passed
    assert not judge_cell(DOUBLE, body(DOUBLE, *depth, "return x"), sys=sys).passed


def test_a_session_that_raises_on_every_warning():
    with np.errstate(all="raise"):
        for line in ["return x * 1e300", "return x * 1e308", "return 0 * x"]:
            assert not judge_cell(DOUBLE, body(DOUBLE, line)).passed


# Inputs


def test_answers_get_copies():
    given = []
    cell = body(DOUBLE, "given.append(x)", "x *= 2", "return x")
    verdict = judge_cell(DOUBLE, cell, given=given)
    assert given[0].tolist() == [2.0, -6.0, 1.0]
    assert verdict.case.inputs["x"].tolist() == [1.0, -3.0, 0.5]


BEFORE = [
    np.array([1.0, np.nan]),
    np.array([1, 2]),
    torch.tensor([1.0, 2.0]),
    [np.ones(2), 3],
    (np.ones(2), [1, 2]),
    {"w": np.ones(2), "b": 1.0},
    1.5,
    float("nan"),
    "text",
    np.float64(1),
    torch.Size([2, 3]),
]


@pytest.mark.parametrize("before", BEFORE, ids=repr)
def test_what_is_unchanged(before):
    assert unchanged(before, copy.deepcopy(before))


class Trap:
    def __eq__(self, other):
        raise ValueError

    def __len__(self):
        raise ValueError

    __hash__ = None


CHANGES = [
    (np.ones(2), "x[0] = 2"),
    (np.ones(2), "x[0] = np.nan"),
    (np.zeros(2), "x[0] = -0.0"),
    (np.ones((2, 3)), "x.shape = 6"),
    (np.ones(2), "x.dtype = int"),
    (torch.ones(2), "x += 1"),
    (torch.ones(2), "x.data = x.double()"),
    (torch.ones(2), "x.resize_(1)"),
    ([np.ones(2)], "x[0][0] = 2"),
    ([np.ones(2)], "x[0] = None"),
    ([1, 2], "x.append(3)"),
    ([1, [2]], "x[1] = trap"),
    ([1, 2], "x[0] = trap"),
    ([1, 2], "x[0] = 1.0"),
    (["a"], "x[0] = trap"),
    ({"a": 1}, "x['b'] = 2"),
    ({"a": 1}, "x['a'] = trap"),
    ({"a": np.ones(2)}, "x['a'] = trap"),
    ({"a": 1, "b": 2}, "x['a'] = x.pop('a')"),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("before", "line"), CHANGES)
def test_what_is_changed(before, line):
    names = run_cell(f"def f(x):\n    {line}", torch=torch, trap=Trap())
    outcome = run(names["f"], lambda answer, x: answer(x), (before,), ("x",))
    assert outcome.error is None
    assert outcome.changed == ("x",)


def test_a_view_of_the_input_is_no_change():
    outcome = run(lambda x: x[::-1], lambda answer, x: answer(x), (np.ones(2),), ("x",))
    assert outcome.changed == ()


# Output


def printed(*lines, **names):
    out = io.StringIO()
    with redirect_stdout(out):
        judge_cell(DOUBLE, body(DOUBLE, *lines), **names)
    return out.getvalue()


CUT = "… (what your code prints is cut here)\n"


def test_what_is_printed_is_shown():
    assert printed("print('size', x.size)", "return 2 * x").splitlines() == [
        "size 3",
        "size 6",
        "size 12",
        "size 3",
        "size 6",
        "size 12",
    ]


def test_twenty_lines_are_shown():
    output = printed("for i in range(10_000): print(i)", "return 2 * x")
    assert output == "".join(f"{i}\n" for i in range(20)) + CUT


def test_twenty_lines_and_no_more_are_not_cut():
    output = printed(
        "if x.ndim == 1 and x[0] == 1: print('a\\n' * 9 + 'b')", "return x"
    )
    assert output == ("a\n" * 9 + "b\n") * 2


def test_one_endless_line_is_cut():
    output = printed("for i in range(10**5): print('ha', end='')", "return 2 * x")
    assert output == "ha" * 2000 + "\n" + CUT
    output = printed("print('ha' * 10**7)", "return 2 * x")
    assert output == "ha" * 2000 + "\n" + CUT


def test_lines_are_counted_however_they_are_written():
    output = printed(
        "import sys",
        "for i in range(50): sys.stdout.writelines(['a', 'b', '\\n'])",
        "return 2 * x",
    )
    assert output == "ab\n" * 20 + CUT


def test_a_lone_surrogate_is_printable():
    assert printed("print('\\ud800')", "return 2 * x").startswith("?\n")


def test_errors_are_limited_too():
    err = io.StringIO()
    with redirect_stderr(err):
        judge_cell(
            DOUBLE,
            body(
                DOUBLE,
                "import sys",
                "for i in range(99): print(i, file=sys.stderr)",
                "return 2 * x",
            ),
        )
    assert err.getvalue().endswith("19\n" + CUT)


def test_what_is_printed_on_the_way_to_gradients_is_not_shown_again():
    out = io.StringIO()
    with redirect_stdout(out):
        judge_cell(
            SOFT,
            body(SOFT, "print('called')", "return (1 + (x @ w).exp()).log()"),
        )
    assert out.getvalue() == "called\n" * 4


def test_a_warning_is_shown_once():
    answer = run_cell(body(DOUBLE, "x / np.zeros(1)", "return 2 * x"))["double"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        assert judge(DOUBLE, answer).passed
    assert len([w for w in caught if w.category is RuntimeWarning]) == 1


def test_a_logger_made_within_goes_on_afterwards():
    err = io.StringIO()
    with redirect_stderr(err):
        names = run_cell(
            "logs = []\n"
            + body(
                DOUBLE,
                "logs.append(logging.StreamHandler())",
                "import sys",
                "print('a\\n' * 30, file=sys.stderr)",
                "return 2 * x",
            ),
            logging=logging,
        )
        judge(DOUBLE, names["double"])
    names["logs"][0].stream.write("later\n" * 30)
    assert err.getvalue().endswith("later\n" * 30)


def test_output_can_be_asked_about():
    out = LimitedOutput(io.StringIO())
    assert out.writable()
    assert not out.readable()
    assert not out.isatty()
    out.flush()
