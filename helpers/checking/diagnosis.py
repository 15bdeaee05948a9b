"""Which mistake is it? An answer is compared with what each mistake computes.

Everything here is decided over all cases at once: a mistake is named only if the
answer agrees with it on every case, and differs from the truth on every case in
which the mistake does.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np

from helpers.checking.compare import agree, close, parts, same_dtypes
from helpers.checking.exceptions import message_of
from helpers.checking.kinds import to_numpy
from helpers.checking.running import quiet, run


@dataclass(frozen=True)
class Finding:
    """What an answer turned out to be: names of mistakes, and sentences to show."""

    mistakes: tuple[str, ...]
    sentences: tuple[str, ...]


class Diagnosis:
    """An answer's outcomes and the truth on the same cases, ready to be explained.

    ``inputs``, ``truths`` (values) and ``outcomes`` run in parallel, one entry a case;
    ``probe`` is how a mistake is run on a case's inputs.
    """

    def __init__(self, exercise, probe, inputs, truths, outcomes):
        self.exercise = exercise
        self.truths = truths
        self.outcomes = outcomes
        with quiet():
            self.wrong = {
                mistake: [
                    run(mistake.answer, probe, given, exercise.inputs)
                    for given in inputs
                ]
                for mistake in exercise.mistakes
            }

    def finding(self):
        """The best explanation there is, or None."""
        named = self._one_mistake()
        if named or any(o.changed or o.error for o in self.outcomes):
            return named
        return (
            self._mistakes_by_part()
            or self._two_mistakes()
            or self._other_order()
            or self._relations()
        )

    # One of the listed mistakes, whole.

    def _one_mistake(self):
        fitting = [m for m in self.exercise.mistakes if self._fits(m)]
        # A mask and a list of ones and zeros hold the same numbers; where the dtype
        # tells two readings apart, it is believed.
        closest = [m for m in fitting if self._same_dtypes(m)]
        return _named(closest or fitting) if fitting else None

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
            if mine.error or its.error:
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

    def _agree(self, a, b):
        return agree(a, b, self.exercise.rtol)

    # Each part of a result explained on its own: dw1 by one mistake, dw2 by another.

    def _mistakes_by_part(self):
        names = self._wrong_parts()
        if names is None or "" in names:
            return None
        explained = {name: self._fitting_part(name) for name in names}
        if not any(explained.values()):
            return None
        shared = set.intersection(*(set(fitting) for fitting in explained.values()))
        if shared:
            ordered = [m for m in self.exercise.mistakes if m in shared]
            return _named(ordered[:1])
        sentences, mistakes = [], []
        for name, fitting in explained.items():
            if fitting:
                mistakes.append(fitting[0].name)
                sentences += [f"`{name}`: {fitting[0].did}", fitting[0].look]
            else:
                relation = self._relation(name)
                sentences.append(relation or f"`{name}` is not right either.")
        return Finding(tuple(dict.fromkeys(mistakes)), tuple(sentences))

    def _fitting_part(self, name):
        return [
            mistake
            for mistake in self.exercise.mistakes
            if not any(outcome.error for outcome in self.wrong[mistake])
            and self._part_fits(name, [o.value for o in self.wrong[mistake]])
        ]

    def _part_fits(self, name, wrong_values):
        told_apart = False
        for truth, mine, its in zip(
            self._parts(self.truths),
            self._parts([outcome.value for outcome in self.outcomes]),
            self._parts(wrong_values),
            strict=True,
        ):
            if name not in its or not self._agree(mine[name], its[name]):
                return False
            differs = not self._agree(truth[name], its[name])
            if differs and self._agree(truth[name], mine[name]):
                return False
            told_apart = told_apart or differs
        return told_apart

    def _parts(self, values):
        return [parts(value, self.exercise.returns) for value in values]

    def _wrong_parts(self):
        """Names of the parts that are wrong in some case; None if parts are missing."""
        wrong = []
        for truth, mine in zip(
            self._parts(self.truths),
            self._parts([outcome.value for outcome in self.outcomes]),
            strict=True,
        ):
            if truth.keys() != mine.keys():
                return None
            wrong += [
                name for name in truth if not self._agree(truth[name], mine[name])
            ]
        return list(dict.fromkeys(wrong))

    # Two of the listed mistakes in one array: their deviations add, or multiply.

    def _two_mistakes(self):
        if self._wrong_parts() != [""]:
            return None
        arrays = [to_numpy(truth) for truth in self.truths]
        mine = [to_numpy(outcome.value) for outcome in self.outcomes]
        if not all(_are_floats(*pair) for pair in zip(arrays, mine, strict=True)):
            return None
        candidates = {}
        for mistake, outcomes in self.wrong.items():
            values = [to_numpy(outcome.value) for outcome in outcomes]
            if all(
                value is not None and value.shape == truth.shape
                for value, truth in zip(values, arrays, strict=True)
            ):
                candidates[mistake] = values
        for a, b in combinations(candidates, 2):
            pairs = list(zip(arrays, candidates[a], candidates[b], mine, strict=True))
            for combine in (_deviations_added, _deviations_multiplied):
                fits = all(
                    self._agree(combine(truth, one, other), answer)
                    for truth, one, other, answer in pairs
                )
                if fits and any(
                    not self._agree(one, answer) and not self._agree(other, answer)
                    for _, one, other, answer in pairs
                ):
                    return _named([a, b], joined="Two things at once.")
        return None

    # Not a listed mistake, but a plain relation to the truth.

    def _other_order(self):
        truths = [list(values.values()) for values in self._parts(self.truths)]
        mine = [
            list(values.values())
            for values in self._parts([outcome.value for outcome in self.outcomes])
        ]
        size = len(truths[0])
        if type(self.truths[0]) is dict or any(len(m) != size for m in mine):
            return None
        for order in permutations(range(size)):
            if order != tuple(range(size)) and all(
                self._agree(values[i], answer)
                for values, answers in zip(truths, mine, strict=True)
                for i, answer in zip(order, answers, strict=True)
            ):
                names = ", ".join(self._parts(self.truths)[0])
                return Finding(
                    (),
                    (
                        "The parts are right, but they come in another order.",
                        f"The order wanted is {names}.",
                    ),
                )
        return None

    def _relations(self):
        names = self._wrong_parts()
        if not names:
            return None
        found = {name: self._relation(name) for name in names}
        if not any(found.values()):
            return None
        sentences = [
            sentence or f"`{name}` is not right either."
            for name, sentence in found.items()
        ]
        return Finding((), tuple(sentences))

    def _relation(self, name):
        """One sentence on how one part relates to the truth in every case, or ""."""
        pairs = [
            (to_numpy(truth[name]), to_numpy(mine[name]))
            for truth, mine in zip(
                self._parts(self.truths),
                self._parts([outcome.value for outcome in self.outcomes]),
                strict=True,
            )
        ]
        if any(truth is None or mine is None for truth, mine in pairs):
            return ""
        pairs = [pair for pair in pairs if np.any(pair[0]) or np.any(pair[1])]
        if not pairs or not all(_are_floats(*pair) for pair in pairs):
            return ""
        subject = f"`{name}`" if name else "Your result"
        if all(truth.shape == mine.shape for truth, mine in pairs):
            return _factor_sentence(subject, pairs)
        if all(truth.T.shape == mine.shape for truth, mine in pairs):
            turned = [(truth.T, mine) for truth, mine in pairs]
            if _factor(turned) == 1:
                return f"{subject} is right, but transposed: it needs a `.T`."
        return ""


def _named(mistakes, joined=""):
    names = tuple(mistake.name for mistake in mistakes)
    sentences = [joined] if joined else []
    if len(mistakes) > 1 and not joined:
        sentences.append("Two readings fit your answer.")
    for mistake in mistakes:
        sentences += [mistake.did, mistake.look]
    return Finding(names, tuple(sentences))


def _same_error(a, b):
    """Whether two exceptions are alike, down to the shapes that messages tell."""
    return type(a) is type(b) and message_of(a) == message_of(b)


def _are_floats(truth, mine):
    return (
        truth is not None
        and mine is not None
        and truth.dtype.kind in "fc"
        and mine.dtype.kind in "fciu"
    )


def _deviations_added(truth, a, b):
    return a + b - truth


def _deviations_multiplied(truth, a, b):
    return np.divide(a * b, truth, out=np.zeros_like(a * b), where=truth != 0)


def _factor(pairs):
    """The one number that turns every truth into its answer, or None."""
    truth = np.concatenate([truth.ravel() for truth, _ in pairs])
    mine = np.concatenate([mine.ravel() for _, mine in pairs])
    if truth.size < 2 or not np.isfinite(mine).all() or not np.isfinite(truth).all():
        return None
    factor = np.vdot(truth, mine).real / np.vdot(truth, truth).real
    fits = factor != 0 and all(
        close(truth * factor, mine).all() for truth, mine in pairs
    )
    return factor if fits else None


def _factor_sentence(subject, pairs):
    factor = _factor(pairs)
    if factor is not None:
        if np.isclose(factor, -1):
            return (
                f"{subject} is right except for its sign. "
                "Which difference is taken the other way round?"
            )
        return (
            f"{subject} is right except for a factor of {_factor_text(factor)}. "
            "Where could it have come in, or got lost?"
        )
    factors = [_factor([pair]) for pair in pairs]
    if None not in factors:
        listed = list(dict.fromkeys(map(_factor_text, factors)))[:2]
        return (
            f"{subject} is right except for a factor that changes from case to case "
            f"({', '.join(listed)}, …). Is it divided by a size, or multiplied by one?"
        )
    return ""


def _factor_text(factor):
    """2, −3, 1/2, or 0.0317: a simple fraction where there is one."""
    fraction = Fraction(float(factor)).limit_denominator(64)
    if np.isclose(float(fraction), factor, rtol=1e-6):
        return str(fraction)
    return f"{factor:.4g}"
