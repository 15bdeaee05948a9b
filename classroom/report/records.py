"""What became of each notebook, one line of JSON each, kept while a report is made.

An interrupted report goes on from here: a notebook whose file and course haven't
changed since isn't judged again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple, get_args, get_origin

from classroom.report.sandbox import PACKAGES
from lessons.places import PROJECT

RECORDS = "notebooks.jsonl"


class Key(NamedTuple):
    """A file as it was judged: its path among the submissions, and a digest that
    changes with its content, the course or the limits.
    """

    file: str
    digest: str


@dataclass(frozen=True)
class ExerciseRecord:
    """What became of one exercise in one notebook.

    exercise  its id
    status    as in judging.JudgedExercise
    mistakes  the names of those that were recognised
    sentence  what the verdict says, or why there is none
    card      the verdict as HTML; "" if there is none
    alike     a mark that answers share which went wrong in the same way, if that way
              has no name; otherwise ""
    source    the answer's cell, cut if it is very long
    minutes   how long the student was at it, and
    runs      how often it was run; None where the notebook doesn't say
    """

    exercise: str
    status: str
    mistakes: tuple[str, ...]
    sentence: str
    card: str
    alike: str
    source: str
    minutes: float | None
    runs: int | None


@dataclass(frozen=True)
class NotebookRecord:
    """What became of one notebook.

    modified   when the file was changed, in seconds since 1970
    lesson     the name of its lesson's package; None if it wasn't judged
    problem    a sentence: why it wasn't judged; "" if it was
    notes      sentences on what its code tried to do
    exercises  one record for each of the lesson's exercises, in their order
    seconds    how long it took to judge
    """

    student: str
    file: str
    digest: str
    modified: float = 0.0
    lesson: str | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    exercises: tuple[ExerciseRecord, ...] = ()
    seconds: float = 0.0

    @property
    def key(self) -> Key:
        """The Key of the file as it was judged."""
        return Key(self.file, self.digest)

    @property
    def passed(self) -> int:
        """How many exercises passed."""
        return sum(entry.status == "passed" for entry in self.exercises)


def as_line(record: NotebookRecord) -> bytes:
    """A record as the line of JSON that ``record_in`` reads."""
    return json.dumps(asdict(record)).encode() + b"\n"


def record_in(line: bytes) -> NotebookRecord | None:
    """The record in a line; None if that is cut off, or holds anything else."""
    if not line.endswith(b"\n"):
        return None
    try:
        given = json.loads(line)
        entries = [_made(ExerciseRecord, entry) for entry in given["exercises"]]
        return _made(NotebookRecord, given | {"exercises": entries})
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _made(kind: type, given: dict):
    """A dataclass from a dict with exactly its fields. Raises TypeError otherwise."""
    wanted = {field.name: field.type for field in fields(kind)}
    # JSON has lists for tuples.
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in dict(given).items()}
    if values.keys() != wanted.keys() or not all(
        _is_a(values[name], wanted[name]) for name in wanted
    ):
        raise TypeError(f"this is no {kind.__name__}")
    return kind(**values)


def _is_a(value, wanted) -> bool:
    if get_origin(wanted) is tuple:
        item = get_args(wanted)[0]
        return isinstance(value, tuple) and all(
            isinstance(each, item) for each in value
        )
    return isinstance(value, wanted)


class Records:
    """The records of a report, in its folder; memory holds only where each begins."""

    def __init__(self, folder: Path) -> None:
        self.path = Path(folder, RECORDS)
        self._places: dict[Key, int] = {}  # where a record's line begins
        if self.path.exists():
            self._read_places()

    def _read_places(self):
        """Find the records that are there. Lines that hold none are passed over."""
        end = 0
        with self.path.open("r+b") as lines:
            for line in lines:
                record = record_in(line)
                if record is not None:
                    self._places[record.key] = end
                if line.endswith(b"\n"):
                    end += len(line)
            # Half a line: the report was ended while writing it.
            lines.truncate(end)

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def add(self, record: NotebookRecord) -> None:
        """Append a record to the file, where an interruption can't lose it."""
        with self.path.open("ab") as file:
            self._places[record.key] = file.tell()
            file.write(as_line(record))

    def read(self, keys: Iterable[Key]) -> Iterator[NotebookRecord]:
        """The records of these files, one after the other."""
        with self.path.open("rb") as file:
            for key in keys:
                file.seek(self._places[key])
                yield record_in(file.readline())


def course_digest() -> str:
    """A digest of what verdicts depend on besides a notebook: the course's packages."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted(Path(PROJECT, package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                name = path.relative_to(PROJECT).as_posix()
                digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
