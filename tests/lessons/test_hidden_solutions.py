"""With COURSE_SOLUTIONS=hide, no output holds a line of any exercise's reference.

Every exercise of the course is tried: as it is handed out, with an answer that raises,
with a mistake, and solved.
"""

import ast
import html
import inspect
import re
import textwrap

import nbformat
import pytest
from cells import run_cell, wrong_answer
from toy_lesson import DOUBLE

from diagnose.card import Card
from diagnose.ladder import judge
from helpers import exercise as decorator
from helpers.progress_file import Progress
from lessons import all_exercises, lesson_names
from lessons.places import PROJECT
from tools import outputs

EXERCISES = list(all_exercises().values())
NOTEBOOKS = sorted(PROJECT.glob("notebooks/*.ipynb"))
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)


@pytest.fixture
def hidden(monkeypatch):
    monkeypatch.setenv("COURSE_SOLUTIONS", "hide")


SOLUTION = '<details class="course-solution">.*?</details>'

# What a reference says that nothing else does


def secrets(exercise):
    """The statements of a reference that the student hasn't been given already.

    Signatures and docstrings are in the stub. A hint may say a line; that stays.
    """
    source = textwrap.dedent(inspect.getsource(exercise.reference))
    said = squeezed(" ".join(texts(exercise)))
    statements = {
        squeezed(ast.get_source_segment(source, node))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt)
        and not hasattr(node, "body")
        and not isinstance(getattr(node, "value", None), ast.Constant)
    }
    return {statement for statement in statements if statement not in said}


def texts(exercise):
    said = [text for m in exercise.mistakes for text in (m.name, m.did, m.look)]
    return [*said, *exercise.hints]


def squeezed(text):
    """Without blanks, so that no other layout hides anything."""
    return re.sub(r"\s", "", text)


def outputs_of(verdict, note=""):
    card = Card(verdict, note)
    return repr(card), html.unescape(re.sub("<[^>]*>", "", card._repr_html_()))


def leaked(exercise, shown):
    shown = squeezed(shown)
    return {line for line in secrets(exercise) if line in shown}


# Answers of all kinds


def header(exercise):
    name = exercise.reference.__name__
    if isinstance(exercise.reference, type):
        return f"class {name}(Base):\n    def __init__(self, *given): "
    return f"def {name}{inspect.signature(exercise.reference)}: "


def answers(exercise):
    """{what it is: an answer}: untouched, raising, a mistake, and the right one."""
    name, reference = exercise.reference.__name__, exercise.reference
    given = dict(vars(inspect.getmodule(reference)))
    if isinstance(reference, type):
        given["Base"] = reference.__mro__[1]

    def answer(line):
        return run_cell(header(exercise) + line, **given)[name]

    return {
        "a stub": answer("raise NotImplementedError"),
        "raising": answer("raise ValueError('no')"),
        "a mistake": wrong_answer(exercise),
        "right": reference,
    }


@every_exercise
def test_no_card_holds_a_line_of_the_reference(exercise, hidden):
    assert secrets(exercise)
    for name, answer in answers(exercise).items():
        verdict = judge(exercise, answer)
        # A mistake is mostly the solution's own text; the line that raised is the
        # student's, wherever else it may stand.
        own = {squeezed(verdict.raised.line)} if verdict.raised else set()
        for shown in outputs_of(verdict):
            assert not leaked(exercise, shown) - own, name
        assert "Solutions are hidden." in shown


@every_exercise
def test_without_it_the_same_search_finds_the_solution(exercise):
    text, page = outputs_of(judge(exercise, exercise.reference))
    assert leaked(exercise, page) == secrets(exercise)
    assert not leaked(exercise, text)


def test_neither_progress_nor_what_it_prints_holds_one(hidden, capsys, tmp_path):
    progress = Progress()
    for name in lesson_names():
        table = progress(name[1:3])
        progress.reset(name[1:])
        shown = repr(table) + html.unescape(table._repr_html_())
        shown += capsys.readouterr().out
        assert name[1:3] in shown
        for exercise in EXERCISES:
            assert not leaked(exercise, shown), exercise.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_nothing_else_that_a_notebook_shows_holds_one(path):
    """The cards apart, which hold it in one place that is left out when hidden."""
    shown = ""
    for cell in outputs.code_cells(outputs.read(path.read_bytes())):
        for output in cell.outputs:
            data = output.get("data", {})
            texts = [data[kind] for kind in data if kind.startswith("text/")]
            shown += "\n".join([output.get("text", ""), *texts])
    without = re.sub(SOLUTION, "", shown, flags=re.DOTALL)
    assert without != shown
    for exercise in EXERCISES:
        assert not leaked(exercise, html.unescape(without)), exercise.id


def test_an_exercise_of_no_name_names_none(hidden):
    with pytest.raises(LookupError) as raised:
        decorator("01.forwards")
    for exercise in EXERCISES:
        assert not leaked(exercise, str(raised.value))


# What the card says instead


def test_hints_and_the_plain_text_stay(monkeypatch):
    verdict = judge(DOUBLE, run_cell("def double(x): return x")["double"])
    text, page = outputs_of(verdict)
    monkeypatch.setenv("COURSE_SOLUTIONS", "hide")
    hidden_text, hidden_page = outputs_of(verdict)
    assert hidden_text == text
    for hint in DOUBLE.hints:
        assert hint.replace("`", "") in hidden_page
    assert "Solution" in page and "hidden" not in page


@pytest.mark.parametrize("value", ["Hide", "hidden", "show", "0", "<b>" * 50])
def test_a_value_that_is_not_known_hides_and_says_so(value, monkeypatch):
    monkeypatch.setenv("COURSE_SOLUTIONS", value)
    verdict = judge(DOUBLE, DOUBLE.reference)
    page = Card(verdict)._repr_html_()
    assert f'COURSE_SOLUTIONS is "{value[:20]}", which counts as' in html.unescape(page)
    assert "<b>" not in page
    assert "course-solution" not in page


def test_an_empty_value_shows(monkeypatch):
    monkeypatch.setenv("COURSE_SOLUTIONS", "")
    assert "course-solution" in Card(judge(DOUBLE, DOUBLE.reference))._repr_html_()


# Notebooks to hand out


def test_notebooks_are_stored_without_solutions_when_asked(tmp_path, monkeypatch):
    cells = ["import numpy as np\nfrom helpers import exercise"]
    cells += ['@exercise("00.relu")\ndef relu(x):\n    raise NotImplementedError']
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells]
    )
    path = tmp_path / "00_toy.ipynb"
    stored = []
    for value in ("", "hide"):
        monkeypatch.setenv("COURSE_SOLUTIONS", value)
        path.write_bytes(outputs.as_stored(notebook))
        outputs.refresh(path)
        (card,) = outputs.read(path.read_bytes()).cells[1].outputs
        stored.append(card.data)
    shown, hidden = stored
    assert "np.maximum(x, 0)" in shown["text/html"]
    assert "np.maximum(x, 0)" not in hidden["text/html"]
    assert shown["text/plain"] == hidden["text/plain"]
