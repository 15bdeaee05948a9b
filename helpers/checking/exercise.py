"""What an exercise is, and the decorator that checks the cell under it."""

import inspect
import os
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

STRICT = "COURSE_STRICT"  # set by the tests that run the notebooks solved


@dataclass(frozen=True)
class Mistake:
    """A usual wrong answer, as code that runs.

    name    what to call it, in two to five words; unique within its exercise
    did     one sentence: what such an answer did
    look    one sentence: what to look at
    answer  the wrong implementation, called like the reference
    """

    name: str
    did: str
    look: str
    answer: Callable


def call(answer, *inputs):
    """The usual probe: call the answer with the inputs of a case."""
    return answer(*inputs)


def no_inputs(rng):
    """The one case of a prediction, which takes no inputs."""
    yield ()


@dataclass(frozen=True)
class Exercise:
    """One exercise, with all that is needed to judge an answer and explain it.

    id          "01.gradients": the notebook's number and the answer's name
    reference   the answer, as the student could have written it; its name, signature
                and docstring are the stub's, its source is shown as the solution
    oracle      called with a case's inputs, decides what is right; never the reference
    cases       called with a seeded ``numpy.random.Generator``, yields the inputs of
                one case after another as tuples, smallest first
    mistakes    the usual wrong answers; at least four
    hints       two or three, from a nudge to nearly there
    minutes     how long it takes, about
    difficulty  1, 2 or 3
    returns     what the items of a returned tuple are called
    inputs      what a case's inputs are called; by default the reference's parameters
    probe       how an answer is put to a case: ``probe(answer, *inputs)``; by default
                it is called. For a class: make one, use it, and return what it did
    gradients   whether gradients through the answer are compared too (by autograd)
    rtol        the relative tolerance, where the one that fits the dtype won't do
    """

    id: str
    reference: Callable
    oracle: Callable
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    minutes: int
    difficulty: int
    cases: Callable[..., Iterable[tuple]] = no_inputs
    returns: tuple[str, ...] = ()
    inputs: tuple[str, ...] | None = None
    probe: Callable = call
    gradients: bool = False
    rtol: float | None = field(default=None)

    def __post_init__(self):
        if self.inputs is None:
            names = tuple(inspect.signature(self.reference).parameters)
            object.__setattr__(self, "inputs", names)

    @property
    def solution(self):
        """The cell that solves the exercise, as it can be pasted over the stub's."""
        source = textwrap.dedent(inspect.getsource(self.reference))
        return f'@exercise("{self.id}")\n{source}'.rstrip()


def exercise(which, practice=False):
    """Check the function or class below this line, and show the verdict.

    ``which`` is the exercise's id, like ``"01.gradients"`` (or an Exercise of your
    own). Hands back a version that works: yours once it passes, the course's until
    then. With ``practice=True`` the verdict is all there is: progress isn't touched.
    """
    # Imported here so that `from helpers import exercise` stays quick.
    from helpers.checking import ladder
    from helpers.checking.card import show
    from helpers.checking.progress import progress
    from helpers.lessons import find_exercise

    if isinstance(which, Exercise):
        known = which
    elif isinstance(which, str):
        known = find_exercise(which)
    else:
        raise TypeError(
            'Write the exercise\'s id in brackets: @exercise("01.gradients").'
        )

    def check(answer):
        verdict = ladder.judge(known, answer)
        note = "" if practice else progress.record(verdict)
        show(verdict, note)
        if os.environ.get(STRICT) and not practice and not verdict.passed:
            raise AssertionError(f"{known.id}: {verdict.rung.name} {verdict.sentences}")
        return answer if verdict.passed else known.reference

    return check
