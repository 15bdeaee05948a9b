"""Which mistake is it? An answer is compared with what each mistake computes.

Everything here is decided over all cases at once: a mistake is named only if the
answer agrees with it on every case, and differs from the truth on every case in
which the mistake does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from diagnose import wording
from diagnose.compare import Difference, agree, first_difference, parts, same_dtypes
from diagnose.exceptions import kind_of, message_of
from diagnose.exercise import Exercise, Mistake, WrongAnswer
from diagnose.kinds import is_sequence
from diagnose.relations import (
    Arrays,
    ChangingFactor,
    Column,
    Relation,
    deviations_added,
    floats,
    relation_of,
    relation_to_truth,
    scaled,
)
from diagnose.running import Outcome, run


@dataclass(frozen=True)
class Finding:
    """What an answer turned out to be: names of mistakes, and sentences to show."""

    mistakes: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What became of one part of a result.

    mistakes  the known mistakes that explain it; none where a relation does
    relation  how it comes from the truth, or besides a mistake; None for not at all
    at_once   whether two things have to come together: two mistakes, or one and the
              relation. Else each of the mistakes explains it
    """

    mistakes: tuple[Mistake, ...] = ()
    relation: Relation | ChangingFactor | None = None
    at_once: bool = False

    def sentences(self, names: Sequence[str] = ()) -> tuple[str, ...]:
        """What is said of it; ``names`` are the parts that it is read in."""
        if not self.mistakes and self.relation:
            return (wording.right_except(names, self.relation),)
        if not self.at_once:
            return wording.about_parts(names, wording.of_mistakes(self.mistakes))
        said = [text for m in self.mistakes for text in (m.did, m.look)]
        also = [wording.on_top(self.relation)] if self.relation else []
        return wording.about_parts(names, (wording.TWO_AT_ONCE, *said, *also))


class Diagnosis:
    """An answer's outcomes and the truth on the same cases, ready to be explained.

    ``inputs``, ``truths`` (values) and ``outcomes`` run in parallel, one entry a case;
    ``probe`` is how each of the ``wrong_answers`` is run on a case's inputs.
    """

    def __init__(
        self,
        exercise: Exercise,
        wrong_answers: Sequence[WrongAnswer],
        probe: Callable[..., Any],
        inputs: Sequence[tuple],
        truths: Sequence[Any],
        outcomes: Sequence[Outcome],
    ) -> None:
        self.exercise = exercise
        self.truths = truths
        self.outcomes = outcomes
        self.wrong = outcomes_of(exercise, wrong_answers, probe, inputs)

    def finding(self) -> Finding | None:
        """The best explanation there is, or None."""
        named = self.one_mistake()
        if named or any(o.changed or o.error is not None for o in self.outcomes):
            return named
        return self._other_order() or self._part_by_part()

    def invisible(self) -> list[WrongAnswer]:
        """The wrong answers whose values no case tells from the truth."""
        return [
            wrong
            for wrong, outcomes in self.wrong.items()
            if all(
                outcome.error is None and self._agree(truth, outcome.value)
                for truth, outcome in zip(self.truths, outcomes, strict=True)
            )
        ]

    def _agree(self, a: Any, b: Any) -> bool:
        return agree(a, b, self.exercise.rtol)

    # One of the listed mistakes, whole.

    def one_mistake(self) -> Finding | None:
        """The mistake that the whole answer agrees with, as a Finding; or None."""
        fitting = [m for m in self.wrong if self._fits(m)]
        # A mask and a list of ones and zeros hold the same numbers; where two readings
        # differ in the dtype alone, the answer's dtype decides.
        closest = [m for m in fitting if self._same_dtypes(m)] or fitting
        mistakes = _mistakes(closest)
        if not mistakes:
            return None
        return Finding(_names(mistakes), wording.of_mistakes(mistakes))

    def _same_dtypes(self, mistake: WrongAnswer) -> bool:
        return all(
            same_dtypes(mine.value, its.value)
            for mine, its in zip(self.outcomes, self.wrong[mistake], strict=True)
        )

    def _fits(self, mistake: WrongAnswer) -> bool:
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

    def _other_order(self) -> Finding | None:
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
                return Finding((), wording.other_order(list(truths[0])))
        return None

    # Each part of a result explained on its own: dw1 by one mistake, dw2 by another.

    def _part_by_part(self) -> Finding | None:
        names = self._wrong_parts()
        readings = self._readings(names)
        if not all(readings.values()):
            together = self._two_mistakes(list(self._parts(self.truths)[0]))
            if together:
                return Finding(_names(together.mistakes), together.sentences())
        for name in [name for name in names if readings[name] is None]:
            if not self._agree_on(name, self._mine(name)):
                together = self._two_mistakes([name])
                readings[name] = together or self._mistake_and_more(name)
        if not any(readings.values()):
            return None
        mistakes: list[str] = []
        sentences: list[str] = []
        for reading in dict.fromkeys(readings.values()):
            alike = [name for name in names if readings[name] == reading]
            if reading is None:
                differing = filter(None, map(self._difference, alike))
                sentences += map(wording.sentence_of, differing)
            else:
                mistakes += _names(reading.mistakes)
                sentences += reading.sentences(alike)
        return Finding(tuple(dict.fromkeys(mistakes)), tuple(sentences))

    def _readings(self, names: list[str]) -> dict[str, Reading | None]:
        """{part: Reading}: how it relates to the truth, or one mistake; else None."""
        fitting = {
            name: self._closest(self._fitting_part(name), names) for name in names
        }
        each = [set(_mistakes(found)) for found in fitting.values()]
        shared = set.intersection(*each) if each else set()
        readings: dict[str, Reading | None] = {}
        for name in names:
            relation = self._relation_to_truth(name)
            fits = fitting[name]
            mistakes = [w for w in fits if w.mistake in shared] or fits
            if relation:
                readings[name] = Reading(relation=relation)
            elif mistakes:
                readings[name] = Reading(_mistakes(mistakes))
            else:
                readings[name] = None
        return readings

    def _closest(
        self, mistakes: list[WrongAnswer], names: list[str]
    ) -> list[WrongAnswer]:
        """Those that get the fewest parts wrong besides these.

        A mistake that spoils a whole table explains one spoilt entry less well than a
        mistake that spoils this entry alone.
        """
        beyond = {m: len(self._touched(m).difference(names)) for m in mistakes}
        return [m for m in mistakes if beyond[m] == min(beyond.values())]

    def _touched(self, mistake: WrongAnswer) -> set[str]:
        """Names of the parts that this mistake gets wrong, or doesn't have."""
        its = {name: self._its(mistake, name) for name in self._parts(self.truths)[0]}
        return {
            name
            for name, values in its.items()
            if values is None or not self._agree_on(name, values)
        }

    def _relation_to_truth(self, name: str) -> Relation | ChangingFactor | None:
        truth, mine = floats(self._truth(name), "fc"), floats(self._mine(name))
        if not truth or not mine:
            return None
        return relation_to_truth(truth, mine, self.exercise.rtol)

    def _wrong_parts(self) -> list[str]:
        """Names of the parts that are wrong in some case; none if parts are missing."""
        truths = self._parts(self.truths)
        mine = self._parts([outcome.value for outcome in self.outcomes])
        if any(a.keys() != b.keys() for a, b in zip(truths, mine, strict=True)):
            return []
        return [name for name in truths[0] if self._difference(name)]

    def _fitting_part(self, name: str) -> list[WrongAnswer]:
        return [
            mistake
            for mistake in self.wrong
            if (its := self._its(mistake, name)) is not None
            and self._part_fits(self._truth(name), self._mine(name), its)
        ]

    def _part_fits(self, truth: Column, mine: Column, its: Column) -> bool:
        told_apart = [not self._agree(*pair) for pair in zip(truth, its, strict=True)]
        return (
            all(map(self._agree, mine, its))
            and any(told_apart)
            and not any(
                differs and self._agree(a, b)
                for differs, a, b in zip(told_apart, truth, mine, strict=True)
            )
        )

    def _agree_on(self, name: str, values: Column) -> bool:
        """Whether these hold the numbers that are right for a part, of any dtype."""
        return all(map(self._agree, self._truth(name), values))

    def _difference(self, name: str) -> Difference | None:
        """The first difference in one part, over all cases; or None."""
        differences = (
            first_difference(truth, mine, part=name, rtol=self.exercise.rtol)
            for truth, mine in zip(self._truth(name), self._mine(name), strict=True)
        )
        return next(filter(None, differences), None)

    # One part of the result, as a list with an entry for each case.

    def _truth(self, name: str) -> Column:
        return [values[name] for values in self._parts(self.truths)]

    def _mine(self, name: str) -> Column:
        values = [outcome.value for outcome in self.outcomes]
        return [values[name] for values in self._parts(values)]

    def _its(self, mistake: WrongAnswer, name: str) -> Column | None:
        """What a mistake makes of this part; None if in some case it makes nothing."""
        outcomes = self.wrong[mistake]
        if any(outcome.changed or outcome.error is not None for outcome in outcomes):
            return None
        values = self._parts([outcome.value for outcome in outcomes])
        return [v[name] for v in values] if all(name in v for v in values) else None

    def _parts(self, values: Sequence[Any]) -> list[dict[str, Any]]:
        return [parts(value, self.exercise.returns) for value in values]

    # Two of the listed mistakes at once, or one of them and a factor.

    def _two_mistakes(self, names: list[str]) -> Reading | None:
        """The first two mistakes that together explain these parts of the result."""
        truth = _all_floats({name: self._truth(name) for name in names}, "fc")
        mine = _all_floats({name: self._mine(name) for name in names})
        if truth is None or mine is None:
            return None
        wrong = {m: its for m in self.wrong if (its := self._its_floats(m, names))}
        for pair in combinations(wrong, 2):
            one, other = wrong[pair[0]], wrong[pair[1]]
            if (
                pair[0].mistake is not pair[1].mistake
                and any(
                    self._neither_explains(one[name], other[name], mine[name])
                    for name in names
                )
                and all(
                    self._together_explain(
                        truth[name], one[name], other[name], mine[name]
                    )
                    for name in names
                )
            ):
                return Reading(_mistakes(pair), at_once=True)
        return None

    def _its_floats(
        self, mistake: WrongAnswer, names: list[str]
    ) -> dict[str, Arrays] | None:
        """{part: what a mistake makes of it}; None if it lacks one of the parts."""
        columns = {
            name: column
            for name in names
            if (column := self._its(mistake, name)) is not None
        }
        return _all_floats(columns, "fciub") if len(columns) == len(names) else None

    def _neither_explains(self, one: Arrays, other: Arrays, mine: Arrays) -> bool:
        """Whether in some case neither alone explains the answer, zeros apart."""
        return any(
            np.any(answer) and not self._agree(a, answer) and not self._agree(b, answer)
            for a, b, answer in zip(one, other, mine, strict=True)
        )

    def _together_explain(
        self, truth: Arrays, one: Arrays, other: Arrays, mine: Arrays
    ) -> bool:
        return any(
            all(map(self._agree, map(combine, truth, one, other), mine))
            for combine in (deviations_added, scaled)
        )

    def _mistake_and_more(self, name: str) -> Reading | None:
        """A mistake of which the part is a multiple, or a transpose.

        Predictions are left out: of a few numbers, some are multiples of anything.
        """
        mine = floats(self._mine(name)) if self.exercise.inputs else None
        if mine is None:
            return None
        for mistake in self.wrong:
            its = self._its_floats(mistake, [name])
            if its is None or self._agree_on(name, its[name]):
                continue
            relation = relation_of(its[name], mine, self.exercise.rtol, least=4)
            if relation:
                return Reading(_mistakes([mistake]), relation, at_once=True)
        return None


def _all_floats(columns: dict[str, Column], kinds: str = "fciu") -> dict | None:
    """{part: its column as arrays}; None if one of them holds anything else."""
    arrays = {name: floats(column, kinds) for name, column in columns.items()}
    return arrays if all(arrays.values()) else None


def outcomes_of(
    exercise: Exercise,
    wrong_answers: Iterable[WrongAnswer],
    probe: Callable[..., Any],
    inputs: Sequence[tuple],
) -> dict[WrongAnswer, list[Outcome]]:
    """{wrong answer: what it makes of one case after another}."""
    return {
        wrong: [run(wrong.answer, probe, given, exercise.inputs) for given in inputs]
        for wrong in wrong_answers
    }


def _mistakes(wrong_answers: Iterable[WrongAnswer]) -> tuple[Mistake, ...]:
    """Their mistakes, each once: several spellings may be of one."""
    return tuple(dict.fromkeys(wrong.mistake for wrong in wrong_answers))


def _names(mistakes: Iterable[Mistake]) -> tuple[str, ...]:
    return tuple(mistake.name for mistake in mistakes)


def _same_error(a: BaseException | None, b: BaseException | None) -> bool:
    """Whether two exceptions are alike, down to the shapes in their messages.

    `a + b` and `b + a` name them in different order.
    """
    return kind_of(a) is kind_of(b) and _words_of(a) == _words_of(b)


def _words_of(error: BaseException | None) -> list[str]:
    return sorted(message_of(error).split()) if error is not None else []
