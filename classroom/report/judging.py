"""A student's notebook judged: answers run in a sandbox, verdicts are made here.

The sandbox reports only what an answer returned. Whatever a notebook patches or prints
there, the comparison with the oracle happens in this process, which runs no line of the
student's.
"""

import contextlib
import re
import sys
import time
import zlib
from dataclasses import dataclass

from classroom.report.limits import Limits
from classroom.report.notebook_code import AnswerCell, NotebookCode
from classroom.report.sandbox import Sandbox, SandboxEnded
from classroom.report.wire import Garbled, decode
from diagnose import Rung, Verdict
from diagnose.cells import without_magics
from diagnose.remote import (
    Case,
    Outcome,
    Raised,
    Reported,
    climb,
    describe_exception,
    not_defined,
)
from lessons import exercises_of, lesson_names


@dataclass(frozen=True)
class JudgedExercise:
    """What became of one exercise.

    status   "passed", "not attempted", "missing" (no such cell), "mistake", "raised",
             "unrecognised", "stopped" (by a limit), or "not run" (out of time)
    verdict  None where there is none: the exercise is missing, stopped or not run
    reason   a sentence that says why there is none
    source   the answer's cell
    cell     its number, from 1; 0 if there is none
    """

    exercise: str
    status: str
    verdict: Verdict | None = None
    reason: str = ""
    source: str = ""
    cell: int = 0


@dataclass(frozen=True)
class JudgedNotebook:
    """What became of each of the lesson's exercises, and sentences on what else the
    notebook's code tried to do.
    """

    exercises: list[JudgedExercise]
    notes: list[str]


def lesson_of(code: NotebookCode) -> str | None:
    """The lesson that most of a notebook's exercises are from, or None."""
    numbers = [answer.exercise[:2] for answer in code.answers]
    known = [name for name in lesson_names() if name[1:3] in numbers]
    return max(known, key=lambda name: numbers.count(name[1:3]), default=None)


def judge_notebook(
    code: NotebookCode, lesson: str, course: NotebookCode, limits: Limits
) -> JudgedNotebook:
    """Judge every exercise of a lesson in one student's notebook.

    ``code`` and ``course`` are the NotebookCode of the student's and of the course's
    notebook. Ends within the limits, whatever the student's code does. Raises
    RuntimeError if no sandbox can be started.
    """
    return _Judge(code, lesson, course, limits).judged()


class _Judge:
    def __init__(self, code, lesson, course, limits):
        self.code = code
        self.lesson = lesson
        self.course = course
        self.limits = limits
        self.exercises = exercises_of(lesson)
        self.sandbox = None
        self.already_run = set()  # pieces, since the sandbox was started
        self.avoided = set()  # pieces that had to be stopped
        self.notes = {}  # as an ordered set
        self.end = time.monotonic() + limits.notebook

    def judged(self):
        judged = {}
        try:
            for answer in latest(self.code.answers):
                if answer.exercise in self.exercises:
                    judged[answer.exercise] = self._judge(answer)
                else:
                    self._note(f"There is no exercise {answer.exercise} here.")
        finally:
            self._close()
        missing = "The notebook has no cell with this exercise."
        entries = [
            judged.get(exercise) or JudgedExercise(exercise, "missing", reason=missing)
            for exercise in self.exercises
        ]
        return JudgedNotebook(entries, list(self.notes))

    def _judge(self, answer: AnswerCell) -> JudgedExercise:
        about = {"source": answer.source, "cell": answer.cell}
        if time.monotonic() > self.end:
            reason = "Other answers used up the time that a notebook gets."
            return JudgedExercise(answer.exercise, "not run", reason=reason, **about)
        try:
            self._prepare(answer)
            verdict = self._verdict(answer)
            if self.sandbox.has_company():
                self._note("Its code started processes.")
                self._close()
            elif not verdict.passed:
                self._ask(do="provide", exercises=[answer.exercise])
        except SandboxEnded as ended:
            self._close()
            reason = f"It {ended}."
            return JudgedExercise(answer.exercise, "stopped", reason=reason, **about)
        return JudgedExercise(answer.exercise, status_of(verdict), verdict, **about)

    def _prepare(self, answer):
        """Run what the answer relies on, in a new process if there is none."""
        if self.sandbox is None:
            self.sandbox = Sandbox(self.lesson, self.limits)
            self.already_run = set()
            self._ask(do="provide", exercises=list(self.exercises))
        for piece in self.code.needed(answer, self.course.pieces):
            if piece in self.already_run | self.avoided:
                continue
            self.already_run.add(piece)
            try:
                self._ask(do="run", source=piece.source, place=f"<cell {piece.cell}>")
            except SandboxEnded as ended:
                self.avoided.add(piece)
                raise SandboxEnded(
                    f"needs cell {piece.cell}, and that {ended}"
                ) from ended

    def _verdict(self, answer: AnswerCell) -> Verdict:
        exercise = self.exercises[answer.exercise]
        seed = zlib.crc32(answer.source.encode("utf-8", "replace"))
        defined = self._ask(
            do="define",
            exercise=exercise.id,
            source=without_magics(answer.source),
            place=f"<answer {exercise.id}>",
            seed=seed,
        )
        with _well_formed():
            is_defined = bool(defined["defined"])
            raised = defined["raised"] and as_error(defined["raised"]).raised
        if raised:
            return not_defined(exercise, raised)
        if not is_defined:
            raise SandboxEnded("replaced `@exercise` by something else")
        return climb(exercise, RemoteAnswer(self._ask, defined, seed))

    def _ask(self, **request):
        """The sandbox's reply. Raises SandboxEnded."""
        seconds = min(self.limits.step, max(self.end - time.monotonic(), 1))
        message = self.sandbox.ask(seconds, **request)
        with _well_formed():
            for tried in message["tried"]:
                self._note(f"Its code tried to {tried}.")
            for name in message["patched"]:
                self._note(f"Its code replaced {name}, which changes nothing here.")
            return message["reply"]

    def _note(self, sentence):
        if len(self.notes) < MOST_NOTES:
            self.notes[sentence[:LONGEST_NOTE]] = None

    def _close(self):
        if self.sandbox is None:
            return
        self.sandbox.close()
        if FORGED.search(self.sandbox.printed.decode("utf-8", "replace")):
            self._note("It printed what looks like a verdict; that counts for nothing.")
        self.sandbox = None


MOST_NOTES, LONGEST_NOTE = 20, 200
FORGED = re.compile(r"\b\d\d\.\w+\b.{0,20}\bpassed\b", re.IGNORECASE)


class RemoteAnswer:
    """An answer in a sandbox, with the methods of a ``diagnose.remote.Answer``."""

    def __init__(self, ask, defined, seed):
        self._ask = ask
        self._seed = seed
        with _well_formed():
            self.replaced = tuple(map(str, defined["replaced"]))
            self._problem = str(defined["problem"] or "") or None
            self._is_stub = bool(defined["is_stub"])
            self._has_source = bool(defined["has_source"])

    def definition_problem(self):
        """Why it can't stand where the solution does, in a sentence, or None."""
        return self._problem

    def seed(self):
        """What its own cases are drawn with."""
        return self._seed

    def is_stub(self):
        """Whether it still is as it was handed out."""
        return self._is_stub

    def has_source(self):
        """Whether the sandbox could read its source."""
        return self._has_source

    def describe_exception(self, error):
        """An exception of its own, as the sandbox described it."""
        return describe_exception(error, "")

    def run(self, case: Case) -> Outcome:
        """What it makes of a case. Raises SandboxEnded."""
        return self._outcome(number=case.number, gradients=False)

    def run_gradients(self, case: Case) -> Outcome:
        """The gradients that flow back through it. Raises SandboxEnded."""
        return self._outcome(number=case.number, gradients=True)

    def _outcome(self, **which):
        reply = self._ask(do="case", **which)
        with _well_formed():
            self.replaced = tuple(map(str, reply["replaced"]))
            error = as_error(reply["raised"]) if reply["raised"] else None
            changed = tuple(map(str, reply["changed"]))
            return Outcome(decode(reply["value"]), error, changed)


@contextlib.contextmanager
def _well_formed():
    """Context to read a message in; SandboxEnded if the worker can't have sent it."""
    try:
        yield
    except (AttributeError, Garbled, LookupError, TypeError, ValueError):
        raise SandboxEnded("wrote to the judge itself") from None


def as_error(sent: dict) -> Reported:
    """The exception that the worker sent as plain values."""
    module = sys.modules.get(sent["module"])
    kind = vars(module).get(sent["name"]) if module else None
    is_known = isinstance(kind, type) and issubclass(kind, BaseException)
    raised = Raised(
        name=str(sent["name"]),
        message=str(sent["message"]),
        line_number=int(sent["line_number"]) if sent["line_number"] else None,
        line=str(sent["line"]),
        meaning=str(sent["meaning"]),
    )
    return Reported(kind if is_known else Exception, raised)


def latest(answers: list[AnswerCell]) -> list[AnswerCell]:
    """The last answer to each exercise, in the notebook's order."""
    last = {answer.exercise: answer for answer in answers}
    return [answer for answer in answers if answer is last[answer.exercise]]


def status_of(verdict: Verdict) -> str:
    """A verdict as one of the statuses of JudgedExercise."""
    if verdict.passed:
        return "passed"
    if verdict.rung is Rung.NOT_ATTEMPTED:
        return "not attempted"
    if verdict.mistakes:
        return "mistake"
    return "raised" if verdict.rung is Rung.RAISED else "unrecognised"
