"""What is written down of a notebook comes back the same, or not at all."""

import json
from dataclasses import replace

import pytest

from classroom.report import records
from classroom.report.records import (
    RECORDS,
    ExerciseRecord,
    NotebookRecord,
    Records,
    as_line,
    course_digest,
    record_in,
)

ENTRY = ExerciseRecord(
    exercise="00.relu",
    status="mistake",
    mistakes=("absolute value",),
    sentence="Negative values came out positive: \ud800é.",
    card="<b>✗</b>",
    alike="",
    source="def relu(x):\n    return abs(x)",
    minutes=2.5,
    runs=None,
)
NOT_JUDGED = NotebookRecord("Ada", "Ada/a.ipynb", "d1", problem="It is empty.")
JUDGED = NotebookRecord(
    student="Żółć",
    file="Żółć/b.ipynb",
    digest="d2",
    modified=1.25,
    lesson="l00_start_here",
    notes=("Its code tried to open a socket.",),
    exercises=(ENTRY, replace(ENTRY, mistakes=(), minutes=None, runs=3)),
    seconds=0.5,
)


@pytest.mark.parametrize("record", [NOT_JUDGED, JUDGED])
def test_a_record_comes_back_the_same(record):
    assert record_in(as_line(record)) == record


def changed(**fields):
    return json.dumps(json.loads(as_line(JUDGED)) | fields).encode() + b"\n"


ODD_LINES = {
    "half": as_line(JUDGED)[:40],
    "without its end": as_line(JUDGED)[:-1],
    "no JSON": b"{\n",
    "not text": b"\xff\n",
    "a list": b"[]\n",
    "nothing of a record": b"{}\n",
    "more than a record": changed(extra=1),
    "a file without a name": changed(file=None),
    "a lesson that is a number": changed(lesson=3),
    "notes that are no text": changed(notes=[1]),
    "notes that are text": changed(notes="note"),
    "exercises that are none": changed(exercises=[3]),
    "exercises that are lists": changed(exercises=[[1, 2, 3]]),
    "deep": b"[" * 100_000 + b"\n",
    "exercises of another version": changed(exercises=[{"exercise": "00.relu"}]),
}


@pytest.mark.parametrize("line", ODD_LINES.values(), ids=ODD_LINES)
def test_a_line_of_another_shape_is_no_record(line):
    assert record_in(line) is None


def test_odd_lines_are_passed_over_and_half_a_line_is_cut_off(tmp_path):
    path = tmp_path / RECORDS
    odd = b"".join(line for line in ODD_LINES.values() if line.endswith(b"\n"))
    whole = as_line(NOT_JUDGED) + odd + as_line(JUDGED)
    path.write_bytes(whole + b'{"file": "half a li')
    found = Records(tmp_path)
    assert path.read_bytes() == whole
    again = replace(NOT_JUDGED, digest="d3")
    assert again.key not in found
    found.add(again)
    for each in (found, Records(tmp_path)):
        keys = [again.key, JUDGED.key, NOT_JUDGED.key]
        assert list(each.read(keys)) == [again, JUDGED, NOT_JUDGED]


def test_a_report_without_records_is_empty(tmp_path):
    assert NOT_JUDGED.key not in Records(tmp_path / "new")


@pytest.mark.parametrize(
    "file",
    [
        "diagnose/ladder.py",
        "diagnose/templates/card.html",
        "lessons/l00_start_here/relu.py",
        "helpers/decorator.py",
        "classroom/report/judging.py",
    ],
)
def test_a_changed_course_is_another_one(file, tmp_path, monkeypatch):
    for package in records.PACKAGES:
        (tmp_path / package).mkdir()
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(records, "PROJECT", tmp_path)
    digests = []
    for content in ("1", "1", "2"):
        path.write_text(content)
        digests.append(course_digest())
    assert digests[0] == digests[1] != digests[2]
