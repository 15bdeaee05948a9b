"""Two values side by side: do they agree, and if not, what differs, and where?

Everything here is a fact. ``wording`` says it in sentences.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from diagnose.kinds import (
    array_of,
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
NUMBERS = set("biufc")  # the kinds of NumPy dtypes that hold numbers


@dataclass(frozen=True)
class Difference:
    """How an answer differs from what was expected, in one part of the result.

    rung           on which rung of the ladder it fails for that
    part           the part's name ("dw1"); "" where the result is one value
    expected, got  the part on either side, as given
    index          the first entry that differs, () where that says nothing
    same_numbers   whether the numbers can be compared all the same
    """

    rung: ClassVar[Rung]
    part: str
    expected: Any
    got: Any
    index: tuple[int, ...] = field(default=(), kw_only=True)
    same_numbers: ClassVar[bool] = False


class Missing(Difference):
    """None came where something is expected."""

    rung = Rung.RETURNED_NOTHING


class HoldsNone(Difference):
    """A sequence of numbers holds None, at ``index``."""

    rung = Rung.RETURNED_NOTHING


@dataclass(frozen=True)
class OtherType(Difference):
    """Something of another kind came; ``names`` are what the items are called."""

    rung = Rung.WRONG_TYPE
    names: Sequence[str] = ()


class OtherContainer(OtherType):
    """The numbers came in another kind of container: a list for an array, say."""

    same_numbers = True


class OtherKeys(Difference):
    """A dict has other keys."""

    rung = Rung.WRONG_TYPE


@dataclass(frozen=True)
class OtherLength(Difference):
    """A sequence has another number of items; ``names`` are what they are called."""

    rung = Rung.WRONG_TYPE
    names: Sequence[str] = ()


class OtherShape(Difference):
    """An array has another shape."""

    rung = Rung.WRONG_SHAPE


class OtherDtype(Difference):
    """The numbers are of another kind: float32 for float64, say."""

    rung = Rung.WRONG_DTYPE
    same_numbers = True


class NoNumbers(Difference):
    """An array holds something else than numbers."""

    rung = Rung.WRONG_DTYPE


class NotFinite(Difference):
    """NaN or infinity stands at ``index``, where a number is expected."""

    rung = Rung.NOT_FINITE


@dataclass(frozen=True)
class OtherNumbers(Difference):
    """``count`` of ``size`` numbers differ, the first of them at ``index``."""

    rung = Rung.WRONG_VALUES
    count: int = 1
    size: int = 1


class OtherWord(Difference):
    """Another string came."""

    rung = Rung.WRONG_VALUES


def parts(value: Any, names: Sequence[str] = ()) -> dict[str, Any]:
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


def close(expected: Any, got: Any, rtol: float | None = None) -> np.ndarray:
    """Which entries agree: a bool array. Shapes must already be equal.

    Without ``rtol``, the coarser of the two dtypes sets the tolerance. Entries are
    also allowed a hundredth of that share of the largest expected entry (of 1 where
    all are zero), because a sum that should cancel to zero leaves rounding of the size
    of its terms. NaN agrees with NaN.
    """
    if rtol is None:
        rtol = max(RTOL.get(dtype_name(v), RTOL_DOUBLE) for v in (expected, got))
    expected, got = array_of(expected), array_of(got)
    if not {expected.dtype.kind, got.dtype.kind} & set("fc"):
        return np.asarray(expected == got)
    finite = np.abs(expected[np.isfinite(expected)])
    largest = finite.max(initial=0.0) or 1.0
    return np.isclose(
        got, expected, rtol=rtol, atol=rtol * 1e-2 * largest, equal_nan=True
    )


def agree(a: Any, b: Any, rtol: float | None = None) -> bool:
    """Whether two results hold the same numbers in the same structure.

    Kinds and dtypes don't count here: a mistake is the same mistake in float32.
    """
    return all(difference.same_numbers for difference in differences(a, b, rtol=rtol))


def same_dtypes(a: Any, b: Any) -> bool:
    """Whether two results that agree also hold the same kinds of numbers."""
    kinds = [
        [None if to_numpy(part) is None else dtype_name(part) for part in side.values()]
        for side in (parts(a), parts(b))
    ]
    return kinds[0] == kinds[1]


def first_difference(
    expected: Any,
    got: Any,
    *,
    names: Sequence[str] = (),
    part: str = "",
    rtol: float | None = None,
) -> Difference | None:
    """The difference on the lowest rung, or None where ``got`` is as expected.

    A wrong shape in the last part comes before wrong values in the first.
    """
    found = differences(expected, got, names=names, part=part, rtol=rtol)
    return min(found, key=lambda difference: difference.rung, default=None)


def differences(
    expected: Any,
    got: Any,
    *,
    names: Sequence[str] = (),
    part: str = "",
    rtol: float | None = None,
) -> Iterator[Difference]:
    """All that differs, part by part: kind, then shape, dtype, finiteness, values.

    ``names`` are what the items of a tuple are called, ``part`` what the whole is.
    """
    if expected is None or got is None:
        if expected is not got:
            kind = OtherType if expected is None else Missing
            yield kind(part, expected, got)
    elif type(expected) is dict:
        yield from _in_dict(expected, got, part, rtol)
    elif is_sequence(expected) and not is_numbers(expected):
        yield from _in_sequence(expected, got, names, part, rtol)
    elif type(expected) is str:
        if type(got) is not str:
            yield OtherType(part, expected, got)
        elif expected.strip().casefold() != got.strip().casefold():
            yield OtherWord(part, expected, got)
    else:
        yield from _in_numbers(expected, got, part, rtol)


def _in_dict(
    expected: dict, got: Any, part: str, rtol: float | None
) -> Iterator[Difference]:
    if not is_plain_dict(got):
        yield OtherType(part, expected, got)
    elif expected.keys() != got.keys():
        yield OtherKeys(part, expected, got)
    else:
        for key, value in expected.items():
            yield from differences(value, got[key], part=str(key), rtol=rtol)


def _in_sequence(
    expected: Sequence, got: Any, names: Sequence[str], part: str, rtol: float | None
) -> Iterator[Difference]:
    if not is_sequence(got):
        yield OtherType(part, expected, got, names)
    elif len(got) != len(expected):
        yield OtherLength(part, expected, got, names)
    else:
        named = parts(expected, names).items()
        for (name, value), item in zip(named, got, strict=True):
            yield from differences(value, item, part=name, rtol=rtol)


def _in_numbers(
    expected: Any, got: Any, part: str, rtol: float | None
) -> Iterator[Difference]:
    want, have = to_numpy(expected), to_numpy(got)
    if want is None:  # `expected` is another answer's, and no number
        yield OtherType(part, expected, got)
        return
    # A number's exact class doesn't matter, nor what holds a few of them.
    loose = is_number(expected) or is_numbers(expected) or want.shape == ()
    if is_sequence(got) and any(item is None for item in got):
        yield HoldsNone(part, expected, got, index=(_first_none(got),))
        return
    if have is None:
        if is_numbers(expected) and is_sequence(got) and len(got) == len(expected):
            # A list of arrays that hold one number each, perhaps.
            yield OtherContainer(part, expected, got)
            for value, item in zip(expected, got, strict=True):
                yield from differences(value, item, part=part, rtol=rtol)
        else:
            yield OtherType(part, expected, got)
        return
    if not loose and not _alike(expected, got):
        yield OtherContainer(part, expected, got)
    if want.shape != have.shape:
        yield OtherShape(part, expected, got)
        return
    if not {want.dtype.kind, have.dtype.kind} <= NUMBERS:
        yield NoNumbers(part, expected, got)
        return
    if not loose and not _dtypes_fit(expected, got):
        yield OtherDtype(part, expected, got)
    lost = np.isfinite(want) & ~np.isfinite(have)
    if lost.any():
        yield NotFinite(part, expected, got, index=_first(lost))
    wrong = ~close(expected, got, rtol)
    if wrong.any():
        count, size = int(wrong.sum()), wrong.size
        yield OtherNumbers(
            part, expected, got, index=_first(wrong), count=count, size=size
        )


def _first_none(sequence: Sequence) -> int:
    return next(index for index, item in enumerate(sequence) if item is None)


def _alike(expected: Any, got: Any) -> bool:
    """Both arrays, or both tensors."""
    return is_tensor(expected) == is_tensor(got) and (is_array(got) or is_tensor(got))


def _dtypes_fit(expected: Any, got: Any) -> bool:
    """Floats must have the wanted width; integers of any width are integers."""
    if array_of(expected).dtype.kind in "iu":
        return array_of(got).dtype.kind in "iu"
    return dtype_name(expected) == dtype_name(got)


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])
