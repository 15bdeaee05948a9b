"""The report's HTML: a page for the class, and one for each student."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import lessons
from classroom.report.records import Key, NotebookRecord, Records
from classroom.report.submissions import Submission
from classroom.report.summary import COLUMNS, summarise
from diagnose.html import environment, printable

PAGE = "index.html"
STUDENTS = "students"
STRONGEST = 0.6  # of the heat map's colour, so that text on it can be read


@dataclass(frozen=True)
class StudentRow:
    """What the class's page says of a student.

    page        the address of the student's own page, from the class's
    passed      lines such as "01: 3 of 9"
    notes       sentences on what is to be looked at
    not_judged  how many notebooks are not judged
    """

    name: str
    page: str
    passed: Sequence[str]
    notes: Sequence[str]
    not_judged: int


def write(
    folder: Path,
    records: Records,
    submissions: Sequence[Submission],
    keys: Mapping[Key, Submission],
    warning: str,
) -> Path:
    """Write all pages; returns the class's. Records are read one student at a time.

    ``keys`` are of the notebooks that the report is on; ``warning`` is a sentence on
    what was not contained, or "".
    """
    superseded = _superseded(records.read(keys))
    Path(folder, STUDENTS).mkdir(exist_ok=True)
    rows = []
    for name, own in _students(submissions, keys).items():
        handed_in = list(records.read(own))
        page = _page_of(name)
        _render(
            "student.html",
            Path(folder, page),
            name=name,
            records=handed_in,
            superseded=superseded,
        )
        counted = [record for record in handed_in if record.key not in superseded]
        rows.append(_row(name, page, handed_in, counted))
    counting = (
        record
        for record in records.read(keys)
        if record.lesson and record.key not in superseded
    )
    page = Path(folder, PAGE)
    _render(
        "class.html",
        page,
        lessons=summarise(counting),
        students=rows,
        notebooks=len(keys),
        not_judged=sum(row.not_judged for row in rows),
        warning=warning,
        columns=COLUMNS,
    )
    return page


def _students(submissions, keys) -> dict[str, list[Key]]:
    """The keys of each student's notebooks; students without any are there, too."""
    students = {submission.student: [] for submission in submissions}
    for key, submission in keys.items():
        students[submission.student].append(key)
    return students


def _superseded(records: Iterable[NotebookRecord]) -> set[Key]:
    """Keys of notebooks that the same student handed in again, for the same lesson."""
    latest, superseded = {}, set()
    for record in records:
        if record.lesson is None:
            continue
        mark = record.modified, record.key
        which = record.student, record.lesson
        earlier = latest.get(which, mark)
        superseded.add(min(earlier, mark)[1])
        latest[which] = max(earlier, mark)
    return superseded - {key for _, key in latest.values()}


def _row(
    name: str,
    page: str,
    records: Sequence[NotebookRecord],
    counted: Sequence[NotebookRecord],
) -> StudentRow:
    missing = [] if records else ["no notebook"]
    problems = [f"{r.file}: {r.problem}" for r in records if r.problem]
    notes = [note for record in counted for note in record.notes]
    stopped = [
        f"`{entry.exercise}`: {entry.sentence}"
        for record in counted
        for entry in record.exercises
        if entry.status in COLUMNS["stopped"]
    ]
    return StudentRow(
        name,
        page,
        passed=[
            f"{record.lesson[1:3]}: {record.passed} of {len(record.exercises)}"
            for record in counted
            if record.lesson
        ],
        notes=missing + problems + notes + stopped,
        not_judged=len(problems),
    )


def _page_of(name: str) -> str:
    """A student's page: a name that every file system takes, and no two share."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"\W+", "-", plain).strip("-").lower()[:40] or "student"
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{STUDENTS}/{slug}-{mark}.html"


def _title(record: NotebookRecord) -> str:
    if not record.lesson:
        return record.file
    return f"{record.lesson[1:3]} · {lessons.title(record.lesson)}"


def _share(count: int, total: int) -> float:
    """How strong the colour of a cell of the heat map is."""
    return round(STRONGEST * count / total, 3) if total else 0


def _render(template: str, path: Path, **values: object) -> None:
    made = environment("classroom.report").get_template(template)
    html = made.render(share=_share, title_of=_title, **values)
    path.write_text(printable(html), encoding="utf-8")
