"""Progress as a table: one lesson's exercises in full, the others a line each."""

from html import escape

from diagnose.card import BLUE, GREEN


class ProgressTable:
    """What ``progress()`` displays. ``passed`` is {id: time}, ``lesson`` a number."""

    def __init__(self, passed, lesson="", note=""):
        from lessons import entries_of, lesson_names, title

        self.note = note
        self.lessons = [
            (
                name[1:3],
                title(name),
                [(entry, entry.id in passed) for entry in entries_of(name)],
            )
            for name in lesson_names()
        ]
        numbers = [number for number, _, _ in self.lessons]
        self.lesson = lesson[:2] if lesson[:2] in numbers else ""

    def next_exercise(self):
        """The first exercise not passed, this lesson's before the course's; or None."""
        ordered = sorted(self.lessons, key=lambda entry: entry[0] != self.lesson)
        for _, _, exercises in ordered:
            for exercise, is_passed in exercises:
                if not is_passed:
                    return exercise
        return None

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
        for number, name, exercises in self.lessons:
            done = sum(is_passed for _, is_passed in exercises)
            lines.append(f"{number}  {name}: {done} of {len(exercises)} passed")
            if number == self.lesson:
                lines += [
                    f"      {'✓' if is_passed else '○'} {exercise.id}"
                    for exercise, is_passed in exercises
                ]
        return "\n".join(
            [*lines, self._next_sentence(), FORGET, *filter(None, [self.note])]
        )

    def _repr_html_(self):
        rows = []
        for number, name, exercises in self.lessons:
            done = sum(is_passed for _, is_passed in exercises)
            items = "".join(
                f'<li><span aria-hidden="true" '
                f'style="color:{GREEN if is_passed else BLUE}">'
                f"{'✓' if is_passed else '○'}</span> <code>{exercise.id}</code> "
                f"{'passed' if is_passed else f'{exercise.minutes} min'}</li>"
                for exercise, is_passed in exercises
            )
            rows.append(
                f"<details{' open' if number == self.lesson else ''}><summary "
                f'style="cursor:pointer"><strong>{number}</strong> {escape(name)}: '
                f"{done} of {len(exercises)} passed "
                f'<progress max="{len(exercises)}" value="{done}" aria-label="'
                f'{done} of {len(exercises)} passed"></progress></summary>'
                f'<ul style="list-style:none;margin:.2em 0">{items}</ul></details>'
            )
        extra = f"<p>{escape(self.note)}</p>" if self.note else ""
        return (
            f'<div role="status" class="course-progress" style="line-height:1.6">'
            f"{''.join(rows)}<p><strong>{escape(self._next_sentence())}</strong></p>"
            f'{extra}<p style="opacity:.8">{escape(FORGET)}</p></div>'
        )


FORGET = 'To forget a lesson: progress.reset("its name"). A backup is kept.'
