"""Notebooks as students hand them in, and what becomes of them."""

from dataclasses import replace

import nbformat

from benchmarks.class_of import answered, course_notebook
from classroom.report.judging import judge_notebook, lesson_of
from classroom.report.limits import MEGABYTE, Limits
from classroom.report.notebook_code import NotebookCode

OPENER = "l00_start_here"
QUICK = Limits(step=2, notebook=60, memory=400 * MEGABYTE)
SLOW = replace(QUICK, step=30)  # for what ends by itself, on a busy machine


def relu(body):
    """A cell that answers 00.relu with these lines."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f'@exercise("00.relu")\ndef relu(x):\n{lines}'


def notebook_of(*cells):
    """A notebook of code cells; with none of the course's own."""
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    return nbformat.v4.new_notebook(cells=made)


def opener(**sources):
    """The course's first notebook with these answers: relu=…, predict_axis=…"""
    answers = {f"00.{name}": source for name, source in sources.items()}
    return answered(course_notebook(OPENER), answers)


def judged(notebook, limits=QUICK):
    """(what became of each exercise, by its id; notes on what else the code tried)."""
    code = NotebookCode(notebook)
    lesson = lesson_of(code)
    course = NotebookCode(course_notebook(lesson))
    found = judge_notebook(code, lesson, course, limits)
    return {entry.exercise: entry for entry in found.exercises}, found.notes
