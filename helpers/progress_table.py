"""Progress as a table: one lesson's exercises in full, the others a line each."""

from dataclasses import dataclass

from diagnose.html import render
from lessons import Entry, entries_of, lesson_names, title

FORGET = 'To forget a lesson: progress.reset("its name"). A backup is kept.'


@dataclass(frozen=True)
class LessonProgress:
    """A lesson's number, title, and [(exercise, whether it is passed)]."""

    number: str
    title: str
    exercises: list[tuple[Entry, bool]]

    @property
    def done(self):
        """How many of its exercises are passed."""
        return sum(is_passed for _, is_passed in self.exercises)


class ProgressTable:
    """What ``progress()`` displays. ``passed`` is {id: time}, ``lesson`` a number."""

    def __init__(self, passed, lesson="", note=""):
        self.note = note
        self.lessons = [
            LessonProgress(
                name[1:3],
                title(name),
                [(entry, entry.id in passed) for entry in entries_of(name)],
            )
            for name in lesson_names()
        ]
        numbers = [each.number for each in self.lessons]
        self.lesson = lesson[:2] if lesson[:2] in numbers else ""

    def next_exercise(self):
        """The first exercise not passed, this lesson's before the course's; or None."""
        ordered = sorted(self.lessons, key=lambda each: each.number != self.lesson)
        open_ones = (
            exercise
            for lesson in ordered
            for exercise, is_passed in lesson.exercises
            if not is_passed
        )
        return next(open_ones, None)

    def _next_sentence(self):
        following = self.next_exercise()
        if following is None:
            return "Everything is passed. Well done."
        minutes = following.minutes
        return (
            f"Next: {following.id} ({minutes} minute{'s' * (minutes != 1)}, "
            f"difficulty {following.difficulty} of 3)."
        )

    def __repr__(self):
        lines = []
        for lesson in self.lessons:
            count = f"{lesson.done} of {len(lesson.exercises)} passed"
            lines.append(f"{lesson.number}  {lesson.title}: {count}")
            if lesson.number == self.lesson:
                lines += [
                    f"      {'✓' if is_passed else '○'} {exercise.id}"
                    for exercise, is_passed in lesson.exercises
                ]
        return "\n".join(
            [*lines, self._next_sentence(), FORGET, *filter(None, [self.note])]
        )

    def _repr_html_(self):
        return render(
            "progress.html",
            package="helpers",
            lessons=self.lessons,
            current=self.lesson,
            next=self._next_sentence(),
            note=self.note,
            forget=FORGET,
        )
