"""The README's course of another field works as it is printed there."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

import diagnose
from diagnose import Rung, judge

README = Path(diagnose.__file__).parent / "README.md"
COURSE, CELL = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
(SHOWN,) = re.findall(r"```text\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def stats(tmp_path_factory):
    """The README's code as a module, which its solutions' sources are read from."""
    path = tmp_path_factory.mktemp("course") / "stats_course.py"
    path.write_text(COURSE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("stats_course", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["stats_course"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["stats_course"]


def test_it_is_short():
    assert len(COURSE.splitlines()) < 60


@pytest.mark.parametrize("name", ["stats.mean", "stats.median"])
def test_solutions_pass_and_mistakes_are_named(stats, name):
    exercise = stats.course.find(name)
    assert judge(exercise, exercise.reference).passed
    for wrong in exercise.wrong_answers():
        verdict = judge(exercise, wrong.answer)
        assert verdict.rung is Rung.KNOWN_MISTAKE
        assert verdict.mistakes == (wrong.mistake.name,)
        assert verdict.sentences == (wrong.mistake.did, wrong.mistake.look)


def test_the_cell_shows_what_the_readme_shows(stats, capsys):
    names = {"course": stats.course}
    exec(CELL, names)
    assert capsys.readouterr().out == SHOWN
    assert names["mean"] is stats.mean  # the course's, which works


def test_an_id_that_is_not_there(stats):
    with pytest.raises(LookupError, match=r'Did you mean "stats.mean"\?'):
        stats.course.exercise("stats.meen")
    with pytest.raises(TypeError):
        stats.course.exercise(stats.mean)
