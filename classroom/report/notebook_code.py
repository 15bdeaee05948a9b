"""The answers in a student's notebook, and the code above them that they rely on.

Nothing is run here. A notebook is taken apart into its cells' top-level statements,
and an answer needs those that bind a name it uses, those that bind a name these use,
and so on: a notebook that trains for a minute is judged without training.
"""

import ast
import symtable
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from diagnose.cells import exercises_in, parsed, without_magics


@dataclass(frozen=True)
class Piece:
    """A statement: its source, the cell it is from, what it binds and what it uses."""

    source: str
    cell: int
    binds: frozenset[str]
    uses: frozenset[str]


@dataclass(frozen=True)
class AnswerCell:
    """A cell with ``@exercise``.

    exercise  its id
    source    the whole cell
    cell      its number, from 1
    uses      the names it needs from elsewhere
    """

    exercise: str
    source: str
    cell: int
    uses: frozenset[str]


class NotebookCode:
    """A notebook's statements and answers, both in order."""

    def __init__(self, notebook: NotebookNode) -> None:
        self.pieces: list[Piece] = []
        self.answers: list[AnswerCell] = []
        for number, cell in enumerate(notebook.cells, 1):
            if cell.cell_type == "code":
                self._read(number, cell.source)

    def _read(self, number, source):
        tree = parsed(source)
        exercises = exercises_in(source)
        if exercises:
            _, uses = names_of(without_magics(source))
            self.answers += [
                AnswerCell(exercise, source, number, uses) for exercise in exercises
            ]
        elif tree is not None:
            for statement in tree.body:
                text = ast.unparse(statement)
                binds, uses = names_of(text)
                self.pieces.append(Piece(text, number, binds | stored(statement), uses))

    def needed(self, answer: AnswerCell, others: Iterable[Piece] = ()) -> list[Piece]:
        """The pieces that an answer relies on, in the order to run them.

        ``others`` are pieces of the course's own notebook, for what isn't defined here.
        """
        above = [piece for piece in self.pieces if piece.cell < answer.cell]
        bound = frozenset().union(*(piece.binds for piece in above))
        fallback = [piece for piece in others if not piece.binds & bound]
        known = fallback + above
        wanted, chosen = set(answer.uses), set()
        while True:
            more = {
                index
                for index, piece in enumerate(known)
                if index not in chosen and piece.binds & wanted
            }
            if not more:
                return [known[index] for index in sorted(chosen)]
            chosen |= more
            wanted |= {name for index in more for name in known[index].uses}


def names_of(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """(names that code binds at its top level, names it takes from there)."""
    try:
        table = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(), frozenset()
    symbols = table.get_symbols()
    binds = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    uses = {s.get_name() for s in symbols if s.is_referenced()}
    tables = table.get_children()
    while tables:
        inner = tables.pop()
        tables += inner.get_children()
        uses |= {s.get_name() for s in inner.get_symbols() if s.is_global()}
    return frozenset(binds), frozenset(uses)


def stored(statement: ast.stmt) -> frozenset[str]:
    """Names whose items or attributes a statement sets: ``net`` in ``net.bias = 0``."""
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(
            node.ctx, ast.Store
        ):
            base = node.value
            while isinstance(base, ast.Attribute | ast.Subscript):
                base = base.value
            if isinstance(base, ast.Name):
                names.add(base.id)
    return frozenset(names)
