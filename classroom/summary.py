"""A class in numbers: who hit which mistake, what was left out, what took long."""

import statistics
from collections import Counter
from dataclasses import dataclass, field

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
    told: str
    students: list = field(default_factory=list)
    examples: list = field(default_factory=list)  # sources

    def add(self, student, source):
        self.students.append(student)
        if len(self.examples) < EXAMPLES and source not in self.examples:
            self.examples.append(source)


@dataclass
class ExerciseSummary:
    """One exercise, over all notebooks that count; ``groups`` by what is alike."""

    exercise: object
    students: int = 0
    columns: Counter = field(default_factory=Counter)
    mistakes: Counter = field(default_factory=Counter)
    groups: dict = field(default_factory=dict)
    minutes: list = field(default_factory=list)
    runs: list = field(default_factory=list)

    @property
    def id(self):
        return self.exercise.id

    @property
    def left_out(self):
        return self.columns["not attempted"]

    @property
    def wrong(self):
        """How many attempted it and didn't pass."""
        return self.students - self.columns["passed"] - self.left_out

    @property
    def median_minutes(self):
        return statistics.median(self.minutes) if self.minutes else None

    @property
    def median_runs(self):
        return statistics.median(self.runs) if self.runs else None

    @property
    def mistakes_by_count(self):
        """[(Mistake, students)], those that somebody made, the usual ones first."""
        made = [(m, self.mistakes[m.name]) for m in self.exercise.mistakes]
        return sorted([pair for pair in made if pair[1]], key=lambda pair: -pair[1])

    @property
    def usual_group(self):
        """The largest Group; None if there is none."""
        groups = self.groups.values()
        return max(groups, key=lambda group: len(group.students), default=None)

    @property
    def usual_mistake(self):
        """(Mistake, students) of the most frequent one; None if a Group is larger."""
        group = self.usual_group
        least = len(group.students) if group else 1
        return next((p for p in self.mistakes_by_count if p[1] >= least), None)


class LessonSummary:
    """One lesson, over all notebooks that count."""

    def __init__(self, lesson):
        self.number = lesson[1:3]
        self.title = title(lesson)
        self.students = 0
        self.exercises = {
            exercise.id: ExerciseSummary(exercise)
            for exercise in exercises_of(lesson).values()
        }

    def add(self, record):
        self.students += 1
        for entry in record["exercises"]:
            summary = self.exercises[entry["exercise"]]
            summary.students += 1
            summary.columns.update(
                name for name, counted in COLUMNS.items() if entry["status"] in counted
            )
            summary.mistakes.update(entry["mistakes"])
            for kept, value in (
                (summary.minutes, entry["minutes"]),
                (summary.runs, entry["runs"]),
            ):
                if value is not None:
                    kept.append(value)
            if entry["alike"]:
                new = Group(entry["exercise"], entry["told"])
                group = summary.groups.setdefault(entry["alike"], new)
                group.add(record["student"], entry["source"])

    @property
    def unrecognised(self):
        """The groups of all exercises, the largest first."""
        groups = [g for e in self.exercises.values() for g in e.groups.values()]
        return sorted(groups, key=lambda group: -len(group.students))

    @property
    def longest(self):
        """The exercises that minutes are known of, the longest first."""
        known = [e for e in self.exercises.values() if e.minutes]
        return sorted(known, key=lambda exercise: -exercise.median_minutes)

    @property
    def worth_going_over(self):
        """At most three ExerciseSummaries: those that most students got wrong."""
        wrong = [e for e in self.exercises.values() if e.wrong]
        return sorted(wrong, key=lambda e: -e.wrong)[:WORTH_GOING_OVER]

    @property
    def left_out(self):
        """The exercises that more than half of the class didn't attempt."""
        return [e for e in self.exercises.values() if 2 * e.left_out > self.students]


def summarise(records):
    """[LessonSummary] of the records that count, in the lessons' order."""
    lessons = {}
    for record in records:
        lesson = record["lesson"]
        if lesson not in lessons:
            lessons[lesson] = LessonSummary(lesson)
        lessons[lesson].add(record)
    return [lessons[lesson] for lesson in sorted(lessons)]
