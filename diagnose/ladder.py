"""The ladder: an answer climbs it, and the first rung that fails is the verdict.

Not attempted, defined differently, raised, returned nothing, wrong type, shape or
dtype, not finite, changed its inputs, a known mistake, wrong values, wrong gradients,
passed. That an answer is a known mistake says more than that its shape is off. So once
every case has run, mistakes are tried before a lower rung becomes the verdict.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from diagnose import wording
from diagnose.answer import Answer, Asked, gradients_probe
from diagnose.compare import Difference, first_difference, parts
from diagnose.diagnosis import Diagnosis
from diagnose.exceptions import Raised, kind_of
from diagnose.exercise import Exercise
from diagnose.gradients import flows_back, gradients
from diagnose.kinds import is_plain_dict, is_sequence
from diagnose.rungs import Rung
from diagnose.running import Outcome, quiet, session_kept, undisturbed
from diagnose.verdict import Case, FailingCase, Verdict

SHARED_SEED = 0


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Climb the ladder with one answer; returns the Verdict and never raises."""
    try:
        return climb(exercise, Answer(exercise, answer))
    except KeyboardInterrupt:
        return stopped(exercise)


def climb(exercise: Exercise, answer: Asked) -> Verdict:
    """The Verdict on an ``Answer``, or on something that can be asked as one can."""
    return _Climb(exercise, answer).verdict()


def all_cases(exercise: Exercise, seed: int) -> Iterator[tuple]:
    """The inputs of the cases that all answers get, then some drawn with ``seed``."""
    for each in (SHARED_SEED, seed):
        yield from exercise.cases(np.random.default_rng(each))


def stopped(exercise: Exercise) -> Verdict:
    """The Verdict on an answer that was interrupted."""
    return Verdict(exercise, Rung.STOPPED, wording.INTERRUPTED)


def not_defined(exercise: Exercise, raised: Raised) -> Verdict:
    """The Verdict on an answer whose own definition raised an exception."""
    sentences = tuple(filter(None, (raised.sentence, raised.meaning)))
    return Verdict(exercise, Rung.RAISED, sentences, raised=raised)


class _Climb:
    def __init__(self, exercise: Exercise, answer: Asked) -> None:
        self.exercise = exercise
        self.answer = answer
        self.cases: list[Case] = []
        self.inputs: list[tuple] = []
        self.truths: list[Any] = []
        self.outcomes: list[Outcome] = []

    def verdict(self) -> Verdict:
        if self.answer.replaced:
            return self._replaced(self.answer.replaced)
        problem = self.answer.definition_problem()
        if problem:
            return self._fail(Rung.DEFINED_DIFFERENTLY, problem)
        with undisturbed():
            return self._run_cases() or self._judge()

    def _judge(self) -> Verdict:
        with quiet(), session_kept():
            return (
                self._judge_values()
                or self._judge_gradients()
                or Verdict(self.exercise, Rung.PASSED, cases=len(self.inputs))
            )

    def _fail(self, rung: Rung, *sentences: str, **evidence: Any) -> Verdict:
        return Verdict(self.exercise, rung, tuple(filter(None, sentences)), **evidence)

    def _replaced(self, names: Sequence[str]) -> Verdict:
        return self._fail(Rung.CHANGED_LIBRARY, *wording.replaced(names))

    # Run every case. Exceptions are kept: a mistake may raise the same ones.

    def _run_cases(self) -> Verdict | None:
        with quiet(), session_kept():
            self.inputs = list(all_cases(self.exercise, self.answer.seed()))
            self.truths = [self._truth(inputs) for inputs in self.inputs]
        self.cases = [Case(*numbered) for numbered in enumerate(self.inputs)]
        for case, truth in zip(self.cases, self.truths, strict=True):
            outcome = self.answer.run(case)
            self.outcomes.append(outcome)
            if cut_short := self._cut_short(outcome):
                return cut_short
            if self._is_untouched(truth, outcome):
                return self._fail(Rung.NOT_ATTEMPTED)
        return None

    def _cut_short(self, outcome: Outcome) -> Verdict | None:
        """The verdict if a call ended in a way that needs no further case; or None."""
        if self.answer.replaced:
            return self._replaced(self.answer.replaced)
        if issubclass(kind_of(outcome.error), KeyboardInterrupt):
            return stopped(self.exercise)
        return None

    def _is_untouched(self, truth: Any, outcome: Outcome) -> bool:
        if issubclass(kind_of(outcome.error), NotImplementedError):
            return self.answer.is_stub() or not self.answer.has_source()
        if outcome.error is not None:
            return False
        if not self.exercise.inputs and not_filled_in(truth, outcome.value):
            return True
        return outcome.value is None and self.answer.is_stub()

    def _truth(self, inputs: tuple) -> Any:
        return self.exercise.oracle(*copy.deepcopy(inputs))

    def _raised(
        self, error: BaseException, index: int, rung: Rung = Rung.RAISED
    ) -> Verdict:
        raised = self.answer.describe_exception(error)
        return self._fail(
            rung,
            raised.sentence,
            raised.meaning,
            case=self._case(index),
            raised=raised,
        )

    def _case(self, index: int, difference: Difference | None = None) -> FailingCase:
        names = self.exercise.inputs
        given = dict(zip(names, self.inputs[index], strict=True))
        return FailingCase(given, difference)

    # Every case has run. Is anything wrong with what came back?

    def _judge_values(self) -> Verdict | None:
        differences = [
            self._difference(truth, outcome)
            for truth, outcome in zip(self.truths, self.outcomes, strict=True)
        ]
        failing = sorted(
            (rung, index)
            for index, outcome in enumerate(self.outcomes)
            for rung in _failed_rungs(outcome, differences[index])
        )
        if not failing:
            return None
        finding = self._diagnosis().finding()
        if finding and finding.mistakes:
            smallest = min(index for _, index in failing)
            return self._fail(
                Rung.KNOWN_MISTAKE,
                *finding.sentences,
                mistakes=finding.mistakes,
                case=self._case(smallest, differences[smallest]),
                raised=self._first_raised(),
            )
        rung, index = failing[0]
        error, difference = self.outcomes[index].error, differences[index]
        if error is not None and rung is Rung.RAISED:
            return self._raised(error, index)
        case = self._case(index, difference)
        if finding:
            return self._fail(rung, *finding.sentences, case=case)
        if difference is None or rung is Rung.CHANGED_INPUTS:
            return self._changed_inputs(index)
        right = self._what_is_right(index)
        return self._fail(rung, self._said(difference), right, case=case)

    def _diagnosis(self) -> Diagnosis:
        exercise = self.exercise
        return Diagnosis(
            exercise,
            exercise.wrong_answers(),
            exercise.probe,
            self.inputs,
            self.truths,
            self.outcomes,
        )

    def _difference(self, truth: Any, outcome: Outcome) -> Difference | None:
        if outcome.error is not None:
            return None
        names, rtol = self.exercise.returns, self.exercise.rtol
        return first_difference(truth, outcome.value, names=names, rtol=rtol)

    def _said(self, difference: Difference) -> str:
        is_prediction = not self.exercise.inputs
        return wording.sentences_of(difference, is_prediction=is_prediction)

    def _first_raised(self) -> Raised | None:
        errors = [o.error for o in self.outcomes if o.error is not None]
        return self.answer.describe_exception(errors[0]) if errors else None

    def _changed_inputs(self, index: int) -> Verdict:
        said = wording.changed(self.outcomes[index].changed)
        return self._fail(Rung.CHANGED_INPUTS, *said, case=self._case(index))

    def _what_is_right(self, index: int) -> str:
        """Which parts of the result are right in every case, as a sentence."""
        if len(parts(self.truths[index], self.exercise.returns)) < 2:
            return ""
        right = list(parts(self.truths[index], self.exercise.returns))
        for truth, outcome in zip(self.truths, self.outcomes, strict=True):
            wants = parts(truth, self.exercise.returns)
            mine = parts(outcome.value, self.exercise.returns)
            right = [
                name
                for name in right
                if name in wants
                and name in mine
                and not self._part_differs(wants[name], mine[name])
            ]
        return wording.right_parts(right)

    def _part_differs(self, expected: Any, got: Any) -> bool:
        return first_difference(expected, got, rtol=self.exercise.rtol) is not None

    # The values are right. Do gradients flow back through the answer as they should?

    def _judge_gradients(self) -> Verdict | None:
        if not self.exercise.gradients:
            return None
        exercise = self.exercise
        truths = [
            gradients(exercise.oracle, exercise.inputs, copy.deepcopy(inputs))
            for inputs in self.inputs
        ]
        outcomes: list[Outcome] = []
        differences: list[Difference | None] = []
        for case, truth in zip(self.cases, truths, strict=True):
            outcome = self.answer.run_gradients(case)
            if cut_short := self._cut_short(outcome):
                return cut_short
            outcomes.append(outcome)
            differences.append(self._difference(truth, outcome))
        failing = [
            index
            for index, outcome in enumerate(outcomes)
            if differences[index] or outcome.error is not None
        ]
        if not failing:
            return None
        # Only a mistake whose values are right, as the answer's are, can be the one.
        candidates = self._diagnosis().invisible()
        probe = gradients_probe(exercise)
        diagnosis = Diagnosis(
            exercise, candidates, probe, self.inputs, truths, outcomes
        )
        is_cut_loose = not any(
            outcome.error is not None or flows_back(outcome.value)
            for outcome in outcomes
        )
        finding = diagnosis.one_mistake() if is_cut_loose else diagnosis.finding()
        index = failing[0]
        error, difference = outcomes[index].error, differences[index]
        shown = self._case(index, difference)
        if finding and finding.mistakes:
            return self._fail(
                Rung.KNOWN_MISTAKE,
                *finding.sentences,
                mistakes=finding.mistakes,
                case=shown,
            )
        if error is not None:
            return self._raised(error, index, Rung.WRONG_GRADIENTS)
        said: tuple[str, ...] = ()
        if is_cut_loose:
            said = (wording.CUT_LOOSE,)
        elif finding:
            said = finding.sentences
        elif difference:
            said = (self._said(difference),)
        return self._fail(
            Rung.WRONG_GRADIENTS, wording.ONLY_GRADIENTS, *said, case=shown
        )


def _failed_rungs(outcome: Outcome, difference: Difference | None) -> list[Rung]:
    rungs = [Rung.RAISED] if outcome.error is not None else []
    rungs += [Rung.CHANGED_INPUTS] if outcome.changed else []
    return rungs + ([difference.rung] if difference else [])


def not_filled_in(expected: Any, value: Any) -> bool:
    """Whether a prediction still holds nothing but None, in the shape of the answer."""
    if is_plain_dict(expected):
        return (
            is_plain_dict(value)
            and value.keys() == expected.keys()
            and all(not_filled_in(expected[key], value[key]) for key in expected)
        )
    if is_sequence(expected) and is_sequence(value):
        return len(value) == len(expected) and all(map(not_filled_in, expected, value))
    return value is None
