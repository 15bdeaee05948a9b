"""Whatever an answer returns, nothing breaks, and what isn't right doesn't pass."""

import hostile
import numpy as np
import pytest
import torch
from answers import (
    answer_by,
    answer_of,
    crossed,
    every_function,
    every_function_that_returns,
    every_function_that_returns_with_inputs,
    refused,
)
from toy_lesson import CENTRE, PREDICT_TABLE

from diagnose.ladder import judge
from diagnose.rungs import Rung


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
@crossed("name", hostile.RETURNED, hostile.SENTINELS)
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
    lines = "return {'shape': make(), 'kind': 'vector', 'total': make()}"
    refused(PREDICT_TABLE, answer_of(PREDICT_TABLE, lines, make=make))


@every_function_that_returns_with_inputs
def test_right_numbers_in_a_class_that_lies(exercise):
    def disguised(given):
        value = exercise.reference(*given)
        if isinstance(value, tuple):
            return tuple(map(disguise, value))
        return disguise(value)

    refused(exercise, answer_by(exercise, disguised))


def disguise(value):
    if isinstance(value, torch.Tensor):
        return value.as_subclass(hostile.LyingTensor)
    return np.asarray(value).view(hostile.LyingArray)
