"""python -m lessons answers.py: the verdicts on a file of answers."""

import os
import sys
import tempfile
from unittest import mock

from diagnose import answers_command
from lessons.course import COURSE


def main(argv: list[str] | None = None) -> int:
    """Judge a file of answers; returns the exit status."""
    # Answers may use what the notebooks import, and nobody's progress is touched.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        mock.patch.dict(os.environ, {"COURSE_DATA": folder}),
    ):
        return answers_command.main(COURSE, "python -m lessons", argv)


if __name__ == "__main__":
    sys.exit(main())
