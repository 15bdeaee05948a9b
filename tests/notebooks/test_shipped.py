"""That running notebooks as shipped proves something, as pytest is set up here.

A course of small notebooks, with this project's own settings, is put to plain `pytest`
once; each notebook differs in one thing from the one that should pass.
"""

import os
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from course_notebook import Notebook
from good_notebook import Draft
from rules import RULES

from lessons.places import PROJECT

# Shows how often this progress folder has been used before.
COUNTER = """
    import os
    from pathlib import Path

    seen = Path(os.environ["COURSE_DATA"])
    seen.mkdir(parents=True, exist_ok=True)
    print(len(list(seen.iterdir())), "COURSE_STRICT" in os.environ)
    (seen / "used").touch()
"""

# Asks for the network, and says what it hears.
ASKING = """
    import socket

    try:
        socket.create_connection(("192.0.2.1", 9), timeout=1)
    except OSError as error:
        print(error.strerror)
"""


def good(draft):
    pass


def other_output(draft):
    draft["value"]["outputs"][0]["data"]["text/plain"] = ["array([0., 1., 3.])"]


def output_not_stored(draft):
    draft["value"]["outputs"] = []


def error(draft):
    draft.say("step-3", "step_3 = 1 / 0")


def stripped(draft):
    draft.say("value", "np.random.default_rng().random()")
    for cell in draft.raw["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}


def counting(draft):
    draft.say("imports", COUNTER)
    draft.say("value", "print(len(list(seen.iterdir())))")
    for name, printed in (("imports", "0 False\n"), ("value", "1\n")):
        output = {"name": "stdout", "output_type": "stream", "text": [printed]}
        draft[name]["outputs"] = [output]


def counting_too(draft):
    counting(draft)


def asking(draft):
    draft.say("value", ASKING)
    text = "there is no network in this test: 192.0.2.1\n"
    output = {"name": "stdout", "output_type": "stream", "text": [text]}
    draft["value"]["outputs"] = [output]


EDITS = (
    good,
    other_output,
    output_not_stored,
    error,
    stripped,
    counting,
    counting_too,
    asking,
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    for name in (
        "pyproject.toml",
        "conftest.py",
        "tools/notebook_runs.py",
        "tests/without_network/sitecustomize.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, root / name)
    for edit in EDITS:
        draft = Draft(root)
        draft.path = draft.path.with_stem(edit.__name__)
        draft.raw["cells"] = [
            cell
            for cell in draft.raw["cells"]
            if cell["id"] not in ("double", "predict", "scale", "explore")
        ]
        draft.say("imports", "import numpy as np")
        draft.count()
        edit(draft)
        draft.write()
    return root


@pytest.fixture(scope="module")
def failures(course):
    """{notebook: {cell: why it failed}} of plain pytest, run as a student might."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--junitxml=report.xml"],
        cwd=course,
        env=os.environ | {"COURSE_STRICT": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = {edit.__name__: {} for edit in EDITS}
    cases = list(ElementTree.parse(course / "report.xml").iter("testcase"))
    assert len(cases) == 10 * len(EDITS)
    for case in cases:
        for failure in case.iter("failure"):
            notebook = case.get("classname").split(".")[-2]
            found[notebook][case.get("name")] = failure.text
    return found


def test_equal_outputs_pass(failures):
    assert failures["good"] == {}


@pytest.mark.parametrize(
    ("notebook", "cell", "why"),
    [
        ("other_output", "Cell 1", "Cell outputs differ"),
        ("output_not_stored", "Cell 1", "Unexpected output fields"),
        ("error", "Cell 5", "ZeroDivisionError"),
    ],
)
def test_other_outputs_fail(failures, notebook, cell, why):
    assert list(failures[notebook]) == [cell]
    assert why in failures[notebook][cell]


def test_stripped_notebook_passes_but_not_the_rules(course, failures):
    assert failures["stripped"] == {}
    notebook = Notebook(course / "notebooks" / "stripped.ipynb")
    assert len(RULES["has_been_run_in_order"](notebook)) == 10


def test_each_notebook_starts_without_progress_and_not_strict(failures):
    assert failures["counting"] == failures["counting_too"] == {}


def test_each_notebook_runs_without_a_network(failures):
    assert failures["asking"] == {}
