"""python -m classroom plan: every lesson fits into every evening."""

import itertools
import json
import time
from pathlib import Path

import pytest

from classroom.__main__ import main
from classroom.plan import run_times
from classroom.plan.schedule import BREAK_MINUTES, EXERCISE_SHARE, schedule
from classroom.plan.sections import AT_HOME, RECAP, Lesson, read_lesson, sections_of
from lessons import Entry, lesson_names, places

NUMBERS = [name[1:3] for name in lesson_names()]
every_lesson = pytest.mark.parametrize("number", NUMBERS)
every_evening = pytest.mark.parametrize("minutes", [45, 60, 90, 120, 240])


@pytest.fixture(autouse=True)
def folders_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))


def ids(exercises):
    return [exercise.id for exercise in exercises]


def exercises_in(numbered):
    return ids(e for _, section in numbered for e in section.exercises)


# What fits, and what is left out


@every_lesson
@every_evening
def test_everything_has_one_place(number, minutes):
    lesson = read_lesson(number)
    plan = schedule(lesson, minutes)
    placed = [section for _, section in plan.shown + plan.later]
    at_home = [s for s in lesson.sections if s.title in AT_HOME]
    assert sorted(map(id, placed + at_home)) == sorted(map(id, lesson.sections))
    in_class = [e for _, s in plan.shown for e in plan.in_class(s)]
    found = ids(in_class) + ids(plan.homework) + exercises_in(plan.later)
    assert sorted(found) == sorted(exercises_in(enumerate(lesson.sections)))


@every_lesson
@every_evening
def test_the_timetable_is_as_long_as_the_evening(number, minutes):
    plan = schedule(read_lesson(number), minutes)
    rows = plan.rows()
    assert rows[0].start == 0
    for row, after in itertools.pairwise(rows):
        assert row.start + row.minutes == after.start
    pauses = [row for row in rows if row.section is None]
    assert len(pauses) == plan.breaks
    stretches = "".join("|" if row.section is None else "s" for row in rows)
    assert "||" not in stretches
    assert rows[0].section and rows[-1].section
    held = sum(row.minutes for row in rows)
    assert abs(held - plan.used - len(pauses) * BREAK_MINUTES) <= 1
    assert held + plan.free <= minutes + 1


@every_lesson
@every_evening
def test_the_recap_stays_and_exercises_keep_their_share(number, minutes):
    plan = schedule(read_lesson(number), minutes)
    assert plan.shown[-1][1].title == RECAP
    in_class = sum(e.minutes for _, s in plan.shown for e in plan.in_class(s))
    if plan.homework:
        assert in_class >= plan.available * EXERCISE_SHARE
    if plan.later:
        assert not plan.with_asides


@every_lesson
@every_evening
def test_twice_the_time_never_holds_less(number, minutes):
    lesson = read_lesson(number)
    once, twice = (schedule(lesson, m) for m in (minutes, 2 * minutes))
    assert len(once.shown) <= len(twice.shown)


@every_lesson
def test_a_long_evening_holds_everything(number):
    plan = schedule(read_lesson(number), 300)
    assert not plan.is_shortened
    assert plan.homework == plan.later == []


@every_lesson
def test_the_next_evenings_hold_the_rest(number):
    lesson, first, held = read_lesson(number), 1, []
    while True:
        plan = schedule(lesson, 45, first)
        held += [number for number, section in plan.shown if section.title != RECAP]
        if not plan.later:
            break
        assert plan.later[0][0] > first
        first = plan.later[0][0]
    assert held == [
        number
        for number, section in enumerate(lesson.sections, 1)
        if section.title not in (RECAP, *AT_HOME)
    ]


def cell(kind, source, slide="-", tags=()):
    metadata = {"slideshow": {"slide_type": slide}, "tags": list(tags)}
    made = {"cell_type": kind, "source": source.splitlines(True), "metadata": metadata}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def stub(which):
    return cell(
        "code", f'@exercise("{which}")\ndef f():\n    raise NotImplementedError'
    )


def toy(*, words=100, notes=""):
    """A lesson with a section of so many words for each of four exercises."""
    entries = [Entry(f"00.{name}", 10, 2) for name in "abcd"]
    cells = [cell("markdown", "# Toy\n\n**30 minutes.**")]
    for entry in entries:
        cells += [cell("markdown", f"## {entry.id}\n" + "word " * words)]
        cells += [stub(entry.id)]
    cells += [cell("markdown", f"*For instructors*: {notes}", "notes")]
    cells += [cell("markdown", "## Recap\nThat was it.")]
    found = sections_of(cells, {entry.id: entry for entry in entries})
    return Lesson(Path("00_toy.ipynb"), cells, found)


def test_what_the_notes_name_goes_first_and_what_they_keep_last():
    notes = "If time is short, give `00.d` away. Keep `00.a`, and `00.b` too."
    homework = []
    for minutes in (44, 32, 21):
        homework.append(
            set(ids(schedule(toy(words=10, notes=notes), minutes).homework))
        )
    assert homework[0] == {"00.d"}
    assert homework[1] == {"00.d", "00.c"}
    assert homework[2] >= {"00.d", "00.c"}
    plain = schedule(toy(words=10), 44)
    assert ids(plain.homework) == ["00.a"]


def test_a_long_exercise_that_goes_lets_a_short_one_come_back():
    lesson = toy(words=10)
    short, long = lesson.sections[1].exercises, lesson.sections[2].exercises
    short[0], long[0] = Entry("00.a", 3, 3), Entry("00.b", 17, 2)
    plan = schedule(lesson, 30)
    assert "00.a" not in ids(plan.homework)
    assert "00.b" in ids(plan.homework)


@pytest.mark.parametrize(("minutes", "breaks"), [(75, 0), (76, 1), (150, 1), (151, 2)])
def test_a_long_evening_has_breaks(minutes, breaks):
    lesson = toy(words=3000)
    assert schedule(lesson, minutes).breaks == breaks


def test_a_short_lesson_needs_no_break_in_a_long_evening():
    assert schedule(toy(words=10), 120).breaks == 0


# What a section asks for


def test_a_section_counts_what_is_shown():
    entries = {"00.a": Entry("00.a", 7, 1)}
    cells = [
        cell("markdown", "![A picture of many words.](../imgs/a.svg)\n\n# Title"),
        cell("code", "import this", "skip"),
        cell("markdown", "### Not a section\none two. **Predict** what [it](x) says."),
        cell("code", "x = 1"),
        cell("markdown", "Aside from this, four words", "skip"),
        cell("code", '@exercise("00.a", practice=True)\ndef f(): ...'),
        cell("markdown", "**Predict** the shape."),
        stub("00.a"),
        cell("code", "explore_something()"),
        cell("markdown", "*For instructors*: wait.", "notes"),
        cell("markdown", "## Sources\nmany words"),
    ]
    title, sources = sections_of(cells, entries)
    assert (title.title, sources.title) == ("Title", "Sources")
    assert title.questions == ["Predict what it says."]
    assert title.exercises == [entries["00.a"]]
    assert title.explorers == 1
    assert title.notes == ["wait."]
    assert title.asides == ["Aside from this, four words"]
    assert (title.aside_words, sources.words) == (5, 0)
    # "# Title", the third cell, x = 1, the practice, the prediction, the explorer
    assert title.words == 2 + 10 + 3 + 5 + 3 + 1


# The command


def plan(capsys, *given):
    status = main(["plan", *given])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@every_lesson
def test_a_plan_as_text(number, capsys):
    status, page, _ = plan(capsys, number, "--no-run")
    assert status == 0
    assert max(map(len, page.splitlines())) <= 88
    lesson, unwrapped = read_lesson(number), " ".join(page.split())
    assert page.startswith(f"{lesson.title}, in {lesson.stated_minutes} minutes\n")
    for section in lesson.sections:
        assert section.title in unwrapped
    for _, section in schedule(lesson, lesson.stated_minutes).shown:
        for words in section.questions + ids(section.exercises):
            assert words in unwrapped
    assert f'progress.reset("{lesson.name}")' in page
    assert "--no-run leaves out" in page


@every_lesson
def test_a_plan_as_markdown(number, capsys, tmp_path):
    file = tmp_path / "plan with blanks.md"
    status, page, _ = plan(capsys, number, "--no-run", "--markdown")
    assert status == 0
    assert page.startswith("# ") and "\n## In class\n\n- " in page
    status, printed, _ = plan(capsys, number, "--no-run", "--markdown", str(file))
    assert (status, printed) == (0, f"Written to {file}.\n")
    assert file.read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["99"], 'There is no lesson "99": give a number from 00 to'),
        (["layers"], 'There is no lesson "layers"'),
        ([""], 'There is no lesson ""'),
        (["1", "--minutes", "1"], "1 minutes are too few"),
        (["1", "--minutes", "0"], "0 minutes are too few"),
        (["1", "--minutes", "-5"], "-5 minutes are too few"),
        (["1", "--minutes", "100000"], "Give at most 480 minutes"),
        (["1", "--from", "99"], "There is no section 99"),
        (["1", "--from", "0"], "There is no section 0"),
        (["1", "--no-run", "--markdown", "."], ". is there already"),
        (["1", "--no-run", "--markdown", "no/such/folder.md"], "can't be written"),
    ],
)
def test_what_can_t_be_is_one_sentence(given, why, capsys):
    status, page, reason = plan(capsys, *given)
    assert (status, page) == (2, "")
    assert why in reason
    assert len(reason.splitlines()) == 1


def test_the_minutes_that_would_be_enough_are_enough(capsys):
    _, _, reason = plan(capsys, "04", "--minutes", "3")
    enough = reason.rstrip(".\n").rpartition(" ")[2]
    assert plan(capsys, "04", "--no-run", "--minutes", enough)[0] == 0
    assert plan(capsys, "04", "--no-run", "--minutes", str(int(enough) - 1))[0] == 2


def test_an_edited_plan_is_never_written_over(capsys, tmp_path):
    file = tmp_path / "plan.md"
    file.write_text("My notes.")
    assert plan(capsys, "00", "--no-run", "--markdown", str(file))[0] == 2
    assert file.read_text() == "My notes."


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"cells": [3]}', '"cells"'])
def test_a_notebook_that_is_none_is_one_sentence(content, capsys, course):
    if content is not None:
        course.write_text(content)
    status, _, reason = plan(capsys, "00")
    assert status == 2
    assert str(course) in reason
    assert len(reason.splitlines()) == 1


# How long cells run


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Where lesson 00 of a course without any notebook would be."""
    monkeypatch.setattr(places, "NOTEBOOKS", tmp_path / "notebooks")
    path = tmp_path / "notebooks" / "00_start_here.ipynb"
    path.parent.mkdir()
    return path


def write(path, *sources):
    cells = [cell("markdown", "# Toy\n\n**30 minutes.**")]
    cells += [cell("code", source) for source in sources]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))


SLEEPS = "import time\ntime.sleep(0.4)"


def test_cells_are_timed_once_and_nobody_s_progress_is_touched(
    course, tmp_path, capsys, monkeypatch
):
    practised = (
        'from helpers import exercise\nimport numpy as np\n@exercise("00.relu")\n'
        "def relu(x):\n    return np.maximum(x, 0)"
    )
    write(course, SLEEPS, practised, "open('left', 'w').close()")
    seconds = run_times.run_times(read_lesson("00"))
    assert list(seconds) == [1, 2, 3]
    assert 0.4 <= seconds[1] < 30
    assert not (tmp_path / "data").exists()
    assert not list(course.parent.glob("left"))
    before = course.read_bytes()
    monkeypatch.setattr(run_times, "measured", None)  # isn't called again
    assert run_times.run_times(read_lesson("00")) == seconds
    assert plan(capsys, "00")[0] == 0
    assert course.read_bytes() == before


def test_a_changed_cell_or_a_damaged_record_is_measured_anew(course, monkeypatch):
    monkeypatch.setattr(run_times, "measured", lambda lesson: {1: time.perf_counter()})
    write(course, "1")
    first = run_times.run_times(read_lesson("00"))
    write(course, "2")
    second = run_times.run_times(read_lesson("00"))
    assert first != second
    write(course, "1")
    assert run_times.run_times(read_lesson("00")) == first
    for kept in run_times._kept_in(read_lesson("00")).parent.glob("*.json"):
        kept.write_text('{"1": [')
    assert run_times.run_times(read_lesson("00")) != first


def test_a_plan_is_made_where_nothing_can_be_kept(course, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(run_times, "measured", lambda lesson: {1: 2.0})
    write(course, "1")
    assert run_times.run_times(read_lesson("00")) == {1: 2.0}


def test_a_notebook_that_fails_still_gets_a_plan(course, capsys):
    write(course, "1 / 0")
    status, page, _ = plan(capsys, "00")
    assert status == 0
    assert "can't be run" in page
    assert "ZeroDivisionError" in page


def test_waiting_takes_its_time_in_the_plan(course, capsys, monkeypatch):
    monkeypatch.setattr(run_times, "measured", lambda lesson: {1: 240.0})
    write(course, "train()")
    _, page, _ = plan(capsys, "00")
    assert "4 of waiting for cells" in page
    assert "Cells run for 4 minutes" in page
    assert [row for row in page.splitlines() if row.split()[1:3] == ["4", "1."]]


def test_ctrl_c_is_a_sentence(course, capsys, monkeypatch):
    def interrupted(lesson):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_times, "measured", interrupted)
    write(course, "train()")
    assert plan(capsys, "00") == (130, "", "Stopped; nothing is kept of this run.\n")
