"""A verdict as the student sees it: plain text, and HTML that needs no script.

Hints, solution and the failing case fold into <details>, so they open with the
keyboard, in an exported page and without a kernel. Colours come from the Okabe-Ito
palette and only repeat what the symbol and the words already say. Everything that a
student's code produced is escaped.
"""

import html
import re

import numpy as np

from diagnose.difference_map import difference_map
from diagnose.kinds import (
    describe,
    is_array,
    is_number,
    is_plain_dict,
    is_sequence,
    is_tensor,
    to_numpy,
)
from diagnose.rungs import Rung
from diagnose.solutions import why_hidden

SHOWN_ENTRIES = 36  # of an array, a list or a dict
SHOWN_CHARACTERS = 200  # of a string
# Here the sentence has said all there is; the values would say no more.
TOLD_IN_WORDS = (Rung.RETURNED_NOTHING, Rung.WRONG_TYPE, Rung.WRONG_DTYPE)
GREEN, VERMILION, BLUE = "#009E73", "#D55E00", "#0072B2"


class Card:
    """What IPython displays for a verdict; ``note`` is a line about progress."""

    def __init__(self, verdict, note=""):
        self.verdict = verdict
        self.note = note

    def __repr__(self):
        return as_text(self.verdict, self.note)

    def _repr_html_(self):
        return as_html(self.verdict, self.note)


def show(verdict, note=""):
    from IPython.display import display

    display(Card(verdict, note))


def headline(verdict):
    """(symbol, word, sentence) of a verdict."""
    exercise = verdict.exercise
    if verdict.rung is Rung.NOT_ATTEMPTED:
        minutes = f"{exercise.minutes} minute{'s' * (exercise.minutes != 1)}"
        return "○", "Yours to do", f"not attempted yet ({minutes})."
    if verdict.passed:
        if not exercise.inputs:
            return "✓", "Passed", "passed."
        return "✓", "Passed", f"passed: right in all {verdict.cases} cases."
    return "✗", "Not yet", " ".join(verdict.sentences)


def which_version(verdict):
    if verdict.passed:
        return "Below, your own version is used."
    return "Below, the course's version is used."


def as_text(verdict, note=""):
    symbol, _, sentence = headline(verdict)
    first = f"{symbol} {verdict.exercise.id} — {sentence} {which_version(verdict)}"
    lines = [first, *evidence_lines(verdict), *filter(None, [note])]
    return printable("\n".join(lines))


def evidence_lines(verdict):
    """The student's own line and the failing case, below a verdict's sentence."""
    lines = []
    if verdict.raised and verdict.raised.line:
        lines.append(f"    your line {verdict.raised.line_number}: "
                     f"{verdict.raised.line}")  # fmt: skip
    for name, value in _evidence(verdict):
        lines += _indented(f"    {name} = ", value)
    return lines


def as_html(verdict, note="", closing=which_version):
    """A verdict in HTML; ``closing`` makes the last line from it, ``note`` ends it."""
    symbol, word, sentence = headline(verdict)
    colour = {"○": BLUE, "✓": GREEN, "✗": VERMILION}[symbol]
    exercise = verdict.exercise
    stars = "●" * exercise.difficulty + "○" * (3 - exercise.difficulty)
    body = [
        f'<div><strong><span aria-hidden="true" style="color:{colour}">{symbol}</span>'
        f" {word}</strong> · <code>{exercise.id}</code> · "
        f'<span title="difficulty {exercise.difficulty} of 3" role="img" '
        f'aria-label="difficulty {exercise.difficulty} of 3">{stars}</span></div>',
    ]
    body += [_paragraph(sentence) for sentence in _sentences(verdict, sentence)]
    if verdict.raised and verdict.raised.line:
        place = f"line {verdict.raised.line_number}:  {verdict.raised.line}"
        body.append(f"<pre {PRE}>{escape(place)}</pre>")
    body.append(_failing_case(verdict))
    if not verdict.passed:
        body += [
            _details(f"Hint {number} of {len(exercise.hints)}", _paragraph(hint))
            for number, hint in enumerate(exercise.hints, 1)
        ]
    body.append(_solution(verdict))
    last = " ".join(filter(None, [closing(verdict), note]))
    if last:
        body.append(f'<div style="opacity:.8">{escape(last)}</div>')
    return printable(
        f'<div role="status" class="course-card" style="border-left:6px solid '
        f'{colour};padding:.4em 0 .4em 1em;margin:.3em 0;line-height:1.5">'
        f"{''.join(body)}</div>"
    )


PRE = 'style="margin:.4em 0;padding:.5em .8em;white-space:pre-wrap;overflow-x:auto"'


def _sentences(verdict, sentence):
    """A failed verdict gets a paragraph a sentence; the others have only one."""
    return verdict.sentences or (sentence[0].upper() + sentence[1:],)


def _solution(verdict):
    hidden = why_hidden()
    if hidden:
        return f'<div style="opacity:.8">{escape(hidden)}</div>'
    solution = f"<pre {PRE}>{escape(verdict.exercise.solution)}</pre>"
    title = "The course's solution" if verdict.passed else "Solution"
    return _details(title, solution, kind="course-solution")


def _failing_case(verdict):
    evidence = _evidence(verdict)
    if not evidence:
        return ""
    lines = []
    for name, value in evidence:
        lines += _indented(f"{name} = ", value)
    difference = verdict.case.difference
    picture = ""
    if difference and verdict.rung not in TOLD_IN_WORDS:
        picture = difference_map(difference, verdict.exercise.rtol)
    return _details(
        "The smallest case that shows it",
        f"<pre {PRE}>{escape(chr(10).join(lines))}</pre>{picture}",
        is_open=verdict.rung is not Rung.RAISED,
    )


def _evidence(verdict):
    """[(name, text)]: the failing case's inputs, then what was expected and came.

    The names are of one width, so that the values stand below each other.
    """
    if verdict.case is None:
        return []
    evidence = [(name, value_text(v)) for name, v in verdict.case.inputs.items()]
    difference = verdict.case.difference
    if difference is not None and verdict.rung not in TOLD_IN_WORDS:
        of = f" {difference.part}" if difference.part else ""
        # A prediction's answer stays the student's to find.
        if verdict.exercise.inputs:
            evidence.append((f"expected{of}", value_text(difference.expected)))
        evidence.append((f"got{of}", value_text(difference.got)))
    width = max((len(name) for name, _ in evidence), default=0)
    return [(name.ljust(width), text) for name, text in evidence]


def value_text(value):
    """A value as text, without calling any code of its own. Small ones in full."""
    if is_array(value) or is_tensor(value):
        array = to_numpy(value)
        if array is None or array.dtype.kind not in "biufc":
            return describe(value)
        if array.size > SHOWN_ENTRIES:
            return f"{describe(value)}, from {_number(array.flat[0])} on"
        # Also here, what the student's session set for printing doesn't count.
        with np.printoptions(**PRINTED_LIKE):
            text = np.array2string(array)
        return text if array.ndim < 2 else f"{text}  {array.shape}"
    if is_number(value):
        return _number(value)
    if value is None:
        return "None"
    if type(value) is str:
        shown = repr(value[:SHOWN_CHARACTERS])
        return shown + "…" * (len(value) > SHOWN_CHARACTERS)
    if is_plain_dict(value):
        some = list(value.items())[:SHOWN_ENTRIES]
        # A dict inside a dict is only described: it might hold itself.
        items = [
            f"{str(key)[:SHOWN_CHARACTERS]}: "
            f"{describe(item) if type(item) is dict else value_text(item)}"
            for key, item in some
        ]
        return "{" + ", ".join(items + ["…"] * (len(value) > len(some))) + "}"
    if is_sequence(value):
        some = value[:SHOWN_ENTRIES]
        if all(is_number(item) or item is None for item in some):
            items = [value_text(item) for item in some]
            inside = ", ".join(items + ["…"] * (len(value) > len(some)))
            return f"[{inside}]" if type(value) is list else f"({inside})"
    return describe(value)


PRINTED_LIKE = {
    "precision": 4,
    "suppress": True,
    "linewidth": 75,
    "threshold": SHOWN_ENTRIES,
    "sign": "-",
    "floatmode": "maxprec",
    "nanstr": "nan",
    "infstr": "inf",
    "formatter": None,
    "legacy": False,
}


def _number(value):
    if type(value) is bool or type(value) is np.bool_:
        return str(value)
    try:
        return f"{value:.6g}"
    except OverflowError:  # an int beyond any float
        return f"an int of about {value.bit_length() * 3 // 10} digits"


def _indented(label, text):
    """The label before the first line, blanks of the same width before the others."""
    first, *rest = text.splitlines() or [""]
    return [label + first, *(" " * len(label) + line for line in rest)]


def _paragraph(text):
    return f'<p style="margin:.3em 0">{_with_code(escape(text))}</p>'


def _with_code(text):
    """Text in `backticks` becomes <code>."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return text
    return "".join(
        f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)
    )


def _details(summary, inside, is_open=False, kind="course-fold"):
    return (
        f'<details class="{kind}"{" open" if is_open else ""}><summary '
        f'style="cursor:pointer">{escape(summary)}</summary>'
        f'<div style="padding-left:1.1em">{inside}</div></details>'
    )


def escape(text):
    return html.escape(text, quote=True)


def printable(text):
    """Text that can be sent to any browser: no lone surrogates, no control characters
    but tabs and line breaks (the others could turn colours on, or end the page).
    """
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "�", text)
    return text.encode("utf-8", "replace").decode("utf-8")
