"""The exercises: each a stub as its lesson declares it, ready to be pasted over."""

import ast
import inspect
import textwrap
from collections import Counter

from diagnose.cells import exercise_cells_in, is_stub
from lessons import exercises_of, find_exercise
from rules.registry import rule


def uses(notebook):
    """[(cell, id, is practice, the definition under it or None)] of all @exercise."""
    found = []
    for cell in notebook.code:
        under = exercise_cells_in(cell.tree)
        found += [(cell, one.exercise, one.practice, one.node) for one in under]
        decorators = {
            id(decorator) for one in under for decorator in one.node.decorator_list
        }
        found += [
            (
                cell,
                ast.unparse(call.args[0]).strip("'\"") if call.args else "",
                False,
                None,
            )
            for name, call in cell.calls
            if name == "exercise" and id(call) not in decorators
        ]
    return found


def stubs(notebook):
    """[(cell, exercise, definition)] of the exercises that are the student's to do."""
    known = exercises_of(notebook.lesson)
    return [
        (cell, known[which], node)
        for cell, which, practice, node in uses(notebook)
        if which in known and node is not None and not practice
    ]


def reference_node(exercise):
    source = textwrap.dedent(inspect.getsource(exercise.reference))
    return ast.parse(source).body[0]


@rule
def exercises_exist(notebook):
    for cell, which, practice, _ in uses(notebook):
        try:
            find_exercise(which)
        except LookupError as error:
            yield f"{cell}: {error}"
            continue
        if which[:2] != notebook.number and not practice:
            yield f'{cell}: "{which}" belongs to another lesson.'


@rule
def exercises_stand_alone(notebook):
    """So that the solution can be pasted over the whole cell."""
    for cell, which, practice, node in uses(notebook):
        if practice:
            continue
        if node is None:
            yield f'{cell}: put @exercise("{which}") right above a def or class.'
        elif len(cell.tree.body) > 1 or len(node.decorator_list) > 1:
            yield f'{cell}: move all but "{which}" and its decorator to other cells.'


@rule
def every_exercise_is_set_once(notebook):
    given = Counter(exercise.id for _, exercise, _ in stubs(notebook))
    for which in exercises_of(notebook.lesson):
        if given[which] != 1:
            count = f"{given[which]} times"
            yield f'{notebook}: it should set "{which}" once, and does so {count}.'


@rule
def stubs_look_like_their_answers(notebook):
    """Same kind, name, arguments and docstring as the reference; the same bases, and
    no method that the reference hasn't."""
    for cell, exercise, node in stubs(notebook):
        reference = reference_node(exercise)
        theirs = {method.name: method for method in methods(reference)}
        pairs = [(node, reference)]
        for method in methods(node):
            if method.name in theirs:
                pairs.append((method, theirs[method.name]))
            else:
                yield f"{cell}: the reference has no method `{method.name}`."
        for mine, its in pairs:
            if first_line(mine) != first_line(its):
                yield f"{cell}: its first line should read `{first_line(its)}`."
            elif ast.get_docstring(mine) != ast.get_docstring(its):
                wanted = repr(ast.get_docstring(its))
                yield f"{cell}: the docstring of `{mine.name}` should be {wanted}."


def methods(node):
    if not isinstance(node, ast.ClassDef):
        return []
    return [child for child in node.body if isinstance(child, ast.FunctionDef)]


def first_line(node):
    """A definition's first line, without its decorators."""
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, node.bases))
        return f"class {node.name}({bases}):" if bases else f"class {node.name}:"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {node.name}({ast.unparse(node.args)}){returns}:"


@rule
def stubs_are_unsolved(notebook):
    """They raise NotImplementedError or return nothing but None, and the engine, whose
    card is stored below them, sees it that way too."""
    for cell, exercise, _ in stubs(notebook):
        if not is_stub(cell.source):
            yield (
                f'{cell}: "{exercise.id}" should be left to the student: '
                "`raise NotImplementedError`, or return only None."
            )
        elif not any(text.startswith("○") for text in cell.output_texts):
            yield f'{cell}: its card doesn\'t say "not attempted"; run make outputs.'
