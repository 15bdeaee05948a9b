"""Every exercise of the course: its reference passes, and every mistake gets its name.

Exercises are discovered. A new one is tested by being there.
"""

import copy
import dis
import functools
import inspect
import itertools
import re
import sys
import types

import numpy as np
import pytest
import torch
from cells import run_cell

from diagnose.answer import gradients_probe
from diagnose.compare import agree, first_difference, same_dtypes
from diagnose.exercise import Exercise
from diagnose.ladder import judge
from diagnose.rungs import Rung
from diagnose.running import run, unchanged
from lessons import (
    all_exercises,
    exercises_of,
    lesson_names,
    load_lesson,
    title,
)

EXERCISES = list(all_exercises().values())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
every_wrong_answer = pytest.mark.parametrize(
    ("exercise", "wrong"),
    [(exercise, wrong) for exercise in EXERCISES for wrong in exercise.wrong_answers()],
    ids=lambda value: value.id if isinstance(value, Exercise) else value.mistake.name,
)
# The fresh cases of an answer are drawn with a seed of its own; these stand for many.
SEEDS = [1, 300, 50_000]


@pytest.fixture(params=SEEDS)
def seed(request, monkeypatch):
    seed_of = "diagnose.answer.source_seed"
    monkeypatch.setattr(seed_of, lambda answer: request.param)
    return request.param


def cases(exercise, seed):
    """The inputs of one case after another."""
    return exercise.cases(np.random.default_rng(seed))


# Right and wrong


@every_exercise
def test_the_reference_passes(exercise, seed):
    verdict = judge(exercise, exercise.reference)
    assert verdict.passed, verdict.sentences


# A cell that overflows warns, and gets its verdict all the same.
@pytest.mark.filterwarnings("ignore")
@every_wrong_answer
def test_a_mistake_gets_its_own_name(exercise, wrong, seed):
    mistake = wrong.mistake
    verdict = judge(exercise, wrong.answer)
    assert verdict.rung is Rung.KNOWN_MISTAKE, verdict.sentences
    assert verdict.mistakes == (mistake.name,)
    assert verdict.sentences == (mistake.did, mistake.look)


@pytest.mark.filterwarnings("ignore")
@every_exercise
def test_any_two_mistakes_can_be_told_apart(exercise):
    for one, other in itertools.combinations(exercise.wrong_answers(), 2):
        assert one.mistake is other.mistake or any(
            differ(exercise, one, other, given) for given in cases(exercise, 1)
        ), (one.mistake.name, other.mistake.name)


def differ(exercise, one, other, given):
    """Whether two mistakes differ in what they return, or in gradients through it."""
    probes = [exercise.probe]
    if exercise.gradients:
        probes.append(gradients_probe(exercise))
    return any(differ_by(probe, exercise, one, other, given) for probe in probes)


def differ_by(probe, exercise, one, other, given):
    a, b = (run(wrong.answer, probe, given, exercise.inputs) for wrong in (one, other))
    if a.error or b.error:
        return repr(a.error) != repr(b.error)
    return a.changed != b.changed or not (
        agree(a.value, b.value, exercise.rtol) and same_dtypes(a.value, b.value)
    )


@pytest.mark.parametrize("seed", range(20))
@every_exercise
def test_the_oracle_agrees_with_the_reference(exercise, seed):
    for given in cases(exercise, seed):
        truth = exercise.oracle(*copy.deepcopy(given))
        value = exercise.probe(exercise.reference, *copy.deepcopy(given))
        difference = first_difference(
            truth, value, names=exercise.returns, rtol=exercise.rtol
        )
        assert difference is None, difference


# The oracle stands on its own feet


def functions_used(function):
    """The functions of the course that a function's code reaches by their names.

    Followed from one to the next, and not into libraries.
    """
    found, waiting = set(), [function]
    while waiting:
        function = waiting.pop()
        cells = inspect.getclosurevars(function).nonlocals
        for name in names_looked_up(function.__code__):
            value = cells.get(name, function.__globals__.get(name))
            if of_the_course(value) and value not in found:
                found.add(value)
                waiting.append(value)
    return found


def names_looked_up(code):
    """Globals and closed-over names in a function's code; attributes don't count."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF"):
            yield step.argval
        if isinstance(step.argval, types.CodeType):
            yield from names_looked_up(step.argval)


def of_the_course(value):
    return isinstance(value, types.FunctionType) and (
        value.__module__.startswith("lessons")
    )


@every_exercise
def test_the_oracle_never_uses_a_reference(exercise):
    references = [other.reference for other in EXERCISES]
    used = {exercise.oracle, *functions_used(exercise.oracle)}
    assert not [reference for reference in references if reference in used]


def test_a_reference_within_an_oracle_would_be_noticed():
    lesson = load_lesson("l01_numpy_two_layer_net")
    assert lesson.forward in functions_used(lesson.sgd_step)
    assert lesson.gradients in functions_used(lesson.gradients_of_last_row)
    nested = functions_used(lesson.sgd_but(lambda *given: given))
    assert {lesson.forward, lesson.gradients} <= nested


# Lesson 01's references, held against autograd


def by_autograd(x, y, w1, w2):
    x, y, w1, w2 = (torch.from_numpy(a) for a in (x, y, w1, w2))
    w1.requires_grad_()
    w2.requires_grad_()
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).sum()
    loss.backward()
    return loss.item(), w1.grad.numpy(), w2.grad.numpy()


@pytest.fixture
def net():
    """x, y, w1, w2 of a net larger than those in the cases."""
    rng = np.random.default_rng(7)
    shapes = (6, 11), (6, 4), (11, 8), (8, 4)
    return tuple(rng.normal(size=shape) for shape in shapes)


def reference(exercise_id):
    return all_exercises()[exercise_id].reference


def test_the_net_s_references_agree_with_autograd(net):
    x, y, w1, w2 = net
    loss, dw1, dw2 = by_autograd(*net)
    h, h_relu, y_pred = reference("01.forward")(x, w1, w2)
    assert np.isclose(reference("01.squared_error")(y_pred, y), loss)
    mine = reference("01.gradients")(x, y, h, h_relu, y_pred, w2)
    np.testing.assert_allclose(mine[0], dw1)
    np.testing.assert_allclose(mine[1], dw2)
    moved = reference("01.sgd_step")(x, y, w1, w2, 0.01)
    np.testing.assert_allclose(moved[0], w1 - 0.01 * dw1)
    np.testing.assert_allclose(moved[1], w2 - 0.01 * dw2)


def test_the_lie_detector_agrees_with_autograd(net):
    x, y, w1, w2 = net

    def loss(w1):
        return np.square(np.maximum(x @ w1, 0) @ w2 - y).sum()

    numeric = reference("01.numeric_gradient")(loss, w1)
    np.testing.assert_allclose(numeric, by_autograd(*net)[1], rtol=1e-5, atol=1e-4)


def test_one_hot_and_accuracy_agree_with_torch():
    rng = np.random.default_rng(8)
    labels, scores = rng.integers(0, 7, size=50), rng.normal(size=(50, 7))
    expected = torch.nn.functional.one_hot(torch.from_numpy(labels), 7)
    np.testing.assert_array_equal(reference("01.one_hot")(labels, 7), expected)
    right = torch.from_numpy(scores).argmax(dim=1) == torch.from_numpy(labels)
    assert np.isclose(
        reference("01.accuracy")(scores, labels), right.double().mean().item()
    )


# How an exercise is told


@every_exercise
def test_an_exercise_says_what_it_takes(exercise):
    assert re.fullmatch(r"\d\d\.\w+", exercise.id)
    assert len(exercise.mistakes) >= 4
    assert len(exercise.hints) in (2, 3)
    assert exercise.difficulty in (1, 2, 3)
    assert 1 <= exercise.minutes <= 30
    assert exercise.reference.__doc__
    assert re.search(r"[.:?…]$", exercise.reference.__doc__.strip().splitlines()[0])


@every_exercise
def test_an_exercise_s_id_is_its_address(exercise):
    """Its number is the lesson's. Its name is the answer's, or begins or ends with it
    where several exercises are steps of one thing, as `value_ops` is of `Value`.
    """
    number, name = exercise.id.split(".")
    answer = exercise.reference.__name__
    # The class FFTMagnitude is fft_magnitude in an id.
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", answer)
    assert any(
        re.match(rf"(.+_)?{written.lower()}(_.+)?$", name.lower())
        for written in (answer, words)
    )
    assert isinstance(exercise.reference, type) or name.endswith(answer)
    module = exercise.reference.__module__.rpartition(".")[2]
    assert module.startswith(f"l{number}_")
    assert getattr(load_lesson(module), answer) is exercise.reference


def test_no_exercise_is_told_twice():
    per_lesson = [list(exercises_of(name)) for name in lesson_names()]
    assert sum(map(len, per_lesson)) == len(all_exercises()) == len(EXERCISES)
    assert all(title(name) for name in lesson_names())


@every_exercise
def test_names_of_mistakes_are_their_own(exercise):
    names = [mistake.name for mistake in exercise.mistakes]
    assert len(set(names)) == len(names)
    assert all(1 <= len(name.split()) <= 8 for name in names)
    sentences = [mistake.did for mistake in exercise.mistakes]
    assert len(set(sentences)) == len(sentences)


NEVER = r"\b(wrong|wrongly|simply|just|obviously|incorrect|trivial|trivially)\b"


def sentences_of(exercise):
    told = [text for m in exercise.mistakes for text in (m.did, m.look)]
    return [*told, *exercise.hints]


@every_exercise
def test_verdicts_are_sentences_in_the_course_s_voice(exercise):
    for text in sentences_of(exercise):
        assert re.search(r"[.?]\)?$", text), text
        assert text == text.strip(), text
        assert "  " not in text, text
        assert text.count("`") % 2 == 0, text
        assert not re.search(NEVER, text, re.IGNORECASE), text


@every_exercise
def test_the_solution_is_a_cell_that_passes(exercise):
    name, lesson = exercise.reference.__name__, vars(sys.modules[module_of(exercise)])
    given = {key: value for key, value in lesson.items() if key != name}
    given["exercise"] = lambda which: lambda answer: answer
    verdict = judge(exercise, run_cell(exercise.solution, **given)[name])
    assert verdict.passed, verdict.sentences
    assert max(map(len, exercise.solution.splitlines())) <= 88


def module_of(exercise):
    return exercise.reference.__module__


@every_exercise
def test_cases_depend_on_their_seed_alone(exercise):
    one, same, other = (list(cases(exercise, seed)) for seed in (3, 3, 4))
    assert unchanged(one, same)
    assert not exercise.inputs or not unchanged(one, other)


def size_of(value):
    """How many numbers an input holds; those in a list of tensors are added up."""
    if isinstance(value, list) and any(
        isinstance(item, torch.Tensor) for item in value
    ):
        return sum(map(size_of, value))
    return functools.reduce(lambda a, b: a * b, np.shape(value), 1)


@every_exercise
def test_cases_start_small(exercise):
    sizes = [sum(map(size_of, given)) for given in cases(exercise, 3)]
    assert sizes[0] == min(sizes)
    assert sizes[0] <= 36
