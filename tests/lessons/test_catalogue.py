"""python -m lessons catalogue: every mistake as a cell, with what is said of it."""

import html
import re

import pytest

from lessons import all_exercises
from lessons.__main__ import main


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalogue") / "new"
    assert main(["catalogue", str(folder)]) == 0
    return {path.suffix: path.read_text("utf-8") for path in folder.iterdir()}


def test_every_wrong_answer_is_there_as_it_can_be_typed(pages):
    page = html.unescape(re.sub("<[^>]*>", "", pages[".html"]))
    for exercise in all_exercises().values():
        for wrong in exercise.wrong_answers():
            assert exercise.cell(wrong.source) in page, wrong.mistake.name
            assert wrong.mistake.did.replace("`", "") in page
            assert wrong.mistake.look.replace("`", "") in page


def test_an_edit_is_shown_as_one(pages):
    assert "-     return np.maximum(x, 0)\n+     return np.abs(x)" in pages[".md"]
    assert "<mark>    return np.abs(x)</mark>" in pages[".html"]


def test_the_page_needs_nothing_beside_it(pages):
    assert not re.search(r"<(script|link|img)|https?:", pages[".html"])


def test_what_can_t_be_written_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["catalogue", str(tmp_path / "file" / "folder")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
