"""Carries a student's answers from old notebooks into new ones, by exercise id.

It reads and writes no file: from the notebooks' bytes it makes the bytes to be written,
and a list of what could not be carried. The standard library is all it needs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from diagnose.cells import exercises_in, first_line, is_stub

SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class CarriedAnswer:
    """A cell that answers an exercise: in which notebook, and its place from 1 on."""

    exercise: str
    source: str
    notebook: str
    place: int


@dataclass(frozen=True)
class Leftover:
    """Something that wasn't carried, or that the student should look at."""

    notebook: str
    place: int  # of the cell in the old notebook; 0 for the whole file
    what: str


@dataclass
class Carried:
    """The new notebooks with the old answers in them."""

    files: dict[str, bytes]  # the notebooks that hold answers now, by their names
    touched: set[str]  # the names of old notebooks with anything of the student's own
    answers: list[CarriedAnswer] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)


class NotANotebook(Exception):
    """The bytes aren't a notebook's."""


def carry(
    olds: Mapping[str, bytes], bases: Mapping[str, bytes], news: Mapping[str, bytes]
) -> Carried:
    """Fill the answers in ``olds`` into ``news``; all are {name: bytes}.

    ``bases`` holds the notebooks that the student began with. A cell that stands in
    them, or in the new ones, isn't the student's own. Where they are unknown, so that
    ``bases`` is empty, an exercise counts as answered once it is more than a stub. An
    old file that is no notebook becomes a Leftover; raises NotANotebook if one of the
    others is none.
    """
    shipped = [cell for notebooks in (bases, news) for cell in _all_cells(notebooks)]
    known = {source_of(cell).strip() for cell in shipped}
    began = {cell["id"] for cell in shipped if "id" in cell}
    result = Carried({}, set())
    found = {}
    for name, content in sorted(olds.items()):
        try:
            cells = cells_of(content)
        except NotANotebook:
            result.touched.add(name)
            what = "the file can't be read as a notebook, so nothing was carried"
            result.leftovers.append(Leftover(name, 0, what))
            continue
        for place, cell in enumerate(cells, 1):
            source = source_of(cell)
            if source.strip() in known | {""}:
                continue
            which = exercises_of(cell)
            if which and not bases and is_stub(source):
                continue
            result.touched.add(name)
            for exercise in which:
                answer = CarriedAnswer(exercise, source, name, place)
                found.setdefault(exercise, []).append(answer)
            if not which:
                whose = "you changed" if cell.get("id") in began else "of your own"
                what = f"a cell {whose}: {_beginning(source)}"
                result.leftovers.append(Leftover(name, place, what))
    _fill(result, found, news, _stubs(bases))
    result.leftovers.sort(key=lambda left: (left.notebook, left.place))
    return result


def _fill(result, found, news, began_with):
    """Put each exercise's last answer where it belongs; list the others."""
    stubs = _stubs(news)
    chosen = {}
    for exercise, answers in found.items():
        *earlier, last = answers
        for answer in earlier:
            _leave(
                result,
                answer,
                f"another answer to {exercise}; the last one was carried",
            )
        if exercise not in stubs:
            _leave(result, last, f"the new version has no exercise {exercise}")
            continue
        if not began_with and not is_stub(stubs[exercise][1]):
            _leave(result, last, f"{exercise} is answered in the new notebook already")
            continue
        chosen.setdefault(stubs[exercise][0], {})[exercise] = last.source
        result.answers.append(last)
        now = first_line(stubs[exercise][1])
        before = began_with.get(exercise)
        if before and first_line(before[1]) != now:
            _leave(result, last, f"{exercise} was carried, and now begins `{now}`")
    for name, sources in chosen.items():
        result.files[name] = filled(news[name], sources)


def _leave(result: Carried, answer: CarriedAnswer, what: str) -> None:
    result.leftovers.append(Leftover(answer.notebook, answer.place, what))


def filled(content: bytes, sources: Mapping[str, str]) -> bytes:
    """A notebook's bytes with other sources, {exercise: source}, and without the
    outputs of these cells.
    """
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        for exercise in exercises_of(cell):
            if exercise in sources:
                cell["source"] = sources[exercise].splitlines(keepends=True)
                cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def cells_of(content: bytes) -> list[dict]:
    """A notebook's cells, each with a type and a source. Raises NotANotebook."""
    try:
        cells = json.loads(content)["cells"]
        for cell in cells:
            source_of(cell)
            cell["cell_type"] + ""
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise NotANotebook from error
    return cells


def source_of(cell: dict) -> str:
    """A cell's source as one string; in the file it is a string or a list of lines."""
    return "".join(cell["source"])


def exercises_of(cell: dict) -> list[str]:
    """The ids of the exercises that a cell answers or sets; practice doesn't count."""
    return exercises_in(source_of(cell)) if cell["cell_type"] == "code" else []


def _all_cells(notebooks):
    return [cell for content in notebooks.values() for cell in cells_of(content)]


def _stubs(notebooks):
    """{exercise: (notebook, source)}"""
    return {
        exercise: (name, source_of(cell))
        for name, content in notebooks.items()
        for cell in cells_of(content)
        for exercise in exercises_of(cell)
    }


def _beginning(source):
    line = source.strip().splitlines()[0]
    return line[:SHOWN_CHARACTERS] + "…" * (len(line) > SHOWN_CHARACTERS)
