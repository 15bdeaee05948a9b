"""How an answer is defined, before it is called: its kind, name, signature, source."""

import ast
import inspect
import linecache
import textwrap
import types
import zlib

from helpers.checking.kinds import describe


def definition_problem(answer, reference):
    """One sentence on why ``answer`` can't stand where ``reference`` does, or None.

    Later cells call an answer by its name and may name its arguments, so both must
    be the stub's. Further parameters are welcome if they have defaults.
    """
    name = reference.__name__
    if isinstance(reference, type):
        return _class_problem(answer, reference)
    if type(answer) is not types.FunctionType:
        kind = "a class" if isinstance(answer, type) else describe(answer)
        return f"A function is wanted here, `def {name}(...)`; {kind} came."
    if answer.__name__ == "<lambda>":
        return f"Write the answer with `def {name}(...)`; a lambda came."
    if inspect.iscoroutinefunction(answer) or inspect.isasyncgenfunction(answer):
        return f"`async` isn't needed here: begin with `def {name}(...)`."
    if inspect.isgeneratorfunction(answer):
        return "`yield` makes a generator that computes nothing yet; use `return`."
    if answer.__name__ != name:
        return f"The function is called `{answer.__name__}`; it should be `{name}`."
    return _signature_problem(answer, reference)


def _class_problem(answer, reference):
    name, base = reference.__name__, reference.__mro__[1]
    if not isinstance(answer, type):
        return f"A class is wanted here, `class {name}`; {describe(answer)} came."
    if answer.__name__ != name:
        return f"The class is called `{answer.__name__}`; it should be `{name}`."
    if not issubclass(answer, base):
        return f"`{name}` must inherit from `{base.__name__}`: `class {name}(...)`."
    return None


def _signature_problem(answer, reference):
    have = inspect.signature(answer, follow_wrapped=False).parameters.values()
    want = inspect.signature(reference).parameters.values()
    leading = list(have)[: len(want)]
    fits = [p.name for p in leading] == [p.name for p in want] and all(
        p.kind is p.POSITIONAL_OR_KEYWORD for p in leading
    )
    keeps_defaults = all(
        mine.default is not mine.empty or its.default is its.empty
        for mine, its in zip(leading, want, strict=False)
    )
    extras_optional = all(
        p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        for p in list(have)[len(want) :]
    )
    if fits and keeps_defaults and extras_optional:
        return None
    return (
        f"The first line should read `def {reference.__name__}"
        f"{inspect.signature(reference)}:`; later cells call it that way."
    )


def functions_of(answer):
    """The functions a student wrote: the answer itself, or a class's methods."""
    if not isinstance(answer, type):
        return [answer]
    methods = (getattr(value, "__func__", value) for value in vars(answer).values())
    return [method for method in methods if type(method) is types.FunctionType]


def filename_of(answer):
    """The file an answer was defined in; IPython gives every cell one of its own."""
    functions = functions_of(answer)
    return functions[0].__code__.co_filename if functions else ""


def source_of(answer):
    """The source of an answer's functions, or "" where there is none to be had."""
    pieces = []
    for function in functions_of(answer):
        linecache.checkcache(function.__code__.co_filename)
        try:
            pieces.append(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError):
            return ""
    return "\n".join(pieces)


def source_seed(answer):
    """A seed that is always the same for the same answer, and new for an edited one.

    Cases drawn with it can't be learnt from one verdict and answered in the next.
    """
    return zlib.crc32(source_of(answer).encode("utf-8", "replace"))


def is_stub(answer):
    """Whether an answer still is as it was handed out: nothing but a docstring and
    ``raise NotImplementedError`` (or ``pass``, or ``...``) in every function.
    """
    try:
        tree = ast.parse(source_of(answer))
    except SyntaxError:
        return False
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return bool(functions) and all(map(_is_empty, functions))


def _is_empty(function):
    def fills_space(statement):
        if isinstance(statement, ast.Expr):
            return isinstance(statement.value, ast.Constant)
        if isinstance(statement, ast.Raise):
            raised = getattr(statement.exc, "func", statement.exc)
            return getattr(raised, "id", "") == "NotImplementedError"
        return isinstance(statement, ast.Pass)

    return all(map(fills_space, function.body))
