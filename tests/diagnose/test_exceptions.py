"""An exception is told by the student's own line, and by what it usually means."""

import numpy as np
import pytest
import torch
from cells import body, judge_cell, run_cell
from toy_lesson import DOUBLE

from diagnose.exceptions import describe_exception, message_of
from diagnose.ladder import judge
from diagnose.meanings import MEANINGS
from diagnose.rungs import Rung

FUNCTION = """
class F(torch.autograd.Function):
    forward = staticmethod(lambda ctx, a, *rest: 2 * a)
    backward = staticmethod(lambda ctx, blame: (1.0, blame))
b = 1
"""

# What a student would write, and the beginning of what it means. ``x`` is an array
# (2, 3), ``t`` a tensor like it, ``w`` a parameter.
REAL_CODE = [
    ("y = 1\nraise NotImplementedError", "The line `raise NotImplementedError`"),
    ("return torch.nn.ModuleList()(t)", "A ModuleList keeps layers"),
    ("return torch.nn.Module()(t)", "`Module` has no method `forward`"),
    ("y += x\nreturn y", "`y` is used before it is given a value"),
    ("if x is None: y = 1\nreturn y", "`y` is used before it is given a value"),
    ("return xs * 2", "Python knows no `xs` here. Did you mean `x`?"),
    ("return math.pi", "Python knows no `math` here. Is `import math` missing?"),
    ("return F.relu(t)", "Python knows no `F` here. Is `from torch.nn import"),
    ("return x @ x", "In `a @ b`, a's columns"),
    ("return np.matmul(x, x)", "In `a @ b`, a's columns"),
    ("return np.dot(x, x)", "In a product, the columns of (2,3)"),
    ("return x.dot(x)", "In a product, the columns of (2,3)"),
    ("return t @ t", "In `a @ b`, the columns of 2x3"),
    ("return torch.nn.Linear(2, 4)(t)", "In `a @ b`, the columns of 2x3"),
    ("return t[0] @ w.T[:2].T", "In `a @ b`"),
    ("return torch.bmm(t[None], t[None])", "In a product"),
    ("return t.mv(torch.ones(2))", "In a product"),
    ("return x + np.ones(2)", "These shapes can't stand side by side"),
    ("x[:] = np.ones(4)", "These shapes can't stand side by side"),
    ("return x[[0, 1], [0, 1, 2]]", "These shapes can't stand side by side"),
    (
        "return t[torch.arange(2), torch.arange(3)]",
        "These shapes can't stand side by side",
    ),
    ("np.broadcast_to(x, (2, 2, 3))[:] = 1", "This array may be read and not"),
    ("x += np.ones((5, 2, 3))", "The array that is written into"),
    ("return t + torch.ones(2)", "These shapes can't stand side by side"),
    ("t += torch.ones(5, 2, 3)", "The array that is written into"),
    ("return np.concatenate([x, x.T])", "Arrays that are joined"),
    ("return np.stack([x, x.T])", "Arrays that are joined"),
    ("return torch.cat([t, t.T])", "Arrays that are joined"),
    ("return torch.stack([t, t.T])", "Arrays that are joined"),
    ("return x.reshape(4, 2)", "A reshape keeps every number"),
    ("return t.reshape(4, 2)", "A reshape keeps every number"),
    ("return t.view(4, -1)", "A reshape keeps every number"),
    ("return 1 if x > 0 else 0", "An `if`, an `and` or Python's own `max` needs one"),
    ("return max(x, 0)", "An `if`, an `and` or Python's own `max` needs one"),
    ("return max(t, 0)", "An `if`, an `and` or Python's own `max` needs one"),
    ("while t > 0: t = t - 1", "An `if`, an `and` or Python's own `max` needs one"),
    ("return torch.conv2d(t[None, None], torch.ones(1, 2, 1, 1))", "This convolution"),
    ("return t.permute(0, 1, 2)", "`permute` has to name every axis"),
    ("w -= 0.1 * t", "autograd keeps watch over a parameter"),
    ("w[0] = 1", "autograd keeps watch over a parameter"),
    ("return (w * 2).numpy()", "NumPy would lose the trail"),
    ("return np.asarray(w)", "NumPy would lose the trail"),
    ("t.sum().backward()", "There is no way back"),
    (f"{FUNCTION}F.apply(w, b, b).sum().backward()", "`backward` returns one thing"),
    (f"{FUNCTION}F.apply(w, w).sum().backward()", "What `backward` returns has to be"),
    ("return t > 0 & t < 1", "`&` and `|` are worked out before"),
    ("return x > 0 | x < 1", "`&` and `|` are worked out before"),
    ("(w * 2).backward()", "`backward()` starts from a single number"),
    ("y = (w**2).sum()\ny.backward()\ny.backward()", "The way back was walked already"),
    ("return t @ t.double().T", "Two tensors of different dtypes met"),
    ("return t @ torch.from_numpy(x).T", "Two tensors of different dtypes met"),
    ("return torch.nn.Linear(3, 4)(t.double())", "Two tensors of different dtypes met"),
    (
        "return torch.conv2d(t[None, None].double(), torch.ones(1, 1, 2, 2))",
        "Two tensors of different dtypes met",
    ),
    ("return torch.arange(3) @ t.T", "Two tensors of different dtypes met"),
    ("return torch.arange(6).mean()", "This works on floats"),
    ("return x.sort() * 2", "Something here is None"),
    ("return None + x", "Something here is None"),
    ("return len(None)", "Something here is None"),
    ("h, y = x.sort()", "Something here is None"),
    ("return x.sort().T", "Something here is None"),
    ("return w.grad.zero_()", "Something here is None"),
    ("return x + 'a'", "These two kinds of value don't go together"),
    ("return [1] / 2", "These two kinds of value don't go together"),
    ("return 'a' + 1", "These two kinds of value don't go together"),
    ("return [1] + 1", "These two kinds of value don't go together"),
    ("return [1] > 1", "These two kinds of value don't go together"),
    ("return torch.max(t, 0) @ t", "Along an axis, torch's `max` gives two things"),
    ("return torch.min(t, 0).exp()", "Along an axis, torch's `min` gives two things"),
    ("return torch.maximum(t, 0)", "This function works on tensors only"),
    ("return x ^ 2", "In Python, `^` is no power"),
    ("return t ^ 2", "In Python, `^` is no power"),
    ("return 1.5 ^ 2", "In Python, `^` is no power"),
    ("return 1 + t.numel", "A function stands here where its result is due"),
    ("return t.max((0, 1))", "torch's `max` goes along one axis; `amax`"),
    ("return t.transpose(1, 0, 2)", "torch's `transpose` exchanges two axes"),
    ("return sum(3)", "A loop goes through the items of something"),
    ("return x(0)", "Round brackets call a function"),
    ("return x.shape(0)", "Round brackets call a function"),
    ("return t.shape(0)", "Round brackets call a function"),
    ("return np.maximum[x, 0]", "Square brackets take an entry out"),
    ("return np.zeros(2, 3)", "A shape goes in as one thing"),
    ("return np.ones(2, 3)", "A shape goes in as one thing"),
    ("return x.sum(dim=0)", "That function has no argument of that name"),
    ("return np.sum(x, dim=0)", "That function has no argument of that name"),
    ("return t.sum(aksis=0)", "That function has no argument of that name"),
    ("return double(x, x)", "The function was called with"),
    ("return double()", "The function was called with"),
    ("return float(x)", "One number is needed here"),
    ("return range(x)", "One number is needed here"),
    ("return [1, 2, 3][x]", "One number is needed here"),
    ("return float(t)", "One number is needed here"),
    ("return t.item()", "One number is needed here"),
    ("return t[: torch.tensor([1, 2])]", "One number is needed here"),
    ("y = [1, 2]\nreturn y[1.0]", "An index counts"),
    ("return x[1.0]", "An index counts"),
    ("return x[x]", "An index counts"),
    ("return t[t]", "An index counts"),
    ("return range(1.5)", "An index counts"),
    ("return np.zeros(3 / 2)", "An index counts"),
    ("return x.clamp(0)", "NumPy arrays have no `clamp`"),
    ("return x.relu()", "NumPy arrays have no `relu`"),
    ("return t.astype(float)", "Tensors have no `astype`"),
    ("return t.copy()", "Tensors have no `copy`"),
    ("return [1, 2].shape", "That is a plain list"),
    ("return [1, 2].T", "That is a plain list"),
    ("return np.maximun(x, 0)", "`numpy` has no `maximun`. Did you mean `maximum`?"),
    ("return torch.rellu(t)", "`torch` has no `rellu`. Did you mean `relu`?"),
    ("return x[2]", "An index points past the end"),
    ("return x.shape[2]", "An index points past the end"),
    (
        "return t.scatter(0, torch.full((1, 1), 2), 1.0)",
        "An index points past the end",
    ),
    ("return x[2:].max(0)", "There is nothing here to compare"),
    ("return t[2:].amax(0)", "There is nothing here to compare"),
    ("return x[0, 0, 0]", "Each index in the brackets takes one axis"),
    ("return t[2]", "An index points past the end"),
    ("return t[0, 0, 0]", "Each index in the brackets takes one axis"),
    ("return x.sum(axis=2)", "That axis doesn't exist"),
    ("return t.sum(dim=2)", "That axis doesn't exist"),
    ("h, y = x.T", "What stands right of the `=`"),
    ("h, y, z = x", "What stands right of the `=`"),
    ("return {'w': 1}['v']", "A dict was asked for a key"),
    ("return 1 / 0", "Something was divided by zero"),
    ("return double(x)", "The function calls itself"),
    ("return np.ones((10**9, 10**9))", "The computer has no room"),
    ("return torch.ones(10**9, 10**9)", "The computer has no room"),
    ("exit()", "`exit()` ends all of Python"),
    ("import sys; sys.exit(1)", "`exit()` ends all of Python"),
]


def raised_by(code):
    lines = "\n".join(f"    {line}" for line in code.splitlines())
    names = run_cell(f"def double(x, t, w):\n{lines}\n", torch=torch)
    if "double(x)" in code:
        names = run_cell(f"def double(x, t=None, w=None):\n{lines}\n")
    x = np.array([[1.0, 2.0, -1.0], [0.5, 0.25, 4.0]])
    t = torch.from_numpy(x).float()
    with pytest.raises(BaseException) as caught:
        names["double"](x, t, t.clone().requires_grad_())
    filename = names["double"].__code__.co_filename
    return describe_exception(caught.value, filename)


@pytest.mark.parametrize(("code", "meaning"), REAL_CODE, ids=[c for c, _ in REAL_CODE])
def test_what_it_usually_means(code, meaning):
    raised = raised_by(code)
    assert raised.meaning.startswith(meaning), raised
    assert "{" not in raised.meaning


def test_every_meaning_is_reached():
    meanings = {raised_by(code).meaning for code, _ in REAL_CODE}
    for _, _, meaning in MEANINGS:
        first_words = meaning.split("{")[0]
        rest = meaning.split("}")[-1]
        assert any(m.startswith(first_words) and m.endswith(rest) for m in meanings)


# Which line


def test_the_student_s_own_line_is_shown_not_the_library_s():
    verdict = judge_cell(
        DOUBLE,
        """
        def double(x):
            y = 2 * x
            return np.concatenate([y,
                                   x[:, None]])
        """,
    )
    assert verdict.rung is Rung.RAISED
    assert verdict.raised.line_number == 4
    assert verdict.raised.line == "return np.concatenate([y,"
    assert verdict.sentences[0].startswith("ValueError on line 4: all the input")


def test_of_a_helper_in_another_cell_the_call_is_shown():
    helper = run_cell("def helper(x):\n    return x.nothing")["helper"]
    verdict = judge_cell(DOUBLE, body(DOUBLE, "return helper(x)"), helper=helper)
    assert verdict.raised.line == "return helper(x)"


def test_of_a_helper_in_the_same_cell_the_helper_s_line_is_shown():
    cell = "def helper(x):\n    return x.nothing\n\n" + body(DOUBLE, "return helper(x)")
    assert judge_cell(DOUBLE, cell).raised.line == "return x.nothing"


def test_of_a_decorated_answer_the_line_in_its_own_cell_is_shown():
    decorator = """
        import functools

        def timed(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper
        """
    timed = run_cell(decorator)["timed"]
    cell = "@timed\n" + body(DOUBLE, "return x.nothing")
    assert judge_cell(DOUBLE, cell, timed=timed).raised.line == "return x.nothing"


def test_a_failed_assertion_of_one_s_own():
    verdict = judge_cell(DOUBLE, body(DOUBLE, "assert x.ndim == 5, 'five axes'"))
    assert verdict.sentences == ("AssertionError on line 2: five axes.",)


def test_code_without_source_has_no_line():
    double = eval("lambda x: x.nothing")
    double.__name__ = "double"
    verdict = judge(DOUBLE, double)
    assert verdict.rung is Rung.RAISED
    assert verdict.raised.line == ""


# Near names


def test_a_misspelt_local_name():
    verdict = judge_cell(DOUBLE, body(DOUBLE, "result = 2 * x", "return reslut"))
    assert "Did you mean `result`?" in verdict.sentences[1]


def test_no_name_is_near():
    verdict = judge_cell(DOUBLE, body(DOUBLE, "return qqqqq"))
    assert "Did you mean" not in verdict.sentences[1]


# Messages


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("raise ValueError", ""),
        ("raise ValueError('one\\n   two.')", "one two"),
        ("raise ValueError('x' * 10**7)", "x" * 300 + "…"),
        ("raise ValueError('a', 2)", "('a', 2)"),
        ("raise KeyError('k')", "'k'"),
        ("raise Silent", "(its message can't be shown)"),
        ("raise NoText", "(its message can't be shown)"),
        ("raise ExceptionGroup('both', [ValueError(1)])", "both (1 sub-exception)"),
    ],
)
def test_messages_fit_on_a_line(line, message):
    class Silent(Exception):
        def __str__(self):
            raise SystemExit

    class NoText(Exception):
        def __str__(self):
            return 5

    cell = body(DOUBLE, line)
    verdict = judge_cell(DOUBLE, cell, Silent=Silent, NoText=NoText)
    assert verdict.rung is Rung.RAISED
    assert verdict.raised.message == message


def test_message_of_an_exception_that_was_never_raised():
    assert message_of(ValueError("text")) == "text"
    assert describe_exception(ValueError("text"), "a file").line_number is None


def test_names_that_lie():
    """What an exception says of itself is looked at, and never relied on."""
    for error in [NameError(name=5), NameError("name 'x' is not defined", name=[])]:
        names = {"error": error}
        assert judge_cell(DOUBLE, body(DOUBLE, "raise error"), **names).raised
    trap = AttributeError("module 'm' has no attribute 'n'", name="n", obj=Trap())
    assert judge_cell(DOUBLE, body(DOUBLE, "raise trap"), trap=trap).raised


class Trap:
    @property
    def __class__(self):
        raise ValueError


def test_a_traceback_that_raises():
    class Hidden(Exception):
        @property
        def __traceback__(self):
            raise SystemExit

        @property
        def __class__(self):
            raise SystemExit

        def __bool__(self):
            raise SystemExit

    verdict = judge_cell(DOUBLE, body(DOUBLE, "raise Hidden"), Hidden=Hidden)
    assert verdict.rung is Rung.RAISED
    assert verdict.raised.line == "raise Hidden"
