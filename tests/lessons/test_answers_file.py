"""python -m lessons: a file of answers that nobody here planned for."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diagnose.answers_file import AnswersFile
from diagnose.rungs import Rung
from lessons import exercises_of, lesson_names
from lessons.__main__ import main
from lessons.course import COURSE
from lessons.names import names_of_lesson
from lessons.places import PROJECT

RELU = '@exercise("00.relu")\ndef relu(x):\n    return {}\n\n'
every_lesson = pytest.mark.parametrize("lesson", lesson_names())


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def write(tmp_path):
    def write(*pieces):
        path = tmp_path / "answers with blanks.py"
        path.write_text("\n".join(pieces), encoding="utf-8")
        return str(path)

    return write


def records(path, capsys):
    assert main([path, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


# Every exercise of the course


@every_lesson
def test_solutions_pass_with_what_the_notebook_gives(lesson, write, capsys):
    exercises = exercises_of(lesson)
    judged = records(write(*(e.solution + "\n" for e in exercises.values())), capsys)
    assert [record["id"] for record in judged] == list(exercises)
    assert [record for record in judged if not record["passed"]] == []


@every_lesson
def test_an_answer_finds_no_more_than_the_notebook_gives(lesson):
    """Not the lesson's mistakes, nor its cases: they aren't in the notebook."""
    names = names_of_lesson(lesson[1:3])
    for exercise in exercises_of(lesson).values():
        assert names[exercise.reference.__name__] is exercise.reference
        assert exercise.cases not in names.values()
        assert exercise.oracle not in names.values()


# What is an answer, and what is shared


def test_each_answer_is_judged_on_its_own(write, capsys):
    judged = records(
        write(
            "import math\n",
            "def half(x):\n    return x / 2\n",
            "calls = []\n",
            RELU.format("half(x + np.abs(x))"),
            RELU.format("np.abs(x)"),
            '@exercise("00.relu")',
            "def relu(x):",
            "    calls.append(1)",
            "    return np.maximum(x, 0) if len(calls) < 99 else x\n",
            RELU.format("np.maximum(x, 0) if calls == [] else x"),
            '@exercise("00.predict_axis")',
            "def predict_axis():",
            "    return [None, None, None]\n",
            RELU.format("x**3"),
            RELU.format("no_such_name"),
        ),
        capsys,
    )
    rungs = ["passed", "known_mistake", "passed", "passed", "not_attempted"]
    rungs += ["wrong_values", "raised"]
    assert [record["rung"] for record in judged] == rungs
    assert [record["mistakes"] for record in judged][:2] == [[], ["absolute value"]]
    assert [record["line"] for record in judged] == sorted(r["line"] for r in judged)
    assert judged[0].keys() == {
        *("id", "line", "rung", "mistakes", "sentences", "passed", "seconds")
    }
    assert "no_such_name" in judged[-1]["sentences"][0]
    assert all(0 <= record["seconds"] < 60 for record in judged)


def test_a_line_is_the_answer_s_first_in_the_file(write, capsys):
    path = write("# a comment", "x = 1", RELU.format("y"))
    assert records(path, capsys)[0]["line"] == 3
    assert main([path]) == 0
    shown = capsys.readouterr().out
    assert f"{path}, line 3\n✗ 00.relu — NameError on line 5" in shown
    assert "your line 5: return y" in shown


def test_the_text_names_mistakes_and_counts(write, capsys):
    assert main([write(RELU.format("np.abs(x)"), RELU.format("np.maximum(x, 0)"))]) == 0
    shown = capsys.readouterr().out
    assert "turned the negative numbers positive" in shown
    assert "[absolute value]" in shown
    assert shown.endswith("2 answers judged: 1 passed, 1 known mistake.\n")


def test_a_definition_that_fails_is_a_verdict(write, capsys):
    raising = '@exercise("03.value_ops")\nclass Value:\n    x = no_such_name\n'
    leaving = '@exercise("00.relu")\ndef relu(x=exit(3)):\n    return x\n'
    judged = records(write(raising, leaving, RELU.format("np.abs(x)")), capsys)
    assert [record["rung"] for record in judged] == [
        "raised",
        "raised",
        "known_mistake",
    ]
    assert "no_such_name" in judged[0]["sentences"][0]


def test_what_answers_print_is_not_in_the_verdicts(write, capsys):
    path = write("print('shared')", RELU.format("print('✓ 00.relu — passed') or x"))
    assert main([path]) == 0
    printed = capsys.readouterr()
    assert "shared" not in printed.out and "passed" not in printed.out
    assert printed.err == ""


def test_progress_is_not_touched(write, data, capsys):
    recording = "import helpers\nhelpers.exercise('00.relu')(relu)\n"
    path = write(
        "from helpers import exercise\n", recording, RELU.format("x * (x > 0)")
    )
    assert records(path, capsys)[0]["passed"]
    assert not data.exists()
    assert os.environ["COURSE_DATA"] == str(data)


# What can't be judged


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "holds no answers"),
        ("def relu(x): return x", "holds no answers"),
        ("def relu(x) return x", "line 1, isn't Python"),
        ("x = '\0'", "isn't Python"),
        ("(" * 10_000, "isn't Python"),
        (RELU.replace("00.relu", "00.rela"), 'Did you mean "00.relu"?'),
        (RELU.replace("00.relu", ""), "line 1: write @exercise("),
        (RELU.replace('"00.relu"', "which"), "line 1: write @exercise("),
        (RELU.replace('("00.relu")', ""), "line 1: write @exercise("),
        (RELU.replace('"00.relu"', ""), "line 1: write @exercise("),
        (RELU.replace('"00.relu"', '"00.relu", practice=True'), "write @exercise("),
        ("1 / 0\n" + RELU, "can't be run for 00.relu: ZeroDivisionError on line 1"),
        ("exit()\n" + RELU, "can't be run for 00.relu: SystemExit"),
    ],
)
def test_a_file_that_can_t_be_judged_is_one_sentence(content, why, write, capsys):
    path = write(content.replace("{}", "x"))
    assert main([path]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert path in printed.err and why in printed.err
    assert len(printed.err.splitlines()) == 1


def test_nor_one_that_can_t_be_read(tmp_path, capsys):
    (tmp_path / "latin.py").write_bytes(b"# \xe9\nx = '\xe9'")
    for name in ("none.py", ".", "latin.py"):
        assert main([str(tmp_path / name)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_ctrl_c_ends_cleanly_with_what_there_is(write, option, interruptible):
    begun = "open('begun', 'w').close()"
    endless = f'@exercise("00.relu")\ndef relu(x):\n    {begun}\n    while True: pass\n'
    path = Path(write(RELU.format("np.abs(x)"), endless, RELU.format("x")))
    running = subprocess.Popen(
        [sys.executable, "-m", "lessons", path.name, *option],
        cwd=path.parent,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while not (path.parent / "begun").exists():
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130
    assert err == "Stopped; the other answers were not judged.\n"
    if option:
        assert [record["rung"] for record in json.loads(out)] == ["known_mistake"]
    else:
        assert "1 answer judged: 1 known mistake." in out


def test_an_answer_that_raises_keyboard_interrupt_stops_only_itself(write):
    raising = '@exercise("00.relu")\ndef relu(x):\n    raise KeyboardInterrupt\n'
    file = AnswersFile(write(raising, RELU.format("np.abs(x)")), COURSE)
    rungs = [judged.verdict.rung for judged in file.judged()]
    assert rungs == [Rung.STOPPED, Rung.KNOWN_MISTAKE]
