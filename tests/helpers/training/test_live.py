"""The live view, in a real kernel; without one there is a bar."""

import base64
from pathlib import Path

import nbformat
import pytest
import toy_run
from nbclient import NotebookClient

from helpers.training import fit

SETUP = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import ipywidgets, toy_run
from helpers.training import fit
pictures = toy_run.pictures()
def stop_in_batch_13(batch, generator):
    global batches
    batches += 1
    if batches == 13:
        widgets = ipywidgets.widgets.widget._instances.values()
        for widget in list(widgets):
            if isinstance(widget, ipywidgets.Button) and not widget.disabled:
                widget.click()
    return batch
batches = 0
"""
CELL = """
how = toy_run.HOW | {"progress": True, "live": True}
history = fit(toy_run.network(), pictures, pictures, **how)
"""
STOPPED = CELL.replace('live": True', 'live": True, "augment": stop_in_batch_13')
SAY = "print(history.stopped, len(history))"


@pytest.fixture(scope="module")
def cells():
    """The cells run, with their outputs."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(cell) for cell in (SETUP, CELL, STOPPED, SAY)
    ]
    NotebookClient(notebook, timeout=120).execute()
    return notebook.cells


def test_one_picture_with_alt_text_is_left(cells):
    for cell, epochs in zip(cells[1:3], (4, 1), strict=True):
        assert {output.output_type for output in cell.outputs} == {"display_data"}
        widgets, curves = cell.outputs
        assert "application/vnd.jupyter.widget-view+json" in widgets.data
        assert base64.b64decode(curves.data["image/png"]).startswith(b"\x89PNG")
        alt = curves.metadata["image/png"]["alt"]
        assert alt.startswith(f"Loss and accuracy after epoch {epochs}: ")
        assert curves.data["text/plain"] == f"[picture] {alt}"


def test_the_button_stops_it_and_keeps_what_was_learnt(cells):
    assert (
        "Stopped in epoch 2 of 4, after 24 of 76 pictures" in cells[3].outputs[0].text
    )
    assert cells[3].outputs[0].text.endswith(" 1\n")


def test_without_a_notebook_there_is_a_bar(capsys):
    pictures = toy_run.pictures()
    fit(toy_run.network(), pictures, pictures, **(toy_run.HOW | {"live": True}))
    assert "epoch 4 of 4" in capsys.readouterr().err
