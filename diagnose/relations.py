"""How one column of arrays turns into another: by a factor, a transpose, or combined.

A column is one part of a result, as a list with an array for each case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from diagnose.compare import close
from diagnose.kinds import to_numpy

Column = Sequence[Any]  # a part's value in one case after another
Arrays = list[np.ndarray]
Pairs = list[tuple[np.ndarray, np.ndarray]]

MOST = 1_000_000  # entries of an array; with more, looking would take long


def floats(column: Column, kinds: str = "fciu") -> Arrays | None:
    """A column as arrays of floats or complex numbers; None if any holds others."""
    arrays = [array for value in column if (array := to_numpy(value)) is not None]
    if len(arrays) < len(column) or any(
        a.dtype.kind not in kinds or a.size > MOST for a in arrays
    ):
        return None
    return [a if a.dtype.kind in "fc" else a.astype(float) for a in arrays]


# How two mistakes combine in one array.


def deviations_added(
    truth: np.ndarray, a: np.ndarray, b: np.ndarray
) -> np.ndarray | None:
    """What two mistakes come to whose deviations add up; None if shapes differ."""
    return a + b - truth if truth.shape == a.shape == b.shape else None


def scaled(truth: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    """The other one, scaled, if one of the two only scales the truth; else None."""
    for scaling, other in ((a, b), (b, a)):
        if truth.shape == scaling.shape and (factor := _factor([(truth, scaling)], 1)):
            return factor * other
    return None


# How an answer relates to the truth, or to a known mistake, in every case.


@dataclass(frozen=True)
class Relation:
    """What turns each array of one column into that of another."""

    transposed: bool
    factor: float


@dataclass(frozen=True)
class ChangingFactor:
    """Every case is off by a factor, and it isn't always the same one."""

    factors: tuple[float, ...]


def relation_of(
    base: Arrays, mine: Arrays, rtol: float | None, least: int = 2
) -> Relation | None:
    """The Relation of two columns, or None if there is none.

    At least ``least`` entries other than 0 must show it.
    """
    pairs = _telling_pairs(base, mine)
    for transposed in (False, True):
        if transposed and any(a.ndim < 2 for a in base):
            return None
        turned = [(a.T if transposed else a, b) for a, b in pairs]
        factor = _factor(turned, least, rtol)
        if factor and (transposed or not np.isclose(factor, 1)):
            return Relation(transposed, factor)
    return None


def _telling_pairs(base: Arrays, mine: Arrays) -> Pairs:
    pairs = zip(base, mine, strict=True)
    return [(a, b) for a, b in pairs if np.any(a) or np.any(b)]


def relation_to_truth(
    truth: Arrays, mine: Arrays, rtol: float | None
) -> Relation | ChangingFactor | None:
    """How a column comes from the right one: a Relation, a ChangingFactor, or None."""
    relation = relation_of(truth, mine, rtol)
    if relation:
        return relation
    pairs = _telling_pairs(truth, mine)
    factors = [f for pair in pairs if (f := _factor([pair], 2, rtol)) is not None]
    if len(factors) < max(2, len(pairs)):
        return None
    # Rounding apart: 1/3 in every case is one factor, however its last digit falls.
    alike = {f"{float(simple(factor)):.4g}" for factor in factors}
    return ChangingFactor(tuple(factors)) if len(alike) > 1 else None


def _factor(pairs: Pairs, least: int, rtol: float | None = None) -> float | None:
    """The one number that turns every first array into its second, or None."""
    if not pairs or any(a.shape != b.shape for a, b in pairs):
        return None
    base = np.concatenate([a.ravel() for a, _ in pairs])
    mine = np.concatenate([b.ravel() for _, b in pairs])
    if not (np.isfinite(base).all() and np.isfinite(mine).all()):
        return None
    if np.count_nonzero(base) < least:
        return None
    factor = np.vdot(base, mine).real / np.vdot(base, base).real
    fits = factor and all(close(a * factor, b, rtol).all() for a, b in pairs)
    return float(factor) if fits else None


def simple(factor: float) -> Fraction | float:
    """The fraction that a factor stands for, down to 1/256; itself if there is none."""
    fraction = Fraction(factor).limit_denominator(256)
    fits = np.isclose(float(fraction), factor, rtol=1e-6, atol=0)
    return fraction if fits else factor
