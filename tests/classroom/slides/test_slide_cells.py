"""From cells to slides, and the command, without a browser."""

import subprocess
import sys

import pytest
from toy_notebook import card, code, notebook, picture, printed, prose

from classroom.__main__ import main
from classroom.slides import beside
from classroom.slides.cells import (
    HeadingsBeginSlides,
    OutputsForTheRoom,
    PicturesLieBeside,
    notes_for,
)
from diagnose import Exercise, Mistake, as_html, judge
from tools.named import all_notebooks

RESOURCES = {"metadata": {"name": "07_toy"}}


def processed(preprocessor, *cells):
    made, _ = preprocessor(enabled=True)(notebook(*cells), RESOURCES)
    return made.cells


def typed_sources(cells):
    return [(cell.metadata.slideshow.slide_type, cell.source) for cell in cells]


def test_prose_above_a_heading_ends_the_slide_before():
    cells = processed(
        HeadingsBeginSlides, prose("slide", "So it does.\n\n## Next\n\nWhy?")
    )
    assert typed_sources(cells) == [("-", "So it does."), ("slide", "## Next\n\nWhy?")]
    assert len({cell.id for cell in cells}) == 2


@pytest.mark.parametrize(
    "cell",
    [
        prose("slide", "## At the top\n\n```\n# a comment\n```"),
        prose("slide", "No heading, #hashtag."),
        prose("-", "Before.\n\n## In the middle of a slide"),
        prose("slide", "Look:\n\n```\n# a comment\n```"),
        code("slide", "1\n# comment"),
    ],
)
def test_other_cells_stay_whole(cell):
    assert processed(HeadingsBeginSlides, cell) == [cell]


def answer(x):
    """Twice x."""
    return x + x


TOY = Exercise(
    "07.answer",
    reference=answer,
    oracle=lambda x: 2 * x,
    cases=lambda rng: [(1.0,)],
    mistakes=(
        Mistake("__x__ itself", "You gave `x` back.", "See?", swap={"x + x": "x"}),
    ),
    hints=("Add.",),
    minutes=1,
    difficulty=2,
)


def test_a_card_keeps_its_hints_and_loses_its_solution():
    html = as_html(judge(TOY, lambda x: x))
    assert "return x + x" in html
    ((cell),) = processed(OutputsForTheRoom, code("-", "f", card(html)))
    shown = cell.outputs[0].data["text/html"]
    assert "return x + x" not in shown and "Solution" not in shown
    assert "Add." in shown and 'role="status"' in shown


def test_other_outputs_stay_as_they_are():
    cell = code("-", "f", printed("1"), card("<b>bold</b>"), picture("[picture] One."))
    before = [dict(output) for output in cell.outputs]
    ((after),) = processed(OutputsForTheRoom, cell)
    assert [dict(output) for output in after.outputs] == before


def test_an_explorer_says_where_it_lives():
    ((cell),) = processed(OutputsForTheRoom, code("-", "f", picture("[explorer] One.")))
    assert "notebook 07" in cell.outputs[-1].data["text/html"]


def test_drawings_are_looked_for_beside_the_deck():
    ((cell),) = processed(PicturesLieBeside, prose("-", "![A](../imgs/07_a.svg)"))
    assert cell.source == "![A](imgs/07_a.svg)"


def test_notes_have_minutes_and_what_usual_mistakes_did():
    assert notes_for(TOY).splitlines() == [
        "**07.answer**: 1 minute, difficulty 2 of 3. Answers to expect:",
        "",
        r"- *\_\_x\_\_ itself*: You gave `x` back.",
    ]


# The command


def test_an_unknown_name_is_one_sentence(capsys):
    assert main(["slides", "99"]) == 1
    said = 'There is no notebook "99": name one as 01, or by its file.\n'
    assert capsys.readouterr().err == said


def test_without_npm_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(beside.shutil, "which", lambda name: None)
    with pytest.raises(beside.Unavailable, match=r"need npm once.+install Node\.js"):
        beside.fetch(tmp_path / "npm")
    assert not (tmp_path / "npm").exists()


def failing_npm(folder):
    npm = folder / "npm"
    npm.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no such host')\n")
    npm.chmod(0o755)
    return str(npm)


def test_where_npm_fails_it_says_why_and_tries_again(tmp_path, monkeypatch):
    monkeypatch.setattr(beside.shutil, "which", lambda name: failing_npm(tmp_path))
    for _ in range(2):
        with pytest.raises(
            beside.Unavailable, match=r"no such host.+same command again"
        ):
            beside.fetch(tmp_path / "packages")


def test_what_is_fetched_is_not_fetched_again(tmp_path, monkeypatch):
    calls = []

    def run(command, **options):
        calls.append(command[1])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(beside.shutil, "which", lambda name: "npm")
    monkeypatch.setattr(beside.subprocess, "run", run)
    assert beside.fetch(tmp_path) == beside.fetch(tmp_path) == tmp_path / "node_modules"
    assert calls == ["ci"]


def test_no_pin_names_an_address():
    lock = (beside.PINS / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock and "registry" not in lock


def test_the_list_of_decks_leads_to_each(decks):
    listed = (decks / "index.html").read_text(encoding="utf-8")
    for path in all_notebooks():
        assert f'href="{path.stem}.html"' in listed
