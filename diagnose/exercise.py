"""What an exercise is: a solution, what decides, and the usual mistakes as cells."""

import ast
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from diagnose.cells import Definition
from diagnose.define import define

Swap = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Mistake:
    """A usual wrong answer, as a cell that a student could have written.

    name  what to call it, in two to eight words; unique within its exercise
    did   one sentence or two: what such an answer did
    look  one sentence or two: what to look at
    swap  {text: other text}: the solution with one small change. Each text occurs
          exactly once in the solution. A list of such dicts, where the same mistake
          is made in several ways
    code  where the thought is another one altogether: the whole cell, or a list of
          cells. A cell may import and define what it needs above the answer
    """

    name: str
    did: str
    look: str
    swap: Swap | Sequence[Swap] = ()
    code: str | Sequence[str] = ()

    def sources(self, solution: str) -> list[str]:
        """Every way in which the mistake is written here, as a cell's source.

        Raises ValueError where a swap's text doesn't occur exactly once in the
        solution, or where there is nothing to run.
        """
        cells = [self.code] if isinstance(self.code, str) else list(self.code)
        sources = self.swapped(solution)
        sources += [textwrap.dedent(cell).strip("\n") for cell in cells if cell]
        if not sources:
            raise ValueError(f'The mistake "{self.name}" has neither swap nor code.')
        return sources

    def swapped(self, solution: str) -> list[str]:
        """Those of the sources that are edits of the solution."""
        swaps = [self.swap] if isinstance(self.swap, Mapping) else self.swap
        return [_swapped(solution, swap, self.name) for swap in swaps]


def _swapped(solution: str, swap: Swap, name: str) -> str:
    for old in swap:
        if solution.count(old) != 1:
            raise ValueError(
                f'The mistake "{name}" swaps {old!r}, which occurs '
                f"{solution.count(old)} times in the solution; it must be once."
            )
    starts = sorted((solution.index(old), old) for old in swap)
    pieces, end = [], 0
    for start, old in starts:
        if start < end:
            raise ValueError(f'The mistake "{name}" swaps texts that overlap.')
        pieces += [solution[end:start], swap[old]]
        end = start + len(old)
    return "".join([*pieces, solution[end:]])


@dataclass(frozen=True, eq=False)
class WrongAnswer:
    """A mistake in one of its spellings: its source, and what that defines."""

    mistake: Mistake
    source: str
    answer: Any


def call(answer: Callable[..., Any], *inputs: Any) -> Any:
    """The usual probe: call the answer with the inputs of a case."""
    return answer(*inputs)


def no_inputs(rng: np.random.Generator) -> Iterator[tuple]:
    """The one case of a prediction, which takes no inputs."""
    yield ()


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise, with all that is needed to judge an answer and explain it.

    id          "01.gradients": the lesson's number and the exercise's name
    reference   the solution, as a student could have written it; its name, signature
                and docstring are the stub's, its source is shown as the solution, and
                what its module holds is what the mistakes find there
    oracle      called with a case's inputs, decides what is right; never the reference
    mistakes    the usual wrong answers; at least four
    hints       two or three, from a nudge to nearly there
    minutes     how long it takes, about
    difficulty  1, 2 or 3
    cases       called with a seeded ``numpy.random.Generator``, yields the inputs of
                one case after another as tuples, smallest first
    returns     what the items of a returned tuple are called
    inputs      what a case's inputs are called; by default the reference's parameters
    probe       how an answer is put to a case: ``probe(answer, *inputs)``; by default
                it is called. For a class: make one, use it, and return what it did
    gradients   whether gradients through the answer are compared too (by autograd)
    rtol        the relative tolerance, where the one that fits the dtype won't do
    """

    id: str
    reference: Callable[..., Any]
    oracle: Callable[..., Any]
    mistakes: Sequence[Mistake]
    hints: Sequence[str]
    minutes: int
    difficulty: int
    cases: Callable[[np.random.Generator], Iterable[tuple]] = no_inputs
    returns: Sequence[str] = ()
    inputs: Sequence[str] = None  # type: ignore[assignment]  # set below
    probe: Callable[..., Any] = call
    gradients: bool = False
    rtol: float | None = None

    def __post_init__(self) -> None:
        if self.inputs is None:
            names = tuple(inspect.signature(self.reference).parameters)
            object.__setattr__(self, "inputs", names)

    @functools.cached_property
    def source(self) -> str:
        """The solution's source, as it stands in its module."""
        return textwrap.dedent(inspect.getsource(self.reference)).rstrip()

    @property
    def solution(self) -> str:
        """The cell that solves the exercise, as it can be pasted over the stub's."""
        return self.cell(self.source)

    def cell(self, source: str) -> str:
        """The cell in which a source is the answer, as a student would type it.

        ``@exercise`` goes right above the definition that has the answer's name, below
        what the source imports or defines for it. Raises LookupError if there is none.
        """
        name, lines = self.reference.__name__, source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, Definition) and node.name == name:
                first = min(part.lineno for part in [node, *node.decorator_list])
                lines.insert(first - 1, f'@exercise("{self.id}")')
                return "\n".join(lines)
        raise LookupError(f"This doesn't define {name}:\n{source}")

    @functools.cached_property
    def _wrong_answers(self) -> tuple[WrongAnswer, ...]:
        name = self.reference.__name__
        names = dict(vars(sys.modules[self.reference.__module__]))
        names.pop(name, None)  # a mistake that calls itself means itself
        found = []
        for mistake in self.mistakes:
            for source in mistake.sources(self.source):
                found.append(WrongAnswer(mistake, source, define(source, names)[name]))
        return tuple(found)

    def wrong_answers(self) -> tuple[WrongAnswer, ...]:
        """All mistakes in all their spellings, defined; done once, when first asked."""
        return self._wrong_answers
