"""The one reader of exercise cells: which exercise, which answer, still the stub?

Works on a cell's source and runs nothing of it. The standard library is all it needs,
so that a course can be updated by a Python that has nothing else.
"""

import ast
import re
from dataclasses import dataclass

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# Line magics and shell commands, also those whose result is assigned.
_LINE_MAGIC = re.compile(r"^[ \t]*([%!]|\w+[ \t]*=[ \t]*[%!]).*$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_PYTHON_MAGICS = {"time", "timeit", "capture", "prun"}  # the cell below them is Python
# For a cell that isn't Python yet: the student should still be told so.
_BY_EYE = re.compile(
    r"""^@(?:\w+\.)*exercise\(\s*(?:which\s*=\s*)?(["'])([^"'\n]+)\1\s*(,[^)\n]*)?\)""",
    re.MULTILINE,
)


@dataclass(frozen=True)
class ExerciseCell:
    """A function or class under ``@exercise(…)``.

    exercise  the id in the brackets; "" where it isn't written out there
    practice  whether the verdict is only shown, as ``practice=True`` asks
    line      the decorator's, from 1
    node      the definition; None where the cell isn't Python
    """

    exercise: str
    practice: bool
    line: int
    node: Definition | None


def without_magics(source: str) -> str:
    """A cell's code with magics blanked out, its lines numbered as before.

    Of a cell that isn't Python at all, such as one under ``%%bash``, nothing is left.
    """
    if _parsed(source) is not None:
        return source
    magic = _CELL_MAGIC.match(source)
    if magic and magic[1] not in _PYTHON_MAGICS:
        return "\n" * source.count("\n")
    return _LINE_MAGIC.sub("", source)


def parsed(source: str) -> ast.Module | None:
    """The tree of a cell's code without its magics, or None if it isn't Python."""
    return _parsed(without_magics(source))


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def exercise_cells(source: str) -> list[ExerciseCell]:
    """Every ``@exercise`` in a cell's source, in order, those for practice included."""
    tree = parsed(source)
    if tree is not None:
        return exercise_cells_in(tree)
    return [
        ExerciseCell(
            found[2],
            "practice" in (found[3] or "") and "False" not in found[3],
            source.count("\n", 0, found.start()) + 1,
            None,
        )
        for found in _BY_EYE.finditer(source)
    ]


def exercise_cells_in(tree: ast.Module) -> list[ExerciseCell]:
    """The same, for a cell or a file that has been parsed."""
    return [
        ExerciseCell(*_asked(decorator), decorator.lineno, node)
        for node in tree.body
        if isinstance(node, Definition)
        for decorator in node.decorator_list
        if _is_exercise(decorator)
    ]


def exercises_in(source: str) -> list[str]:
    """The ids of the exercises that a cell sets or answers; practice doesn't count."""
    return [
        cell.exercise
        for cell in exercise_cells(source)
        if cell.exercise and not cell.practice
    ]


def _is_exercise(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = getattr(called, "attr", getattr(called, "id", ""))
    return name == "exercise"


def _asked(decorator: ast.expr) -> tuple[str, bool]:
    """(id, practice) as the brackets say it."""
    if not isinstance(decorator, ast.Call):
        return "", False
    given: dict[str | None, ast.expr] = dict(
        zip(("which", "practice"), decorator.args, strict=False)
    )
    given |= {keyword.arg: keyword.value for keyword in decorator.keywords}
    which, practice = given.get("which"), given.get("practice")
    is_no = practice is None or (
        isinstance(practice, ast.Constant) and not practice.value
    )
    if isinstance(which, ast.Constant) and isinstance(which.value, str):
        return which.value, not is_no
    return "", not is_no


def first_line(source: str) -> str:
    """The ``def`` or ``class`` line of an exercise's cell, "" if there is none."""
    found = re.search(r"^(async def|def|class) .*", source, re.MULTILINE)
    return found[0] if found else ""


def is_stub(source: str, *, or_returns_none: bool = True) -> bool:
    """Whether code still is as it was handed out: no statement says more than
    ``raise NotImplementedError``, ``pass`` or a docstring.

    A prediction's stub returns nothing but None, which counts unless
    ``or_returns_none`` is False. Code that isn't Python is no stub.
    """
    tree = parsed(source)
    return (
        tree is not None
        and any(isinstance(node, Definition) for node in tree.body)
        and all(_says_nothing(node, or_returns_none) for node in tree.body)
    )


def _says_nothing(node: ast.stmt, or_returns_none: bool) -> bool:
    if isinstance(node, Definition):
        return all(_says_nothing(inner, or_returns_none) for inner in node.body)
    if isinstance(node, ast.Raise):
        raised = getattr(node.exc, "func", node.exc)
        return getattr(raised, "id", "") == "NotImplementedError"
    if isinstance(node, ast.Return):
        return or_returns_none and (node.value is None or _only_none(node.value))
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_constant or isinstance(node, ast.Pass)


def _only_none(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return all(map(_only_none, node.values))
    if isinstance(node, ast.List | ast.Tuple):
        return all(map(_only_none, node.elts))
    return isinstance(node, ast.Constant) and node.value is None
