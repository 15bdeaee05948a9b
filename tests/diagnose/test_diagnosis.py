"""A wrong answer is compared with what each mistake computes, and gets its name."""

import dataclasses

import numpy as np
import pytest
from cells import body, judge_cell
from toy_lesson import CENTRE, DOUBLE, PREDICT_TABLE, TABLE, TOTAL

from diagnose import Mistake
from diagnose.rungs import Rung


def judged(exercise, *lines):
    return judge_cell(exercise, body(exercise, *lines))


def told(exercise, *lines):
    """What is said of an answer that no single mistake explains."""
    verdict = judged(exercise, *lines)
    assert not verdict.mistakes
    return " ".join(verdict.sentences)


# One mistake


def test_a_mistake_is_named_in_its_own_two_sentences():
    verdict = judged(DOUBLE, "return x * x")
    assert verdict.rung is Rung.KNOWN_MISTAKE
    assert verdict.mistakes == ("squared",)
    assert verdict.sentences == ("You squared.", "Twice?")


def test_a_mistake_of_another_shape_is_named_all_the_same():
    assert judged(TOTAL, "return sum(x)").mistakes == ("by column",)


def test_a_mistake_of_another_kind_and_dtype_is_named_all_the_same():
    assert judged(DOUBLE, "return (x**2).tolist()").rung is Rung.WRONG_TYPE
    assert judged(DOUBLE, "return (x**2).astype(np.float32)").mistakes == ("squared",)
    assert judged(TOTAL, "return [x.mean()]").rung is Rung.WRONG_SHAPE


def test_a_dtype_tells_two_readings_apart():
    ones = Mistake(
        "ones", "You returned ones.", "Why?", swap={"2 * x": "(x > 0) * 1.0"}
    )
    exercise = dataclasses.replace(DOUBLE, mistakes=(*DOUBLE.mistakes, ones))
    assert judged(exercise, "return x > 0").mistakes == ("mask",)
    assert judged(exercise, "return np.where(x > 0, 1.0, 0.0)").mistakes == ("ones",)


def test_a_mistake_that_raises():
    verdict = judged(DOUBLE, "return x + np.ones(7)")
    assert verdict.mistakes == ("refused",)
    assert verdict.raised.line == "return x + np.ones(7)"


def test_another_exception_is_not_that_mistake():
    verdict = judged(DOUBLE, "return x + np.ones(8)")
    assert verdict.rung is Rung.RAISED
    verdict = judged(DOUBLE, "raise TypeError")
    assert verdict.rung is Rung.RAISED


def test_a_mistake_that_changes_its_input():
    lines = "for i in np.ndindex(x.shape): x[i] *= 2", "return x"
    assert judged(DOUBLE, *lines).mistakes == ("doubled in place",)


def test_right_values_that_change_nothing_are_not_that_mistake():
    assert judged(DOUBLE, "x = x * 2", "return x").passed


def test_two_readings_are_both_named():
    verdict = judged(TABLE, "return np.where(x < 0, -x, x)")
    assert verdict.mistakes == ("absolute", "sizes")
    assert verdict.sentences[0] == "Two readings fit your answer."
    assert "You took sizes." in verdict.sentences
    assert "You took |x|." in verdict.sentences


def test_more_readings_are_several():
    third = Mistake(
        "third", "Another.", "Why?", swap={"x.copy()": "x * ((x > 0) * 2 - 1)"}
    )
    exercise = dataclasses.replace(TABLE, mistakes=(*TABLE.mistakes, third))
    verdict = judged(exercise, "return abs(x)")
    assert verdict.sentences[0] == "Several readings fit your answer."


# Not named


@pytest.mark.parametrize(
    "line",
    [
        "return x.copy() if x.shape[0] > x.shape[1] else abs(x)",
        "return abs(x) if x.shape[0] > x.shape[1] else x.copy()",
        "return abs(x) if x.shape[0] > 3 else np.maximum(x, 0)",
    ],
)
def test_never_named_unless_it_agrees_on_every_case(line):
    assert "sizes" not in told(TABLE, line)


def test_a_right_answer_is_never_a_mistake_that_no_case_tells_apart():
    same = Mistake("no mistake", "Nothing.", "Nowhere.", swap={"x.copy()": "x + 0"})
    exercise = dataclasses.replace(TABLE, mistakes=(*TABLE.mistakes, same))
    assert judged(exercise, "return x + 0").passed
    assert "Nothing." not in told(exercise, "return x + 1")


def test_an_answer_that_agrees_with_the_truth_where_the_mistake_does_not():
    """Within the tolerance it agrees with both: then nothing has been shown."""
    by_a_hair = Mistake(
        "by a hair", "A hair.", "Why?", swap={"x.copy()": "x + 1.5e-7 * abs(x)"}
    )
    exercise = dataclasses.replace(TABLE, mistakes=(*TABLE.mistakes, by_a_hair))
    lines = "x = x * (1 + 0.8e-7 * np.sign(x))", "x[0, 0] += 1", "return x"
    assert "A hair." not in told(exercise, *lines)


def test_a_mistake_plus_a_changed_input_is_not_the_mistake_alone():
    verdict = judged(DOUBLE, "y = x**2", "x[:] = 0", "return y")
    assert verdict.rung is Rung.CHANGED_INPUTS
    assert not verdict.mistakes


def test_zeros_are_not_two_mistakes_at_once():
    assert "Two things" not in told(TABLE, "return x * 0")


# Two at once


def test_two_deviations_at_once():
    lines = "x = x.copy()", "x[:, 0] += 1", "x[:, -1] += 2", "return x"
    verdict = judged(TABLE, *lines)
    assert verdict.mistakes == ("first up", "last up")
    assert verdict.sentences == (
        "Two things at once.",
        "The first column is up.",
        "By 1.",
        "The last column is up.",
        "By 2.",
    )


def test_one_of_two_mistakes_scales_the_other():
    verdict = judged(TABLE, "return np.maximum(x, 0) / len(x)")
    assert verdict.mistakes == ("divided by N", "cut at 0")


def test_a_mistake_and_a_factor():
    verdict = judged(TABLE, "return 3 * np.maximum(x, 0)")
    assert verdict.mistakes == ("cut at 0",)
    assert verdict.sentences[0] == "Two things at once."
    assert verdict.sentences[-1] == "On top of it there is a factor of 3."


def test_a_mistake_and_a_turned_sign():
    verdict = judged(DOUBLE, "return -x * x")
    assert verdict.mistakes == ("squared",)
    assert verdict.sentences[-1] == "On top of it there is a turned sign."


def test_a_mistake_transposed():
    verdict = judged(TABLE, "return np.maximum(x, 0).T")
    assert verdict.mistakes == ("cut at 0",)
    assert verdict.sentences[-1] == "On top of it there is a transpose."


def test_two_scalar_mistakes_at_once():
    half = Mistake("half", "You halved.", "Whole?", swap={"x.sum()": "x.sum() / 2"})
    plus = Mistake("one more", "You added 1.", "Why?", swap={"x.sum()": "x.sum() + 1"})
    exercise = dataclasses.replace(TOTAL, mistakes=(half, plus))
    verdict = judged(exercise, "return (x.sum() + 1) / 2")
    assert verdict.mistakes == ("half", "one more")


# A relation to the truth


def test_a_factor():
    assert told(TABLE, "return 2 * x") == (
        "Your result is right except for a factor of 2. Where could it have come in, "
        "or got lost?"
    )
    assert "factor of 1/3." in told(TABLE, "return x / 3")
    assert "factor of -5/2." in told(TABLE, "return x * -2.5")
    assert "factor of 1/255." in told(TABLE, "return x / 255")
    assert "factor of 0.001235." in told(TABLE, "return x * 0.00123462")


def test_a_sign():
    assert told(TABLE, "return -x") == (
        "Your result is right except for a turned sign. Which difference is taken "
        "the other way round?"
    )


def test_a_transpose():
    assert "right except for a transpose." in told(TABLE, "return x.T")
    assert "a transpose and a factor of 2." in told(TABLE, "return 2 * x.T")
    assert "a transpose and a turned sign." in told(TABLE, "return -x.T")
    assert judged(TABLE, "return x.T").rung is Rung.WRONG_SHAPE


def test_a_transpose_of_vectors_is_nothing():
    assert "transpose" not in told(DOUBLE, "return 2 * x * (1 + 1e-6)")


def test_a_factor_that_changes():
    sentence = told(TABLE, "return x / x.size")
    assert "a factor that changes from case to case (1/6, 1/20, …)" in sentence


def test_no_relation_is_claimed_where_none_is():
    for line in ["return x + 1", "return x * np.arange(x.shape[1])", "return x**3"]:
        assert "is not right" in told(TABLE, line)


def test_one_case_that_breaks_the_relation_is_enough():
    assert "is not right" in told(TABLE, "return 2 * x if len(x) < 4 else x + 1")


def test_a_nan_is_told_before_any_factor():
    verdict = judged(TABLE, "x = 2 * x", "x[0, 0] = np.nan", "return x")
    assert verdict.rung is Rung.NOT_FINITE
    assert "NaN at [0, 0]" in verdict.sentences[0]


def test_right_numbers_of_another_dtype_are_no_mistake_turned_back():
    """A transpose of the mistake that transposes is the truth again."""
    turned = Mistake("transposed", "You turned it.", "Why?", swap={"x.copy()": "x.T"})
    exercise = dataclasses.replace(TABLE, mistakes=(*TABLE.mistakes, turned))
    verdict = judged(exercise, "return x.astype(np.float32)")
    assert verdict.rung is Rung.WRONG_DTYPE
    assert verdict.sentences[0] == "Your result holds float32; float64 is wanted."


# Part by part


def test_each_part_by_its_own_mistake():
    verdict = judged(
        CENTRE,
        "return np.median(x, axis=0), x - x.mean(axis=1, keepdims=True)",
    )
    assert verdict.mistakes == ("median for mean", "centred by row")
    assert verdict.sentences == (
        "`mean`: You took the median.",
        "Mean?",
        "`centred`: You centred rows.",
        "Columns?",
    )


def test_one_part_by_a_mistake_that_would_spoil_both():
    verdict = judged(
        CENTRE, "m = x.sum(axis=0)", "return m - m + x.mean(axis=0), x - m"
    )
    assert verdict.mistakes == ("sum for mean",)
    assert verdict.sentences == ("`centred`: You summed.", "Divide.")


def test_a_mistake_in_one_part_and_something_else_in_the_other():
    verdict = judged(CENTRE, "return np.median(x, axis=0), x**3")
    assert verdict.mistakes == ("median for mean",)
    assert verdict.sentences == (
        "`mean`: You took the median.",
        "Mean?",
        "`centred` is not right: 6 of 6 values differ.",
    )


def test_a_multiple_of_a_part_that_a_mistake_leaves_right_is_not_that_mistake():
    other = Mistake(
        "no ones",
        "You said 0.",
        "Why?",
        swap={"return mean, x - mean": "return np.arange(x.size), np.zeros(2)"},
    )
    exercise = dataclasses.replace(
        CENTRE, oracle=lambda x: (np.arange(x.size), np.ones(2)), mistakes=(other,)
    )
    verdict = judged(exercise, "return 2 * np.arange(x.size), np.ones(2)")
    assert verdict.mistakes == ()


def test_a_factor_in_one_part():
    sentence = told(CENTRE, "m = x.mean(axis=0)", "return m, 2 * (x - m)")
    assert sentence.startswith("`centred` is right except for a factor of 2.")


def test_the_same_relation_of_both_parts_is_told_once():
    sentence = told(CENTRE, "m = x.mean(axis=0)", "return -m, m - x")
    assert sentence.startswith("`mean` and `centred` are right except for a turned")
    assert sentence.count("turned") == 1


def test_a_relation_is_more_exact_than_a_mistake_that_would_spoil_both():
    """dw1 alone is halved: "both gradients are halved" would not be true."""
    halved = Mistake(
        "halved",
        "Both are halved.",
        "2?",
        swap={"return mean, x - mean": "return mean / 2, (x - mean) / 2"},
    )
    exercise = dataclasses.replace(CENTRE, mistakes=(*CENTRE.mistakes, halved))
    sentence = told(exercise, "m = x.mean(axis=0)", "return m / 2, x - m")
    assert "`mean` is right except for a factor of 1/2." in sentence


def test_a_factor_here_and_nan_there():
    verdict = judged(CENTRE, "return 2 * x.mean(axis=0), x * np.nan")
    assert "`mean` is right except for a factor of 2." in verdict.sentences[0]
    assert verdict.sentences[1] == "`centred` holds NaN at [0, 0]."


def test_two_things_at_once_in_one_part():
    verdict = judged(
        CENTRE, "m = x.mean(axis=0)", "return 3 * np.median(x, axis=0), x - m"
    )
    assert verdict.mistakes == ("median for mean",)
    assert verdict.sentences[0] == "`mean`: Two things at once."


def test_another_order():
    sentence = told(CENTRE, "m = x.mean(axis=0)", "return x - m, m")
    assert sentence == (
        "The parts are right, but they come in another order. "
        "The order wanted is mean, centred."
    )


def test_a_dict_for_a_tuple_is_no_other_order():
    verdict = judged(
        CENTRE, "m = x.mean(axis=0)", "return {'centred': x - m, 'mean': m}"
    )
    assert verdict.rung is Rung.WRONG_TYPE


def test_a_missing_part():
    verdict = judged(CENTRE, "return (x.mean(axis=0),)")
    assert verdict.sentences[0] == (
        "Your result has 1 item; 2 are wanted: mean, centred."
    )


# Predictions


def test_a_prediction_part_by_part():
    verdict = judged(
        PREDICT_TABLE, "return {'shape': (3, 2), 'kind': 'vector', 'total': 6}"
    )
    assert verdict.mistakes == ("sides exchanged", "a vector")
    assert verdict.sentences[0] == "`shape`: You exchanged the sides."
    assert verdict.sentences[2] == "`kind`: You said vector."


def test_the_mistake_that_touches_no_other_part_is_named():
    """Who got one entry of a table wrong didn't get all of them wrong."""
    everything = Mistake(
        "all of it",
        "You got all of it wrong.",
        "Why?",
        swap={"(2, 3),": "(3, 2),", "matrix": "number", "6": "5"},
    )
    exercise = dataclasses.replace(
        PREDICT_TABLE, mistakes=(everything, *PREDICT_TABLE.mistakes)
    )
    answer = "return {{'shape': (3, 2), 'kind': '{}', 'total': 5}}"
    verdict = judged(exercise, answer.format("matrix"))
    assert verdict.mistakes == ("sides exchanged", "sides added")
    assert judged(exercise, answer.format("number")).mistakes == ("all of it",)


def test_a_multiple_of_a_mistaken_prediction_is_not_that_mistake():
    row = Mistake(
        "a row",
        "You gave a row.",
        "Why?",
        code="def predict_table():\n    return [1.0, 2.0]",
    )
    exercise = dataclasses.replace(
        PREDICT_TABLE, oracle=lambda: [5.0, 7.0], mistakes=(row,)
    )
    assert judged(exercise, "return [1.0, 2.0]").mistakes == ("a row",)
    assert judged(exercise, "return [3.0, 6.0]").mistakes == ()


def test_a_prediction_with_an_unknown_part():
    verdict = judged(
        PREDICT_TABLE, "return {'shape': (3, 2), 'kind': 'cube', 'total': 6}"
    )
    assert verdict.mistakes == ("sides exchanged",)
    assert verdict.sentences[-1] == (
        "`kind` is not the right choice, or not one of the words to choose from."
    )
