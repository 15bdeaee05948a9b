"""What a lesson's notebook asks of a class, section by section, in minutes."""

import ast
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from diagnose.cells import exercises_in, parsed
from lessons import Entry, entries_of, lesson_names
from lessons.places import notebook_of

# How fast an instructor goes: words of prose and code alike at the pace of reading
# aloud, with time to look, and what it takes to let a room guess, or play.
WORDS_A_MINUTE = 100
QUESTION_MINUTES = 1
EXPLORER_MINUTES = 3
AT_HOME = ("Try next", "Sources")
RECAP = "Recap"


class PlanError(Exception):
    """One sentence: why there can't be a plan, and what to do."""


@dataclass
class Section:
    """A stretch of the notebook from one heading to the next; times in minutes."""

    title: str
    words: int = 0
    aside_words: int = 0
    asides: list[str] = field(default_factory=list)  # how each begins
    questions: list[str] = field(default_factory=list)  # to ask the room
    notes: list[str] = field(default_factory=list)  # to instructors
    exercises: list[Entry] = field(default_factory=list)
    explorers: int = 0
    cells: list[int] = field(default_factory=list)  # positions in the notebook
    seconds: float = 0.0  # of waiting for cells

    @property
    def reading(self) -> float:
        """Minutes for words and code."""
        return self.words / WORDS_A_MINUTE

    @property
    def asking(self) -> float:
        """Minutes for questions to the room."""
        return len(self.questions) * QUESTION_MINUTES

    @property
    def exploring(self) -> float:
        """Minutes for explorers."""
        return self.explorers * EXPLORER_MINUTES

    @property
    def waiting(self) -> float:
        """Minutes of waiting for cells."""
        return self.seconds / 60

    @property
    def talk(self) -> float:
        """Minutes for all but exercises and asides."""
        return self.reading + self.asking + self.exploring + self.waiting

    @property
    def aside(self) -> float:
        """Minutes for asides."""
        return self.aside_words / WORDS_A_MINUTE


@dataclass
class Lesson:
    """A notebook as a plan sees it: its cells as they are stored, and its sections."""

    path: Path
    cells: list[dict]
    sections: list[Section]

    @property
    def name(self) -> str:
        """As `progress.reset` wants it: "04_nn_layers"."""
        return self.path.stem

    @property
    def title(self) -> str:
        """The notebook's first heading."""
        return self.sections[0].title

    @cached_property
    def _opening(self):
        return source_of(self.cells[0])

    @property
    def stated_minutes(self) -> int | None:
        """What the notebook promises to somebody who works alone, or None."""
        found = re.search(r"(\d+)[\s*]*minutes", self._opening)
        return int(found[1]) if found else None

    @property
    def needs(self) -> str:
        """What the opening says one needs to know, or ""."""
        found = re.search(r"\*\*What you need to know\*\*:\s*(.+)", self._opening)
        return found[1].strip() if found else ""

    @property
    def mentions_photographs(self) -> bool:
        """Whether the notebook can use photographs, which take longer."""
        return any("COURSE_PHOTOS" in source_of(cell) for cell in self.cells)

    def data(self) -> list[str]:
        """The names that the notebook imports from helpers.data."""
        names = []
        for cell in self.cells:
            tree = parsed(source_of(cell)) if cell["cell_type"] == "code" else None
            for node in ast.walk(tree) if tree else ():
                if isinstance(node, ast.ImportFrom) and node.module == "helpers.data":
                    names += [alias.name for alias in node.names]
        return names

    @cached_property
    def _advice(self):
        """[(a sentence of the notes, the exercises it names)]"""
        notes = " ".join(note for section in self.sections for note in section.notes)
        sentences = re.split(r"(?<=[.!?])\s+", notes)
        return [(s.lower(), re.findall(r"`(\d\d\.\w+)`", s)) for s in sentences]

    def to_keep(self) -> set[str]:
        """The ids of exercises that the notes to instructors want kept."""
        kept = (ids for text, ids in self._advice if "keep" in text)
        return {i for ids in kept for i in ids}

    def to_drop(self) -> set[str]:
        """The ids of the exercises that the notes name for when time is short."""
        short = (ids for text, ids in self._advice if "time is short" in text)
        return {i for ids in short for i in ids} - self.to_keep()


def read_lesson(number: str) -> Lesson:
    """The lesson of this number; raises PlanError where there is none to be read."""
    names = {name[1:3]: name for name in lesson_names()}
    name = names.get(number.zfill(2)) if number else None
    if name is None:
        raise PlanError(
            f'There is no lesson "{number}": give a number from {min(names)} to '
            f"{max(names)}."
        )
    path = notebook_of(name)
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sections = sections_of(cells, {e.id: e for e in entries_of(name)})
    except OSError as error:
        raise PlanError(
            f"{path} can't be read ({error.strerror}): a plan is made from the "
            "notebook, so keep the course's folder in one piece."
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise PlanError(f"{path} is damaged: it isn't a notebook's JSON.") from error
    if not sections:
        raise PlanError(f"{path} has no heading, so there is nothing to plan.")
    return Lesson(path, cells, sections)


def sections_of(cells: list[dict], entries: dict[str, Entry]) -> list[Section]:
    """Divide cells at headings of the first two levels. ``entries`` are {id: Entry}."""
    sections = []
    for position, cell in enumerate(cells):
        source = source_of(cell)
        heading = re.search(r"^##?\s+(.+)", source, re.MULTILINE)
        if cell["cell_type"] == "markdown" and heading:
            sections.append(Section(heading[1].strip()))
        if sections:
            _add(sections[-1], position, cells, entries)
    return sections


def _add(section, position, cells, entries):
    cell = cells[position]
    section.cells.append(position)
    kind = cell["metadata"].get("slideshow", {}).get("slide_type")
    if cell["cell_type"] == "markdown":
        _add_prose(section, cell, kind, _next_code(cells, position))
    elif cell["cell_type"] == "code":
        source = source_of(cell)
        exercise = exercise_in(source)
        if exercise in entries:
            section.exercises.append(entries[exercise])
        elif kind != "skip":
            section.words += len(source.split())
            section.explorers += bool(re.match(r"explore_\w+\(", source))


def _add_prose(section, cell, kind, next_code):
    text = without_markup(source_of(cell))
    if kind == "notes":
        section.notes.append(re.sub(r"^\*For instructors\*:\s*", "", source_of(cell)))
    elif kind == "skip" or section.title in AT_HOME:
        section.aside_words += len(text.split())
        section.asides.append(_beginning(text))
    else:
        section.words += len(text.split())
        # A prediction that is an exercise has minutes of its own.
        if not exercise_in(next_code):
            section.questions += questions_in(text)


def source_of(cell: dict) -> str:
    """A cell's source as one string; in the file it is a string or a list of lines."""
    return "".join(cell["source"])


def _next_code(cells, position):
    following = (c for c in cells[position:] if c["cell_type"] == "code")
    return source_of(next(following, {"source": ""}))


def exercise_in(source: str) -> str:
    """The id of the exercise that a cell sets, or ""; practice doesn't count."""
    return next(iter(exercises_in(source)), "")


def without_markup(text: str) -> str:
    """Prose without pictures, and with the words of links alone."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def questions_in(text: str) -> list[str]:
    """The sentences that ask the room to predict."""
    sentences = re.split(r"(?<=[.!?])\s+|\n\n", text)
    return [
        " ".join(sentence.replace("**", "").split())
        for sentence in sentences
        if "**Predict**" in sentence
    ]


def _beginning(text):
    words = text.replace("#", "").replace("**", "").split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")
