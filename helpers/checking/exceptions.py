"""An exception in a student's code: which line raised it, and what it usually means."""

import difflib
import inspect
import linecache
import re
from dataclasses import dataclass

MESSAGE_LENGTH = 300

# (exception's name, pattern in its message, what it usually means here). The first
# that fits is shown; groups of the pattern fill the braces.
MEANINGS = [
    (
        "NotImplementedError",
        r"^$",
        "The line `raise NotImplementedError` is still there. Delete it, and return "
        "your result instead.",
    ),
    (
        "UnboundLocalError",
        r"'(\w+)'",
        "`{0}` is used before it is given a value inside the function. Is the line "
        "that makes it above this one, and not only in a branch?",
    ),
    (
        "NameError",
        r"name '(\w+)' is not defined",
        "Python knows no `{0}` here.{1} Otherwise: is it made further up in the "
        "function, or in a cell that hasn't run yet?",
    ),
    (
        "ValueError",
        r"matmul.*(?:core dimension|mismatch)",
        "In `a @ b`, a's columns must be as many as b's rows. Write the shape of each "
        "side under the line: which one has to be transposed, or come first?",
    ),
    (
        "ValueError",
        r"shapes (\(.*?\)) and (\(.*?\)) not aligned",
        "In a product, the columns of {0} must be as many as the rows of {1}. Which "
        "side has to be transposed, or come first?",
    ),
    (
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied \((\S+) and (\S+)\)",
        "In `a @ b`, the columns of {0} must be as many as the rows of {1}. Which side "
        "has to be transposed, or come first?",
    ),
    (
        "ValueError|RuntimeError",
        r"could not be broadcast|must match the size of tensor",
        "These shapes can't stand side by side. Read them from the right: in each "
        "place the sizes must be equal, or one of them 1.",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "An `if` needs one yes or no, and an array holds many. Work on all entries at "
        "once instead, as in `np.maximum(a, 0)` or `a * (a > 0)`.",
    ),
    (
        "RuntimeError",
        r"leaf Variable that requires grad.*in-place",
        "autograd keeps watch over a parameter and won't let it be changed under its "
        "eyes. Make the update inside `with torch.no_grad():`.",
    ),
    (
        "RuntimeError",
        r"same dtype|expected scalar type|expected m1 and m2|Found dtype",
        "Two tensors of different dtypes met. Look for a float64 that came from NumPy, "
        "or for integers where floats are due.",
    ),
    (
        "TypeError",
        r"'NoneType'",
        "Something here is None. The usual reason is a function without a `return`, or "
        "a name that was never given its value.",
    ),
    (
        "TypeError",
        r"NotImplementedType|unsupported operand type",
        "These two kinds of value don't go together with this operator. Print "
        "`type(...)` of each side.",
    ),
    (
        "TypeError",
        r"object is not callable",
        "Round brackets call a function, and this isn't one. Are square brackets "
        "meant, or has the name been used for something else?",
    ),
    (
        "TypeError",
        r"only (?:integer|length-1|0-dimensional)",
        "One number is needed here, and an array came.",
    ),
    (
        "AttributeError",
        r"'NoneType'",
        "Something here is None. The usual reason is a function without a `return`.",
    ),
    (
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '(\w+)'",
        "NumPy arrays have no `{0}`. Is that torch's name for it?",
    ),
    (
        "AttributeError",
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`.{2} Otherwise look the name up in the library's own "
        "documentation.",
    ),
    (
        "IndexError",
        r"",
        "An index points past the end of an axis. Counting starts at 0, so the last "
        "index of an axis of size N is N - 1.",
    ),
    (
        "KeyError",
        r"",
        "A dict was asked for a key it doesn't hold.",
    ),
    (
        "ZeroDivisionError",
        r"",
        "Something was divided by zero. Which of the inputs can be 0, or empty?",
    ),
    (
        "RecursionError",
        r"",
        "The function calls itself and never stops. Was another function meant?",
    ),
    (
        "MemoryError|_ArrayMemoryError",
        r"",
        "The computer has no room for an array this large. Which shape would you "
        "expect on this line?",
    ),
    (
        "SystemExit",
        r"",
        "`exit()` ends all of Python, not only the function. To leave a function, use "
        "`return`.",
    ),
]


@dataclass(frozen=True)
class Raised:
    """What is told of an exception: its name, message, place, line and meaning."""

    name: str
    message: str
    line_number: int | None
    line: str
    meaning: str

    @property
    def sentence(self):
        where = f" on line {self.line_number}" if self.line_number else ""
        says = f": {self.message}" if self.message else ""
        return f"{self.name}{where}{says}."


def describe_exception(error, filename):
    """Tell an exception by its last frame in the student's own cell.

    ``filename`` is the file that the answer was defined in: IPython gives each cell
    one of its own.
    """
    name = type.__dict__["__name__"].__get__(type(error))
    message = message_of(error)
    frame = _own_frame(error, filename)
    number = frame.tb_lineno if frame else None
    line = linecache.getline(filename, number).strip() if frame else ""
    return Raised(name, message, number, line, _meaning(error, name, message, frame))


def _own_frame(error, filename):
    own, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename:
            own = step
        step = step.tb_next
    return own


def message_of(error):
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


def _meaning(error, name, message, frame):
    for names, pattern, meaning in MEANINGS:
        found = re.search(pattern, message)
        if name in names.split("|") and found:
            return meaning.format(*found.groups(), _nearby_name(error, frame))
    return ""


def _nearby_name(error, frame):
    """Such as " Did you mean `w1`?" for a misspelt name, from the names there are."""
    if isinstance(error, AttributeError) and inspect.ismodule(error.obj):
        known = dir(error.obj)
    elif isinstance(error, NameError) and frame is not None:
        known = [*frame.tb_frame.f_locals, *frame.tb_frame.f_globals]
    else:
        return ""
    known = [name for name in known if not name.startswith("_")]
    close = difflib.get_close_matches(error.name or "", known, n=1, cutoff=0.5)
    return f" Did you mean `{close[0]}`?" if close else ""
