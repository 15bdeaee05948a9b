"""Exercise cells are read alike, however they are written, and by everyone."""

import json

import nbformat
import pytest

from classroom.plan.sections import exercise_in
from classroom.report.notebook_code import NotebookCode
from classroom.slides.cells import NotesFromExercises
from diagnose.answers_file import AnswersFile
from diagnose.cells import (
    exercise_cells,
    exercises_in,
    first_line,
    is_stub,
    without_magics,
)
from lessons.course import COURSE
from tools.carry import carry

BODY = "def relu(x):\n    return abs(x)"
WAYS = {
    "as it is handed out": '@exercise("00.relu")',
    "single quotes": "@exercise('00.relu')",
    "through the package": '@helpers.exercise("00.relu")',
    "by keyword": '@exercise(which="00.relu")',
    "a comment behind it": '@exercise("00.relu")  # mine',
    "blanks inside": '@exercise( "00.relu" )',
    "no practice, said so": '@exercise("00.relu", practice=False)',
    "over two lines": '@exercise(\n    "00.relu"\n)',
}
every_way = pytest.mark.parametrize("decorator", WAYS.values(), ids=WAYS)


@every_way
@pytest.mark.parametrize("above", ["", "%%time\n", "# mine\n", "%matplotlib inline\n"])
def test_every_reader_finds_the_exercise(decorator, above, tmp_path):
    source = f"{above}{decorator}\n{BODY}"
    assert exercises_in(source) == ["00.relu"]
    assert exercise_in(source) == "00.relu"  # the plan
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    (found,) = NotebookCode(notebook).answers  # the report
    assert found.exercise == "00.relu"
    noted, _ = NotesFromExercises().preprocess(notebook, {})  # the slides
    assert len(noted.cells) == 2
    assert "00.relu" in noted.cells[1].source
    shipped = _notebook(
        '@exercise("00.relu")\ndef relu(x):\n    raise NotImplementedError'
    )
    carried = carry({"n": _notebook(source)}, {"n": shipped}, {"n": shipped})
    assert [answer.exercise for answer in carried.answers] == ["00.relu"]  # the update
    assert carried.leftovers == []
    if not above.startswith("%"):
        path = tmp_path / "answers.py"
        path.write_text(source, encoding="utf-8")
        (judged,) = AnswersFile(path, COURSE).judged()
        assert judged.answer.exercise.id == "00.relu"
        assert judged.verdict.mistakes == ("absolute value",)


def _notebook(source):
    cell = {"cell_type": "code", "source": source, "metadata": {}, "id": "a"}
    cell |= {"outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}}).encode()


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        (f'@exercise("00.relu", practice=True)\n{BODY}', []),
        (f'@exercise("00.relu", True)\n{BODY}', []),
        ('@exercise("00.relu")\nclass Relu(Base:', ["00.relu"]),
        ("@exercise(which='00.relu')  # hm\nclass Relu(Base:", ["00.relu"]),
        ('@exercise("00.relu", practice=True)\nclass Relu(Base:', []),
        (f'# @exercise("00.relu")\n{BODY}', []),
        (f"@exercise\n{BODY}", []),
        (f"@exercise(which)\n{BODY}", []),
        (
            f'@exercise("00.relu")\n{BODY}\n@exercise("00.b")\n{BODY}',
            ["00.relu", "00.b"],
        ),
        (f'%%writefile mine.py\n@exercise("00.relu")\n{BODY}', []),
        ("%%bash\nif [ 1 ]; then echo; fi", []),
        ("not python at all", []),
        ("", []),
    ],
)
def test_what_counts(source, ids):
    assert exercises_in(source) == ids


def test_a_cell_s_parts():
    source = f'import math\n\n@exercise("00.relu", practice=True)\n{BODY}'
    (cell,) = exercise_cells(source)
    assert (cell.exercise, cell.practice, cell.line) == ("00.relu", True, 3)
    assert cell.node.name == "relu"
    assert first_line(source) == "def relu(x):"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("a = 1", "a = 1"),
        ("a = 5 %2", "a = 5 %2"),
        ("%time a = 1\nb = 2", "\nb = 2"),
        ("files = !ls\nb = 2", "\nb = 2"),
        ("  !ls\nb = 2", "\nb = 2"),
        ("%%time\nb = 2", "\nb = 2"),
        ("%%bash\nb = 2", "\n"),
    ],
)
def test_magics_are_blanked_out_and_lines_stay(source, left):
    assert without_magics(source) == left


STUBS = [
    "raise NotImplementedError",
    "raise NotImplementedError()",
    "raise NotImplementedError('yours')",
    "pass",
    "...",
    '"""What it does."""',
]
EMPTY_PREDICTIONS = ["return", "return [None, (None, None)]", "return {'a': [None]}"]
ANSWERS = ["return 'float32'", "return [None, 1]", "return x", "x += 1", "return ("]


@pytest.mark.parametrize("body", STUBS)
def test_stubs(body):
    assert is_stub(f'@exercise("a")\ndef a(x):\n    {body}', or_returns_none=False)
    assert is_stub(f'%%time\n@exercise("a")\ndef a(x):\n    {body}')


@pytest.mark.parametrize("body", EMPTY_PREDICTIONS)
def test_a_prediction_s_stub(body):
    source = f'@exercise("a")\ndef a():\n    {body}'
    assert is_stub(source)
    assert not is_stub(source, or_returns_none=False)


@pytest.mark.parametrize("body", [*ANSWERS, "raise ValueError"])
def test_answers(body):
    assert not is_stub(f'@exercise("a")\ndef a(x):\n    {body}')


def test_what_defines_nothing_is_no_stub():
    assert not is_stub("")
    assert not is_stub("1")
