"""`tools/present.py` opens one notebook, in large letters, with nothing beside it."""

import json
import re
import subprocess
import sys

import pytest
import toy_course
from lab_server import get, running_lab

SCRIPT = toy_course.TOOLS / "present.py"
THEMES = "@jupyterlab/apputils-extension:themes"
BESIDE = "#jp-left-stack, #jp-right-stack, .jp-SideBar, #jp-main-statusbar"
SMALLEST_LETTERS = 20  # pixels


@pytest.fixture(scope="module")
def presenting(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    variables = {"JUPYTER_TOKEN": "", "COURSE_DATA": str(home / "course")}
    with running_lab(home, "04", "--port=0", script="present", **variables) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(presenting, chromium):
    """The projector."""
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.requests = []
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(presenting.link)
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=60_000)
    page.locator("[data-status=idle]").first.wait_for(timeout=60_000)
    return page


def test_it_opens_the_notebook_in_the_simple_interface(presenting):
    assert re.match(r"http://127\.0\.0\.1:\d+/doc/tree/notebooks/04_", presenting.link)


def test_it_is_otherwise_the_courses_lab(presenting):
    address, token = re.match(
        r"(http://[^/]+)/.+\?token=(\w+)$", presenting.link
    ).groups()
    settings = get(
        f"{address}/lab/api/settings/@jupyterlab/apputils-extension:notification", token
    )
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert token not in " ".join(presenting.process.cmdline())


def test_nothing_stands_beside_the_notebook(page):
    assert page.locator(BESIDE).count() > 0, "so that this looks for what there is"
    assert page.locator(BESIDE).filter(visible=True).count() == 0
    assert page.locator(".jp-Toolbar button").filter(visible=True).count() == 0


def test_letters_can_be_read_from_the_last_row(page):
    sizes = page.locator(".jp-RenderedMarkdown p, .jp-CodeCell .cm-line").evaluate_all(
        "lines => lines.map(line => parseFloat(getComputedStyle(line).fontSize))"
    )
    assert sizes and min(sizes) >= SMALLEST_LETTERS


def test_solutions_are_folded(page):
    solutions = page.locator("details.course-solution")
    solutions.first.wait_for(state="attached")
    assert page.locator("details.course-solution[open]").count() == 0


def test_no_request_leaves_the_machine(page, presenting):
    address = presenting.link.split("/doc")[0]
    outside = [url for url in page.requests if not url.startswith((address, "data:"))]
    assert [url for url in outside if not url.startswith("blob:")] == []


def test_an_unknown_notebook_is_one_sentence():
    done = subprocess.run(
        [sys.executable, SCRIPT, "99"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == (
        'There is no notebook "99": name one as 01, or by its file.\n'
    )


@pytest.fixture
def present(monkeypatch):
    monkeypatch.syspath_prepend(toy_course.TOOLS)
    return toy_course.load_tool("present")


def test_settings_that_were_changed_stay(present, tmp_path):
    present.provide_settings(tmp_path)
    (path,) = tmp_path.rglob("themes.jupyterlab-settings")
    path.write_text(json.dumps({"theme": "JupyterLab Dark"}))
    present.provide_settings(tmp_path)
    assert json.loads(path.read_text()) == {"theme": "JupyterLab Dark"}
