"""A Python file of answers, each judged on its own.

An answer is a function or class at the file's top level with `@exercise("NN.name")`
above it, as in a notebook; there may be several for one exercise:

    import math

    def half(x):
        return x / 2

    @exercise("00.relu")
    def relu(x):
        return half(x + abs(x))

    @exercise("00.relu")
    def relu(x):
        return np.abs(x)

All else at the top level is shared: it runs before every answer, which then finds what
the notebook has imported and defined, too. No answer sees another one, and progress
isn't touched. The file is run, so it should be one that you trust.
"""

import ast
import contextlib
import io
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnose.cells import Definition, exercise_cells_in
from diagnose.course import Course
from diagnose.exceptions import describe_exception
from diagnose.exercise import Exercise
from diagnose.ladder import judge, not_defined
from diagnose.verdict import Verdict

CHECK = "exercise"  # what the decorator is called while an answer is run


class FileError(Exception):
    """One sentence: why a file of answers can't be judged, and what to do."""


@dataclass(frozen=True)
class WrittenAnswer:
    """One definition: which exercise it answers, and where it begins."""

    exercise: Exercise
    line: int
    node: Definition


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer's verdict, and how long it took to reach."""

    answer: WrittenAnswer
    verdict: Verdict
    seconds: float


class AnswersFile:
    """A file's answers, and what they share."""

    def __init__(self, path: str | Path, course: Course) -> None:
        """Read and parse the file; nothing of it is run. Raises FileError."""
        self.path = Path(path)
        self.course = course
        tree = _parsed(self.path)
        self.answers: list[WrittenAnswer] = []
        cells = exercise_cells_in(tree)
        its_own = {id(cell.node) for cell in cells}
        self.shared = [node for node in tree.body if id(node) not in its_own]
        for cell in cells:
            if cell.node is None or not cell.exercise or cell.practice:
                raise FileError(
                    f'{self.path}, line {cell.line}: write @exercise("NN.name"), with '
                    "the id in quotes and nothing else."
                )
            exercise = self._find(cell.exercise, cell.line)
            begins = cell.node.decorator_list[0].lineno
            _ask_by_name(cell.node, cell.line)
            self.answers.append(WrittenAnswer(exercise, begins, cell.node))
        if not self.answers:
            raise FileError(
                f"{self.path} holds no answers: write "
                '@exercise("NN.name") above each function or class that is one.'
            )

    def judged(self) -> Iterator[JudgedAnswer]:
        """Judge one answer after another; yields a JudgedAnswer each.

        Raises FileError where what they share can't be run, and KeyboardInterrupt at
        Ctrl+C.
        """
        with _interrupts() as interrupted:
            for answer in self.answers:
                # What answers print would be mistaken for their verdicts.
                with (
                    contextlib.redirect_stdout(io.StringIO()),
                    contextlib.redirect_stderr(io.StringIO()),
                ):
                    judged = self._judge(answer)
                if interrupted:
                    raise KeyboardInterrupt
                yield judged

    def _judge(self, answer: WrittenAnswer) -> JudgedAnswer:
        names = self._names(answer.exercise)
        self._share(names, answer)
        judged = []

        def check(defined: Any) -> Any:
            begun = time.perf_counter()
            verdict = judge(answer.exercise, defined)
            seconds = time.perf_counter() - begun
            judged.append(JudgedAnswer(answer, verdict, seconds))
            return defined

        names[CHECK] = check
        try:
            self._execute([answer.node], names)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # The definition itself failed, and nothing could be checked.
            verdict = self._not_defined(answer.exercise, error)
            return JudgedAnswer(answer, verdict, 0.0)
        return judged[0]

    def _find(self, which: str, line: int) -> Exercise:
        try:
            return self.course.find(which)
        except LookupError as error:
            raise FileError(f"{self.path}, line {line}: {error.args[0]}") from None

    def _names(self, exercise: Exercise) -> dict[str, Any]:
        try:
            return {**self.course.names(exercise), "__name__": "__main__"}
        except (OSError, ValueError) as error:
            raise FileError(
                f"What answers to {exercise.id} find in their notebook can't be read, "
                f"and they need it: keep the course's folder in one piece ({error})."
            ) from error

    def _share(self, names: dict[str, Any], answer: WrittenAnswer) -> None:
        try:
            self._execute(self.shared, names)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raised = describe_exception(error, str(self.path))
            raise FileError(
                f"{self.path}: what its answers share can't be run for "
                f"{answer.exercise.id}: {raised.sentence}"
            ) from None

    def _execute(self, nodes: list[ast.stmt], names: dict[str, Any]) -> None:
        module = ast.Module(nodes, type_ignores=[])
        exec(compile(module, str(self.path), "exec"), names)

    def _not_defined(self, exercise: Exercise, error: BaseException) -> Verdict:
        return not_defined(exercise, describe_exception(error, str(self.path)))


def _ask_by_name(node: Definition, line: int) -> None:
    """Replace the decorator in this line, however it is written, by the plain name."""
    node.decorator_list = [
        ast.copy_location(ast.Name(CHECK, ast.Load()), decorator)
        if decorator.lineno == line
        else decorator
        for decorator in node.decorator_list
    ]


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), str(path))
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror}.") from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        why = getattr(error, "msg", None) or str(error) or "it is nested too deeply"
        raise FileError(f"{path}{where}, isn't Python: {why}.") from error


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Context that yields a list, to which Ctrl+C adds something.

    A check takes Ctrl+C for the end of one answer; here it ends the whole file.
    """
    pressed = []

    def press(signum: int, frame: Any) -> None:
        pressed.append(signum)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
