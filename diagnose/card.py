"""A verdict as the student sees it: plain text, and HTML that needs no script.

Hints, solution and the failing case fold into <details>, so they open with the
keyboard, in an exported page and without a kernel. Colours come from the Okabe-Ito
palette and only repeat what the symbol and the words already say.
"""

from collections.abc import Callable

from diagnose.difference_map import DifferenceMap, difference_map
from diagnose.html import BLUE, GREEN, VERMILION, printable, render
from diagnose.rungs import Rung
from diagnose.solutions import why_hidden
from diagnose.value_text import value_text
from diagnose.verdict import Verdict

# On these rungs the sentence says it all, and values would add nothing.
SAID_IN_WORDS = (Rung.RETURNED_NOTHING, Rung.WRONG_TYPE, Rung.WRONG_DTYPE)


class Card:
    """What IPython displays for a verdict; ``note`` is a line about progress."""

    def __init__(self, verdict: Verdict, note: str = "") -> None:
        self.verdict = verdict
        self.note = note

    def __repr__(self) -> str:
        return as_text(self.verdict, self.note)

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.note)


def show(verdict: Verdict, note: str = "") -> None:
    """Display a verdict's card below the cell that is running."""
    from IPython.display import display

    display(Card(verdict, note))


def headline(verdict: Verdict) -> tuple[str, str, str]:
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


def which_version(verdict: Verdict) -> str:
    """Whose answer the cells below a card use."""
    if verdict.passed:
        return "Below, your own version is used."
    return "Below, the course's version is used."


def as_text(verdict: Verdict, note: str = "") -> str:
    """A verdict in plain text, which is the same on every machine."""
    symbol, _, sentence = headline(verdict)
    first = f"{symbol} {verdict.exercise.id} — {sentence} {which_version(verdict)}"
    lines = [first, *evidence_lines(verdict), *filter(None, [note])]
    return printable("\n".join(lines))


def evidence_lines(verdict: Verdict) -> list[str]:
    """The student's own line and the failing case, below a verdict's sentence."""
    lines = []
    if verdict.raised and verdict.raised.line:
        raised = verdict.raised
        lines.append(f"    your line {raised.line_number}: {raised.line}")
    for name, value in _evidence(verdict):
        lines += _indented(f"    {name} = ", value)
    return lines


def as_html(
    verdict: Verdict,
    note: str = "",
    closing: Callable[[Verdict], str] = which_version,
) -> str:
    """A verdict in HTML; ``closing`` makes the last line from it, ``note`` ends it."""
    symbol, word, sentence = headline(verdict)
    raised, evidence = verdict.raised, []
    for name, value in _evidence(verdict):
        evidence += _indented(f"{name} = ", value)
    line = f"line {raised.line_number}:  {raised.line}" if raised else ""
    return render(
        "card.html",
        exercise=verdict.exercise,
        symbol=symbol,
        word=word,
        colour={"○": BLUE, "✓": GREEN, "✗": VERMILION}[symbol],
        # A failed verdict gets a paragraph a sentence; the others have only one.
        sentences=verdict.sentences or [sentence[0].upper() + sentence[1:]],
        line=line if raised and raised.line else "",
        evidence="\n".join(evidence),
        evidence_is_open=verdict.rung is not Rung.RAISED,
        map=_map(verdict),
        hints=() if verdict.passed else verdict.exercise.hints,
        solution_is_hidden=why_hidden(),
        solution_title="The course's solution" if verdict.passed else "Solution",
        last=" ".join(filter(None, [closing(verdict), note])),
    )


def _map(verdict: Verdict) -> DifferenceMap | None:
    difference = verdict.case and verdict.case.difference
    if not difference or verdict.rung in SAID_IN_WORDS:
        return None
    return difference_map(difference, verdict.exercise.rtol)


def _evidence(verdict: Verdict) -> list[tuple[str, str]]:
    """[(name, text)]: the failing case's inputs, then what was expected and came.

    The names are of one width, so that the values stand below each other.
    """
    if verdict.case is None:
        return []
    evidence = [(name, value_text(v)) for name, v in verdict.case.inputs.items()]
    difference = verdict.case.difference
    if difference is not None and verdict.rung not in SAID_IN_WORDS:
        of = f" {difference.part}" if difference.part else ""
        # A prediction's answer stays the student's to find.
        if verdict.exercise.inputs:
            evidence.append((f"expected{of}", value_text(difference.expected)))
        evidence.append((f"got{of}", value_text(difference.got)))
    width = max((len(name) for name, _ in evidence), default=0)
    return [(name.ljust(width), text) for name, text in evidence]


def _indented(label: str, text: str) -> list[str]:
    """The label before the first line, blanks of the same width before the others."""
    first, *rest = text.splitlines() or [""]
    return [label + first, *(" " * len(label) + line for line in rest)]
