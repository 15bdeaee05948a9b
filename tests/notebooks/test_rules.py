"""Every notebook keeps every rule, and every rule refuses a notebook that breaks it."""

import re

import pytest
from breakers import BREAKERS, KEEPERS
from course_notebook import Notebook, course_notebooks, load
from good_notebook import Draft
from rules import RULES

import lessons


def of(edits):
    return [
        pytest.param(*edit, id=f"{edit[0]}-{number}")
        for number, edit in enumerate(edits)
    ]


@pytest.fixture(autouse=True, scope="module")
def toy_lesson(tmp_path_factory):
    """Let the course know of the good notebook's lesson while these tests run."""
    folder = Draft(tmp_path_factory.mktemp("course")).write().parent.parent
    lessons.__path__.append(str(folder / "lessons"))
    yield
    lessons.__path__.pop()


@pytest.mark.parametrize("path", course_notebooks(), ids=lambda path: path.name)
@pytest.mark.parametrize("rule", RULES)
def test_notebook_keeps_rule(path, rule):
    complaints = RULES[rule](load(path))
    assert not complaints, "\n".join(["", *complaints])


def test_there_are_notebooks():
    assert course_notebooks()


@pytest.mark.parametrize("rule", RULES)
def test_good_notebook_keeps_rule(tmp_path, rule):
    assert RULES[rule](Notebook(Draft(tmp_path).write())) == []


@pytest.mark.parametrize(("rule", "name", "edit"), of(BREAKERS))
def test_broken_notebook_is_refused(tmp_path, rule, name, edit):
    draft = Draft(tmp_path)
    edit(draft)
    notebook = Notebook(draft.write())
    complaints = RULES[rule](notebook)
    assert complaints
    for complaint in complaints:
        place, _, advice = complaint.partition(": ")
        assert place in (name, f'cell "{name}"', notebook.path.name * (not name))
        assert re.fullmatch(r"(?s).{10,}[.!?)…]", advice), advice


@pytest.mark.parametrize(("rule", "name", "edit"), of(KEEPERS))
def test_near_miss_is_accepted(tmp_path, rule, name, edit):
    draft = Draft(tmp_path)
    edit(draft)
    assert RULES[rule](Notebook(draft.write())) == []


def test_no_rule_lacks_a_breaker():
    assert {rule for rule, _, _ in BREAKERS} == RULES.keys()
