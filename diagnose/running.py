"""Runs an answer on a case so that nothing it does outlives the call."""

import contextlib
import copy
import io
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from diagnose.kinds import (
    is_array,
    is_number,
    is_plain_dict,
    is_sequence,
    is_tensor,
    to_numpy,
    torch_or_none,
)

PRINTED_LINES = 20
PRINTED_CHARACTERS = 4000


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a value or an exception, and which inputs it changed."""

    value: Any = None
    error: BaseException | None = None
    changed: tuple[str, ...] = ()


def run(
    answer: Any,
    probe: Callable[..., Any],
    inputs: tuple,
    names: Sequence[str],
    within: Callable[[], contextlib.AbstractContextManager] = contextlib.nullcontext,
) -> Outcome:
    """Call ``probe(answer, *inputs)`` on copies of the inputs; never raises.

    ``within`` makes a context for the call; no exception of the answer's reaches it.
    Even SystemExit and KeyboardInterrupt end up in the outcome: an answer may raise
    anything, and the kernel has to survive it.
    """
    copies = copy.deepcopy(inputs)
    value = error = None
    with within():
        try:
            value = probe(answer, *copies)
        except BaseException as raised:
            error = raised
    changed = tuple(
        name
        for name, before, after in zip(names, inputs, copies, strict=False)
        if not unchanged(before, after)
    )
    return Outcome(value, error, changed)


def unchanged(before: Any, after: Any) -> bool:
    """Whether an input still holds what it held, NaN counting as equal to NaN.

    Only arrays, tensors and numbers, strings, lists, tuples and dicts of them can be
    told; anything else (a function, a generator that is meant to advance) counts as
    unchanged.
    """
    if is_array(before) or is_tensor(before):
        if type(before) is not type(after):
            return False
        before, after = to_numpy(before), to_numpy(after)
        return (
            after is not None
            and before.shape == after.shape
            and before.dtype == after.dtype
            and before.tobytes() == after.tobytes()
        )
    if is_plain_dict(before):
        return (
            is_plain_dict(after)
            and list(before) == list(after)
            and all(unchanged(before[key], after[key]) for key in before)
        )
    if is_sequence(before):
        return (
            is_sequence(after)
            and len(before) == len(after)
            and all(map(unchanged, before, after))
        )
    if is_number(before) or type(before) is str:
        return type(before) is type(after) and (before == after or before != before)
    return True


class LimitedOutput(io.TextIOBase):
    """Passes what is printed on to ``stream``, up to a number of lines."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.lines = PRINTED_LINES
        self.characters = PRINTED_CHARACTERS
        self.cut = False

    def writable(self) -> bool:
        """As for any stream that can be printed to."""
        return True

    def write(self, text: str) -> int:
        """Pass on as much of the text as is still allowed, and say where it is cut."""
        if self.cut:
            return len(text)
        kept = "".join(text.splitlines(keepends=True)[: self.lines])
        kept = kept[: self.characters]
        self.lines -= kept.count("\n")
        self.characters -= len(kept)
        # A lone surrogate can't be sent to a browser; show it as a question mark.
        self.stream.write(kept.encode("utf-8", "replace").decode("utf-8"))
        if len(kept) < len(text):
            self.cut = True
            end = "" if self.lines <= 0 else "\n"
            self.stream.write(f"{end}… (what your code prints is cut here)\n")
        return len(text)

    def flush(self) -> None:
        """Flush the stream behind this one."""
        self.stream.flush()

    def open_up(self) -> None:
        """Stop limiting: a logger may have kept this stream, and go on using it."""
        self.lines = self.characters = sys.maxsize
        self.cut = False


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Around a whole check: what is printed is limited, warnings come once a place.

    ``exit()`` raises SystemExit where it would otherwise ask the kernel to shut down.
    """
    out, err = LimitedOutput(sys.stdout), LimitedOutput(sys.stderr)
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
        _exit_raises(),
        libraries_as_they_come(),
    ):
        try:
            yield
        finally:
            out.open_up()
            err.open_up()


@contextlib.contextmanager
def session_kept() -> Iterator[None]:
    """Around a call: random states, outputs, options and modes are put back."""
    with contextlib.ExitStack() as stack:
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        stack.enter_context(contextlib.redirect_stdout(sys.stdout))
        stack.enter_context(contextlib.redirect_stderr(sys.stderr))
        stack.enter_context(np.errstate())
        stack.enter_context(np.printoptions())
        torch = torch_or_none()
        if torch is not None:
            gpus = torch.cuda.device_count() if torch.cuda.is_initialized() else 0
            stack.enter_context(torch.random.fork_rng(range(gpus)))
            stack.callback(torch.set_default_dtype, torch.get_default_dtype())
            stack.callback(torch.set_grad_enabled, torch.is_grad_enabled())
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No warnings and no output: for the course's own code, mistakes among it."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def libraries_as_they_come() -> Iterator[None]:
    """NumPy's and torch's own settings, whatever the session has set.

    NumPy warns where a float overflows and says nothing where one vanishes; torch
    records gradients, and makes float32.
    """
    torch = torch_or_none()
    with np.errstate(all="warn", under="ignore"):
        if torch is None:
            yield
            return
        default = torch.get_default_dtype()
        torch.set_default_dtype(torch.float32)
        try:
            with torch.enable_grad():
                yield
        finally:
            torch.set_default_dtype(default)


@contextlib.contextmanager
def _exit_raises() -> Iterator[None]:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        yield
        return

    def ask_exit() -> None:
        raise SystemExit("exit() was called")

    shell.ask_exit = ask_exit
    try:
        yield
    finally:
        vars(shell).pop("ask_exit", None)
