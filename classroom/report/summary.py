"""A class in numbers: who hit which mistake, what was left out, what took long."""

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from classroom.report.records import ExerciseRecord, NotebookRecord
from diagnose import Exercise, Mistake
from lessons import exercises_of, title

# The columns beside the mistakes, each with the statuses that count for it.
COLUMNS = {
    "passed": ("passed",),
    "not attempted": ("not attempted", "missing"),
    "raised": ("raised",),
    "wrong, not recognised": ("unrecognised",),
    "stopped": ("stopped", "not run"),
}
WORTH_GOING_OVER = 3
EXAMPLES = 3  # answers shown of a group


@dataclass
class Group:
    """Answers that went wrong in the same way, under no name yet."""

    exercise: str
    sentence: str
    students: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)  # sources

    def add(self, student: str, source: str) -> None:
        """Count a student, and keep the answer if it is a new example."""
        self.students.append(student)
        if len(self.examples) < EXAMPLES and source not in self.examples:
            self.examples.append(source)


@dataclass
class ExerciseSummary:
    """One exercise, over all notebooks that count; ``groups`` by what is alike."""

    exercise: Exercise
    students: int = 0
    columns: Counter[str] = field(default_factory=Counter)  # as in COLUMNS
    mistakes: Counter[str] = field(default_factory=Counter)
    groups: dict[str, Group] = field(default_factory=dict)
    minutes: list[float] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)

    def add(self, student: str, entry: ExerciseRecord) -> None:
        """Count one student's record."""
        self.students += 1
        self.columns.update(
            name for name, counted in COLUMNS.items() if entry.status in counted
        )
        self.mistakes.update(entry.mistakes)
        if entry.minutes is not None:
            self.minutes.append(entry.minutes)
        if entry.runs is not None:
            self.runs.append(entry.runs)
        if entry.alike:
            new = Group(entry.exercise, entry.sentence)
            self.groups.setdefault(entry.alike, new).add(student, entry.source)

    @property
    def id(self) -> str:
        """The exercise's id."""
        return self.exercise.id

    @property
    def left_out(self) -> int:
        """How many didn't attempt it."""
        return self.columns["not attempted"]

    @property
    def wrong(self) -> int:
        """How many attempted it and didn't pass."""
        return self.students - self.columns["passed"] - self.left_out

    @property
    def median_minutes(self) -> float | None:
        """The median of the minutes spent; None where none are known."""
        return statistics.median(self.minutes) if self.minutes else None

    @property
    def median_runs(self) -> float | None:
        """The median of how often it was run; None where that isn't known."""
        return statistics.median(self.runs) if self.runs else None

    @property
    def mistakes_by_count(self) -> list[tuple[Mistake, int]]:
        """Those that somebody made, with how many did, the usual ones first."""
        made = [(m, self.mistakes[m.name]) for m in self.exercise.mistakes]
        return sorted([pair for pair in made if pair[1]], key=lambda pair: -pair[1])

    @property
    def usual_group(self) -> Group | None:
        """The largest Group; None if there is none."""
        groups = self.groups.values()
        return max(groups, key=lambda group: len(group.students), default=None)

    @property
    def usual_mistake(self) -> tuple[Mistake, int] | None:
        """The most frequent one, and how many made it; None if a Group is larger."""
        group = self.usual_group
        least = len(group.students) if group else 1
        return next((p for p in self.mistakes_by_count if p[1] >= least), None)


class LessonSummary:
    """One lesson, over all notebooks that count."""

    def __init__(self, lesson: str) -> None:
        self.number = lesson[1:3]
        self.title = title(lesson)
        self.students = 0
        self.exercises = {
            exercise.id: ExerciseSummary(exercise)
            for exercise in exercises_of(lesson).values()
        }

    def add(self, record: NotebookRecord) -> None:
        """Count one student's notebook."""
        self.students += 1
        for entry in record.exercises:
            self.exercises[entry.exercise].add(record.student, entry)

    @property
    def unrecognised(self) -> list[Group]:
        """The groups of all exercises, the largest first."""
        groups = [g for e in self.exercises.values() for g in e.groups.values()]
        return sorted(groups, key=lambda group: -len(group.students))

    @property
    def worth_going_over(self) -> list[ExerciseSummary]:
        """At most three: those that most students got wrong."""
        wrong = [e for e in self.exercises.values() if e.wrong]
        return sorted(wrong, key=lambda e: -e.wrong)[:WORTH_GOING_OVER]

    @property
    def left_out(self) -> list[ExerciseSummary]:
        """The exercises that more than half of the class didn't attempt."""
        return [e for e in self.exercises.values() if 2 * e.left_out > self.students]


def summarise(records: Iterable[NotebookRecord]) -> list[LessonSummary]:
    """The lessons of the records that count, in their order."""
    lessons: dict[str, LessonSummary] = {}
    for record in records:
        lesson = record.lesson
        if lesson not in lessons:
            lessons[lesson] = LessonSummary(lesson)
        lessons[lesson].add(record)
    return [lessons[lesson] for lesson in sorted(lessons)]
