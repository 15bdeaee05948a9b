"""Two values side by side: do they agree, and if not, where do they first differ?"""

from dataclasses import dataclass

import numpy as np

from diagnose.kinds import (
    LONGEST_NAME,
    describe,
    dtype_name,
    is_array,
    is_number,
    is_numbers,
    is_plain_dict,
    is_sequence,
    is_tensor,
    to_numpy,
)
from diagnose.rungs import Rung

# Relative tolerances that fit a dtype: room for another order of summation,
# none for another formula.
RTOL = {"bfloat16": 5e-2, "float16": 1e-2, "float32": 1e-4, "complex64": 1e-4}
RTOL_DOUBLE = 1e-7
SHOWN_CHARACTERS = 200  # of a string
NUMBERS = set("biufc")  # the kinds of NumPy dtypes that hold numbers


@dataclass(frozen=True)
class Difference:
    """Where an answer first differs from what was expected, and on which rung.

    ``sentence`` tells what came, ``expectation`` which value was expected. ``part``
    names the part of the result ("dw1"), ``index`` the first entry that differs,
    ``expected`` and ``got`` the part on either side, as given.
    """

    rung: Rung
    sentence: str
    expectation: str = ""
    part: str = ""
    index: tuple = ()
    expected: object = None
    got: object = None


def parts(value, names=()):
    """A result as {name: part}: a tuple's items, a dict's values, or itself under "".

    ``names`` are what the exercise calls the items of a tuple.
    """
    if is_plain_dict(value):
        return {str(key): item for key, item in value.items()}
    if is_sequence(value) and not is_numbers(value):
        return {
            names[i] if i < len(names) else f"item {i}": item
            for i, item in enumerate(value)
        }
    return {"": value}


def close(expected, got, rtol=None):
    """Which entries agree: a bool array. Shapes must already be equal.

    Without ``rtol``, the coarser of the two dtypes sets the tolerance. Entries are
    also allowed a hundredth of that share of the largest expected entry (of 1 where
    all are zero), because a sum that should cancel to zero leaves rounding of the size
    of its terms. NaN agrees with NaN.
    """
    if rtol is None:
        rtol = max(RTOL.get(dtype_name(v), RTOL_DOUBLE) for v in (expected, got))
    expected, got = to_numpy(expected), to_numpy(got)
    kinds = {expected.dtype.kind, got.dtype.kind}
    if not kinds <= NUMBERS:
        return np.zeros(expected.shape, bool)
    if not kinds & set("fc"):
        return np.asarray(expected == got)
    finite = np.abs(expected[np.isfinite(expected)])
    largest = finite.max(initial=0.0) or 1.0
    return np.isclose(
        got, expected, rtol=rtol, atol=rtol * 1e-2 * largest, equal_nan=True
    )


def agree(a, b, rtol=None):
    """Whether two results hold the same numbers in the same structure.

    Kinds and dtypes don't count here: a mistake is the same mistake in float32.
    """
    if type(a) is dict or type(b) is dict:
        return (
            is_plain_dict(a)
            and is_plain_dict(b)
            and a.keys() == b.keys()
            and all(agree(a[key], b[key], rtol) for key in a)
        )
    if type(a) is str or type(b) is str:
        return type(a) is type(b) and a.strip().casefold() == b.strip().casefold()
    left, right = to_numpy(a), to_numpy(b)
    if left is not None and right is not None:
        return left.shape == right.shape and bool(np.all(close(a, b, rtol)))
    if is_sequence(a) and is_sequence(b):
        return len(a) == len(b) and all(
            agree(x, y, rtol) for x, y in zip(a, b, strict=True)
        )
    return a is None and b is None


def same_dtypes(a, b):
    """Whether two results that agree also hold the same kinds of numbers."""
    left, right = parts(a).values(), parts(b).values()
    kinds = [
        [None if to_numpy(part) is None else dtype_name(part) for part in side]
        for side in (left, right)
    ]
    return kinds[0] == kinds[1]


def first_difference(expected, got, *, names=(), part="", rtol=None):
    """The lowest rung on which ``got`` fails to be ``expected``, or None.

    Kind, then shape, dtype, finiteness and values are looked at in this order, and
    over all parts: a wrong shape in the last part comes before wrong values in the
    first.
    """
    if got is None and expected is not None:
        what = f"`{part}` is" if part else "Your function returned"
        hint = "" if part else " Does it end with a `return`?"
        return Difference(
            Rung.RETURNED_NOTHING,
            f"{what} nothing (None); {wanted(expected)} is wanted.{hint}",
            part=part,
            expected=expected,
        )
    if expected is None:
        return None if got is None else _wrong_type(expected, got, part)
    if type(expected) is dict:
        return _differing_dict(expected, got, part, rtol)
    if is_sequence(expected) and not is_numbers(expected):
        return _differing_sequence(expected, got, names, part, rtol)
    if type(expected) is str:
        return _differing_string(expected, got, part)
    return _differing_numbers(expected, got, part, rtol)


def wanted(expected):
    """What was wanted, in words; a number's exact class is nobody's concern."""
    if type(expected) is bool:
        return "True or False"
    if is_number(expected) or (is_array(expected) and expected.shape == ()):
        return "a single number"
    if is_numbers(expected):
        return f"a tuple or list of {len(expected)} numbers"
    return describe(expected)


def _subject(part):
    return f"`{part}`" if part else "Your result"


def _wrong_type(expected, got, part, called=""):
    return Difference(
        Rung.WRONG_TYPE,
        f"{_subject(part)} is {describe(got)}; {wanted(expected)} is wanted{called}.",
        part=part,
        expected=expected,
        got=got,
    )


def _lowest(differences):
    found = [difference for difference in differences if difference is not None]
    return min(found, key=lambda difference: difference.rung, default=None)


def _differing_dict(expected, got, part, rtol):
    if not is_plain_dict(got):
        return _wrong_type(expected, got, part)
    if expected.keys() != got.keys():
        missing = [f"`{key}`" for key in expected if key not in got]
        words = (
            f"has no {', '.join(missing)}"
            if missing
            else f"has {len(got)} entries where {len(expected)} are wanted"
        )
        keys = ", ".join(f"`{key}`" for key in expected)
        return Difference(
            Rung.WRONG_TYPE,
            f"{_subject(part)} {words}. The keys wanted are {keys}.",
            part=part,
            expected=expected,
            got=got,
        )
    return _lowest(
        first_difference(value, got[key], part=str(key), rtol=rtol)
        for key, value in expected.items()
    )


def _differing_sequence(expected, got, names, part, rtol):
    called = f": {', '.join(names)}" if names else ""
    if not is_sequence(got):
        return _wrong_type(expected, got, part, called)
    if len(got) != len(expected):
        return Difference(
            Rung.WRONG_TYPE,
            f"{_subject(part)} has {len(got)} item{'s' * (len(got) != 1)}; "
            f"{len(expected)} are wanted{called}.",
            part=part,
            expected=expected,
            got=got,
        )
    named = parts(expected, names)
    return _lowest(
        first_difference(value, item, part=name, rtol=rtol)
        for (name, value), item in zip(named.items(), got, strict=True)
    )


def _differing_string(expected, got, part):
    if type(got) is not str:
        return _wrong_type(expected, got, part)
    if agree(expected, got):
        return None
    # A right answer in a word of one's own must not be told that it isn't one.
    sentence = (
        f"{_subject(part)} is not the right choice, or not one of the words to choose "
        "from."
    )
    short = got[:SHOWN_CHARACTERS] + "…" * (len(got) > SHOWN_CHARACTERS)
    expectation = f"{_subject(part)} is “{short}”, where “{expected}” is expected."
    return Difference(Rung.WRONG_VALUES, sentence, expectation, part, (), expected, got)


def _differing_numbers(expected, got, part, rtol):
    want, have = to_numpy(expected), to_numpy(got)
    loose = is_number(expected) or is_numbers(expected) or want.shape == ()
    tensor_mixup = not loose and is_tensor(expected) != is_tensor(got)
    array_wanted = not loose and not (is_array(got) or is_tensor(got))
    empty = (
        [i for i, item in enumerate(got) if item is None] if is_sequence(got) else []
    )
    if empty:
        return Difference(
            Rung.RETURNED_NOTHING,
            f"{_subject(part)} still holds None at position {empty[0]}.",
            part=part,
            expected=expected,
            got=got,
        )
    if have is None or tensor_mixup or array_wanted:
        return _wrong_type(expected, got, part)

    def difference(rung, sentence, expectation="", index=()):
        return Difference(rung, sentence, expectation, part, index, expected, got)

    if want.shape != have.shape and is_numbers(expected) and is_sequence(got):
        # Where lists stand for shapes, the word "shape" would be taken for theirs.
        return difference(
            Rung.WRONG_SHAPE,
            f"{_subject(part)} holds {len(got)} number{'s' * (len(got) != 1)}; "
            f"{len(expected)} are wanted.",
        )
    if want.shape != have.shape:
        return difference(
            Rung.WRONG_SHAPE,
            f"{_subject(part)} is a single number; shape {want.shape} is wanted."
            if have.shape == ()
            else f"{_subject(part)} has shape {have.shape}; "
            f"{want.shape or 'a single number'} is wanted.",
        )
    if have.dtype.kind not in NUMBERS or not (loose or _dtypes_fit(expected, got)):
        return difference(
            Rung.WRONG_DTYPE,
            f"{_subject(part)} holds {dtype_name(got)[:LONGEST_NAME]}; "
            f"{dtype_name(expected)} is wanted.",
        )
    lost = np.isfinite(want) & ~np.isfinite(have)
    if lost.any():
        index = tuple(int(i) for i in np.argwhere(lost)[0])
        kind = "NaN" if np.isnan(have[index]) else "infinity"
        return difference(
            Rung.NOT_FINITE, f"{_subject(part)} holds {kind}{_at(index)}.", index=index
        )
    wrong = ~close(expected, got, rtol)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        several = wrong.size > 1
        count = f": {wrong.sum()} of {wrong.size} values differ" if several else ""
        return difference(
            Rung.WRONG_VALUES,
            f"{_subject(part)} is not right{count}.",
            f"The first is {number_text(have[index])}{_at(index)}, where "
            f"{number_text(want[index])} is expected."
            if several
            else f"It is {number_text(have[index])}, where {number_text(want[index])} "
            "is expected.",
            index,
        )
    return None


def _dtypes_fit(expected, got):
    """Floats must have the wanted width; integers of any width are integers."""
    if to_numpy(expected).dtype.kind in "iu":
        return to_numpy(got).dtype.kind in "iu"
    return dtype_name(expected) == dtype_name(got)


def _at(index):
    return f" at [{', '.join(map(str, index))}]" if index else ""


def number_text(value):
    """A number in few digits: six significant ones, none of them padding."""
    value = np.asarray(value)[()]
    return str(value) if value.dtype.kind in "biu" else f"{value:.6g}"
