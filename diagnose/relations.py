"""How one column of arrays turns into another: by a factor, a transpose, or combined.

A column is one part of a result, as a list with an array for each case.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from diagnose.compare import close
from diagnose.kinds import to_numpy

MOST = 1_000_000  # entries of an array; with more, looking would take long


def floats(column, kinds="fciu"):
    """A column as arrays of floats or complex numbers; None if any holds others."""
    arrays = [to_numpy(value) for value in column]
    if any(a is None or a.dtype.kind not in kinds or a.size > MOST for a in arrays):
        return None
    return [a if a.dtype.kind in "fc" else a.astype(float) for a in arrays]


# How two mistakes combine in one array.


def deviations_added(truth, a, b):
    return a + b - truth if truth.shape == a.shape == b.shape else None


def scaled(truth, a, b):
    """One of the two only scales the truth; here it scales the other."""
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

    @property
    def named(self):
        faults = ["a transpose"] if self.transposed else []
        if np.isclose(self.factor, -1):
            faults.append("a turned sign")
        elif not np.isclose(self.factor, 1):
            faults.append(f"a factor of {_factor_text(self.factor)}")
        return " and ".join(faults)

    @property
    def question(self):
        if self.transposed:
            return "Rows and columns are exchanged: is a `.T` missing, or one too many?"
        if np.isclose(self.factor, -1):
            return "Which difference is taken the other way round?"
        return "Where could it have come in, or got lost?"


def relation_of(base, mine, rtol, least=2):
    """The Relation of two columns, or None. At least so many entries must show it."""
    pairs = _telling_pairs(base, mine)
    for transposed in (False, True):
        if transposed and any(a.ndim < 2 for a in base):
            return None
        turned = [(a.T if transposed else a, b) for a, b in pairs]
        factor = _factor(turned, least, rtol)
        if factor and (transposed or not np.isclose(factor, 1)):
            return Relation(transposed, factor)
    return None


def _telling_pairs(base, mine):
    pairs = zip(base, mine, strict=True)
    return [(a, b) for a, b in pairs if np.any(a) or np.any(b)]


def relation_to_truth(truth, mine, rtol):
    """One sentence to go on from "Your result is", or ""."""
    relation = relation_of(truth, mine, rtol)
    if relation:
        return f"right except for {relation.named}. {relation.question}"
    pairs = _telling_pairs(truth, mine)
    factors = [_factor([pair], 2, rtol) for pair in pairs]
    if len(factors) < 2 or None in factors:
        return ""
    listed = list(dict.fromkeys(map(_factor_text, factors)))[:2]
    if len(listed) < 2:
        return ""
    return (
        f"right except for a factor that changes from case to case "
        f"({', '.join(listed)}, …). Is it divided by a size, or multiplied by one?"
    )


def _factor(pairs, least, rtol=None):
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


def _factor_text(factor):
    """2, -3, 1/2, or 0.0317: a simple fraction where there is one, down to 1/256."""
    fraction = Fraction(factor).limit_denominator(256)
    if np.isclose(float(fraction), factor, rtol=1e-6, atol=0):
        return str(fraction)
    return f"{factor:.4g}"
