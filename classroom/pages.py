"""The report's HTML: a page for the class, and one for each student."""

import hashlib
import re
import unicodedata
from pathlib import Path

import lessons
from classroom.summary import COLUMNS, summarise
from diagnose.html import environment, printable

PAGE = "index.html"
STUDENTS = "students"
STRONGEST = 0.6  # of the heat map's colour, so that text on it can be read


def write(folder, records, keys, submissions, warning):
    """Write all pages; returns the class's. ``records`` are read one at a time."""
    students = _students(submissions, keys)
    Path(folder, STUDENTS).mkdir(exist_ok=True)
    superseded = _superseded(records.read(keys))
    rows = []
    for name, own in students.items():
        found = [
            record | {"superseded": _key(record) in superseded}
            for record in records.read(own)
        ]
        student = {"name": name, "page": _page_of(name), "records": found}
        _render("student.html", Path(folder, student["page"]), student=student)
        rows.append(_row(student))
    counting = (
        record
        for record in records.read(keys)
        if record["lesson"] and _key(record) not in superseded
    )
    page = Path(folder, PAGE)
    _render(
        "class.html",
        page,
        lessons=summarise(counting),
        students=rows,
        notebooks=len(keys),
        not_judged=sum(len(row["problems"]) for row in rows),
        warning=warning,
        columns=COLUMNS,
    )
    return page


def _students(submissions, keys):
    """{student: keys of the student's notebooks}, in order."""
    students = {submission.student: [] for submission in submissions}
    for key, submission in keys.items():
        students[submission.student].append(key)
    return students


def _key(record):
    return record["file"], record["digest"]


def _superseded(records):
    """Keys of notebooks that the same student handed in again, for the same lesson."""
    latest, superseded = {}, set()
    for record in records:
        if record["lesson"] is None:
            continue
        mark = record["modified"], record["file"], _key(record)
        of = record["student"], record["lesson"]
        earlier = latest.get(of, mark)
        superseded.add(min(earlier, mark)[2])
        latest[of] = max(earlier, mark)
    return superseded - {mark[2] for mark in latest.values()}


def _row(student):
    """What the class's page says of a student."""
    records = student["records"]
    counted = [r for r in records if not r["superseded"]]
    problems = [f"{r['file']}: {r['problem']}" for r in records if r["problem"]]
    notes = [note for record in counted for note in record["notes"]]
    stopped = [
        f"`{entry['exercise']}`: {entry['told']}"
        for record in counted
        for entry in record["exercises"]
        if entry["status"] in COLUMNS["stopped"]
    ]
    missing = [] if records else ["no notebook"]
    return {
        "name": student["name"],
        "page": student["page"],
        "passed": [
            f"{record['lesson'][1:3]}: {passed(record)} of {len(record['exercises'])}"
            for record in counted
            if record["lesson"]
        ],
        "problems": problems,
        "notes": missing + problems + notes + stopped,
    }


def passed(record):
    return sum(entry["status"] == "passed" for entry in record["exercises"])


def _page_of(name):
    """A student's page: a name that every file system takes, and no two share."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"\W+", "-", plain).strip("-").lower()[:40] or "student"
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{STUDENTS}/{slug}-{mark}.html"


def _title(record):
    if not record["lesson"]:
        return record["file"]
    return f"{record['lesson'][1:3]} · {lessons.title(record['lesson'])}"


def _share(count, total):
    """How strong the colour of a cell of the heat map is."""
    return round(STRONGEST * count / total, 3) if total else 0


def _render(template, path, **values):
    with_course = environment("classroom")
    with_course.globals |= {"passed": passed, "share": _share, "title": _title}
    html = with_course.get_template(template).render(values)
    path.write_text(printable(html), encoding="utf-8")
