"""What is passed is remembered, and nothing that goes wrong loses it."""

import json
import multiprocessing
import os
import re

import filelock
import pytest

import helpers
from diagnose import Rung, Verdict
from helpers import progress_file
from helpers.progress_file import Progress, data_directory
from lessons import all_exercises, exercises_of, find_exercise, lesson_names

RELU, FORWARD = find_exercise("00.relu"), find_exercise("01.forward")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def progress():
    return Progress()


def passed(exercise):
    return Verdict(exercise, Rung.PASSED)


def on_file(folder):
    return json.loads((folder / "progress.json").read_text(encoding="utf-8"))["passed"]


# The real file


def test_tests_have_a_data_directory_of_their_own(monkeypatch):
    monkeypatch.undo()
    import platformdirs

    theirs = platformdirs.user_data_path("from-numpy-to-cnn")
    assert data_directory().name.startswith("course-data-")
    assert theirs not in [data_directory(), *data_directory().parents]


def test_a_kernel_started_by_a_test_inherits_it(monkeypatch):
    monkeypatch.undo()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(os.getenv, ["COURSE_DATA"]) == str(data_directory())


def test_without_the_variable_it_is_the_user_s(monkeypatch):
    monkeypatch.delenv("COURSE_DATA")
    assert data_directory().name == "from-numpy-to-cnn"


# Recording


def test_what_is_passed_is_remembered(progress, folder):
    assert progress.record(passed(RELU)) == ""
    assert progress.record(passed(FORWARD)) == ""
    assert set(on_file(folder)) == {"00.relu", "01.forward"}
    assert "✓ 00.relu" in repr(Progress()("00"))


def test_the_first_time_counts(progress, folder):
    progress.record(passed(RELU))
    first = on_file(folder)
    progress.record(passed(RELU))
    assert on_file(folder) == first


def test_other_verdicts_leave_no_trace(progress, folder):
    for rung in set(Rung) - {Rung.PASSED}:
        assert progress.record(Verdict(RELU, rung)) == ""
    assert not folder.exists()


def test_nothing_half_written_is_left(progress, folder):
    progress.record(passed(RELU))
    assert {path.name for path in folder.iterdir()} <= {
        "progress.json",
        "progress.lock",
    }


def test_a_crash_while_writing_loses_nothing(progress, folder, monkeypatch):
    progress.record(passed(RELU))
    monkeypatch.setattr("os.replace", fail_with(OSError(28, "No space left")))
    note = progress.record(passed(FORWARD))
    assert note == "Your progress could not be saved: no space left."
    monkeypatch.undo()
    assert set(json.loads((folder / "progress.json").read_text())["passed"]) == {
        "00.relu"
    }


def fail_with(error):
    def fail(*args, **kwargs):
        raise error

    return fail


# Two notebooks at once


def record_many(ids):
    progress = Progress()
    return [progress.record(passed(find_exercise(exercise_id))) for exercise_id in ids]


def test_two_processes_lose_nothing(folder):
    ids = [*exercises_of("l00_start_here"), *exercises_of("l01_numpy_two_layer_net")]
    shares = [ids[::2], ids[1::2]]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        notes = pool.map(record_many, shares, chunksize=1)
    assert set(on_file(folder)) == set(ids)
    assert not any(notes[0] + notes[1])


def test_a_locked_file_is_waited_for_and_then_said(progress, folder, monkeypatch):
    monkeypatch.setattr(progress_file, "LOCK_SECONDS", 0.05)
    progress.record(passed(RELU))
    with filelock.FileLock(folder / "progress.lock"):
        note = progress.record(passed(FORWARD))
        assert note == (
            "Your progress could not be saved: another notebook has kept the file "
            "locked for too long."
        )
        assert "could not be read" in repr(progress())
    assert progress.record(passed(FORWARD)) == ""
    assert set(on_file(folder)) == {"00.relu", "01.forward"}


# Files that can't be read


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"5",
        b'"passed"',
        b'{"passed": null}',
        b'{"passed": []}',
        b'{"passed": 5}',
        b'{"passed": ""}',
        b'{"passed": {"01.forward": 5}}',
        b'{"passed": {"<script>": "now"}}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"version": 1, "passed": {"00.relu": "2026-01-01T0',
    ],
)
def test_a_damaged_file_is_set_aside_and_said(progress, folder, content):
    folder.mkdir()
    (folder / "progress.json").write_bytes(content)
    note = progress.record(passed(RELU))
    (aside,) = folder.glob("progress-damaged-*.json")
    assert note == (
        f"The progress file was damaged; it has been set aside as {aside.name}."
    )
    assert aside.read_bytes() == content
    assert set(on_file(folder)) == {"00.relu"}
    assert progress.record(passed(FORWARD)) == ""


def test_a_damaged_file_is_said_in_the_table(progress, folder):
    folder.mkdir()
    (folder / "progress.json").write_text("{")
    table = progress()
    assert "was damaged" in repr(table)
    assert "was damaged" in table._repr_html_()
    assert "was damaged" not in repr(progress())


def test_a_folder_that_cannot_be_written(progress, folder):
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write anywhere")
    note = progress.record(passed(RELU))
    folder.chmod(0o700)
    assert note == "Your progress could not be saved: permission denied."


def test_a_file_where_the_folder_should_be(progress, folder):
    folder.write_text("not a folder")
    # Windows has longer words for it: "… when that file already exists".
    note = progress.record(passed(RELU))
    assert re.fullmatch(r"Your progress could not be saved: .*file.* exists\.", note)
    assert "could not be read" in repr(progress())


@pytest.mark.parametrize(
    "name", ["pathlib.Path.mkdir", "pathlib.Path.read_text", "os.fsync", "os.replace"]
)
def test_a_file_system_that_refuses(progress, folder, monkeypatch, name):
    progress.record(passed(RELU))
    (folder / "progress.json").read_text()
    monkeypatch.setattr(name, fail_with(OSError(30, "Read-only file system")))
    note = progress.record(passed(FORWARD))
    assert note == "Your progress could not be saved: read-only file system."


def test_the_verdict_is_shown_all_the_same(folder, capsys):
    """The decorator hands back the answer, and the card tells what went wrong."""
    from helpers import exercise

    folder.write_text("not a folder")
    relu = exercise("00.relu")(RELU.reference)
    assert relu is RELU.reference
    assert "Your progress could not be saved" in capsys.readouterr().out


# Showing


def test_the_table_shows_what_is_passed_and_what_is_next(progress):
    number = len(exercises_of("l00_start_here"))
    assert f"00  Start here: 0 of {number} passed" in repr(progress())
    assert "Next: 00.relu (2 minutes, difficulty 1 of 3)." in repr(progress())
    progress.record(passed(RELU))
    assert f"00  Start here: 1 of {number} passed" in repr(progress())
    assert "Next: 00.predict_axis (1 minute," in repr(progress())


def test_the_lesson_last_worked_on_is_shown_in_full(progress):
    assert "○ 01.forward" not in repr(progress())
    progress.record(Verdict(FORWARD, Rung.RAISED))
    table = repr(progress())
    assert "○ 01.forward" in table
    assert "○ 00.relu" not in table
    assert "Next: 01." in table


@pytest.mark.parametrize("lesson", ["01", 1, "01_numpy_two_layer_net"])
def test_a_lesson_can_be_asked_for(progress, lesson):
    assert "○ 01.forward" in repr(progress(lesson))


def test_an_unknown_lesson_shows_the_course(progress):
    assert "Start here" in repr(progress("99"))


def test_all_passed(progress):
    for exercise in all_exercises().values():
        progress.record(passed(exercise))
    assert "Everything is passed." in repr(progress())


def test_the_table_s_html_is_accessible(progress):
    progress.record(passed(RELU))
    html = progress()._repr_html_()
    assert 'role="status"' in html
    assert "<script" not in html
    assert " id=" not in html
    assert 'aria-label="1 of' in html


def test_an_exercise_that_is_no_longer_in_the_course_does_no_harm(progress, folder):
    folder.mkdir()
    content = {"version": 9, "passed": {"98.gone": "once"}, "more": 1}
    (folder / "progress.json").write_text(json.dumps(content))
    progress.record(passed(RELU))
    assert set(on_file(folder)) == {"98.gone", "00.relu"}
    assert "98" not in repr(progress())


# Forgetting


@pytest.fixture
def two_passed(progress, folder):
    progress.record(passed(RELU))
    progress.record(passed(FORWARD))
    return on_file(folder)


def test_one_lesson_is_forgotten(progress, folder, two_passed, capsys):
    progress.reset("01_numpy_two_layer_net")
    assert set(on_file(folder)) == {"00.relu"}
    (backup,) = folder.glob("progress-backup-*.json")
    assert json.loads(backup.read_text())["passed"] == two_passed
    assert capsys.readouterr().out == (
        f"Forgot 1 passed exercise; the file as it was is kept as {backup.name}.\n"
    )


def test_everything_is_forgotten(progress, folder, two_passed, capsys):
    progress.reset("everything")
    assert on_file(folder) == {}
    assert "Forgot 2 passed exercises; the file" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["", "01", "everthing", "l01_numpy_two_layer_net", None]
)
def test_nothing_is_forgotten_without_the_lesson_s_name(
    progress, folder, two_passed, capsys, name
):
    progress.reset() if name is None else progress.reset(name)
    assert on_file(folder) == two_passed
    assert not list(folder.glob("progress-backup-*"))
    said = capsys.readouterr().out
    assert said.startswith("Nothing was forgotten.")
    assert all(lesson[1:] in said for lesson in lesson_names())


def test_forgetting_before_anything_is_passed(progress, folder, capsys):
    progress.reset("everything")
    assert capsys.readouterr().out == "Forgot 0 passed exercises.\n"


def test_forgetting_a_damaged_file(progress, folder, capsys):
    folder.mkdir()
    (folder / "progress.json").write_text("{")
    progress.reset("everything")
    assert "has been set aside as progress-damaged-" in capsys.readouterr().out
    assert on_file(folder) == {}


def test_forgetting_where_nothing_can_be_written(
    progress, folder, two_passed, capsys, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail_with(OSError(28, "No space left")))
        progress.reset("everything")
    assert capsys.readouterr().out == "Nothing was forgotten: no space left.\n"
    assert on_file(folder) == two_passed


def test_the_notebooks_name_is_the_same_object():
    assert isinstance(helpers.progress, Progress)
    assert helpers.progress is progress_file.progress
