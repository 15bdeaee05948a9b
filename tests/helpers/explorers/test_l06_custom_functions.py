"""What lesson 06 says of its explorer, and what the explorer says, hold."""

import pytest

from helpers.explorers import l06_custom_functions as nudges


@pytest.mark.parametrize(
    ("function", "precision", "step", "words"),
    [
        ("FFT magnitude", "float64", 1e-5, "They agree"),
        ("cube", "float64", 0.1, "too long"),
        ("cube", "float64", 1e-12, "too short"),
        ("cube", "float32", 1e-6, "too short"),
        ("FFT with irfft2", "float64", 1e-5, "No step"),
        ("relu, one entry at 0", "float64", 1e-5, "No step"),
        ("straight-through rounding", "float64", 1e-5, "on its step of the staircase"),
        ("straight-through rounding", "float64", 1.0, "They agree"),
    ],
)
def test_which_nudges_tell_the_truth(function, precision, step, words):
    """What lesson 06 asks about."""
    assert words in nudges.sentence(function, precision, step)


@pytest.mark.parametrize(("precision", "best"), [("float64", 1e-5), ("float32", 1e-2)])
def test_the_best_step_is_where_the_instructor_s_note_says(precision, best):
    found = nudges.STEPS[nudges.errors("FFT magnitude", precision).argmin()]
    assert 0.3 <= found / best <= 3.2
