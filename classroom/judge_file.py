"""One student's file, from its bytes to a record: plain values, ready for JSON."""

import functools
import hashlib
import time
from pathlib import Path

import nbformat

from classroom.effort import effort_at
from classroom.judging import judge_notebook, lesson_of
from classroom.notebook_code import NotebookCode
from classroom.submissions import Unreadable, read_bytes, read_notebook
from diagnose import card
from diagnose.html import printable
from diagnose.rungs import Rung
from diagnose.value_text import value_text
from lessons.places import PROJECT

NOTEBOOKS = Path(PROJECT, "notebooks")
LONGEST_SOURCE = 5000  # characters of an answer that are kept
NO_LESSON = "No cell of it has an exercise of this course, so it is another notebook."


def judge_file(submission, limits):
    """The record of a Submission; whatever lies in the file, this doesn't raise."""
    start = time.monotonic()
    record = {
        "student": submission.student,
        "modified": 0.0,
        "lesson": None,
        "problem": "",
        "notes": [],
        "exercises": [],
    }
    try:
        record["modified"] = submission.path.stat().st_mtime
        record |= _judged(read_notebook(read_bytes(submission.path)), limits)
    except Unreadable as problem:
        record["problem"] = str(problem)
    except Exception as error:  # one notebook never stops the report
        record["problem"] = (
            f"The course failed on it: {type(error).__name__}: {error}. Please report "
            "that, with the file."
        )
    record["seconds"] = round(time.monotonic() - start, 2)
    return record


def _judged(notebook, limits):
    code = NotebookCode(notebook)
    lesson = lesson_of(code)
    if lesson is None:
        raise Unreadable(NO_LESSON)
    findings = judge_notebook(code, lesson, _course(lesson), limits)
    return {
        "lesson": lesson,
        "notes": findings.notes,
        "exercises": [_entry(judged, notebook) for judged in findings.judged],
    }


@functools.cache
def _course(lesson):
    """The course's own notebook; without one, students' notebooks must be whole."""
    path = Path(NOTEBOOKS, f"{lesson[1:]}.ipynb")
    if not path.exists():
        return NotebookCode(nbformat.v4.new_notebook())
    return NotebookCode(nbformat.read(path, as_version=4))


def _entry(judged, notebook):
    effort = effort_at(notebook, judged.cell) if judged.cell else None
    verdict = judged.verdict
    return {
        "exercise": judged.exercise,
        "status": judged.status,
        "mistakes": list(verdict.mistakes) if verdict else [],
        "told": _told(judged),
        "card": card.as_html(verdict, closing=lambda _: "") if verdict else "",
        "alike": _alike(judged),
        "source": judged.source[:LONGEST_SOURCE],
        "minutes": effort.minutes if effort else None,
        "runs": effort.runs if effort else None,
    }


def _told(judged):
    if judged.verdict is None:
        return judged.told
    return printable(card.headline(judged.verdict)[2])


def _alike(judged):
    """A mark that answers share which went wrong in the same way; "" if named."""
    verdict = judged.verdict
    if judged.status == "raised" and verdict.raised:
        said = verdict.raised.name + verdict.raised.message
    elif judged.status == "unrecognised":
        said = f"{Rung(verdict.rung).name} {verdict.sentences}"
        if verdict.case and verdict.case.difference:
            said += value_text(verdict.case.difference.got)
    else:
        return ""
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
