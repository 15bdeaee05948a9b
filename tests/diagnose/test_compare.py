"""Two values side by side: what agrees, what differs, and what is said of it."""

import copy

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis.extra import numpy as hnp

from diagnose.compare import agree, close, first_difference, same_dtypes
from diagnose.rungs import Rung
from diagnose.wording import expectation_of, sentence_of

NUMBERS = [np.dtype(name) for name in ("?", "i1", "i8", "u4", "f2", "f4", "f8", "c8")]
arrays = st.sampled_from(NUMBERS).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3))
)
parts = st.one_of(
    arrays,
    st.floats(),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.text(),
    st.none(),
)
results = st.one_of(
    parts,
    st.lists(parts, max_size=3),
    st.tuples(parts, parts),
    st.dictionaries(st.text(max_size=3), parts, max_size=3),
)


def rung(expected, got, **options):
    difference = first_difference(expected, got, **options)
    return difference and difference.rung


def sentence(expected, got, **options):
    return sentence_of(first_difference(expected, got, **options))


# What agrees


@given(results)
def test_everything_agrees_with_its_copy(value):
    assert agree(value, copy.deepcopy(value))


@given(results)
def test_nothing_differs_from_its_copy(value):
    assert first_difference(value, copy.deepcopy(value)) is None


@given(results, results)
def test_agreeing_goes_both_ways(a, b):
    if agree(a, b, rtol=0) or agree(b, a, rtol=0):
        assert agree(a, b, rtol=0)
        assert agree(b, a, rtol=0)


@given(results, results)
def test_any_two_values_can_be_compared(a, b):
    difference = first_difference(a, b)
    assert difference is None or sentence_of(difference)


@given(hnp.arrays(float, (2, 3), elements=st.floats(-1e6, 1e6)), st.floats(1e-3, 1e3))
def test_what_is_off_by_more_than_rounding_differs(array, by):
    assert not agree(array, array + by * (1 + abs(array).max()))


@pytest.mark.parametrize(
    ("dtype", "passes", "fails"),
    [
        (np.float64, 1e-9, 1e-6),
        (np.float32, 1e-6, 1e-3),
        (np.float16, 2e-3, 5e-2),
        (np.complex128, 1e-9, 1e-6),
        (np.complex64, 1e-6, 1e-3),
    ],
)
def test_the_tolerance_fits_the_dtype(dtype, passes, fails):
    ones = np.ones(3, dtype)
    assert rung(ones, ones * dtype(1 + passes)) is None
    assert rung(ones, ones * dtype(1 + fails)) is Rung.WRONG_VALUES


def test_the_coarser_dtype_sets_the_tolerance():
    tenth = np.full(3, 0.1)
    off = tenth * (1 + 1e-5)
    assert agree(tenth, off.astype(np.float32))
    assert not agree(tenth, off)


def test_a_tolerance_can_be_asked_for():
    ones = np.ones(3)
    assert rung(ones, ones * 1.01, rtol=0.1) is None
    assert rung(ones, ones * 1.01) is Rung.WRONG_VALUES


def test_rounding_where_terms_cancel():
    expected = np.array([1e6, 0.0])
    assert agree(expected, np.array([1e6, 1e-6]))
    assert not agree(expected, np.array([1e6, 1.0]))


def test_rounding_where_everything_cancels():
    assert agree(np.zeros(3), np.full(3, 1e-16))
    assert agree(0.0, -1e-17)
    assert not agree(np.zeros(3), np.full(3, 1e-6))


def test_negative_zero_is_zero():
    assert agree(np.zeros(2), -np.zeros(2))


def test_nan_and_infinity_agree_with_themselves_only():
    strange = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert rung(strange, strange.copy()) is None
    for i in range(4):
        other = strange.copy()
        other[i] = 7
        assert rung(strange, other) is Rung.WRONG_VALUES


def test_integers_are_exact_and_of_any_width():
    many = np.array([2**53, 2**53 + 1])
    assert rung(many, many.astype(np.uint64)) is None
    assert rung(many, many + 1) is Rung.WRONG_VALUES
    assert rung(many, many.astype(float)) is Rung.WRONG_DTYPE
    assert rung(many == many, np.ones(2, int)) is Rung.WRONG_DTYPE


# Single numbers


@pytest.mark.parametrize(
    "got",
    [
        4,
        4.0,
        np.float64(4),
        np.float32(4),
        np.int8(4),
        np.array(4.0),
        torch.tensor(4.0),
    ],
    ids=repr,
)
@pytest.mark.parametrize("expected", [4, 4.0, np.float64(4), np.array(4.0)], ids=repr)
def test_a_number_may_come_in_any_class(expected, got):
    assert rung(expected, got) is None


def test_an_array_of_one_is_no_number():
    assert rung(4.0, np.array([4.0])) is Rung.WRONG_SHAPE
    assert sentence(4.0, np.array([4.0])) == (
        "Your result has shape (1,); a single number is wanted."
    )
    assert rung(np.array([4.0]), 4.0) is Rung.WRONG_TYPE
    assert "a Python float; a NumPy array, float64, shape (1,)" in sentence(
        np.array([4.0]), 4.0
    )


def test_the_length_of_a_list_is_not_called_a_shape():
    """`h` being (100,) is what a student may have meant: a shape, not two numbers."""
    assert rung((64, 100), (100,)) is Rung.WRONG_SHAPE
    assert sentence((64, 100), (100,)) == ("Your result holds 1 number; 2 are wanted.")
    assert sentence([1, 2], [1, 2, 3]) == "Your result holds 3 numbers; 2 are wanted."


def test_true_or_false_is_wanted():
    assert sentence(True, None, part="t.T") == (
        "`t.T` is nothing (None); True or False is wanted."
    )
    assert sentence(False, "copies").endswith("a string; True or False is wanted.")


def test_numbers_beyond_any_float():
    assert rung(4.0, 10**400) is Rung.WRONG_DTYPE
    assert rung([1, 2], [10**400, 2]) is Rung.WRONG_DTYPE
    assert not agree([1, 2], [10**5000, 2])


@pytest.mark.parametrize("got", [True, np.True_, 1, np.array(True)], ids=repr)
def test_truth_values(got):
    assert rung(True, got) is None
    assert rung(False, got) is Rung.WRONG_VALUES


def test_dates_and_strings_are_no_numbers():
    day = np.datetime64("2020-01-01")
    for got in [day, np.timedelta64(4, "D"), np.str_("4"), np.bytes_(b"4")]:
        assert rung(4.0, got) is Rung.WRONG_TYPE
    assert rung(np.ones(1), np.array([day])) is Rung.WRONG_DTYPE
    assert rung(np.ones(1), np.array(["1"])) is Rung.WRONG_DTYPE


# Lists, tuples and dicts


@pytest.mark.parametrize(
    "got", [[2, 3], (2, 3), np.array([2, 3]), torch.tensor([2, 3]), torch.Size([2, 3])]
)
def test_a_row_of_numbers_may_come_in_any_sequence(got):
    assert rung((2, 3), got) is None
    assert rung([2.0, 3.0], got) is None
    assert rung((2, 4), got) is Rung.WRONG_VALUES
    assert rung((2, 3, 4), got) is Rung.WRONG_SHAPE


def test_a_tuple_may_come_as_a_list():
    pair = np.ones(2), np.zeros((2, 2))
    assert rung(pair, list(pair)) is None
    assert rung(pair, np.ones((2, 2))) is Rung.WRONG_TYPE
    assert sentence(pair, (*pair, 1), names=("a", "b")) == (
        "Your result has 3 items; 2 are wanted: a, b."
    )


def test_the_lowest_rung_of_all_parts_is_told():
    pair = np.ones(2), np.ones(3)
    got = np.zeros(2), np.ones(4)
    assert sentence(pair, got, names=("a", "b")) == (
        "`b` has shape (4,); (3,) is wanted."
    )


def test_a_dict():
    expected = {"h": (64, 100), "loss": "falls"}
    assert rung(expected, {"loss": " Falls ", "h": [64, 100]}) is None
    assert rung(expected, {"loss": "rises", "h": [64, 100]}) is Rung.WRONG_VALUES
    assert sentence(expected, {"h": 1}) == (
        "Your result has no `loss`. The keys wanted are `h`, `loss`."
    )
    assert sentence(expected, {**expected, "more": 1}) == (
        "Your result has 3 entries where 2 are wanted. The keys wanted are `h`, `loss`."
    )
    assert rung(expected, {"h": None, "loss": "falls"}) is Rung.RETURNED_NOTHING
    assert rung(expected, {"h": (64, None), "loss": ""}) is Rung.RETURNED_NOTHING


# Tensors


DTYPES = [
    torch.bool,
    torch.uint8,
    torch.int64,
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
    torch.complex64,
]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_tensors_of_every_dtype(dtype):
    tensor = torch.tensor([[1, 0, 1], [0, 1, 1]]).to(dtype)
    assert rung(tensor, tensor.clone()) is None
    assert rung(tensor, torch.ones_like(tensor)) is Rung.WRONG_VALUES
    assert rung(tensor, tensor.T) is Rung.WRONG_SHAPE
    for other in set(DTYPES) - {dtype}:
        same = {dtype, other} == {torch.uint8, torch.int64}
        got = torch.tensor([[1, 0, 1], [0, 1, 1]]).to(other)
        assert rung(tensor, got) is (None if same else Rung.WRONG_DTYPE)


def test_half_a_float_gets_its_own_tolerance():
    """bfloat16 has 8 bits of precision, and NumPy has no bfloat16."""
    exact = torch.linspace(0.1, 3, 7).to(torch.bfloat16)
    rounded = exact * 3 / 3
    assert not torch.equal(exact, rounded)
    assert rung(exact, rounded) is None
    assert rung(exact, exact * 1.2) is Rung.WRONG_VALUES
    assert sentence(exact, exact.float()) == (
        "Your result holds float32; bfloat16 is wanted."
    )


def test_where_and_how_a_tensor_is_kept_does_not_count():
    tensor = torch.arange(6.0).reshape(2, 3)
    twisted = torch.arange(6.0).reshape(2, 3).T.contiguous().T
    assert not twisted.is_contiguous()
    for same in [
        twisted,
        tensor.clone().requires_grad_(),
        tensor.clone().requires_grad_() * 1,
        torch.nn.Parameter(tensor.clone()),
        tensor.to_sparse(),
        torch.conj(tensor),
        torch.complex(tensor, tensor).conj().real,
        tensor[:1].expand(2, 3) * 0 + tensor,
    ]:
        assert rung(tensor, same) is None


def test_an_array_is_no_tensor():
    assert rung(torch.ones(2), np.ones(2, np.float32)) is Rung.WRONG_TYPE
    assert sentence(np.ones(2), torch.ones(2)) == (
        "Your result is a torch tensor, float32, shape (2,); a NumPy array, float64, "
        "shape (2,) is wanted."
    )


def test_tensors_without_numbers():
    for empty in [torch.ones(2, device="meta"), torch.zeros(1).expand(10**12)]:
        assert rung(torch.ones(2), empty) in (Rung.WRONG_TYPE, Rung.WRONG_SHAPE)
    endless = torch.zeros(1, dtype=torch.bfloat16).expand(10**15)
    assert rung(torch.ones(2), endless) is Rung.WRONG_TYPE


# NumPy arrays


def test_how_an_array_lies_in_memory_does_not_count():
    array = np.arange(6.0).reshape(2, 3)
    wide = np.zeros((4, 6))
    wide[::2, ::2] = array
    for same in [np.asfortranarray(array), wide[::2, ::2], array[::-1][::-1]]:
        assert rung(array, same) is None


def test_a_dtype_that_holds_no_numbers():
    ones = np.ones(2)
    for got in [ones.astype(object), ones.astype(str), np.zeros(2, [("a", float)])]:
        assert rung(ones, got) is Rung.WRONG_DTYPE
        assert not agree(ones, got)
        assert not agree(np.ones(2, int), got)


def test_the_place_and_the_numbers_of_the_first_difference():
    expected = np.arange(6.0).reshape(2, 3)
    got = expected.copy()
    got[1, 0] = 1 / 3
    difference = first_difference(expected, got)
    assert sentence_of(difference) == "Your result is not right: 1 of 6 values differ."
    assert expectation_of(difference) == (
        "The first is 0.333333 at [1, 0], where 3 is expected."
    )
    assert difference.index == (1, 0)


def test_close_says_which_entries_agree():
    assert close(np.array([1.0, 2.0]), np.array([1.0, 3.0])).tolist() == [True, False]
    assert close(np.array([1, 2]), np.array([1, 3])).tolist() == [True, False]


def test_same_dtypes():
    assert same_dtypes((1.0, np.ones(2)), [np.float64(1), np.ones(2)])
    assert not same_dtypes(np.ones(2), np.ones(2) > 0)
    assert not same_dtypes(torch.ones(2), torch.ones(2).bfloat16())
    assert same_dtypes("text", None)
