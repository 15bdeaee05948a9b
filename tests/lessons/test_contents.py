"""What is listed from the lessons' source is what importing them brings."""

import inspect
import re

import pytest

from lessons import entries_of, exercises_of, lesson_names, load_lesson, title
from lessons.places import PROJECT


@pytest.mark.parametrize("name", lesson_names())
def test_listed_and_imported_exercises_are_the_same(name):
    listed = [(entry.id, entry.minutes, entry.difficulty) for entry in entries_of(name)]
    imported = [(e.id, e.minutes, e.difficulty) for e in exercises_of(name).values()]
    assert listed == imported
    assert listed


@pytest.mark.parametrize("name", lesson_names())
def test_the_title_is_the_first_line(name):
    assert load_lesson(name).__doc__.startswith(title(name))


@pytest.mark.parametrize("name", lesson_names())
def test_exercises_are_defined_in_the_notebook_s_order(name):
    notebook = PROJECT / "notebooks" / f"{name[1:]}.ipynb"
    found = re.findall(r'@exercise\(\\"(\d\d\.\w+)\\"\)', notebook.read_text("utf-8"))
    assert found == [entry.id for entry in entries_of(name)]


def test_the_engine_that_students_write_is_small():
    """Lesson 03's design: at most 80 lines."""
    from lessons.l03_autograd import solutions

    parts = (solutions.Node, solutions.Value, solutions.backward)
    assert sum(len(inspect.getsource(part).splitlines()) for part in parts) <= 80
