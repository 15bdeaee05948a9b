"""Every rung of the ladder, reached by an answer, in order."""

import dataclasses

import pytest
import torch
from cells import body, judge_cell
from toy_lesson import AFFINE, CENTRE, CUBE, DOUBLE, PREDICT_TABLE, SOFT, TOTAL

from diagnose.rungs import Rung

# rung, exercise, what the answer's cell says
RUNGS = [
    (Rung.NOT_ATTEMPTED, DOUBLE, body(DOUBLE, "'Doc.'", "raise NotImplementedError")),
    (Rung.NOT_ATTEMPTED, DOUBLE, body(DOUBLE, "raise NotImplementedError()")),
    (Rung.NOT_ATTEMPTED, DOUBLE, body(DOUBLE, "pass")),
    (Rung.NOT_ATTEMPTED, DOUBLE, body(DOUBLE, "...")),
    (
        Rung.NOT_ATTEMPTED,
        PREDICT_TABLE,
        body(PREDICT_TABLE, "return {'shape': None, 'kind': None, 'total': None}"),
    ),
    (
        Rung.NOT_ATTEMPTED,
        PREDICT_TABLE,
        body(
            PREDICT_TABLE, "return {'shape': (None, None), 'kind': None, 'total': None}"
        ),
    ),
    (
        Rung.NOT_ATTEMPTED,
        CUBE,
        """
        class Cube(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                raise NotImplementedError

            @staticmethod
            def backward(ctx, grad):
                raise NotImplementedError
        """,
    ),
    (Rung.DEFINED_DIFFERENTLY, DOUBLE, "double = lambda x: 2 * x"),
    (Rung.STOPPED, DOUBLE, body(DOUBLE, "raise KeyboardInterrupt")),
    (Rung.RAISED, DOUBLE, body(DOUBLE, "return 2 * y")),
    (Rung.RETURNED_NOTHING, DOUBLE, body(DOUBLE, "x = 2 * x")),
    (Rung.RETURNED_NOTHING, CENTRE, body(CENTRE, "return x.mean(axis=0), None")),
    (Rung.WRONG_TYPE, DOUBLE, body(DOUBLE, "return [list(2 * x)]")),
    (Rung.WRONG_TYPE, CENTRE, body(CENTRE, "return x - x.mean(axis=0)")),
    (Rung.WRONG_TYPE, PREDICT_TABLE, body(PREDICT_TABLE, "return (2, 3)")),
    (Rung.WRONG_TYPE, PREDICT_TABLE, body(PREDICT_TABLE, "return {'shape': (2, 3)}")),
    (Rung.WRONG_TYPE, SOFT, body(SOFT, "return torch.sigmoid(x @ w).numpy()")),
    (Rung.WRONG_SHAPE, DOUBLE, body(DOUBLE, "return (2 * x)[:1]")),
    (Rung.WRONG_SHAPE, TOTAL, body(TOTAL, "return x.sum(axis=1, keepdims=True)")),
    (Rung.WRONG_DTYPE, DOUBLE, body(DOUBLE, "return (2 * x).astype(np.float32)")),
    (Rung.WRONG_DTYPE, SOFT, body(SOFT, "return torch.exp(x @ w).double()")),
    (Rung.NOT_FINITE, DOUBLE, body(DOUBLE, "return x * np.inf")),
    (Rung.NOT_FINITE, TOTAL, body(TOTAL, "return float('nan')")),
    (Rung.CHANGED_INPUTS, DOUBLE, body(DOUBLE, "x[:] = 0", "return x")),
    (
        Rung.CHANGED_LIBRARY,
        DOUBLE,
        body(DOUBLE, "np.allclose = lambda *_: True", "return x"),
    ),
    (Rung.KNOWN_MISTAKE, DOUBLE, body(DOUBLE, "return x**2")),
    (Rung.KNOWN_MISTAKE, PREDICT_TABLE, body(
        PREDICT_TABLE, "return {'shape': (3, 2), 'kind': 'matrix', 'total': 6}")),
    (Rung.KNOWN_MISTAKE, SOFT, body(SOFT, "return torch.relu(x @ w)")),
    (Rung.WRONG_VALUES, DOUBLE, body(DOUBLE, "return 2 * x + 1")),
    (Rung.WRONG_VALUES, PREDICT_TABLE, body(
        PREDICT_TABLE, "return {'shape': (2, 3), 'kind': 'cube', 'total': 6}")),
    (
        Rung.WRONG_GRADIENTS,
        SOFT,
        body(SOFT, "return torch.nn.functional.softplus(x @ w.detach())"),
    ),
    (Rung.PASSED, DOUBLE, body(DOUBLE, "return x + x")),
    (Rung.PASSED, CENTRE, body(CENTRE, "m = x.mean(axis=0)", "return [m, x - m]")),
    (Rung.PASSED, TOTAL, body(TOTAL, "return float(x.sum())")),
    (Rung.PASSED, PREDICT_TABLE, body(
        PREDICT_TABLE, "return {'shape': [2, 3], 'kind': ' Matrix', 'total': 6.0}")),
    (Rung.PASSED, SOFT, body(SOFT, "return (1 + (x @ w).exp()).log()")),
]  # fmt: skip


@pytest.mark.parametrize(("rung", "exercise", "cell"), RUNGS)
def test_rung(rung, exercise, cell):
    verdict = judge_cell(exercise, cell, torch=torch)
    assert verdict.rung is rung, verdict.sentences
    assert verdict.passed == (rung is Rung.PASSED)
    told_by_the_card_alone = rung in (Rung.PASSED, Rung.NOT_ATTEMPTED)
    assert bool(verdict.sentences) != told_by_the_card_alone


def test_every_rung_is_reached():
    assert {rung for rung, _, _ in RUNGS} == set(Rung)


CLIMB = [
    (Rung.RAISED, "return 2 * y"),
    (Rung.RETURNED_NOTHING, "return None"),
    (Rung.WRONG_TYPE, "return 'text'"),
    (Rung.WRONG_SHAPE, "return (x.astype(np.float32) * np.inf)[:1]"),
    (Rung.WRONG_DTYPE, "return x.astype(np.float32) * np.inf"),
    (Rung.NOT_FINITE, "return x * np.inf"),
    (Rung.CHANGED_INPUTS, "return x + 1"),
]


@pytest.mark.parametrize(("rung", "last_line"), CLIMB)
def test_the_first_rung_that_fails_is_told(rung, last_line):
    """Each answer fails on the rungs further up too: it changes x, to wrong values."""
    cell = body(DOUBLE, "x += 1", last_line)
    assert judge_cell(DOUBLE, cell).rung is rung


def test_a_lower_rung_in_a_later_case_comes_first():
    cell = body(DOUBLE, "return 2 * x + 1 if x.ndim == 1 else (2 * x + 1).ravel()")
    assert judge_cell(DOUBLE, cell).rung is Rung.WRONG_SHAPE


def test_the_smallest_case_is_shown():
    cell = body(DOUBLE, "return 2 * x if x.ndim == 1 else 2 * x + 1")
    case = judge_cell(DOUBLE, cell).case
    assert case.inputs["x"].shape == (2, 3)
    assert case.difference.index == (0, 0)
    assert (case.difference.expected[0, 0], case.difference.got[0, 0]) == (2, 3)


def test_what_is_right_is_said():
    verdict = judge_cell(CENTRE, body(CENTRE, "return x.mean(axis=0), x**2"))
    assert "`centred` is not right: 6 of 6 values differ." in verdict.sentences[0]
    assert "`mean` is right." in verdict.sentences


def test_a_part_of_another_dtype_is_not_called_right():
    mean, centred = "x.mean(axis=0).astype(np.float32)", "np.zeros_like(x)"
    verdict = judge_cell(CENTRE, body(CENTRE, f"return {mean}, {centred}"))
    assert not any("is right" in sentence for sentence in verdict.sentences)


def test_none_says_what_is_wanted():
    (sentence,) = judge_cell(TOTAL, body(TOTAL, "x.sum()")).sentences
    assert "a single number is wanted" in sentence
    assert "`return`" in sentence


def test_a_message_says_what_came_and_what_is_wanted():
    verdict = judge_cell(DOUBLE, body(DOUBLE, "return (2 * x).tolist()"))
    assert verdict.sentences == (
        "Your result is a list of 3 items; a NumPy array, float64, shape (3,) is "
        "wanted.",
    )


def test_a_prediction_keeps_its_answer_for_itself():
    cell = body(PREDICT_TABLE, "return {'shape': (9, 9), 'kind': 'cube', 'total': 7}")
    verdict = judge_cell(PREDICT_TABLE, cell)
    assert "matrix" not in " ".join(verdict.sentences)
    assert "6" not in " ".join(verdict.sentences)


def test_other_numbers_for_another_source():
    """An answer that knows the shared cases by heart meets new ones."""
    seen = []
    judge_cell(DOUBLE, body(DOUBLE, "seen.append(x)", "return 2 * x"), seen=seen)
    cell = """
    def double(x):
        for known in seen:
            if known.shape == x.shape and np.all(known == x):
                return 2 * x
        return x
    """
    shared = seen[: len(seen) // 2]
    verdict = judge_cell(DOUBLE, cell, seen=shared)
    assert verdict.rung is Rung.WRONG_VALUES


def test_the_same_answer_always_meets_the_same_numbers():
    first, second = [], []
    cell = body(DOUBLE, "seen.append(x)", "return 2 * x")
    judge_cell(DOUBLE, cell, seen=first)
    judge_cell(DOUBLE, cell, seen=second)
    assert all(map(np_equal, first, second))


def np_equal(a, b):
    return a.tobytes() == b.tobytes()


def test_a_partly_filled_prediction_is_no_stub():
    cell = body(PREDICT_TABLE, "return {'shape': (2, 3), 'kind': None, 'total': None}")
    assert judge_cell(PREDICT_TABLE, cell).rung is Rung.RETURNED_NOTHING


def test_a_stub_left_below_real_work_is_named():
    cell = body(DOUBLE, "y = 2 * x", "raise NotImplementedError")
    verdict = judge_cell(DOUBLE, cell)
    assert verdict.rung is Rung.RAISED
    assert "still there" in verdict.sentences[1]


# Classes


def test_a_module_is_judged_by_its_probe():
    cell = """
    class Affine(torch.nn.Module):
        def __init__(self, D, K):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(D, K))
            self.bias = torch.nn.Parameter(torch.ones(K))

        def forward(self, x):
            return {last}
    """
    right = cell.replace("{last}", "x @ self.weight + self.bias")
    assert judge_cell(AFFINE, right, torch=torch).passed
    raises = cell.replace("{last}", "x @ self.wieght")
    verdict = judge_cell(AFFINE, raises, torch=torch)
    assert verdict.rung is Rung.RAISED
    assert verdict.raised.line == "return x @ self.wieght"


def test_a_derivative_written_by_hand_is_compared_with_autograd():
    cell = """
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return {slope} * grad
    """
    assert judge_cell(CUBE, cell.replace("{slope}", "3 * x**2"), torch=torch).passed
    verdict = judge_cell(CUBE, cell.replace("{slope}", "x**2"), torch=torch)
    assert verdict.rung is Rung.WRONG_GRADIENTS
    assert "factor of 1/3" in verdict.sentences[1]
    verdict = judge_cell(CUBE, cell.replace("{slope}", "x.view(99)"), torch=torch)
    assert verdict.rung is Rung.WRONG_GRADIENTS
    assert verdict.raised.line == "return x.view(99) * grad"


def test_gradients_that_never_come_back():
    cell = body(SOFT, "return torch.nn.functional.softplus((x @ w).detach())")
    verdict = judge_cell(SOFT, cell, torch=torch)
    assert verdict.rung is Rung.WRONG_GRADIENTS
    assert "cut loose" in verdict.sentences[1]


def test_a_mistake_with_other_values_is_not_blamed_for_gradients():
    """ "shifted" has the right gradients; the answer has right values and none."""
    cell = body(SOFT, "return torch.nn.functional.softplus(x.detach() @ w)")
    assert judge_cell(SOFT, cell, torch=torch).mistakes == ("x detached",)


def test_stopping_on_the_way_back():
    cell = body(
        SOFT,
        "if x.requires_grad:",
        "    raise KeyboardInterrupt",
        "return torch.nn.functional.softplus(x @ w)",
    )
    assert judge_cell(SOFT, cell, torch=torch).rung is Rung.STOPPED


# An interrupt that comes while the engine's own code is at work


def test_stopping_the_oracle():
    def interrupted(x):
        raise KeyboardInterrupt

    exercise = dataclasses.replace(DOUBLE, oracle=interrupted)
    assert judge_cell(exercise, body(DOUBLE, "return 2 * x")).rung is Rung.STOPPED


def test_words_that_a_probe_found_are_told_as_they_are():
    exercise = dataclasses.replace(
        DOUBLE,
        mistakes=(),
        oracle=lambda x: "as it was",
        probe=lambda answer, x: "changed",
    )
    verdict = judge_cell(exercise, body(exercise, "return x"))
    assert verdict.rung is Rung.WRONG_VALUES
    assert verdict.sentences == (
        "Your result is “changed”, where “as it was” is expected.",
    )
