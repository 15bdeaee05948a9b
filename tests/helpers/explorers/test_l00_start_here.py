"""What lesson 00 says of its explorer, and what the explorer says, hold."""

import pytest

from helpers.explorers import l00_start_here as unit


@pytest.mark.parametrize(
    ("weight", "bias", "words"),
    [
        (1, 0, "on for x above 0.00"),
        (-1, -2, "on for x below -2.00"),  # the answer to its question
        (0, 1, "gives 1 everywhere"),
        (0, -1, "off everywhere"),
    ],
)
def test_where_a_unit_is_on(weight, bias, words):
    assert words in unit.where_it_is_on(weight, bias)
