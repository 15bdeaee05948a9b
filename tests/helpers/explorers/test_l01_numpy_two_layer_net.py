"""What lesson 01 says of its explorer, and what the explorer says, hold."""

import pytest

from helpers.explorers import l01_numpy_two_layer_net as rate


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("exponent", "words"),
    [
        (-6, "hardly moves"),
        (-4, "falls"),
        (-2.75, "by way of"),  # "at about 2e-3 it overshoots and recovers"
        (-2, "switches off every hidden unit"),  # "at 1e-2 every unit goes dark"
        (-1, "diverges. After 2 steps"),
    ],
)
def test_learning_rates_do_what_the_notebook_says(exponent, words):
    explorer = rate.explore_learning_rate()
    explorer.controls["learning_rate"].value = 10**exponent
    assert words in explorer.sentence


def test_a_wider_net_overshoots_at_a_smaller_rate():
    explorer = rate.explore_learning_rate()
    explorer.controls["learning_rate"].value = 1e-3
    assert "by way of" not in explorer.sentence
    explorer.controls["width"].value = 100
    assert "by way of" in explorer.sentence
