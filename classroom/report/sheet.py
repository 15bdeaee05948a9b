"""The verdicts as a table that spreadsheets read: a row for each exercise."""

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from classroom.report.records import NotebookRecord
from lessons import whole_files

SHEET = "verdicts.csv"
COLUMNS = (
    "student",
    "file",
    "lesson",
    "exercise",
    "status",
    "mistakes",
    "sentence",
    "minutes",
    "runs",
)
FORMULA = tuple("=+-@\t\r")  # spreadsheets compute a cell that begins so


def rows_of(record: NotebookRecord) -> Iterator[dict]:
    """A record's rows, as {column: value}; one row where there are no verdicts."""
    about = {"student": record.student, "file": record.file}
    if record.problem:
        yield about | {"status": "not judged", "sentence": record.problem}
    for entry in record.exercises:
        yield {
            **about,
            "lesson": record.lesson[1:],
            "exercise": entry.exercise,
            "status": entry.status,
            "mistakes": "; ".join(entry.mistakes),
            "sentence": entry.sentence,
            "minutes": entry.minutes,
            "runs": entry.runs,
        }


class Sheet:
    """A CSV file that rows are added to."""

    def __init__(self, file) -> None:
        self._file = file
        self._writer = csv.DictWriter(file, COLUMNS)
        if not file.tell():
            self._writer.writeheader()

    def add(self, record: NotebookRecord) -> None:
        """Write a record's rows, so that they are in the file at once."""
        for row in rows_of(record):
            self._writer.writerow({name: _harmless(row[name]) for name in row})
        self._file.flush()


@contextlib.contextmanager
def growing(folder: Path) -> Iterator[Sheet]:
    """Context with the table while notebooks are judged; rows come as they are done."""
    with Path(folder, SHEET).open("a", **ENCODED) as file:
        yield Sheet(file)


def write(folder: Path, records: Iterable[NotebookRecord]) -> None:
    """Write the whole table, in order, in place of the one that grew."""
    path = Path(folder, SHEET)
    with whole_files.replacing(path) as file:
        text = io.TextIOWrapper(file, **ENCODED)
        sheet = Sheet(text)
        for record in records:
            sheet.add(record)
        text.detach()


# With the mark that lets Excel see that it is UTF-8.
ENCODED = {"encoding": "utf-8-sig", "errors": "replace", "newline": ""}


def _harmless(value):
    """A value that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
