"""A student's answer, as far as the ladder asks anything of it.

The ladder asks an answer that lives in this process through `Answer`; the class report
asks one that lives in a process of its own through an object with the same methods.
"""

import contextlib
from functools import partial

from diagnose import exceptions, gradients
from diagnose.definition import (
    called_by_its_name,
    definition_problem,
    filename_of,
    is_stub,
    source_of,
    source_seed,
)
from diagnose.pristine import put_back_libraries, remember_libraries
from diagnose.running import run, session_kept


class Answer:
    """The function or class under ``@exercise``; ``replaced`` names what the latest
    call replaced in a library.
    """

    def __init__(self, exercise, answer):
        remember_libraries()
        self.exercise = exercise
        self.answer = answer
        self.replaced = put_back_libraries()

    @property
    def file(self):
        return filename_of(self.answer)

    def definition_problem(self):
        return definition_problem(self.answer, self.exercise.reference)

    def seed(self):
        return source_seed(self.answer)

    def is_stub(self):
        return is_stub(self.answer)

    def has_source(self):
        return bool(source_of(self.answer))

    def describe_exception(self, error):
        return exceptions.describe_exception(error, self.file)

    def run(self, case):
        """What the answer makes of a case, as an Outcome; never raises."""
        return self._run(self.exercise.probe, case)

    def run_gradients(self, case):
        """The gradients that flow back through the answer, as an Outcome."""
        return self._run(gradients_probe(self.exercise), case)

    def _run(self, probe, case):
        names = self.exercise.inputs
        return run(self.answer, probe, case.inputs, names, self._guarded)

    @contextlib.contextmanager
    def _guarded(self):
        name = self.exercise.reference.__name__
        with called_by_its_name(self.answer, name), session_kept():
            yield
        self.replaced = put_back_libraries()


def gradients_probe(exercise):
    """A probe that returns the gradients through an answer, by the inputs' names."""

    def probe(answer, *inputs):
        function = partial(exercise.probe, answer)
        return gradients.gradients(function, exercise.inputs, inputs)

    return probe
