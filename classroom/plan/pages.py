"""A lesson plan as a page: plain text for the terminal, or Markdown to edit."""

import textwrap
from dataclasses import dataclass

from classroom.plan.schedule import BREAK_MINUTES, Schedule
from classroom.plan.sections import (
    AT_HOME,
    EXPLORER_MINUTES,
    QUESTION_MINUTES,
    WORDS_A_MINUTE,
    Lesson,
    Section,
)

WIDTH = 88
LONG_WAIT = 5  # seconds from which a section's waiting is worth knowing


@dataclass(frozen=True)
class Style:
    """How a heading, a line of the timetable, and a line below one are written."""

    title: str
    heading: str
    row: str
    item: str
    wraps: bool


TEXT = Style("{}", "{}\n", "{:>5} {:>4}  {}", "            ", wraps=True)
MARKDOWN = Style("# {}", "## {}\n\n", "- **{}** · {} min · **{}**", "  - ", wraps=False)


def page(
    lesson: Lesson,
    schedule: Schedule,
    about_times: str,
    data: list[tuple[str, str]],
    style: Style,
) -> str:
    """The whole plan, ending with a line break.

    ``about_times`` is a sentence on how cells were measured, or ""; ``data`` are
    (name, what it is) of what the lesson loads.
    """

    def part(heading, lines):
        return style.heading.format(heading) + lines

    paragraphs = [*_summary(lesson, schedule), about_times]
    blocks = [
        style.title.format(f"{lesson.title}, in {schedule.minutes} minutes"),
        *(_wrapped(text, "", style) for text in paragraphs if text),
        part("Before class", _items(_before_class(lesson, data), style)),
        part("In class", _timetable(schedule, style)),
        part("Not in class", _items(_not_in_class(lesson, schedule), style)),
    ]
    if schedule.is_shortened:
        blocks.append(_wrapped(RULE, "", style))
    return "\n\n".join(blocks) + "\n"


RULE = (
    "The rule: asides go first; then exercises become homework, those that the "
    "notebook's own notes name for short evenings before the hardest and longest, as "
    "long as a third of the time is left for exercises; then sections, from the end. "
    "Run the cells that you don't show: later ones need them, and the course's answers "
    "stand in for exercises that nobody has done."
)


def _summary(lesson, schedule):
    whole = [s for s in lesson.sections if s.title not in AT_HOME]
    exercises = sum(e.minutes for section in whole for e in section.exercises)
    pace = f"{WORDS_A_MINUTE} words a minute: read aloud, with time to look"
    counted = {
        "for exercises": exercises,
        f"for words and code ({pace})": sum(s.reading + s.aside for s in whole),
        f"for questions to the room ({_minutes(QUESTION_MINUTES)} each)": (
            sum(s.asking for s in whole)
        ),
        f"for explorers ({_minutes(EXPLORER_MINUTES)} each)": (
            sum(s.exploring for s in whole)
        ),
        "of waiting for cells, as measured here": sum(s.waiting for s in whole),
    }
    parts = [f"{_rounded(m)} {what}" for what, m in counted.items() if m]
    promise = ""
    if lesson.stated_minutes:
        promise = (
            f" To somebody who works alone, the notebook promises "
            f"{lesson.stated_minutes}."
        )
    total = round(sum(counted.values()))
    yield (
        f"The whole lesson takes a class about {total} minutes: {_listed(parts)}."
        f"{promise}"
    )
    breaks = {0: "", 1: f", {BREAK_MINUTES} for a break"}.get(
        schedule.breaks, f", {BREAK_MINUTES} for each of {schedule.breaks} breaks"
    )
    yield (
        f"Of {schedule.minutes} minutes, {schedule.free} are kept free for what the "
        f"room asks{breaks}; {_fullness(schedule)}"
    )


def _fullness(schedule):
    if not schedule.is_shortened:
        spare = round(schedule.available - schedule.used)
        return (
            "everything fits" + f", and {_minutes(spare)} to spare" * (spare > 0) + "."
        )
    left_out = []
    if schedule.homework:
        count = len(schedule.homework)
        left_out.append(f"{count} exercise{'s' * (count != 1)} for homework")
    if schedule.later:
        count = len(schedule.later)
        left_out.append(f"{count} section{'s' * (count != 1)} for next time")
    left_out += ["asides"] * bool(schedule.asides())
    return f"left out: {_listed(left_out)}."


def _before_class(lesson, data):
    if lesson.needs:
        yield f"The room should know: {lesson.needs}"
    yield (
        "Slides: `make slides`; or in JupyterLab: `make present`. Both work without a "
        "network."
    )
    yield (
        "On the computer that you present with, forget what you have passed yourself: "
        f'`progress.reset("{lesson.name}")` in any notebook. A backup is kept.'
    )
    for name, what in data:
        yield f"Data: `{name}()`: {what}"
    if lesson.mentions_photographs:
        yield (
            "No download is needed: the course draws its pictures. To use photographs, "
            "name their folder in COURSE_PHOTOS before JupyterLab starts, and run the "
            "notebook once at home, so that they are decoded by then; waiting will be "
            "longer than planned here."
        )
    elif data:
        yield "No download is needed: the data come with the course's packages."
    total = sum(section.seconds for section in lesson.sections)
    if total:
        longest = max(lesson.sections, key=lambda section: section.seconds)
        waiting = f"Run All takes {_seconds(total)} here"
        if longest.seconds >= LONG_WAIT:
            waiting += f", {_seconds(longest.seconds)} of it in “{longest.title}”"
        yield f"{waiting}. Run it once before the room fills, then restart the kernel."


def _timetable(schedule, style):
    lines = []
    if style.wraps:
        lines.append(style.row.format("clock", "min", "section"))
    for row in schedule.rows():
        name = f"{row.number}. {row.section.title}" if row.section else "Break"
        minutes = row.minutes or "<1"
        lines.append(style.row.format(_clock(row.start), minutes, name))
        if row.section:
            lines += [
                _wrapped(text, style.item, style)
                for text in _below(row.section, schedule)
            ]
    done = row.start + row.minutes
    rest = schedule.minutes - done
    lines.append(style.row.format(_clock(done), rest, "What the room asks"))
    return "\n".join(lines)


def _below(section: Section, schedule: Schedule):
    for question in section.questions:
        yield f"Ask: {question}"
    for exercise in section.exercises:
        where = "homework" if exercise in schedule.homework else "exercise"
        yield f"{where.capitalize()}: {_exercise(exercise)}"
    if section.explorers:
        yield f"Explorer: {_minutes(section.exploring)} to play"
    if section.seconds >= LONG_WAIT:
        yield f"Cells run for {_seconds(section.seconds)}"
    for note in section.notes:
        yield f"Note: {note}"


def _not_in_class(lesson, schedule):
    drop = lesson.to_drop()
    for exercise in schedule.homework:
        why = "; the notes name it for short evenings" * (exercise.id in drop)
        yield f"Homework: {_exercise(exercise)}{why}"
    if schedule.later:
        names = [f"{number}. {section.title}" for number, section in schedule.later]
        yield f"For next time: {'; '.join(names)}"
        yield (
            "The plan for next time: `python -m classroom plan "
            f"{lesson.name[:2]} --from {schedule.later[0][0]} --minutes "
            f"{schedule.minutes}`"
        )
    asides = [] if schedule.with_asides else schedule.asides()
    at_home = [*(f"“{aside}”" for aside in asides), *AT_HOME]
    yield f"To read at home: {'; '.join(at_home)}"


def _items(texts, style):
    mark = "- "
    return "\n".join(_wrapped(text, mark, style) for text in texts)


def _wrapped(text, mark, style):
    text = " ".join(text.split())
    if not style.wraps:
        return mark + text
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark) + "  " * (len(mark) > 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _exercise(exercise):
    return (
        f"{exercise.id}, {_minutes(exercise.minutes)}, difficulty "
        f"{exercise.difficulty} of 3"
    )


def _clock(minutes):
    return f"{minutes // 60}:{minutes % 60:02}"


def _minutes(count):
    return f"{count} minute{'s' * (count != 1)}"


def _rounded(minutes):
    return str(round(minutes)) if minutes >= 1 else "less than 1"


def _seconds(seconds):
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"


def _listed(texts):
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
