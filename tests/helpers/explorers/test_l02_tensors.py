"""What lesson 02 says of its explorer, and what the explorer says, hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.explorers import l02_tensors as broadcasting


@pytest.mark.parametrize(
    ("typed", "shape"),
    [("2, 3", (2, 3)), ("(2,3)", (2, 3)), ("2 3", (2, 3)), ("", ()), ("(5,)", (5,))],
)
def test_shapes_are_read_however_they_are_typed(typed, shape):
    assert broadcasting.read_shape(typed) == shape


@pytest.mark.parametrize("typed", ["two", "-1", "2.5", "1 1 1 1 1 1 1", "٣"])
def test_what_is_no_shape_is_refused_in_a_sentence(typed):
    with pytest.raises(broadcasting.NotAShape, match=r"Write whole|use fewer"):
        broadcasting.read_shape(typed)


@given(st.lists(st.integers(1, 3), max_size=4), st.lists(st.integers(1, 3), max_size=4))
def test_shapes_align_as_numpy_says(left, right):
    result = tuple(size for _, _, size in broadcasting.align(left, right))
    try:
        assert result == np.broadcast_shapes(tuple(left), tuple(right))
    except ValueError:
        assert None in result
