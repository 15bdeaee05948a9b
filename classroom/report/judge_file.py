"""One student's file, from its bytes to a record."""

import functools
import hashlib
import time
from dataclasses import replace

import nbformat

from classroom.report.effort import Effort, effort_at
from classroom.report.judging import JudgedExercise, judge_notebook, lesson_of
from classroom.report.limits import Limits
from classroom.report.notebook_code import NotebookCode
from classroom.report.records import ExerciseRecord, Key, NotebookRecord
from classroom.report.submissions import (
    Submission,
    Unreadable,
    modified_at,
    read_bytes,
    read_notebook,
)
from diagnose import as_html, as_text, headline
from diagnose.html import printable
from lessons.places import notebook_of

LONGEST_SOURCE = 5000  # characters of an answer that are kept
NO_LESSON = "No cell of it has an exercise of this course, so it is another notebook."


def judge_file(submission: Submission, key: Key, limits: Limits) -> NotebookRecord:
    """The record of what was handed in; never raises, whatever the file holds.

    ``submission`` must have a path.
    """
    begun = time.monotonic()
    record = NotebookRecord(submission.student, key.file, key.digest)
    try:
        record = replace(record, modified=modified_at(submission.path))
        notebook = read_notebook(read_bytes(submission.path))
        record = _judged(record, notebook, limits)
    except Unreadable as problem:
        record = replace(record, problem=str(problem))
    except Exception as error:  # one notebook never stops the report
        problem = (
            f"The course failed on it: {type(error).__name__}: {error}. Please report "
            "that, with the file."
        )
        record = replace(record, problem=problem)
    return replace(record, seconds=round(time.monotonic() - begun, 2))


def _judged(
    record: NotebookRecord, notebook: nbformat.NotebookNode, limits: Limits
) -> NotebookRecord:
    code = NotebookCode(notebook)
    lesson = lesson_of(code)
    if lesson is None:
        raise Unreadable(NO_LESSON)
    judged = judge_notebook(code, lesson, _course(lesson), limits)
    return replace(
        record,
        lesson=lesson,
        notes=tuple(judged.notes),
        exercises=tuple(_entry(each, notebook) for each in judged.exercises),
    )


@functools.cache
def _course(lesson: str) -> NotebookCode:
    """The course's own notebook; without one, students' notebooks must be whole."""
    path = notebook_of(lesson)
    if not path.exists():
        return NotebookCode(nbformat.v4.new_notebook())
    return NotebookCode(nbformat.read(path, as_version=4))


def _entry(judged: JudgedExercise, notebook: nbformat.NotebookNode) -> ExerciseRecord:
    effort = effort_at(notebook, judged.cell) if judged.cell else Effort()
    verdict = judged.verdict
    return ExerciseRecord(
        exercise=judged.exercise,
        status=judged.status,
        mistakes=tuple(verdict.mistakes) if verdict else (),
        sentence=printable(headline(verdict)[2]) if verdict else judged.reason,
        card=as_html(verdict, closing=lambda _: "") if verdict else "",
        alike=_alike(judged),
        source=judged.source[:LONGEST_SOURCE],
        minutes=effort.minutes,
        runs=effort.runs,
    )


def _alike(judged: JudgedExercise) -> str:
    """A digest shared by answers that went wrong alike; "" if the mistake is named."""
    verdict = judged.verdict
    if judged.status == "raised" and verdict.raised:
        what = verdict.raised.name + verdict.raised.message
    elif judged.status == "unrecognised":
        what = as_text(verdict)  # with the case that shows it, and what came back
    else:
        return ""
    return hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:12]
