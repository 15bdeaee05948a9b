"""Values come through as they were; what isn't one of ours is refused."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from classroom.report.wire import MOST_BYTES, Garbled, decode, encode
from diagnose.compare import agree
from diagnose.kinds import describe


def sent(value):
    return decode(json.loads(json.dumps(encode(value))))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_plain_values_come_back(value):
    assert repr(sent(value)) == repr(value)


@given(
    st_numpy.arrays(
        st_numpy.scalar_dtypes().filter(lambda dtype: dtype.kind in "biufc"),
        st_numpy.array_shapes(min_dims=0, min_side=0),
    )
)
def test_arrays_come_back_to_the_last_bit(array):
    back = sent(array)
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3).T,
        np.float32(3),
        2j,
        torch.arange(6).reshape(2, 3).T,
        torch.ones(2, 3, dtype=torch.bfloat16),
        torch.ones(2, requires_grad=True),
        torch.tensor(True),
        (1, [2.5, (3,)], {"a": np.ones(2), 4: None}),
    ],
)
def test_numbers_agree_and_are_of_the_same_kind(value):
    assert describe(sent(value)) == describe(value)
    assert agree(sent(value), value)


class Liar:
    def __repr__(self):
        raise AssertionError("asked for its repr")

    __str__ = __eq__ = __array__ = __len__ = __iter__ = __repr__


@pytest.mark.parametrize(
    "value",
    [
        Liar(),
        np.array([None]),
        np.array(["a", "bb"]),
        torch.empty(2, 3, device="meta"),
        np.datetime64("2020-01-01"),
    ],
)
def test_others_come_as_their_kind(value):
    assert describe(sent(value)) == describe(value)


def test_larger_than_any_answer_comes_as_a_name():
    large = np.broadcast_to(np.zeros(1), (10**6, 10**6))
    assert "ndarray" in describe(sent(large))


def test_list_in_itself_comes_to_an_end():
    endless = []
    endless.append(endless)
    assert describe(sent(endless)) == "a list of 1 item"


@pytest.mark.parametrize(
    "coded",
    [
        3,
        [1],
        {},
        {"unknown": 1},
        {"int": "none"},
        {"array": "AA==", "dtype": "<f8", "shape": [1]},
        {"array": "", "dtype": "O", "shape": [0]},
        {"array": None, "dtype": "<f8", "shape": [-1]},
        {"array": None, "dtype": "<f8", "shape": [MOST_BYTES]},
        {"tensor": None, "torch": "load", "shape": [1]},
        {"dict": [[{"list": []}, None]]},
        {"dict": 1},
        {"other": None},
    ],
)
def test_garbled_is_refused(coded):
    with pytest.raises(Garbled):
        decode(coded)
