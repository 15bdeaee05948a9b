"""Runs one student's code, in a process of its own, for a judge in another one.

A request is a line of JSON on standard input, and gets a line in return. Nothing that
this process says is trusted: it says what an answer returned, and the judge, which the
student's code can't reach, decides whether that is right.
"""

import json
import linecache
import os
import sys
import types
import warnings

import helpers
import helpers.decorator
from classroom.report.limits import Watch, give_up_root, set_limits
from classroom.report.sandbox import PACKAGES
from classroom.report.wire import encode
from diagnose import Course
from diagnose.remote import (
    Answer,
    Case,
    all_cases,
    describe_exception,
    libraries_as_they_come,
)
from lessons import exercises_of, find_exercise


class Worker:
    """A notebook's namespace, and the answer that is being judged."""

    def __init__(self):
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module  # as in a kernel
        self.namespace = vars(module)
        self.collected = {}
        self.answer = None
        self.cases = []
        # Whichever way a notebook gets at `@exercise`, the answer is collected here.
        helpers.exercise = helpers.decorator.exercise = self._collect
        Course.exercise = lambda course, which, note=None: self._collect(which)

    def _collect(self, which, practice=False):
        """Stands in for ``@exercise``: keeps the answer, which is run later."""

        def note(answer):
            if practice:
                return find_exercise(which).reference
            self.collected[which] = answer
            return answer

        return note

    def run(self, source: str, place: str) -> dict | None:
        """Run a piece of a notebook; returns the exception as plain values, or None."""
        linecache.cache[place] = (len(source), None, source.splitlines(True), place)
        try:
            exec(compile(source, place, "exec"), self.namespace)
        except BaseException as error:
            return described(error, place)
        return None

    def define(self, exercise: str, source: str, place: str, seed: int) -> dict:
        """Run the cell of an answer; returns what the ladder asks before any case."""
        known = find_exercise(exercise)
        self.collected = {}
        raised = self.run(source, place)
        if raised or exercise not in self.collected:
            return {"raised": raised, "defined": False}
        self.answer = Answer(known, self.collected[exercise])
        self.cases = list(all_cases(known, seed))
        problem = self.answer.definition_problem()
        return {
            "raised": None,
            "defined": True,
            "replaced": self.answer.replaced,
            "problem": problem,
            "is_stub": not problem and self.answer.is_stub(),
            "has_source": not problem and self.answer.has_source(),
        }

    def case(self, number: int, gradients: bool) -> dict:
        """What the answer makes of a case: its value, or the gradients through it."""
        case = Case(number, self.cases[number])
        ask = self.answer.run_gradients if gradients else self.answer.run
        outcome = ask(case)
        error = outcome.error
        return {
            "value": encode(outcome.value),
            "raised": error and described(error, self.answer.file),
            "changed": outcome.changed,
            "replaced": self.answer.replaced,
        }

    def provide(self, exercises: list[str]) -> None:
        """Give later code the course's versions of these answers."""
        for exercise in exercises:
            reference = find_exercise(exercise).reference
            self.namespace[reference.__name__] = reference


def described(error: BaseException, place: str) -> dict:
    """An exception as plain values."""
    kind = type(error)
    module = kind.__module__ if type(kind.__module__) is str else ""
    return {"module": module, **vars(describe_exception(error, place))}


def functions_of_the_course() -> dict:
    """{"diagnose.ladder.judge": …}: what no notebook has reason to replace."""
    return {
        f"{name}.{key}": value
        for name, module in sorted(sys.modules.items())
        if name.partition(".")[0] in PACKAGES
        for key, value in vars(module).items()
        if callable(value)
    }


def replaced_in_the_course(before: dict) -> list[str]:
    """The names of what has been replaced since, as in ``before``."""
    return [
        name
        for name, value in before.items()
        if vars(sys.modules[name.rpartition(".")[0]]).get(name.rpartition(".")[2])
        is not value
    ]


def main(settings: dict) -> None:
    """Answer requests until there are no more; Sandbox says what ``settings`` hold."""
    # Only these two still lead to the judge. Standard input is empty from now on, and
    # what the student's code prints goes to standard error.
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    worker = Worker()
    exercises_of(settings["lesson"])  # loads them, and torch if they need it
    if settings["user"]:
        give_up_root(settings["user"])
    set_limits(**settings["limits"])
    course = functions_of_the_course()
    watch = Watch(os.getcwd())
    print(json.dumps({"ready": True}), file=replies, flush=True)
    for line in requests:
        request = json.loads(line)
        with libraries_as_they_come():
            reply = getattr(worker, request.pop("do"))(**request)
        notes = {"tried": list(watch.tried), "patched": replaced_in_the_course(course)}
        print(json.dumps({"reply": reply, **notes}), file=replies, flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
