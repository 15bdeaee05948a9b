"""python -m classroom report: a class with all that a class hands in."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from handed_in import notebook_of, opener, relu

from benchmarks.class_of import write_class
from classroom.report.records import RECORDS
from classroom.report.sheet import SHEET
from lessons import find_exercise
from lessons.places import PROJECT

RIGHT = find_exercise("00.relu").solution
OPENER_NAME = "00_start_here.ipynb"
SLOW = relu("import time\ntime.sleep(0.3)\nreturn x")
STARTED = {"COURSE_SOLUTIONS": "", "PYTHONPATH": str(PROJECT)}


def command(submissions, out, *more):
    return [sys.executable, "-m", "classroom", "report", str(submissions),
            "--out", str(out), *more]  # fmt: skip


def report(submissions, out, *more, **environment):
    return subprocess.run(
        command(submissions, out, "--jobs", "2", *more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | STARTED | environment,
        timeout=300,
    )


def hand_in(folder, student, notebook, name=OPENER_NAME):
    path = Path(folder, student, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def rows(out):
    with Path(out, SHEET).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def page_of(out, student):
    """A student's page, found by the link on the class's."""
    index = Path(out, "index.html").read_text(encoding="utf-8")
    found = re.search(rf'<a href="([^"]+)">{re.escape(student)}</a>', index)
    return Path(out, found[1]).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def odd_class(tmp_path_factory):
    """Every kind of file that comes in, judged once; (folder, out, the command)."""
    if os.name == "nt":
        pytest.skip("Windows forbids some of these names")
    folder = tmp_path_factory.mktemp("handed in", numbered=False)
    hand_in(folder, "Ada Lovelace", opener(relu=RIGHT))
    hand_in(folder, "Żółć Ünal", opener(relu=relu("return abs(x)")))
    hand_in(folder, "<script>alert(1)</script>".replace("/", "∕"), opener())
    hand_in(folder, "=1+1", opener(relu=relu("return '<b>bold</b>' * 7")))
    older = [RIGHT, '@exercise("00.gone")\ndef gone(): return 1']
    hand_in(folder, "older version", notebook_of("import numpy as np", *older))
    hand_in(folder, "another course", notebook_of("print('hello')"))
    hand_in(folder, "twice", opener(relu=relu("return 7 * x")), "first.ipynb")
    later = hand_in(folder, "twice", opener(relu=RIGHT), "second.ipynb")
    os.utime(later, (time.time() + 60,) * 2)
    for name, content in {
        "empty": b"",
        "not JSON": b"{",
        "not a notebook": b"[1, 2, 3]",
        "not text": b"\xff\xfe\x00",
        "deep": b"[" * 100_000,
        "odd cells": b'{"cells": [{"cell_type": "code"}], "nbformat": 4}',
    }.items():
        Path(folder, name).mkdir()
        Path(folder, name, OPENER_NAME).write_bytes(content)
    Path(folder, "nothing").mkdir()
    Path(folder, ".hidden").mkdir()
    nbformat.write(opener(relu=RIGHT), Path(folder, "one file (1).ipynb"))
    Path(folder, "linked").symlink_to(Path(folder, "Ada Lovelace"))
    out = tmp_path_factory.mktemp("report") / "out"
    return folder, out, report(folder, out)


def test_odd_class_is_judged_to_the_end(odd_class):
    _, out, done = odd_class
    assert done.returncode == 0, done.stderr
    assert Path(out, "index.html").as_uri() in done.stdout
    found = {(row["student"], row["exercise"]): row["status"] for row in rows(out)}
    assert found["Ada Lovelace", "00.relu"] == "passed"
    assert found["Ada Lovelace", "00.predict_axis"] == "not attempted"
    assert found["Żółć Ünal", "00.relu"] == "mistake"
    assert found["'=1+1", "00.relu"] == "unrecognised"
    assert found["older version", "00.relu"] == "passed"
    assert found["older version", "00.predict_axis"] == "missing"
    assert found["one file", "00.relu"] == "passed"
    not_judged = {student for (student, _), status in found.items()
                  if status == "not judged"}  # fmt: skip
    assert not_judged == {
        *("another course", "empty", "not JSON", "not a notebook"),
        *("not text", "deep", "odd cells"),
    }
    assert not {student for student, _ in found} & {"linked", ".hidden", "nothing"}


def test_reasons_are_given(odd_class):
    _, out, _ = odd_class
    why = {row["student"]: row["sentence"] for row in rows(out) if not row["exercise"]}
    assert why["empty"] == "The file is empty."
    assert "no notebook" in why["not JSON"]
    assert "another notebook" in why["another course"]
    assert all("The course failed" not in sentence for sentence in why.values())
    assert "There is no notebook in this folder." in page_of(out, "nothing")
    assert "There is no exercise 00.gone here." in page_of(out, "older version")


def test_later_file_counts(odd_class):
    _, out, _ = odd_class
    page = page_of(out, "twice")
    assert page.count("A later file of the same lesson counts") == 1
    index = Path(out, "index.html").read_text(encoding="utf-8")
    row = index[index.index(">twice</a>") :]
    assert "00: 1 of 2" in row[: row.index("</tr>")]


def test_pages_are_whole_and_ask_nothing_of_the_network(odd_class):
    _, out, _ = odd_class
    pages = [Path(out, "index.html"), *Path(out, "students").glob("*.html")]
    assert len(pages) > 10
    for page in pages:
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        assert not links.scripts, page
        for link in links.found:
            assert (page.parent / link).exists(), (page, link)


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.scripts = [], 0

    def handle_starttag(self, tag, attributes):
        self.scripts += tag == "script"
        self.found += [v for k, v in attributes if k in ("href", "src")]


def test_names_and_answers_are_escaped(odd_class):
    _, out, _ = odd_class
    for page in [Path(out, "index.html"), *Path(out, "students").glob("*.html")]:
        text = page.read_text(encoding="utf-8")
        assert "<script>" not in text
        assert "<b>bold" not in text


def test_unrecognised_answers_are_grouped(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(3):
        hand_in(folder, f"seven {number}", opener(relu=relu(f"return {7 + 0} * x")))
    hand_in(folder, "nine", opener(relu=relu("return 9 * x")))
    assert report(folder, out).returncode == 0
    index = Path(out, "index.html").read_text(encoding="utf-8")
    groups = re.findall(r"00\.relu</code> · (\d) students?\b", index.replace("\n", " "))
    assert groups == ["3", "1"]
    assert "seven 0, seven 1, seven 2" in index


def test_same_command_judges_nothing_again_until_a_file_changes(odd_class):
    folder, out, _ = odd_class
    before = Path(out, RECORDS).read_bytes()
    again = report(folder, out)
    assert again.returncode == 0
    assert re.search(r"(\d+) of \1 notebooks are judged already", again.stdout)
    assert Path(out, RECORDS).read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_interrupted_report_goes_on(how, tmp_path, interruptible):
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(4):
        hand_in(folder, f"student {number}", opener(relu=SLOW))
    process = subprocess.Popen(
        command(folder, out, "--jobs", "1"),
        env=os.environ | STARTED,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    records = Path(out, RECORDS)
    while not records.exists() or not records.read_bytes():
        assert process.poll() is None
        time.sleep(0.05)
    assert len(rows(out)) == 2  # the table grows with it
    process.send_signal(getattr(signal, how))
    _, printed = process.communicate(timeout=60)
    if how == "SIGINT":
        assert process.returncode == 130
        assert re.search(r"Stopped: [123] of 4 notebooks are judged", printed)
        assert "Traceback" not in printed
    with records.open("ab") as file:
        file.write(b'{"file": "half a li')
    again = report(folder, out)
    assert again.returncode == 0, again.stderr
    assert re.search(r"[123] of 4 notebooks are judged already", again.stdout)
    assert {row["student"] for row in rows(out)} == {f"student {n}" for n in range(4)}
    assert len(rows(out)) == 8
    assert len([json.loads(line) for line in records.read_text().splitlines()]) == 4


def test_slow_notebook_delays_nobody(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "endless", opener(relu=relu("while True: pass")))
    hand_in(folder, "right", opener(relu=RIGHT))
    assert report(folder, out, "--seconds", "3").returncode == 0
    found = {row["student"]: row["status"] for row in rows(out)
             if row["exercise"] == "00.relu"}  # fmt: skip
    assert found == {"endless": "stopped", "right": "passed"}


def test_what_is_not_contained_is_said(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "right", opener(relu=RIGHT))
    done = report(folder, out, PATH=str(Path(sys.executable).parent))
    assert done.returncode == 0
    assert "Not everything is contained. bubblewrap wasn't found" in done.stderr
    assert "Not everything was contained" in Path(out, "index.html").read_text("utf-8")
    assert rows(out)[0]["status"] == "passed"


def test_hidden_solutions_are_on_no_page(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "wrong", opener(relu=relu("return abs(x)")))
    assert report(folder, out, COURSE_SOLUTIONS="hide").returncode == 0
    assert "np.maximum(x, 0)" not in page_of(out, "wrong")
    assert "Hint 1" in page_of(out, "wrong")


def test_whole_lesson_is_judged_as_it_was_answered(tmp_path):
    """A made-up class: every answer is found to be what it was made as."""
    folder, out = tmp_path / "class", tmp_path / "out"
    written = write_class(folder, "l01_numpy_two_layer_net", 6)
    assert report(folder, out).returncode == 0
    found = rows(out)
    assert len(found) == 6 * len(next(iter(written.values())))
    for row in found:
        made = written[row["student"]][row["exercise"]]
        if made in ("stub", "solved"):
            expected = {"stub": "not attempted", "solved": "passed"}[made]
            assert row["status"] == expected
        else:
            assert made in row["mistakes"].split("; ")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda folder, out: folder.rmdir(), "There is no folder"),
        (lambda folder, out: None, "There are no notebooks"),
        (lambda folder, out: hand_in(out, "x", opener()), "holds other files"),
    ],
)
def test_refusals_are_one_sentence(prepare, said, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    prepare(folder, out)
    if out.exists():
        hand_in(folder, "x", opener())
    done = report(folder, out)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_report_among_the_submissions_is_refused(tmp_path):
    hand_in(tmp_path, "x", opener())
    done = report(tmp_path, tmp_path / "out")
    assert done.returncode == 2
    assert "can't lie in" in done.stderr
