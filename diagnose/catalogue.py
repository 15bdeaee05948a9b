"""A page of exercises with their mistakes as code, and what is said of each.

It is what an instructor types in front of a class, and what an author reads to see
which mistakes are still missing.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnose.exercise import Exercise, WrongAnswer
from diagnose.html import render


@dataclass(frozen=True)
class Line:
    """A line of a wrong answer; ``is_new`` where the solution hasn't that line."""

    text: str
    is_new: bool


@dataclass(frozen=True)
class CatalogueEntry:
    """One mistake in one of its spellings.

    wrong  the mistake, and its source
    lines  the whole cell's lines, ``@exercise`` among them
    diff   the lines of the solution and of the cell, marked as in a diff; none where
           the cell isn't an edit of the solution
    """

    wrong: WrongAnswer
    lines: Sequence[Line]
    diff: Sequence[str]


def entries(exercise: Exercise) -> list[CatalogueEntry]:
    """The mistakes of an exercise, in order, each spelling on its own."""
    return [_entry(exercise, wrong) for wrong in exercise.wrong_answers()]


def _entry(exercise: Exercise, wrong: WrongAnswer) -> CatalogueEntry:
    old = exercise.solution.splitlines()
    new = exercise.cell(wrong.source).splitlines()
    marked = [line for line in difflib.ndiff(old, new) if line[:1] != "?"]
    lines = [Line(line[2:], line[0] == "+") for line in marked if line[0] != "-"]
    is_edit = wrong.source in wrong.mistake.swapped(exercise.source)
    return CatalogueEntry(
        wrong, lines, [line.rstrip() for line in marked] if is_edit else []
    )


def as_markdown(title: str, lessons: Mapping[str, Sequence[Exercise]]) -> str:
    """The page in Markdown; ``lessons`` are {title: exercises}."""
    page = [f"# {title}", ""]
    for lesson, exercises in lessons.items():
        page += [f"## {lesson}", ""]
        for exercise in exercises:
            page += [f"### {exercise.id}", "", *_block("python", exercise.solution)]
            for entry in entries(exercise):
                mistake = entry.wrong.mistake
                page += [f"#### {mistake.name}", ""]
                page += [f"{mistake.did} *{mistake.look}*", ""]
                if entry.diff:
                    page += _block("diff", "\n".join(entry.diff))
                else:
                    cell = "\n".join(line.text for line in entry.lines)
                    page += _block("python", cell)
    return "\n".join(page)


def _block(language: str, code: str) -> list[str]:
    return [f"```{language}", code, "```", ""]


def as_html(title: str, lessons: Mapping[str, Sequence[Exercise]]) -> str:
    """The page in HTML, with nothing beside it to load; ``lessons`` as above."""
    with_entries = {
        lesson: [(exercise, entries(exercise)) for exercise in exercises]
        for lesson, exercises in lessons.items()
    }
    return render("catalogue.html", title=title, lessons=with_entries)
