"""What can be done with the exercises on the command line.

python -m lessons answers.py [--json]    the verdicts on a file of answers
python -m lessons catalogue [FOLDER]     every exercise, with its mistakes as code
"""

import os
import sys
import tempfile
from pathlib import Path
from unittest import mock

from diagnose import answers_command, catalogue
from lessons import exercises_of, lesson_names, title
from lessons.course import COURSE
from lessons.places import PROJECT


def main(argv: list[str] | None = None) -> int:
    """Do what is asked for; returns the exit status."""
    asked = sys.argv[1:] if argv is None else argv
    if asked[:1] == ["catalogue"]:
        return write_catalogue(Path(asked[1]) if asked[1:] else PROJECT / "build")
    # Answers may use what the notebooks import; the user's progress isn't touched.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        mock.patch.dict(os.environ, {"COURSE_DATA": folder}),
    ):
        return answers_command.main(COURSE, "python -m lessons", asked)


def write_catalogue(folder: Path) -> int:
    """Write catalogue.md and catalogue.html into a folder, and say where they are."""
    lessons = {
        f"{name[1:3]} {title(name)}": list(exercises_of(name).values())
        for name in lesson_names()
    }
    called = "The usual mistakes, as cells"
    pages = {
        folder / "catalogue.md": catalogue.as_markdown(called, lessons),
        folder / "catalogue.html": catalogue.as_html(called, lessons),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, page in pages.items():
            path.write_text(page, encoding="utf-8")
            print(path)
    except OSError as error:
        print(f"{folder} can't be written: {error.strerror}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
