"""How an answer may be defined, told before it is called."""

import functools

import numpy as np
import pytest
import torch
from cells import body, judge_cell, run_cell
from toy_lesson import AFFINE, CUBE, DOUBLE

from diagnose.definition import definition_problem, is_stub, source_of
from diagnose.exercise import Exercise
from diagnose.ladder import judge
from diagnose.rungs import Rung


def step(x, learning_rate=0.1):
    """A function with a default."""
    return x - learning_rate


def problem(source, reference=step, **names):
    return definition_problem(
        run_cell(source, torch=torch, **names)[reference.__name__], reference
    )


# Functions

WELCOME = [
    "def step(x, learning_rate=0.1): return x",
    "def step(x, learning_rate=1): return x",
    "def step(x: np.ndarray, learning_rate: float = 0.1) -> np.ndarray: return x",
    "def step(x: 'no such name', learning_rate=0.1): return x",
    "def step(x, learning_rate=0.1, verbose=False): return x",
    "def step(x, learning_rate=0.1, *rest, **named): return x",
    "def step(x, learning_rate=0.1, *, verbose=False): return x",
    "def step(x=None, learning_rate=0.1): return x",
]


@pytest.mark.parametrize("source", WELCOME)
def test_signatures_that_can_be_called_as_the_stub_can(source):
    assert problem(source) is None


REFUSED = [
    "def step(x): return x",
    "def step(x, learning_rate): return x",
    "def step(learning_rate=0.1, x=1): return x",
    "def step(x, lr=0.1): return x",
    "def step(x, learning_rate=0.1, *, verbose): return x",
    "def step(x, *, learning_rate=0.1): return x",
    "def step(x, /, learning_rate=0.1): return x",
    "def step(*args, **kwargs): return x",
    "def step(): return x",
]


@pytest.mark.parametrize("source", REFUSED)
def test_other_signatures(source):
    assert problem(source) == (
        "The first line should read `def step(x, learning_rate=0.1):`; later cells "
        "call it that way."
    )


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("step = lambda x, learning_rate=0.1: x", "a lambda came"),
        ("async def step(x, learning_rate=0.1): return x", "`async` isn't needed"),
        ("async def step(x, learning_rate=0.1): yield x", "`async` isn't needed"),
        ("def step(x, learning_rate=0.1): yield x", "`yield` makes a generator"),
        ("def stp(x, learning_rate=0.1): return x\nstep = stp", "is called `stp`"),
        ("class step: pass", "a class came"),
        ("import functools\nstep = functools.partial(max)", "class partial came"),
        ("step = np.maximum", "an object of class ufunc came"),
        ("step = len", "a built-in function came"),
        ("step = [].append", "a built-in function came"),
        ("class A:\n def step(self): pass\nstep = A().step", "a method came"),
        (
            "class A:\n def __call__(self, x): pass\nstep = A()",
            "object of class A came",
        ),
        ("step = 5", "a Python int came"),
        ("step = None", "nothing (None) came"),
        ("step = np.ones(2)", "a NumPy array, float64, shape (2,) came"),
    ],
)
def test_what_is_no_function(source, says):
    assert says in problem(source)


def test_a_decorated_function_is_judged_by_what_was_written():
    source = """
    import functools

    def wrapped(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper

    @wrapped
    @wrapped
    def step(x, {rest}): {do} x
    """

    def ask(rest, do="return"):
        return problem(source.replace("{rest}", rest).replace("{do}", do))

    assert ask("learning_rate=0.1") is None
    assert "should read" in ask("lr=0.1")
    assert "`yield`" in ask("learning_rate=0.1", do="yield")


def test_a_wrapper_must_take_the_arguments_too():
    source = """
    import functools

    def step(x, learning_rate=0.1): return x

    @functools.wraps(step)
    def wrapper({takes}): return x

    step = wrapper
    """
    assert problem(source.replace("{takes}", "x, *rest, **named")) is None
    assert "should read" in problem(source.replace("{takes}", "*rest"))
    assert "should read" in problem(source.replace("{takes}", "x"))


def test_attributes_that_lie():
    plain = "def step(x, learning_rate=0.1): return x\n"
    for lie in [
        "step.__wrapped__ = step",
        "step.__wrapped__ = 5",
        "step.__wrapped__ = lambda: 0",
        "step.__signature__ = 'none'",
        "step.__annotations__ = {'x': 1, 2: 3}",
        "step.__module__ = 5",
        "step.__defaults__ = None",
        "step.__kwdefaults__ = {'more': 1}",
        "step.__doc__ = 5",
        "step.__dict__['__code__'] = 5",
        "step.__code__ = (lambda x: 0).__code__",
    ]:
        answer = run_cell(plain + lie)["step"]
        definition_problem(answer, step)  # raises nothing
        assert source_of(answer)
        assert judge(STEP, answer).rung in (Rung.WRONG_VALUES, Rung.DEFINED_DIFFERENTLY)


STEP = Exercise(
    "99.step",
    reference=step,
    oracle=lambda x, learning_rate: x - 2 * learning_rate,
    cases=lambda rng: [(np.ones(2), 0.5)],
    mistakes=(),
    hints=(),
    minutes=1,
    difficulty=1,
)


def test_the_verdict_on_another_definition():
    verdict = judge_cell(DOUBLE, "def double(y): return 2 * y")
    assert verdict.rung is Rung.DEFINED_DIFFERENTLY
    assert verdict.sentences == (
        "The first line should read `def double(x):`; later cells call it that way.",
    )


# Classes


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "def Affine(D, K): pass",
            "A class is wanted here, `class Affine`; a function",
        ),
        ("Affine = torch.nn.Linear", "The class is called `Linear`"),
        ("class Affine: pass", "must inherit from `Module`"),
        ("class Affine(torch.nn.Linear): pass", None),
        ("Affine = torch.nn.Linear(2, 3)", "an object of class Linear came"),
    ],
)
def test_classes(source, says):
    found = problem(source, AFFINE.reference)
    assert found is None if says is None else says in found


def test_a_class_whose_metaclass_lies():
    source = """
    class Meta(type(torch.autograd.Function)):
        def __eq__(self, other): raise ValueError
        def __hash__(self): raise ValueError
        def __instancecheck__(self, other): raise ValueError
        __name__ = property(lambda self: 1 / 0)
        __mro__ = property(lambda self: 1 / 0)

    class Trap:
        def __getattr__(self, name): raise ValueError

    class Cube(torch.autograd.Function, metaclass=Meta):
        trap = Trap()

        @staticmethod
        def forward(ctx, x): return x

        @staticmethod
        def backward(ctx, grad): return grad
    """
    verdict = judge_cell(CUBE, source, torch=torch)
    assert verdict.rung in (Rung.WRONG_VALUES, Rung.RAISED)


# What an answer's own name means to it


def test_an_answer_that_calls_the_course_s_version_does_not_pass():
    names = run_cell("", double=DOUBLE.reference)
    exec("def double(x): return double(x)", names)
    verdict = judge(DOUBLE, names["double"])
    assert verdict.raised.name == "RecursionError"
    names["double"] = DOUBLE.reference
    exec("answer = lambda x: double(x)\nanswer.__name__ = 'double'", names)
    assert judge(DOUBLE, names["answer"]).raised.name == "RecursionError"
    assert names["double"] is DOUBLE.reference


def test_an_answer_may_call_itself():
    cell = body(DOUBLE, "return 2 * x if x.ndim < 2 else np.array([*map(double, x)])")
    answer = run_cell(cell)["double"]
    del answer.__globals__["double"]
    assert judge(DOUBLE, answer).passed
    assert "double" not in answer.__globals__


def test_a_class_may_call_itself_by_name():
    source = """
    class Affine(torch.nn.Module):
        def __init__(self, D, K):
            super(Affine, self).__init__()
            self.weight = torch.nn.Parameter(torch.ones(D, K))
            self.bias = torch.nn.Parameter(torch.ones(K))

        def forward(self, x):
            return x @ self.weight + self.bias
    """
    names = run_cell(source, torch=torch)
    answer, names["Affine"] = names["Affine"], AFFINE.reference
    assert judge(AFFINE, answer).passed


# Source and stubs


def test_a_stub_is_an_empty_body():
    for line in ["raise NotImplementedError", "raise NotImplementedError()", "...",
                 "pass", "'''Only a docstring.'''"]:  # fmt: skip
        assert is_stub(run_cell(body(DOUBLE, line))["double"])
        assert is_stub(run_cell(body(DOUBLE, "'''Doc.'''", line))["double"])
    for line in ["return None", "x", "raise ValueError", "raise", "raise a.b.c"]:
        assert not is_stub(run_cell(body(DOUBLE, line))["double"])


def test_source_is_there_for_every_way_of_defining():
    assert "2 * x" in source_of(run_cell(body(DOUBLE, "return 2 * x"))["double"])
    assert "def forward" in source_of(CUBE.reference)
    assert "def backward" in source_of(CUBE.reference)
    assert source_of(eval("lambda x: x")) == ""
    assert source_of(type("Empty", (), {})) == ""


def test_source_of_what_has_moved():
    """A function whose file has changed since has some source or none."""
    answer = run_cell(body(DOUBLE, "return 2 * x"))["double"]
    answer.__code__ = answer.__code__.replace(co_firstlineno=10**6)
    assert source_of(answer) == ""
    assert not is_stub(answer)


def test_a_partial_has_no_name_to_trip_over():
    verdict = judge(DOUBLE, functools.partial(lambda x: 2 * x))
    assert verdict.rung is Rung.DEFINED_DIFFERENTLY
