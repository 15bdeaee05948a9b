"""The names that an answer finds in its lesson's notebook, without running that.

What the notebook's first code cell imports; the lesson's answers, each under its own
name; and what these look up, such as a class that an earlier cell defines.
"""

import ast
import dis
import json
import types

from lessons import exercises_of, lesson_names, load_solutions
from lessons.places import notebook_of


def names_of_lesson(number):
    """{name: value} for the lesson with this number ("01").

    Raises OSError or ValueError where its notebook can't be read.
    """
    (lesson,) = [name for name in lesson_names() if name[1:3] == number]
    references = {
        exercise.reference.__name__: exercise.reference
        for exercise in exercises_of(lesson).values()
    }
    module = vars(load_solutions(lesson))
    looked_up = {
        name: module[name]
        for reference in references.values()
        for name in names_looked_up(reference)
        if name in module
    }
    return {**looked_up, **references, **_imported(lesson)}


def _imported(lesson):
    """What the import cell imports. Nothing else of that cell is run."""
    path = notebook_of(lesson)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    tree = ast.parse("".join(first["source"]))
    tree.body = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {}
    exec(compile(tree, str(path), "exec"), names)
    del names["__builtins__"]
    return names


def names_looked_up(defined):
    """The globals that a function asks for, or a class: its bases' and its methods'."""
    found, waiting = set(), [getattr(defined, "__code__", None)]
    if isinstance(defined, type):
        found = {base.__name__ for base in defined.__bases__}
        members = (getattr(m, "__func__", m) for m in vars(defined).values())
        waiting = [getattr(member, "__code__", None) for member in members]
    while waiting:
        code = waiting.pop()
        if code is not None:
            steps = dis.get_instructions(code)
            found |= {step.argval for step in steps if step.opname in LOOK_UPS}
            waiting += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return found


LOOK_UPS = ("LOAD_GLOBAL", "LOAD_NAME")
