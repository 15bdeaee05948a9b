"""Which mistake is it? An answer is compared with what each mistake computes.

Everything here is decided over all cases at once: a mistake is named only if the
answer agrees with it on every case, and differs from the truth on every case in
which the mistake does.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np

from helpers.checking.compare import agree, close, first_difference, parts, same_dtypes
from helpers.checking.exceptions import message_of
from helpers.checking.kinds import is_sequence, to_numpy
from helpers.checking.running import run


@dataclass(frozen=True)
class Finding:
    """What an answer turned out to be: names of mistakes, and sentences to show."""

    mistakes: tuple[str, ...]
    sentences: tuple[str, ...]


class Diagnosis:
    """An answer's outcomes and the truth on the same cases, ready to be explained.

    ``inputs``, ``truths`` (values) and ``outcomes`` run in parallel, one entry a case;
    ``probe`` is how each of the ``mistakes`` is run on a case's inputs.
    """

    def __init__(self, exercise, mistakes, probe, inputs, truths, outcomes):
        self.exercise = exercise
        self.truths = truths
        self.outcomes = outcomes
        self.wrong = {
            mistake: [
                run(mistake.answer, probe, given, exercise.inputs) for given in inputs
            ]
            for mistake in mistakes
        }

    def finding(self):
        """The best explanation there is, or None."""
        named = self.one_mistake()
        if named or any(o.changed or o.error is not None for o in self.outcomes):
            return named
        return self._other_order() or self._part_by_part()

    def invisible_mistakes(self):
        """The mistakes that no case tells from the truth."""
        return [
            mistake
            for mistake, outcomes in self.wrong.items()
            if all(
                outcome.error is None and self._agree(truth, outcome.value)
                for truth, outcome in zip(self.truths, outcomes, strict=True)
            )
        ]

    def _agree(self, a, b):
        return agree(a, b, self.exercise.rtol)

    # One of the listed mistakes, whole.

    def one_mistake(self):
        """The mistake that the whole answer agrees with, as a Finding; or None."""
        fitting = [m for m in self.wrong if self._fits(m)]
        # A mask and a list of ones and zeros hold the same numbers; where the dtype
        # tells two readings apart, it is believed.
        closest = [m for m in fitting if self._same_dtypes(m)] or fitting
        return Finding(_names(closest), _sentences(closest)) if closest else None

    def _same_dtypes(self, mistake):
        return all(
            same_dtypes(mine.value, its.value)
            for mine, its in zip(self.outcomes, self.wrong[mistake], strict=True)
        )

    def _fits(self, mistake):
        told_apart = False
        for truth, mine, its in zip(
            self.truths, self.outcomes, self.wrong[mistake], strict=True
        ):
            if mine.error is not None or its.error is not None:
                if not _same_error(mine.error, its.error):
                    return False
                told_apart = True
                continue
            if mine.changed != its.changed:
                return False
            if not self._agree(mine.value, its.value):
                return False
            differs = bool(its.changed) or not self._agree(truth, its.value)
            if differs and not mine.changed and self._agree(truth, mine.value):
                return False
            told_apart = told_apart or differs
        return told_apart

    # Everything is there, in another order.

    def _other_order(self):
        values = [outcome.value for outcome in self.outcomes]
        if not all(map(is_sequence, [*self.truths, *values])):
            return None
        truths, mine = self._parts(self.truths), self._parts(values)
        if any(len(a) != len(b) for a, b in zip(truths, mine, strict=True)):
            return None
        for order in permutations(range(len(truths[0]))):
            if list(order) != sorted(order) and all(
                self._agree(list(truth.values())[i], answer)
                for truth, answers in zip(truths, mine, strict=True)
                for i, answer in zip(order, answers.values(), strict=True)
            ):
                sentence = "The parts are right, but they come in another order."
                wanted = f"The order wanted is {', '.join(truths[0])}."
                return Finding((), (sentence, wanted))
        return None

    # Each part of a result explained on its own: dw1 by one mistake, dw2 by another.

    def _part_by_part(self):
        names = self._wrong_parts()
        fitting = {name: self._fitting_part(name) for name in names}
        shared = set.intersection(*map(set, fitting.values())) if names else set()
        readings = {
            name: self._reading(name, [m for m in fitting[name] if m in shared])
            or self._reading(name, fitting[name])
            for name in names
        }
        if not any(readings.values()):
            return None
        mistakes, sentences = [], []
        for reading in dict.fromkeys(readings.values()):
            alike = [name for name in names if readings[name] == reading]
            if reading is None:
                sentences += [self._difference(name).sentence for name in alike]
            else:
                mistakes += reading.mistakes
                sentences += reading.told_of(alike)
        return Finding(tuple(dict.fromkeys(mistakes)), tuple(sentences))

    def _reading(self, name, fitting):
        """What became of one part of the result: a Reading, or None."""
        truth, mine = _floats(self._truth(name), "fc"), _floats(self._mine(name))
        is_real = truth is not None and mine is not None
        if is_real and (relation := _relation_to_truth(truth, mine, self.exercise)):
            return Reading((), (relation,))
        if fitting:
            return Reading(_names(fitting), _sentences(fitting))
        return self._two_things_at_once(name, truth, mine) if is_real else None

    def _wrong_parts(self):
        """Names of the parts that are wrong in some case; none if parts are missing."""
        truths = self._parts(self.truths)
        mine = self._parts([outcome.value for outcome in self.outcomes])
        if any(a.keys() != b.keys() for a, b in zip(truths, mine, strict=True)):
            return []
        return [name for name in truths[0] if self._difference(name)]

    def _fitting_part(self, name):
        return [
            mistake
            for mistake in self.wrong
            if (its := self._its(mistake, name)) is not None
            and self._part_fits(self._truth(name), self._mine(name), its)
        ]

    def _part_fits(self, truth, mine, its):
        told_apart = [not self._agree(*pair) for pair in zip(truth, its, strict=True)]
        return (
            all(map(self._agree, mine, its))
            and any(told_apart)
            and not any(
                differs and self._agree(a, b)
                for differs, a, b in zip(told_apart, truth, mine, strict=True)
            )
        )

    def _difference(self, name):
        """The first difference in one part, over all cases; or None."""
        differences = (
            first_difference(truth, mine, part=name, rtol=self.exercise.rtol)
            for truth, mine in zip(self._truth(name), self._mine(name), strict=True)
        )
        return next(filter(None, differences), None)

    # One part of the result, as a list with an entry for each case.

    def _truth(self, name):
        return [values[name] for values in self._parts(self.truths)]

    def _mine(self, name):
        values = [outcome.value for outcome in self.outcomes]
        return [values[name] for values in self._parts(values)]

    def _its(self, mistake, name):
        """What a mistake makes of this part; None if in some case it makes nothing."""
        outcomes = self.wrong[mistake]
        if any(outcome.changed or outcome.error is not None for outcome in outcomes):
            return None
        values = self._parts([outcome.value for outcome in outcomes])
        return [v[name] for v in values] if all(name in v for v in values) else None

    def _parts(self, values):
        return [parts(value, self.exercise.returns) for value in values]

    # Two of the listed mistakes in one array, or one of them and a factor.

    def _two_things_at_once(self, name, truth, mine):
        listed = {mistake: self._its(mistake, name) for mistake in self.wrong}
        wrong = {
            mistake: arrays
            for mistake, its in listed.items()
            if its is not None and (arrays := _floats(its, "fciub")) is not None
        }
        for pair in combinations(wrong, 2):
            one, other = wrong[pair[0]], wrong[pair[1]]
            if self._neither_explains(one, other, mine) and any(
                all(map(self._agree, map(combine, truth, one, other), mine))
                for combine in (_deviations_added, _scaled)
            ):
                sentences = [text for m in pair for text in (m.did, m.look)]
                return Reading(_names(pair), (AT_ONCE, *sentences))
        for mistake, its in wrong.items():
            relation = _relation(its, mine, self.exercise.rtol, least=4)
            if relation:
                also = f"On top of it there is {relation.named}."
                return Reading(
                    (mistake.name,), (AT_ONCE, mistake.did, mistake.look, also)
                )
        return None

    def _neither_explains(self, one, other, mine):
        """Whether in some case it takes both: not even a zero explains the answer."""
        return any(
            np.any(answer) and not self._agree(a, answer) and not self._agree(b, answer)
            for a, b, answer in zip(one, other, mine, strict=True)
        )


@dataclass(frozen=True)
class Reading:
    """What became of one part of a result: known mistakes, or a relation to the truth.

    The sentences of a relation go on from "Your result is".
    """

    mistakes: tuple[str, ...]
    sentences: tuple[str, ...]

    def told_of(self, names):
        listed = " and ".join(f"`{name}`" for name in names if name)
        first, *rest = self.sentences
        if self.mistakes:
            return (f"{listed}: {first}" if listed else first, *rest)
        verb = "are" if len(names) > 1 else "is"
        return (f"{listed or 'Your result'} {verb} {first}", *rest)


AT_ONCE = "Two things at once."
MOST = 1_000_000  # entries


def _names(mistakes):
    return tuple(mistake.name for mistake in mistakes)


def _sentences(mistakes):
    several = "Two" if len(mistakes) == 2 else "Several"
    intro = [f"{several} readings fit your answer."] if len(mistakes) > 1 else []
    return (*intro, *(text for m in mistakes for text in (m.did, m.look)))


def _same_error(a, b):
    """Whether two exceptions are alike, down to the shapes that messages tell.

    `a + b` and `b + a` tell them in different order.
    """
    return type(a) is type(b) and _words_of(a) == _words_of(b)


def _words_of(error):
    return sorted(message_of(error).split())


def _floats(column, kinds="fciu"):
    """A column as arrays of floats or complex numbers; None if any holds others, or
    so many that looking for relations would take long.
    """
    arrays = [to_numpy(value) for value in column]
    if any(a is None or a.dtype.kind not in kinds or a.size > MOST for a in arrays):
        return None
    return [a if a.dtype.kind in "fc" else a.astype(float) for a in arrays]


# How two mistakes combine in one array.


def _deviations_added(truth, a, b):
    return a + b - truth if truth.shape == a.shape == b.shape else None


def _scaled(truth, a, b):
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


def _relation(base, mine, rtol, least=2):
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


def _relation_to_truth(truth, mine, exercise):
    """One sentence to go on from "Your result is", or ""."""
    relation = _relation(truth, mine, exercise.rtol)
    if relation:
        return f"right except for {relation.named}. {relation.question}"
    pairs = _telling_pairs(truth, mine)
    factors = [_factor([pair], 2, exercise.rtol) for pair in pairs]
    if len(factors) < 2 or None in factors:
        return ""
    listed = list(dict.fromkeys(map(_factor_text, factors)))[:2]
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
    """2, -3, 1/2, or 0.0317: a simple fraction where there is one."""
    fraction = Fraction(factor).limit_denominator(64)
    if np.isclose(float(fraction), factor, rtol=1e-6, atol=0):
        return str(fraction)
    return f"{factor:.4g}"
