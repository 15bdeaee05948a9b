"""Answers on their way from an old notebook to a new one."""

import json

import nbformat
import pytest
import toy_course
from toy_clone import cells, code, md, notebook, sources, stub

import lessons
from diagnose.cells import is_stub
from tools.carry import NotANotebook, carry, cells_of, exercises_of, filled

COURSE = sorted((toy_course.TOOLS.parent / "notebooks").glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", COURSE, ids=lambda path: path.name)


def solutions(path):
    exercises = lessons.exercises_of(f"l{path.stem}")
    return {name: exercise.solution for name, exercise in exercises.items()}


# The course's own notebooks


@every_notebook
def test_every_solution_of_the_course_is_carried(path):
    base = path.read_bytes()
    old = filled(base, solutions(path))
    rewritten = json.loads(base)
    rewritten["cells"].reverse()
    for cell in rewritten["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = ["Rewritten. ", *cell["source"]]
    new = json.dumps(rewritten).encode()
    carried = carry({path.name: old}, {path.name: base}, {path.name: new})
    assert carried.leftovers == []
    assert {answer.exercise for answer in carried.answers} == solutions(path).keys()
    made = sources(carried.files[path.name])
    assert [s for s in solutions(path).values() if s not in made] == []
    nbformat.validate(json.loads(carried.files[path.name]))


@every_notebook
def test_every_stub_is_unsolved_and_no_solution_is(path):
    stubs = [
        "".join(cell["source"])
        for cell in cells_of(path.read_bytes())
        if exercises_of(cell)
    ]
    assert len(stubs) == len(solutions(path))
    assert all(map(is_stub, stubs))
    assert not any(map(is_stub, solutions(path).values()))


@every_notebook
def test_a_course_that_nobody_has_worked_on_has_nothing_to_carry(path):
    content = {path.name: path.read_bytes()}
    for bases in (content, {}):
        carried = carry(content, bases, content)
        assert (carried.files, carried.touched, carried.leftovers) == ({}, set(), [])


@every_notebook
def test_a_notebook_with_nothing_filled_in_keeps_its_bytes(path):
    assert filled(path.read_bytes(), {}) == path.read_bytes()


# Small things


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "raise NotImplementedError('yours')",
        "pass",
        "...",
        "return",
        "return [None, (None, None)]",
        "return {'shape': None, 'kinds': [None]}",
    ],
)
def test_a_stub_is_stub(body):
    assert is_stub("".join(stub("01.a", body)["source"]))


@pytest.mark.parametrize(
    "body",
    [
        "return 'float32'",
        "return [None, 1]",
        "return {'shape': 'none'}",
        "return x",
        "x += 1",
        "raise ValueError",
        "return (",
    ],
)
def test_an_answer_is_not(body):
    assert not is_stub("".join(stub("01.a", body)["source"]))


def test_practice_and_prose_are_no_exercises():
    practice = code('@exercise("01.a", practice=True)\ndef a(x):\n    return 1')
    assert exercises_of(practice) == []
    assert exercises_of(md('@exercise("01.a")')) == []
    assert exercises_of(code('# @exercise("01.a")')) == []


def test_a_source_may_be_one_text():
    old = json.loads(notebook(stub("01.a", "return 5")))
    old["cells"][0]["source"] = "".join(old["cells"][0]["source"])
    names = [{"n": content} for content in (notebook(stub("01.a")),) * 2]
    carried = carry({"n": json.dumps(old).encode()}, *names)
    assert "return 5" in sources(carried.files["n"])[0]


def test_helpers_in_an_answer_s_cell_come_along():
    source = "def half(x):\n    return x / 2\n\n\n"
    source += '@exercise("01.a")\ndef a(x):\n    return half(x)'
    shipped = {"n": notebook(md("# T"), stub("01.a"))}
    carried = carry({"n": notebook(code(source))}, shipped, shipped)
    assert sources(carried.files["n"])[1] == source


def test_an_answer_s_old_outputs_are_left_behind():
    answered = stub("01.a", "return 5") | {"execution_count": 7}
    answered["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["✓"]}]
    shipped = {"n": notebook(stub("01.a"))}
    (made,) = cells(carry({"n": notebook(answered)}, shipped, shipped).files["n"])
    assert (made["outputs"], made["execution_count"]) == ([], None)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"cells": [1]}', b'{"cells": [{}]}']
)
def test_what_is_no_notebook(content):
    with pytest.raises(NotANotebook):
        cells_of(content)
