"""What became of each notebook, one line of JSON each, kept while a report is made.

Whoever is interrupted goes on from here: a notebook whose file and course haven't
changed since isn't judged again.
"""

import hashlib
import json
from pathlib import Path

from lessons.places import PROJECT

RECORDS = "notebooks.jsonl"
COURSE = PROJECT / "helpers"


class Records:
    """The records of a report, in its folder. Nothing is kept in memory but places."""

    def __init__(self, folder):
        self.path = Path(folder, RECORDS)
        self._places = {}  # {(file, digest): where its line begins}
        self._read_places()

    def _read_places(self):
        if not self.path.exists():
            return
        whole = 0
        with self.path.open("rb") as lines:
            for line in lines:
                record = _parsed(line)
                if record is not None:
                    self._places[record["file"], record["digest"]] = whole
                    whole += len(line)
                else:  # half a line: the report was ended while it was written
                    break
        with self.path.open("r+b") as file:
            file.truncate(whole)

    def __contains__(self, key):
        return key in self._places

    def add(self, record):
        """Write a record down; it is safe from an interruption then."""
        line = json.dumps(record).encode()
        with self.path.open("ab") as file:
            self._places[record["file"], record["digest"]] = file.tell()
            file.write(line + b"\n")

    def read(self, keys):
        """The records of these (file, digest), one after the other."""
        with self.path.open("rb") as file:
            for key in keys:
                file.seek(self._places[key])
                yield json.loads(file.readline())


def _parsed(line):
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
        return record if {"file", "digest"} <= record.keys() else None
    except (ValueError, AttributeError):
        return None


def course_digest():
    """What verdicts depend on besides a notebook: the checks, and the lessons."""
    digest = hashlib.sha256()
    for part in ("checking", "lessons", "classroom"):
        for path in sorted(Path(COURSE, part).glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
