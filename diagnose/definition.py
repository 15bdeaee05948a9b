"""How an answer is defined, before it is called: its kind, name, signature, source."""

import contextlib
import inspect
import linecache
import textwrap
import types
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from diagnose import cells
from diagnose.kinds import describe, name_of_class


def definition_problem(answer: Any, reference: Callable[..., Any]) -> str | None:
    """One sentence on why ``answer`` can't stand where ``reference`` does, or None.

    Later cells call an answer by its name and may name its arguments, so both must
    be the stub's. Further parameters are welcome if they have defaults.
    """
    name = reference.__name__
    if isinstance(reference, type):
        return _class_problem(answer, reference)
    if type(answer) is not types.FunctionType:
        came = describe(answer)
        return f"A function is wanted here, `def {name}(...)`; {came} came."
    if answer.__name__ == "<lambda>":
        return f"Write the answer with `def {name}(...)`; a lambda came."
    written = as_written(answer)
    if inspect.iscoroutinefunction(written) or inspect.isasyncgenfunction(written):
        return f"`async` isn't needed here: begin with `def {name}(...)`."
    if inspect.isgeneratorfunction(written):
        return "`yield` makes a generator that computes nothing yet; use `return`."
    if answer.__name__ != name:
        return f"The function is called `{answer.__name__}`; it should be `{name}`."
    return _signature_problem(answer, reference)


def _class_problem(answer: Any, reference: type) -> str | None:
    name, base = reference.__name__, reference.__mro__[1]
    if not is_class(answer):
        return f"A class is wanted here, `class {name}`; {describe(answer)} came."
    if name_of_class(answer) != name:
        return f"The class is called `{name_of_class(answer)}`; it should be `{name}`."
    # By name: a notebook may define the base class in a cell of its own.
    ancestors = map(name_of_class, type.__dict__["__mro__"].__get__(answer))
    if base.__name__ not in ancestors:
        return f"`{name}` must inherit from `{base.__name__}`: `class {name}(...)`."
    return None


def is_class(answer: Any) -> bool:
    """Whether an answer is a class, of whatever metaclass."""
    return issubclass(type(answer), type)


def _signature_problem(
    answer: types.FunctionType, reference: Callable[..., Any]
) -> str | None:
    written = _signature(as_written(answer)).parameters.values()
    want = inspect.signature(reference).parameters.values()
    leading = list(written)[: len(want)]
    fits = [p.name for p in leading] == [p.name for p in want] and all(
        p.kind is p.POSITIONAL_OR_KEYWORD for p in leading
    )
    keeps_defaults = all(
        mine.default is not mine.empty or its.default is its.empty
        for mine, its in zip(leading, want, strict=False)
    )
    extras_optional = all(
        p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        for p in list(written)[len(want) :]
    )
    if fits and keeps_defaults and extras_optional and _takes(answer, want):
        return None
    return (
        f"The first line should read `def {reference.__name__}"
        f"{inspect.signature(reference)}:`; later cells call it that way."
    )


def _takes(answer: types.FunctionType, want: Iterable[inspect.Parameter]) -> bool:
    """Whether the outermost wrapper takes the arguments, by place and by name."""
    names = [parameter.name for parameter in want]
    try:
        _signature(answer).bind(*names)
        _signature(answer).bind(**dict.fromkeys(names))
    except TypeError:
        return False
    return True


def _signature(function: types.FunctionType) -> inspect.Signature:
    return inspect.signature(_bare(function))


def _bare(function: types.FunctionType) -> types.FunctionType:
    """A copy without attributes such as ``__wrapped__``, which can claim anything."""
    bare = types.FunctionType(
        function.__code__,
        {},
        argdefs=function.__defaults__,
        closure=function.__closure__,
    )
    bare.__kwdefaults__ = function.__kwdefaults__
    return bare


def as_written(answer: types.FunctionType) -> types.FunctionType:
    """The function that a student wrote, without the decorators around it."""
    function = answer
    for _ in range(MOST_WRAPPERS):
        wrapped = vars(function).get("__wrapped__")
        if type(wrapped) is not types.FunctionType:
            break
        function = wrapped
    return function


MOST_WRAPPERS = 20  # a wrapper can be made to wrap itself


def functions_of(answer: Any) -> list[types.FunctionType]:
    """The functions a student wrote: the answer itself, or a class's methods."""
    if not is_class(answer):
        return [as_written(answer)]
    attributes = type.__dict__["__dict__"].__get__(answer).values()
    methods = [
        value.__func__ if type(value) in (staticmethod, classmethod) else value
        for value in attributes
    ]
    return [as_written(m) for m in methods if type(m) is types.FunctionType]


@contextlib.contextmanager
def called_by_its_name(answer: Any, name: str) -> Iterator[None]:
    """Within, ``name`` means the answer where the answer looks for it.

    Until its cell has run, the name still holds what was there before: the course's
    version, perhaps, and an answer that only calls that one must not pass.
    """
    functions = functions_of(answer)
    namespace = functions[0].__globals__ if functions else {}
    before = {name: namespace[name]} if name in namespace else {}
    namespace[name] = answer
    try:
        yield
    finally:
        namespace.pop(name, None)
        namespace.update(before)


def filename_of(answer: Any) -> str:
    """The file an answer was defined in; IPython gives every cell one of its own."""
    functions = functions_of(answer)
    return functions[0].__code__.co_filename if functions else ""


def source_of(answer: Any) -> str:
    """The source of an answer's functions, or "" where there is none to be had."""
    pieces = []
    for function in functions_of(answer):
        linecache.checkcache(function.__code__.co_filename)
        try:
            pieces.append(textwrap.dedent(inspect.getsource(_bare(function))))
        except (OSError, SyntaxError, IndexError):
            return ""
    return "\n".join(pieces)


def source_seed(answer: Any) -> int:
    """A seed that is always the same for the same answer, and new for an edited one.

    Cases drawn with it can't be learnt from one verdict and answered in the next.
    """
    return zlib.crc32(source_of(answer).encode("utf-8", "replace"))


def is_stub(answer: Any) -> bool:
    """Whether an answer still is as it was handed out: nothing but a docstring and
    ``raise NotImplementedError`` (or ``pass``, or ``...``) in every function.
    """
    return cells.is_stub(source_of(answer), or_returns_none=False)
