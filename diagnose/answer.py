"""A student's answer, as far as the ladder asks anything of it.

The ladder asks an answer that lives in this process through `Answer`; the class report
asks one that lives in a process of its own through an object with the same methods.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

from diagnose import exceptions, gradients
from diagnose.definition import (
    called_by_its_name,
    definition_problem,
    filename_of,
    is_stub,
    source_of,
    source_seed,
)
from diagnose.exercise import Exercise
from diagnose.pristine import put_back_libraries, remember_libraries
from diagnose.running import Outcome, run, session_kept
from diagnose.verdict import Case


class Asked(Protocol):
    """What the ladder asks of an answer, wherever it lives.

    ``replaced`` names what the latest call replaced in a library.
    """

    replaced: tuple[str, ...]

    def definition_problem(self) -> str | None:
        """One sentence on why it can't stand where the solution does, or None."""

    def seed(self) -> int:
        """What its own cases are drawn with."""

    def is_stub(self) -> bool:
        """Whether it still is as it was handed out."""

    def has_source(self) -> bool:
        """Whether its source can be read."""

    def describe_exception(self, error: BaseException) -> exceptions.Raised:
        """An exception of its own, with the line that raised it."""

    def run(self, case: Case) -> Outcome:
        """What it makes of a case; never raises."""

    def run_gradients(self, case: Case) -> Outcome:
        """The gradients that flow back through it; never raises."""


class Answer:
    """The function or class under ``@exercise``, in this process; see `Asked`."""

    def __init__(self, exercise: Exercise, answer: Any) -> None:
        remember_libraries()
        self.exercise = exercise
        self.answer = answer
        self.replaced = put_back_libraries()

    @property
    def file(self) -> str:
        """The file that the answer was defined in."""
        return filename_of(self.answer)

    def definition_problem(self) -> str | None:
        """One sentence on why it can't stand where the solution does, or None."""
        return definition_problem(self.answer, self.exercise.reference)

    def seed(self) -> int:
        """What its own cases are drawn with: the same for the same source."""
        return source_seed(self.answer)

    def is_stub(self) -> bool:
        """Whether it still is as it was handed out."""
        return is_stub(self.answer)

    def has_source(self) -> bool:
        """Whether its source can be read."""
        return bool(source_of(self.answer))

    def describe_exception(self, error: BaseException) -> exceptions.Raised:
        """An exception of its own, with the line that raised it."""
        return exceptions.describe_exception(error, self.file)

    def run(self, case: Case) -> Outcome:
        """What it makes of a case; never raises."""
        return self._run(self.exercise.probe, case)

    def run_gradients(self, case: Case) -> Outcome:
        """The gradients that flow back through it; never raises."""
        return self._run(gradients_probe(self.exercise), case)

    def _run(self, probe: Callable[..., Any], case: Case) -> Outcome:
        names = self.exercise.inputs
        return run(self.answer, probe, case.inputs, names, self._guarded)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        name = self.exercise.reference.__name__
        with called_by_its_name(self.answer, name), session_kept():
            yield
        self.replaced = put_back_libraries()


def gradients_probe(exercise: Exercise) -> Callable[..., Any]:
    """A probe that returns the gradients through an answer, by the inputs' names."""

    def probe(answer: Any, *inputs: Any) -> dict[str, Any]:
        function = partial(exercise.probe, answer)
        return gradients.gradients(function, exercise.inputs, inputs)

    return probe
