"""Every exercise of the course: its reference passes, and every mistake gets its name.

Exercises are discovered. A new one is tested by being there.
"""

import copy
import dis
import functools
import importlib
import inspect
import itertools
import re
import sys
import types

import numpy as np
import pytest
import torch
from cells import run_cell

from diagnose import diagnosis
from diagnose.answer import gradients_probe
from diagnose.compare import agree, first_difference, same_dtypes
from diagnose.define import define
from diagnose.exercise import Exercise
from diagnose.ladder import judge
from diagnose.rungs import Rung
from diagnose.running import run, unchanged
from lessons import (
    all_exercises,
    exercises_of,
    lesson_names,
    load_solutions,
    title,
)
from lessons.course import COURSE

EXERCISES = list(all_exercises().values())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
every_wrong_answer = pytest.mark.parametrize(
    ("exercise", "wrong"),
    [(exercise, wrong) for exercise in EXERCISES for wrong in exercise.wrong_answers()],
    ids=lambda value: value.id if isinstance(value, Exercise) else value.mistake.name,
)
# The fresh cases of an answer are drawn with a seed of its own; these stand for many.
SEEDS = [1, *(pytest.param(n, marks=pytest.mark.everything) for n in (300, 50_000))]
# Of two mistakes, torch warns when they are run first in a session: a student would
# see that too, and the verdict as well.
pytestmark = pytest.mark.filterwarnings("ignore:Using backward")


@pytest.fixture(params=SEEDS)
def seed(request, monkeypatch):
    """The seed of an answer's own cases. On these, each mistake is run only once,
    whichever answer it is held against.
    """
    seed_of = "diagnose.answer.source_seed"
    monkeypatch.setattr(seed_of, lambda answer: request.param)
    once = functools.partial(outcomes_run_once, request.param)
    monkeypatch.setattr(diagnosis, "outcomes_of", once)
    return request.param


OUTCOMES = {}  # {(seed, exercise's id, are values compared): {wrong: outcomes}}
outcomes_of = diagnosis.outcomes_of


def outcomes_run_once(seed, exercise, wrong_answers, probe, inputs):
    known = OUTCOMES.setdefault((seed, exercise.id, probe is exercise.probe), {})
    new = [wrong for wrong in wrong_answers if wrong not in known]
    known |= outcomes_of(exercise, new, probe, inputs)
    return {wrong: known[wrong] for wrong in wrong_answers}


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


@pytest.mark.everything
@pytest.mark.filterwarnings("ignore")  # a natural cell may warn
@every_wrong_answer
def test_a_mistake_can_be_typed_into_the_notebook(exercise, wrong):
    """It finds what it needs there, as it does beside the solution."""
    name = exercise.reference.__name__
    answer = define(wrong.source, COURSE.names(exercise))[name]
    assert judge(exercise, answer).mistakes == (wrong.mistake.name,)


@pytest.mark.filterwarnings("ignore")  # a warning would hide what comes after it
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


@pytest.mark.parametrize(
    "seed",
    [*range(4), *(pytest.param(n, marks=pytest.mark.everything) for n in range(4, 20))],
)
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


NAMES = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF"}
ATTRIBUTES = {"LOAD_ATTR", "LOAD_METHOD"}


def functions_used(function):
    """The functions and classes of the course that a function's code reaches by name.

    Followed from one to the next, through the course's modules and into the methods of
    its classes, and not into libraries.
    """
    found, waiting = set(), [function]
    while waiting:
        for value in values_looked_up(waiting.pop()):
            if value not in found:
                found.add(value)
                waiting += functions_of(value)
    return found


def values_looked_up(function):
    """What of the course a function's code names, by itself or as in `module.name`."""
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    named = [known.get(name) for name in looked_up(function.__code__, NAMES)]
    modules = [value for value in named if isinstance(value, types.ModuleType)]
    attributes = list(looked_up(function.__code__, ATTRIBUTES))
    named += [vars(module).get(name) for module in modules for name in attributes]
    return filter(of_the_course, named)


def looked_up(code, steps):
    """The names in a function's code that these steps of Python's machine look up."""
    for step in dis.get_instructions(code):
        if step.opname in steps:
            yield step.argval
        if isinstance(step.argval, types.CodeType):
            yield from looked_up(step.argval, steps)


def functions_of(value):
    """A function itself, or a class's methods."""
    if isinstance(value, types.FunctionType):
        return [value]
    members = [getattr(member, "__func__", member) for member in vars(value).values()]
    return [each for each in members if isinstance(each, types.FunctionType)]


def of_the_course(value):
    return isinstance(value, types.FunctionType | type) and (
        value.__module__.startswith("lessons.")
    )


@every_exercise
def test_the_oracle_never_uses_a_reference(exercise):
    references = [other.reference for other in EXERCISES]
    used = {exercise.oracle, *functions_used(exercise.oracle)}
    assert not [reference for reference in references if reference in used]


def test_a_reference_within_an_oracle_would_be_noticed():
    solutions = load_solutions("l01_numpy_two_layer_net")
    both = {solutions.forward, solutions.gradients}

    def through_the_module(*given):
        return [solutions.forward(*each) for each in given]

    def nested(*given):
        return lambda: step(*given)

    step = solutions.sgd_step
    assert both <= functions_used(step)
    assert solutions.forward in functions_used(through_the_module)
    assert {step, *both} <= functions_used(nested)


def test_a_reference_s_class_within_an_oracle_would_be_noticed():
    value = load_solutions("l03_autograd").Value

    def doubled(x):
        return value(x) + value(x)

    assert value in functions_used(doubled)


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


# What an exercise says


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
    (lesson,) = [each for each in lesson_names() if each[1:3] == number]
    assert getattr(load_solutions(lesson), answer) is exercise.reference
    assert importlib.import_module(f"lessons.{lesson}.{name}").EXERCISE is exercise


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
    said = [text for m in exercise.mistakes for text in (m.did, m.look)]
    return [*said, *exercise.hints]


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
    name, module = exercise.reference.__name__, exercise.reference.__module__
    lesson = vars(sys.modules[module])
    given = {key: value for key, value in lesson.items() if key != name}
    given["exercise"] = lambda which: lambda answer: answer
    verdict = judge(exercise, run_cell(exercise.solution, **given)[name])
    assert verdict.passed, verdict.sentences
    assert max(map(len, exercise.solution.splitlines())) <= 88


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
