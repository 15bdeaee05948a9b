"""What became of an answer, with all that a card needs to say so."""

from dataclasses import dataclass

from diagnose.compare import Difference
from diagnose.exceptions import Raised
from diagnose.exercise import Exercise
from diagnose.rungs import Rung


@dataclass(frozen=True)
class Case:
    """The inputs of one case, and which one it is: 0 is the first."""

    number: int
    inputs: tuple


@dataclass(frozen=True)
class FailingCase:
    """The case to show: its inputs by name, and where the answer first differs."""

    inputs: dict
    difference: Difference | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of an answer, and everything a card needs to say so."""

    exercise: Exercise
    rung: Rung
    sentences: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    case: FailingCase | None = None
    raised: Raised | None = None
    cases: int = 0

    @property
    def passed(self) -> bool:
        """Whether the answer passed."""
        return self.rung is Rung.PASSED
