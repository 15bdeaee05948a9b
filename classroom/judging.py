"""A student's notebook judged: answers run in a sandbox, verdicts are made here.

What the sandbox says is only what an answer returned, so a notebook can patch, print
and pretend as it likes: the comparison with the oracle happens in this process, which
runs no line of the student's.
"""

import contextlib
import re
import sys
import time
import zlib
from dataclasses import dataclass, field

from classroom.sandbox import Sandbox, Stopped
from classroom.wire import Garbled, decode
from diagnose.cells import without_magics
from diagnose.exceptions import Raised, Reported, describe_exception
from diagnose.ladder import Verdict, climb, not_defined
from diagnose.rungs import Rung
from diagnose.running import Outcome
from lessons import exercises_of, lesson_names


@dataclass(frozen=True)
class Judged:
    """What became of one exercise.

    status   "passed", "not attempted", "missing" (no such cell), "mistake", "raised",
             "unrecognised", "stopped" (by a limit), or "not run" (out of time)
    verdict  None where there is none: the exercise is missing, stopped or not run
    told     a sentence for those
    cell     the number of the answer's cell, from 1
    """

    exercise: str
    status: str
    verdict: Verdict | None = None
    told: str = ""
    source: str = ""
    cell: int = 0


@dataclass
class Findings:
    """What became of a notebook: an entry for each of its lesson's exercises, and notes
    on what its code tried, as sentences.
    """

    judged: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def lesson_of(code):
    """The lesson that most of a notebook's exercises are from, or None."""
    numbers = [answer.exercise[:2] for answer in code.answers]
    known = [name for name in lesson_names() if name[1:3] in numbers]
    return max(known, key=lambda name: numbers.count(name[1:3]), default=None)


def judge_notebook(code, lesson, course, limits):
    """Judge every exercise of a lesson in one student's notebook; returns Findings.

    ``code`` and ``course`` are the NotebookCode of the student's and of the course's
    notebook. Whatever the student's code does, this comes to an end.
    """
    return _Judge(code, lesson, course, limits).findings()


class _Judge:
    def __init__(self, code, lesson, course, limits):
        self.code = code
        self.course = course
        self.limits = limits
        self.exercises = exercises_of(lesson)
        self.sandbox = None
        self.already_run = set()  # pieces, since the sandbox was started
        self.avoided = set()  # pieces that had to be stopped
        self.notes = {}  # as an ordered set
        self.end = time.monotonic() + limits.notebook

    def findings(self):
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
            judged.get(exercise) or Judged(exercise, "missing", told=missing)
            for exercise in self.exercises
        ]
        return Findings(entries, list(self.notes))

    def _judge(self, answer):
        about = {"source": answer.source, "cell": answer.cell}
        if time.monotonic() > self.end:
            told = "Other answers used up the time that a notebook gets."
            return Judged(answer.exercise, "not run", told=told, **about)
        try:
            self._prepare(answer)
            verdict = self._verdict(answer)
            if self.sandbox.has_company():
                self._note("Its code started processes.")
                self._close()
            elif not verdict.passed:
                self._ask(do="provide", exercises=[answer.exercise])
        except Stopped as stopped:
            self._close()
            told = f"It {stopped}."
            return Judged(answer.exercise, "stopped", told=told, **about)
        return Judged(answer.exercise, status_of(verdict), verdict, **about)

    def _prepare(self, answer):
        """Run what the answer relies on, in a new process if there is none."""
        if self.sandbox is None:
            self.sandbox = Sandbox(answer.exercise, self.limits)
            self.already_run = set()
            self._ask(do="provide", exercises=list(self.exercises))
        for piece in self.code.needed(answer, self.course.pieces):
            if piece in self.already_run | self.avoided:
                continue
            self.already_run.add(piece)
            try:
                self._ask(do="run", source=piece.source, place=f"<cell {piece.cell}>")
            except Stopped as stopped:
                self.avoided.add(piece)
                raise Stopped(
                    f"needs cell {piece.cell}, and that {stopped}"
                ) from stopped

    def _verdict(self, answer):
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
            raised = defined["raised"] and reported(defined["raised"]).raised
        if raised:
            return not_defined(exercise, raised)
        if not is_defined:
            raise Stopped("replaced `@exercise` by something else")
        return climb(exercise, RemoteAnswer(self._ask, defined, seed))

    def _ask(self, **request):
        """The sandbox's reply. Raises Stopped."""
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
    """An answer in a sandbox, to be asked like a ``diagnose.answer.Answer``."""

    def __init__(self, ask, defined, seed):
        self._ask = ask
        self._seed = seed
        with _well_formed():
            self.replaced = tuple(map(str, defined["replaced"]))
            self._problem = str(defined["problem"] or "") or None
            self._is_stub = bool(defined["is_stub"])
            self._has_source = bool(defined["has_source"])

    def definition_problem(self):
        return self._problem

    def seed(self):
        return self._seed

    def is_stub(self):
        return self._is_stub

    def has_source(self):
        return self._has_source

    def describe_exception(self, error):
        return describe_exception(error, "")

    def run(self, case):
        return self._outcome(number=case.number, gradients=False)

    def run_gradients(self, case):
        return self._outcome(number=case.number, gradients=True)

    def _outcome(self, **which):
        reply = self._ask(do="case", **which)
        with _well_formed():
            self.replaced = tuple(map(str, reply["replaced"]))
            error = reported(reply["raised"]) if reply["raised"] else None
            changed = tuple(map(str, reply["changed"]))
            return Outcome(decode(reply["value"]), error, changed)


@contextlib.contextmanager
def _well_formed():
    """Within, a message is read: one that the worker wouldn't send ends the sandbox."""
    try:
        yield
    except (AttributeError, Garbled, LookupError, TypeError, ValueError):
        raise Stopped("wrote to the judge itself") from None


def reported(told):
    """An exception that the sandbox told of."""
    module = sys.modules.get(told["module"])
    kind = vars(module).get(told["name"]) if module else None
    is_known = isinstance(kind, type) and issubclass(kind, BaseException)
    raised = Raised(
        name=str(told["name"]),
        message=str(told["message"]),
        line_number=int(told["line_number"]) if told["line_number"] else None,
        line=str(told["line"]),
        meaning=str(told["meaning"]),
    )
    return Reported(kind if is_known else Exception, raised)


def latest(answers):
    """The last answer to each exercise, in the notebook's order."""
    last = {answer.exercise: answer for answer in answers}
    return [answer for answer in answers if answer is last[answer.exercise]]


def status_of(verdict):
    if verdict.passed:
        return "passed"
    if verdict.rung is Rung.NOT_ATTEMPTED:
        return "not attempted"
    if verdict.mistakes:
        return "mistake"
    return "raised" if verdict.rung is Rung.RAISED else "unrecognised"
