"""Answers that nobody planned for, and what is told of each.

A file holds the answers to one lesson's exercises, as `python -m lessons`
reads them. The comment above an answer says whose thought it is (a right one may do
without), and ends with what must come of it:

    # passes
    # told: step uphill                     the names of mistakes, with `; ` between
    # told: wrong shape                     or else the rung that it fails
    # told: wrong values: a factor of 2     and what one of these is told, in part

A new file, or a new answer in one, is tested by being there.
"""

import functools
import re
from collections import Counter
from pathlib import Path

import pytest

from diagnose.answers_file import AnswersFile
from lessons import entries_of, lesson_names
from lessons.course import COURSE

FILES = [
    AnswersFile(path, COURSE)
    for path in sorted(Path(__file__).parent.glob("[0-9]*.py"))
]
ANSWERS = [(file, answer) for file in FILES for answer in file.answers]
WRONG_ANSWERS = 3  # at least, for every exercise


@functools.cache
def verdicts(file):
    """{line: Verdict} of all the file's answers."""
    return {one.answer.line: one.verdict for one in file.judged()}


def mark(file, answer):
    """What must be told, from the comment's last line; None without such a line."""
    line = file.path.read_text(encoding="utf-8").splitlines()[answer.line - 2]
    found = re.fullmatch(r"# (?:told: (?!passes)(.+)|(passes))", line)
    return found and (found[1] or found[2])


def thought(file, answer):
    """The comment's line above the mark: whose thought an answer is; or None."""
    line = file.path.read_text(encoding="utf-8").splitlines()[answer.line - 3]
    return re.fullmatch(r"# .+[.?]", line)


def headline(verdict):
    """What a mark has to begin with: names of mistakes, or else the rung."""
    if verdict.passed:
        return "passes"
    return "; ".join(verdict.mistakes) or verdict.rung.name.lower().replace("_", " ")


# In a notebook, an answer that warns can be right.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("file", "answer"),
    ANSWERS,
    ids=[f"{answer.exercise.id}-line-{answer.line}" for _, answer in ANSWERS],
)
def test_what_is_told(file, answer):
    marked = mark(file, answer)
    assert marked, f"{file.path.name}, line {answer.line}: what is to be told?"
    assert marked == "passes" or thought(file, answer), "whose thought is it?"
    verdict = verdicts(file)[answer.line]
    told = headline(verdict)
    assert told == marked[: len(told)], (told, verdict.sentences)
    rest = marked[len(told) :]
    assert not rest or rest.startswith(": ")
    assert rest[2:] in " ".join(verdict.sentences)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path.stem)
def test_every_exercise_of_the_lesson_gets_wrong_answers(file):
    lesson = f"l{file.path.stem}"
    assert lesson in lesson_names()
    wrong = Counter(
        answer.exercise.id for answer in file.answers if mark(file, answer) != "passes"
    )
    exercises = {entry.id for entry in entries_of(lesson)}
    assert {answer.exercise.id for answer in file.answers} == exercises
    assert {which for which in exercises if wrong[which] < WRONG_ANSWERS} == set()
