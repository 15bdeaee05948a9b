"""A course, as far as the engine asks anything of one."""

import difflib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from diagnose.card import show
from diagnose.exercise import Exercise
from diagnose.ladder import judge
from diagnose.verdict import Verdict


def names_beside(exercise: Exercise) -> Mapping[str, Any]:
    """What the module of an exercise's solution holds."""
    return vars(sys.modules[exercise.reference.__module__])


def no_note(verdict: Verdict) -> str:
    """The note that adds nothing to a card."""
    return ""


@dataclass(frozen=True)
class Course:
    """Exercises that can be found by their ids.

    find   the exercise with an id; raises LookupError with one sentence otherwise
    names  what an answer to an exercise finds around it, {name: value}: what its
           notebook imports and defines; by default what stands beside the solution
    """

    find: Callable[[str], Exercise]
    names: Callable[[Exercise], Mapping[str, Any]] = names_beside

    @classmethod
    def of(cls, *exercises: Exercise) -> "Course":
        """A course of these exercises, which are all loaded."""
        known = {exercise.id: exercise for exercise in exercises}

        def find(wanted: str) -> Exercise:
            if wanted in known:
                return known[wanted]
            raise LookupError(no_such_exercise(wanted, list(known)))

        return cls(find)

    def exercise(
        self, which: str | Exercise, note: Callable[[Verdict], str] = no_note
    ) -> Callable[[Any], Any]:
        """The decorator that checks the function or class under it, and shows a card.

        ``which`` is an exercise or its id. Hands back a version that works: the answer
        once it passes, the solution until then. ``note(verdict)`` is one more line for
        the card. Raises LookupError where there is no such exercise, and TypeError
        where ``which`` is neither.
        """
        if isinstance(which, Exercise):
            known = which
        elif isinstance(which, str):
            known = self.find(which)
        else:
            raise TypeError(
                'Write the exercise\'s id in brackets: @exercise("01.gradients").'
            )

        def check(answer: Any) -> Any:
            verdict = judge(known, answer)
            show(verdict, note(verdict))
            return answer if verdict.passed else known.reference

        return check


def no_such_exercise(wanted: str, known: list[str]) -> str:
    """A sentence for an id that isn't there, with the nearest one that is."""
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.3)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f'There is no exercise "{wanted}".{hint}'
