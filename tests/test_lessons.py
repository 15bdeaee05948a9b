"""What is listed from the lessons' source is what importing them brings."""

import pytest

from helpers.lessons import entries_of, exercises_of, lesson_names, load_lesson, title


@pytest.mark.parametrize("name", lesson_names())
def test_listed_and_imported_exercises_are_the_same(name):
    listed = [(entry.id, entry.minutes, entry.difficulty) for entry in entries_of(name)]
    imported = [(e.id, e.minutes, e.difficulty) for e in exercises_of(name).values()]
    assert listed == imported
    assert listed


@pytest.mark.parametrize("name", lesson_names())
def test_the_title_is_the_first_line(name):
    assert load_lesson(name).__doc__.startswith(title(name))
