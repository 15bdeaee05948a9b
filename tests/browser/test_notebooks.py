"""Every notebook as a student uses it: in JupyterLab, in a real browser, by keyboard.

One visit a notebook: it is run once, and everything is looked at in that page.
"""

import contextlib
import re

import nbformat
import pytest
from explorer_by_keys import move_every_control
from opened_notebook import OpenedNotebook
from playwright.sync_api import expect

from benchmarks.stability import verdicts_of
from lessons import exercises_of
from lessons.places import NOTEBOOKS
from tools.named import all_notebooks

# A short one and a long one; a visit takes half a minute of a processor to two minutes.
ALWAYS = ("00", "04")
IMAGES = """images => images.map(image => ({
    alt: image.alt, isDrawn: image.complete && image.naturalWidth > 0,
    begins: image.outerHTML.slice(0, 80)}))"""


def visit(path):
    """A notebook as a parameter: most are visited with --everything only."""
    marks = () if path.stem.startswith(ALWAYS) else pytest.mark.everything
    return pytest.param(path, id=path.stem, marks=marks)


@pytest.fixture(scope="module", params=map(visit, all_notebooks()))
def notebook(request, chromium, lab):
    """Each notebook in turn, run from its first cell to its last."""
    opened = OpenedNotebook(chromium, lab, request.param.stem)
    with contextlib.closing(opened) as notebook:
        notebook.shoot("opening")
        notebook.run_all()
        yield notebook


def test_no_cell_fails(notebook):
    cells = notebook.code_cells()
    failed = [
        (cell["source"], output)
        for cell in cells
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]
    assert failed == []
    assert [cell["execution_count"] for cell in cells] == [*range(1, len(cells) + 1)]


def test_verdicts_are_those_that_are_stored(notebook):
    path = NOTEBOOKS / f"{notebook.name}.ipynb"
    stored = nbformat.read(path, as_version=4)
    now = nbformat.from_dict({"cells": notebook.code_cells()})
    assert verdicts_of(now) == verdicts_of(stored) != {}


def test_every_picture_is_drawn_and_told(notebook):
    in_page = notebook.page.locator(".jp-Notebook .jp-Cell").count()
    assert in_page == len(notebook.sources()), "cells out of sight are in the page too"
    images = notebook.page.locator(".jp-Notebook img").evaluate_all(IMAGES)
    assert images
    for image in images:
        assert image["isDrawn"], image
        assert image["alt"].strip(), image


def test_every_control_of_every_explorer_moves_picture_and_sentence(notebook):
    sources = [
        cell["source"]
        for cell in notebook.code_cells()
        for output in cell["outputs"]
        if "".join(output.get("data", {}).get("text/plain", "")).startswith(
            "[explorer]"
        )
    ]
    assert sources
    for number, source in enumerate(sources, 1):
        notebook.go_to(source)
        notebook.shoot(f"explorer-{number}")
        moved, there_are = move_every_control(notebook)
        assert moved == there_are > 0


def test_wrong_is_named_right_passes_and_both_outlive_a_reload(notebook):
    lesson = f"l{notebook.name}"
    exercise, *_ = exercises_of(lesson).values()
    wrong, *_ = exercise.wrong_answers()
    sources = notebook.sources()
    (stub,) = (
        index
        for index, source in enumerate(sources)
        if source.startswith(f'@exercise("{exercise.id}")')
    )

    def progress():
        """How many exercises of the lesson are passed, as the cell below says."""
        table = notebook.active.locator(".course-progress").inner_text()
        passed, of = re.search(
            rf"^{notebook.name[:2]} .*: (\d+) of (\d+) passed", table, re.MULTILINE
        ).groups()
        assert int(of) == len(exercises_of(lesson))
        return int(passed)

    notebook.go_to(stub)
    notebook.write_and_run(exercise.cell(wrong.source))
    card = notebook.active.locator(".course-card")
    expect(card).to_contain_text(wrong.mistake.did.replace("`", ""))
    expect(card).to_contain_text(wrong.mistake.look.replace("`", ""))
    notebook.shoot("verdict")
    notebook.write_below_and_run("progress()")
    before = progress()

    notebook.go_to(stub)
    notebook.write_and_run(exercise.solution)
    expect(card).to_contain_text("Passed")
    notebook.go_to(stub + 1)
    notebook.run_cell()
    assert progress() == before + 1

    notebook.save_and_reload()
    assert notebook.sources()[stub] == exercise.solution
    notebook.go_to(stub)
    expect(card).to_contain_text("Passed")
    notebook.go_to(stub + 1)
    notebook.run_cell()
    assert progress() == before + 1


def test_nothing_left_the_machine_and_nothing_was_complained_of(notebook, lab):
    host = lab.address.removeprefix("http://")
    ours = (f"http://{host}/", f"ws://{host}/", "data:", "blob:")
    assert any(url.startswith(ours[0]) for url in notebook.requests)
    assert [url for url in notebook.requests if not url.startswith(ours)] == []
    assert notebook.errors == []
