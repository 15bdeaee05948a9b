"""What this student has passed: one small JSON file, which two open notebooks share.

The file lies in the user's data directory, or where COURSE_DATA says. It is written
under a lock to a temporary name and then renamed, so a crash can't leave half of it.
A file that can't be read is set aside, never overwritten.
"""

import contextlib
import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from diagnose import Rung
from lessons import whole_files

DATA = "COURSE_DATA"
APP = "from-numpy-to-cnn"
VERSION = 1
LOCK_SECONDS = 5


def data_directory() -> Path:
    """The folder of the user's progress: COURSE_DATA, or the system's own place."""
    return Path(os.environ.get(DATA) or platformdirs.user_data_path(APP))


class Progress:
    """Call it to see what is passed and what is next; ``reset`` forgets a lesson."""

    def __init__(self):
        self.latest = ""  # the number of the lesson last worked on in this session

    def __call__(self, lesson=None):
        """Show this notebook's exercises and the course's.

        ``lesson`` is a number like "01"; without it, the lesson whose exercise ran
        last in this session is shown in full.
        """
        from helpers.progress_table import ProgressTable

        passed, note = self._read()
        number = self.latest if lesson is None else str(lesson).zfill(2)
        return ProgressTable(passed, number, note)

    def record(self, verdict):
        """Remember a passed exercise.

        Returns a sentence for the card if that failed or a damaged file was set aside,
        otherwise "".
        """
        self.latest = verdict.exercise.id[:2]
        if verdict.rung is not Rung.PASSED:
            return ""
        try:
            with self._locked():
                passed, note = self._load()
                if verdict.exercise.id not in passed:
                    passed[verdict.exercise.id] = _now()
                    self._save(passed)
            return note
        except (OSError, Timeout) as error:
            return f"Your progress could not be saved: {_reason(error)}."

    def reset(self, lesson=""):
        """Forget what is passed in one lesson, or with "everything" in all of them.

        The lesson is named in full, as its notebook is: "01_numpy_two_layer_net". The
        file as it was is kept beside, under a name with the date.
        """
        from lessons import lesson_names

        known = [name[1:] for name in lesson_names()]
        if lesson not in [*known, "everything"]:
            print(
                "Nothing was forgotten. Name a lesson in full, as in "
                f'progress.reset("{known[0]}"), or say progress.reset("everything").\n'
                f"The lessons are: {', '.join(known)}."
            )
            return
        try:
            with self._locked():
                passed, note = self._load()
                backup = self._back_up()
                kept = {
                    name: when
                    for name, when in passed.items()
                    if lesson != "everything" and name[:2] != lesson[:2]
                }
                self._save(kept)
        except (OSError, Timeout) as error:
            print(f"Nothing was forgotten: {_reason(error)}.")
            return
        count = len(passed) - len(kept)
        print(
            f"Forgot {count} passed exercise{'s' * (count != 1)}"
            + (f"; the file as it was is kept as {backup}." if backup else ".")
            + (f"\n{note}" if note else "")
        )

    def _path(self):
        return data_directory() / "progress.json"

    def _locked(self):
        data_directory().mkdir(parents=True, exist_ok=True)
        return FileLock(data_directory() / "progress.lock", timeout=LOCK_SECONDS)

    def _read(self):
        try:
            with self._locked():
                return self._load()
        except (OSError, Timeout) as error:
            return {}, f"Your progress could not be read: {_reason(error)}."

    def _load(self):
        """({id: time}, note). A damaged file is set aside, and the note says so."""
        try:
            text = self._path().read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}, ""
        except UnicodeDecodeError:
            text = ""
        with contextlib.suppress(ValueError, TypeError, LookupError, RecursionError):
            passed = json.loads(text)["passed"]
            if isinstance(passed, dict) and all(
                re.fullmatch(r"\d\d\.\w+", name) and isinstance(when, str)
                for name, when in passed.items()
            ):
                return passed, ""
        aside = self._beside("damaged")
        self._path().replace(aside)
        return {}, (
            f"The progress file was damaged; it has been set aside as {aside.name}."
        )

    def _back_up(self):
        """Copy the file to a dated name beside it; returns the name, "" if no file."""
        aside = self._beside("backup")
        try:
            shutil.copyfile(self._path(), aside)
        except FileNotFoundError:
            return ""
        return aside.name

    def _beside(self, why):
        stamp = _now().replace(":", "").replace("+0000", "")
        return self._path().with_name(f"progress-{why}-{stamp}.json")

    def _save(self, passed):
        content = {"version": VERSION, "passed": passed}
        whole_files.replace(self._path(), json.dumps(content, indent=1))


def _now():
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _reason(error):
    if isinstance(error, Timeout):
        return "another notebook has kept the file locked for too long"
    return (error.strerror or type(error).__name__).lower()


progress = Progress()
