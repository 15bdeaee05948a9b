"""Runs an answer on a case so that nothing it does outlives the call."""

import contextlib
import copy
import io
import random
import sys
import warnings
from dataclasses import dataclass

import numpy as np

from helpers.checking.kinds import (
    is_array,
    is_sequence,
    is_tensor,
    to_numpy,
    torch_or_none,
)
from helpers.checking.pristine import put_back_libraries

PRINTED_LINES = 20
PRINTED_CHARACTERS = 4000


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a value or an exception, and what it touched.

    ``changed`` holds the names of the inputs that the call changed, ``replaced``
    the library functions ("numpy.allclose").
    """

    value: object = None
    error: BaseException | None = None
    changed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


def run(answer, probe, inputs, names):
    """Call ``probe(answer, *inputs)`` on copies of the inputs; never raises.

    Even SystemExit and KeyboardInterrupt end up in the outcome: an answer may raise
    anything, and the kernel has to survive it.
    """
    copies = copy.deepcopy(inputs)
    value = error = None
    try:
        value = probe(answer, *copies)
    except BaseException as raised:
        error = raised
    changed = tuple(
        name
        for name, before, after in zip(names, inputs, copies, strict=False)
        if not unchanged(before, after)
    )
    return Outcome(value, error, changed, put_back_libraries())


def unchanged(before, after):
    """Whether an input still holds what it held, NaN counting as equal to NaN.

    Only arrays, tensors and lists, tuples and dicts of them can be told; anything
    else (a function, a generator that is meant to advance) counts as unchanged.
    """
    if is_array(before) or is_tensor(before):
        before, after = to_numpy(before), to_numpy(after)
        return (
            before.shape == after.shape
            and before.dtype == after.dtype
            and before.tobytes() == after.tobytes()
        )
    if type(before) is dict:
        return list(before) == list(after) and all(
            unchanged(before[key], after[key]) for key in before
        )
    if is_sequence(before):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if type(before) in (int, float, str, bool):
        return before == after
    return True


class LimitedOutput(io.TextIOBase):
    """Passes what is printed on to ``stream``, up to a number of lines."""

    def __init__(self, stream):
        self.stream = stream
        self.lines = PRINTED_LINES
        self.characters = PRINTED_CHARACTERS

    def writable(self):
        return True

    def write(self, text):
        if self.lines <= 0 or self.characters <= 0:
            return len(text)
        kept = "".join(text.splitlines(keepends=True)[: self.lines])
        kept = kept[: self.characters]
        self.lines -= kept.count("\n")
        self.characters -= len(kept)
        # A lone surrogate can't be sent to a browser; show it as a question mark.
        self.stream.write(kept.encode("utf-8", "replace").decode("utf-8"))
        if self.lines <= 0 or self.characters <= 0:
            end = "" if kept.endswith("\n") else "\n"
            self.stream.write(f"{end}… (what your code prints is cut here)\n")
        return len(text)

    def flush(self):
        self.stream.flush()


@contextlib.contextmanager
def undisturbed():
    """Leave the session's state as it was: random states, print options, torch modes.

    Within it, what is printed is limited, and ``exit()`` raises SystemExit where it
    would otherwise ask the kernel to shut down.
    """
    with contextlib.ExitStack() as stack:
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        stack.enter_context(np.errstate())
        stack.enter_context(np.printoptions())
        stack.enter_context(warnings.catch_warnings())
        torch = torch_or_none()
        if torch is not None:
            stack.callback(torch.set_rng_state, torch.get_rng_state())
            stack.callback(torch.set_default_dtype, torch.get_default_dtype())
            stack.callback(torch.set_grad_enabled, torch.is_grad_enabled())
        stack.enter_context(contextlib.redirect_stdout(LimitedOutput(sys.stdout)))
        stack.enter_context(contextlib.redirect_stderr(LimitedOutput(sys.stderr)))
        stack.enter_context(_exit_raises())
        yield


@contextlib.contextmanager
def quiet():
    """No warnings and no output: for the course's own code, mistakes among it."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _exit_raises():
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        yield
        return

    def ask_exit():
        raise SystemExit("exit() was called")

    shell.ask_exit = ask_exit
    try:
        yield
    finally:
        del shell.ask_exit
