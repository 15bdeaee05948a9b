"""make outputs: what it stores, what it leaves out, and what it leaves alone."""

import json

import nbformat
import pytest

from tools import notebook_runs, outputs

FIGURE = """
from IPython.display import display

class Explorer:
    def _repr_mimebundle_(self, **kwargs):
        view = {"model_id": "42", "version_major": 2, "version_minor": 0}
        data = {"application/vnd.jupyter.widget-view+json": view,
                "image/png": "aGVsbG8=", "text/plain": "[explorer] at rest"}
        return data, {"image/png": {"alt": "at rest"}}

Explorer()
"""


@pytest.fixture
def write(tmp_path):
    """Write a notebook of the cells given, each a code cell's source or a cell."""

    def write(*cells, **changes):
        made = [
            nbformat.v4.new_code_cell(cell, id=f"cell-{number}")
            if isinstance(cell, str)
            else cell
            for number, cell in enumerate(cells)
        ]
        notebook = nbformat.v4.new_notebook() | {"cells": made} | changes
        path = tmp_path / "07_toy.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    return write


def stored(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_second_run_changes_nothing(write):
    path = write("a = 1", "print(a)\na + 1", FIGURE)
    assert outputs.refresh(path)
    first = path.read_bytes()
    assert not outputs.refresh(path)
    assert path.read_bytes() == first


def test_file_is_written_as_nbformat_writes_it(write):
    path = write("print('é')")
    outputs.refresh(path)
    text = path.read_text(encoding="utf-8")
    assert text == nbformat.writes(nbformat.read(path, as_version=4)) + "\n"
    assert [child.name for child in path.parent.iterdir()] == [path.name]


def test_cells_are_counted_from_one_and_old_outputs_replaced(write):
    cell = nbformat.v4.new_code_cell("1 + 1", id="old", execution_count=17)
    cell.outputs = [nbformat.v4.new_output("stream", text="stale")]
    path = write(cell, nbformat.v4.new_markdown_cell("# T", id="text"), "3")
    outputs.refresh(path)
    first, _, second = stored(path)["cells"]
    assert (first["execution_count"], second["execution_count"]) == (1, 2)
    assert first["outputs"][0]["data"]["text/plain"] == ["2"]


def test_widget_leaves_only_its_picture_and_text(write):
    path = write("import ipywidgets\nipywidgets.IntSlider()", FIGURE)
    outputs.refresh(path)
    slider, figure = stored(path)["cells"]
    assert "widgets" not in stored(path)["metadata"]
    assert list(slider["outputs"][0]["data"]) == ["text/plain"]
    assert figure["outputs"][0]["data"].keys() == {"image/png", "text/plain"}
    assert figure["outputs"][0]["metadata"] == {"image/png": {"alt": "at rest"}}


def test_text_in_pieces_becomes_one(write):
    pieces = "for i in range(3):\n    print(i, flush=True)\ndisplay(i)\nprint('end')"
    path = write(pieces)
    outputs.refresh(path)
    texts = [output.get("text") for output in stored(path)["cells"][0]["outputs"]]
    assert texts == [["0\n", "1\n", "2\n"], None, ["end\n"]]


def test_metadata_is_that_of_no_machine(write):
    cell = nbformat.v4.new_code_cell("1", id="a")
    cell.metadata = {
        "execution": {"iopub.status.idle": "2026-01-01"},
        "collapsed": False,
        "slideshow": {"slide_type": "slide"},
        "tags": ["nbval-ignore-output"],
    }
    other = {"kernelspec": {"name": "mine", "display_name": "Mine"}, "widgets": {}}
    path = write(cell, metadata=other)
    outputs.refresh(path)
    assert stored(path)["metadata"] == outputs.METADATA
    assert stored(path)["cells"][0]["metadata"].keys() == {"slideshow", "tags"}


def test_ids_stay_and_missing_ones_are_always_the_same(write):
    cells = [nbformat.v4.new_code_cell(s, id="same") for s in ("1", "2", "2", "3")]
    cells[1].pop("id")
    cells[3]["id"] = "not valid"
    first = write(*cells)
    outputs.refresh(first)
    ids = [cell["id"] for cell in stored(first)["cells"]]
    assert ids[0] == "same"
    assert len(set(ids)) == 4
    cells[1].pop("id", None)
    again = write(*cells)
    outputs.refresh(again)
    assert [cell["id"] for cell in stored(again)["cells"]] == ids


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "def f():\n    1 / 0\n\nf()",
            'cell "cell-1", line 4 (`f()`), raised ZeroDivisionError: division by zero',
        ),
        (
            "\n\nx = = 3",
            'cell "cell-1", line 1 (`x = = 3`), raised SyntaxError: invalid syntax',
        ),
        ("import os\nos._exit(1)", 'its kernel died in cell "cell-1".'),
    ],
)
def test_failing_cell_leaves_the_file_alone(write, capsys, code, reason):
    path = write("print(1)", code)
    before = path.read_bytes()
    assert outputs.main([str(path)]) == 1
    assert path.read_bytes() == before
    said = capsys.readouterr().err
    assert said == f"07_toy.ipynb is left as it was: {reason}\n"


def test_endless_cell_is_stopped(write, capsys, monkeypatch):
    monkeypatch.setattr(notebook_runs, "CELL_SECONDS", 1)
    assert outputs.main([str(write("while True:\n    pass"))]) == 1
    assert 'cell "cell-0" ran longer than 1 s.' in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", "[]", '{"nbformat": 3}', "\ud800"])
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, capsys, content):
    path = tmp_path / "07_toy.ipynb"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert outputs.main([str(path), str(tmp_path / "none.ipynb")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_kernel_works_in_the_notebooks_folder_and_knows_no_user(write, monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    monkeypatch.setenv("MPLBACKEND", "agg")
    path = write(
        "import os",
        "print(os.path.basename(os.getcwd()) == os.environ['PYTEST_FOLDER'])",
        "print('COURSE_STRICT' in os.environ, os.listdir(os.environ['IPYTHONDIR']))",
        "print(os.path.exists(os.environ['COURSE_DATA']))",
    )
    monkeypatch.setenv("PYTEST_FOLDER", path.parent.name)
    outputs.refresh(path)
    texts = [c["outputs"][0]["text"] for c in stored(path)["cells"][1:]]
    assert texts == [["True\n"], ["False ['profile_default']\n"], ["False\n"]]
