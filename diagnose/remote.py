"""For a judge whose students' code runs in another process.

There, an `Answer` runs cases and says what came of each. Here, `climb` is given an
object with an `Answer`'s methods, which asks that process, and makes the verdict.
"""

from diagnose.answer import Answer
from diagnose.exceptions import Raised, Reported, describe_exception
from diagnose.ladder import all_cases, climb, not_defined
from diagnose.running import Outcome, libraries_as_they_come
from diagnose.verdict import Case

__all__ = [
    "Answer",
    "Case",
    "Outcome",
    "Raised",
    "Reported",
    "all_cases",
    "climb",
    "describe_exception",
    "libraries_as_they_come",
    "not_defined",
]
