"""Fits a lesson into the minutes there are: what is held, and what is left out.

One minute in ten is kept free for what the room asks, and ten minutes for a break
where more than 75 would go by without. What doesn't fit into the rest is left out in
this order:

1. asides: prose that slides skip;
2. exercises, which become homework: first those that the notebook's notes name for
   when time is short, then the hardest and longest; those that the notes want kept go
   last. Exercises keep at least a third of the time;
3. sections, from the end: they are for next time. The recap stays.

Nothing breaks: the course's answers stand in for homework, and cells that aren't shown
are run all the same.
"""

from dataclasses import dataclass, field

from classroom.plan.sections import AT_HOME, RECAP, Lesson, PlanError, Section
from lessons import Entry

BREAK_MINUTES = 10
BREAK_AFTER = 75
FREE_SHARE = 1 / 10  # of the time, for what the room asks
EXERCISE_SHARE = 1 / 3  # of the rest, at least, while there are exercises
LONGEST = 480


@dataclass(frozen=True)
class Row:
    """A line of the timetable, in minutes from the beginning; no section: a break."""

    start: int
    minutes: int
    number: int = 0
    section: Section | None = None


@dataclass
class Schedule:
    """What is held in class, and what isn't."""

    minutes: int
    shown: list[tuple[int, Section]]  # with its number in the notebook
    homework: list[Entry] = field(default_factory=list)  # of shown sections
    later: list[tuple[int, Section]] = field(default_factory=list)
    with_asides: bool = True

    @property
    def free(self) -> int:
        """The minutes kept free for what the room asks."""
        return round(self.minutes * FREE_SHARE)

    @property
    def available(self) -> int:
        """The minutes for sections: without those kept free, and without breaks."""
        return self.minutes - self.free - _breaks_in(self.minutes) * BREAK_MINUTES

    @property
    def breaks(self) -> int:
        """How many breaks: a lesson much shorter than its evening needs fewer."""
        if self.is_shortened:
            return _breaks_in(self.minutes)
        return _breaks_in(min(self.minutes, round(self.used + self.free)))

    def length(self, section: Section) -> float:
        """The minutes of a section, with what is done of it in class."""
        exercises = sum(e.minutes for e in self.in_class(section))
        return section.talk + exercises + section.aside * self.with_asides

    def in_class(self, section: Section) -> list[Entry]:
        """The exercises of a section that are done in class."""
        return [e for e in section.exercises if e not in self.homework]

    @property
    def used(self) -> float:
        """The minutes that the shown sections take."""
        return sum(self.length(section) for _, section in self.shown)

    @property
    def fits(self) -> bool:
        """Whether the shown sections fit into the minutes there are for them."""
        return self.used <= self.available

    @property
    def is_shortened(self) -> bool:
        """Whether anything of the lesson is left out."""
        return not self.with_asides

    def asides(self) -> list[str]:
        """How the asides of the shown sections begin."""
        return [aside for _, section in self.shown for aside in section.asides]

    def rows(self) -> list[Row]:
        """The timetable, in whole minutes that add up: clock times are rounded."""
        rows, clock, due = [], 0.0, self._breaks_due()
        for number, section in self.shown:
            after = clock + self.length(section)
            if due and clock > 0 and abs(clock - due[0]) <= abs(after - due[0]):
                rows.append(Row(round(clock), BREAK_MINUTES))
                clock, after = clock + BREAK_MINUTES, after + BREAK_MINUTES
                due.pop(0)
            minutes = round(after) - round(clock)
            rows.append(Row(round(clock), minutes, number, section))
            clock = after
        return rows

    def _breaks_due(self):
        """When breaks should begin: they divide the time into equal parts."""
        held = (self.used + self.breaks * BREAK_MINUTES) / (self.breaks + 1)
        return [held * part - BREAK_MINUTES / 2 for part in range(1, self.breaks + 1)]


def _breaks_in(minutes):
    return (minutes - 1) // BREAK_AFTER


def schedule(lesson: Lesson, minutes: int, first: int = 1) -> Schedule:
    """The Schedule of a lesson from its section number ``first`` on.

    Raises PlanError where no section has that number, or none fits into the minutes.
    """
    body = [s for s in enumerate(lesson.sections, 1) if s[1].title not in AT_HOME]
    if first not in [number for number, _ in body]:
        raise PlanError(
            f"There is no section {first} to begin with: {lesson.name} has sections 1 "
            f"to {body[-1][0]}."
        )
    if minutes > LONGEST:
        raise PlanError(f"Give at most {LONGEST} minutes: {minutes} are no evening.")
    body = [(number, section) for number, section in body if number >= first]
    fitting = _fit(lesson, body, minutes)
    if fitting is None:
        enough = next(m for m in range(minutes + 1, LONGEST) if _fit(lesson, body, m))
        raise PlanError(
            f"{minutes} minutes are too few for a single section of {lesson.name} and "
            f"its recap: give at least {enough}."
        )
    return fitting


def _fit(lesson, body, minutes):
    """The Schedule with the most sections; None where not even one fits."""
    if minutes < 1:
        return None
    recap = [entry for entry in body if entry[1].title == RECAP]
    telling = [entry for entry in body if entry[1].title != RECAP]
    opening = 1 + (telling[:1] == [(1, lesson.sections[0])])  # a title isn't enough
    for count in range(len(telling), min(opening, len(telling)) - 1, -1):
        tried = Schedule(minutes, telling[:count] + recap, later=telling[count:])
        if (tried.fits and not tried.later) or _shortened(tried, lesson):
            return tried
    return None


def _shortened(tried, lesson):
    """Leave out asides, then exercises, until it fits; returns whether it does."""
    tried.with_asides = False
    exercises = [e for _, section in tried.shown for e in section.exercises]
    least = min(
        tried.available * EXERCISE_SHARE,
        sum(exercise.minutes for exercise in exercises),
    )
    kept = sum(exercise.minutes for exercise in exercises)
    for exercise in sorted(exercises, key=_first_to_go(lesson)):
        if tried.fits:
            break
        if kept - exercise.minutes >= least:
            tried.homework.append(exercise)
            kept -= exercise.minutes
    if not tried.fits:
        return False
    # A long one may have made room for a short one that went before it.
    for exercise in reversed(tried.homework[:]):
        if tried.used + exercise.minutes <= tried.available:
            tried.homework.remove(exercise)
    return True


def _first_to_go(lesson):
    drop, keep = lesson.to_drop(), lesson.to_keep()

    def order(exercise):
        wish = (exercise.id not in drop) + (exercise.id in keep)
        return wish, -exercise.difficulty, -exercise.minutes

    return order
