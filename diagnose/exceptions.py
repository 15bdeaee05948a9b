"""An exception in a student's code: which line raised it, and what it usually means."""

import difflib
import linecache
import re
import types
from dataclasses import dataclass
from typing import Any

from diagnose.kinds import name_of_class
from diagnose.meanings import MEANINGS

MESSAGE_LENGTH = 300
# Names that are missing because their import is; no similar name would help.
USUAL_IMPORTS = {
    "F": "from torch.nn import functional as F",
    "math": "import math",
    "nn": "from torch import nn",
    "np": "import numpy as np",
    "torch": "import torch",
}


@dataclass(frozen=True)
class Raised:
    """An exception as a card shows it: name, message, line and meaning."""

    name: str
    message: str
    line_number: int | None
    line: str
    meaning: str

    @property
    def sentence(self) -> str:
        """Name, line and message as one sentence."""
        where = f" on line {self.line_number}" if self.line_number else ""
        says = f": {self.message}" if self.message else ""
        return f"{self.name}{where}{says}."


class Reported(Exception):
    """Stands for an exception that was raised in another process.

    kind    its class
    raised  its description
    """

    def __init__(self, kind: type[BaseException], raised: Raised) -> None:
        super().__init__(raised.message)
        self.kind = kind
        self.raised = raised


def kind_of(error: BaseException | None) -> type:
    """An exception's class, wherever it was raised; NoneType where there was none."""
    return error.kind if type(error) is Reported else type(error)


def describe_exception(error: BaseException, filename: str) -> Raised:
    """Describe an exception by its last frame in the student's own cell.

    ``filename`` is the file that the answer was defined in: IPython gives each cell
    one of its own.
    """
    if type(error) is Reported:
        return error.raised
    name = name_of_class(type(error))
    message = message_of(error)
    frame = _own_frame(error, filename)
    number = frame.tb_lineno if frame else None
    line = linecache.getline(filename, frame.tb_lineno).strip() if frame else ""
    return Raised(name, message, number, line, _meaning(error, name, message, frame))


def _own_frame(error: BaseException, filename: str) -> types.TracebackType | None:
    # A class can redefine `__traceback__`; this asks for Python's own.
    own: types.TracebackType | None = None
    traceback: Any = BaseException.__traceback__  # as a descriptor
    step = traceback.__get__(error)
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename:
            own = step
        step = step.tb_next
    return own


def message_of(error: BaseException) -> str:
    """The exception's message, on one line; its ``__str__`` may itself raise."""
    try:
        text = str(error)
    except BaseException:
        return "(its message can't be shown)"
    if type(text) is not str:
        return "(its message can't be shown)"
    text = " ".join(text[: MESSAGE_LENGTH * 2].split()).rstrip(".")
    if text == "None":  # exit() and the like
        return ""
    return text if len(text) <= MESSAGE_LENGTH else text[:MESSAGE_LENGTH] + "…"


def _meaning(
    error: BaseException, name: str, message: str, frame: types.TracebackType | None
) -> str:
    for names, pattern, meaning in MEANINGS:
        found = re.search(pattern, message)
        if name in names.split("|") and found:
            return meaning.format(*found.groups(), _nearby_name(error, frame))
    return ""


def _nearby_name(error: BaseException, frame: types.TracebackType | None) -> str:
    """Such as " Did you mean `w1`?" for a misspelt name, from the names there are.

    Of a usual import that isn't there, it is the import.
    """
    if type(error) is AttributeError and type(error.obj) is types.ModuleType:
        known = vars(error.obj)
    elif type(error) is NameError and frame is not None:
        known = {**frame.tb_frame.f_globals, **frame.tb_frame.f_locals}
    else:
        return ""
    wanted = error.name if type(error.name) is str else ""
    if type(error) is NameError and wanted in USUAL_IMPORTS:
        return f" Is `{USUAL_IMPORTS[wanted]}` missing?"
    names = [name for name in known if type(name) is str and name[:1] != "_"]
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    return f" Did you mean `{close[0]}`?" if close else ""
