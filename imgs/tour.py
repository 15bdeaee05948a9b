"""Takes the README's pictures of the course: a verdict, an explorer, a Grad-CAM.

    python imgs/tour.py

Each is a cell of a notebook, run in a real JupyterLab in a real browser, in the light
theme and in the dark one: imgs/README_NAME_light.png, imgs/README_NAME_dark.png.
It needs a Chromium: /usr/bin/chromium, or the one that the variable CHROMIUM names.

JupyterLab works on a copy of the course, so nobody's notebooks or progress change.
No COURSE_PHOTOS are passed on: the animals are the course's own drawings.
"""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from lessons import find_exercise
from lessons.places import PROJECT

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
WIDTH, HEIGHT = 940, 1500  # of the window, in CSS pixels: about a README's width
COLOURS = 256  # a palette keeps each file below 150 kB
START_SECONDS, RUN_SECONDS = 60, 300
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def wrong_cell(exercise_id, mistake):
    """The cell that makes a mistake, given by its name."""
    exercise = find_exercise(exercise_id)
    wrong, *_ = (w for w in exercise.wrong_answers() if w.mistake.name == mistake)
    return exercise.cell(wrong.source)


FORGETFUL = wrong_cell("01.gradients", "ReLU's mask forgotten")


@dataclass(frozen=True)
class Stop:
    """One picture: of a cell, with what is typed into it, or of its output alone."""

    name: str
    notebook: str
    cell: str  # its id
    typed: str = ""
    output_only: bool = True
    sharpness: float = 1.6  # pixels of the picture to a CSS pixel
    themes: tuple = ("light", "dark")


STOPS = [
    Stop("verdict", "01_*", "exercise-gradients", FORGETFUL, output_only=False),
    Stop("explorer", "07_*", "explore"),
    # Nothing but a figure, which has a ground of its own.
    Stop("gradcam", "08_*", "cams", sharpness=1.2, themes=("light",)),
]


def copy_of_the_course(folder):
    """What JupyterLab shows instead of this checkout; returns its folder."""
    course = Path(folder) / "course"
    unwanted = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("diagnose", "helpers", "imgs", "lessons", "notebooks", "tools"):
        shutil.copytree(PROJECT / name, course / name, ignore=unwanted)
    settings = course / "tools" / "labconfig" / "default_setting_overrides.json"
    overrides = json.loads(settings.read_text(encoding="utf-8"))
    # Otherwise only the cells in view are in the page.
    notebooks = overrides.setdefault("@jupyterlab/notebook-extension:tracker", {})
    notebooks["windowingMode"] = "none"
    settings.write_text(json.dumps(overrides), encoding="utf-8")
    return course


def type_into(path, cell_id, source):
    """Fill in a cell; returns the cell's place in its notebook."""
    notebook = nbformat.read(path, as_version=4)
    (place,) = [i for i, cell in enumerate(notebook.cells) if cell.id == cell_id]
    if source:
        notebook.cells[place].source = source
        nbformat.write(notebook, path)
    return place


@contextlib.contextmanager
def jupyterlab(course, folder):
    """Start it as `make lab` does, with settings and progress of its own: its link."""
    unwanted = ("COURSE_", "JUPYTER")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
    environment |= {
        "PYTHONPATH": str(course),
        "COURSE_DATA": f"{folder}/data",
        "IPYTHONDIR": f"{folder}/ipython",
        "JUPYTER_CONFIG_DIR": f"{folder}/config",
        "JUPYTER_DATA_DIR": f"{folder}/jupyter",
        "JUPYTERLAB_SETTINGS_DIR": f"{folder}/settings",
        "JUPYTERLAB_WORKSPACES_DIR": f"{folder}/workspaces",
    }
    command = [sys.executable, course / "tools" / "lab.py", "--no-browser", "--port=0"]
    command.append("--LabApp.expose_app_in_browser=True")  # to run its commands
    log = Path(folder) / "log.txt"
    with log.open("w") as file:
        server = subprocess.Popen(
            command, env=environment, stdout=file, stderr=subprocess.STDOUT
        )
        try:
            yield link_in(log, server)
        finally:
            server.terminate()
            server.wait()


def link_in(log, server):
    """(address, token), as soon as JupyterLab has printed them."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        found = re.search(r"(http://127\.[\d.:]+)/\S+token=(\w+)", log.read_text())
        if found:
            return found.groups()
        time.sleep(0.2)
    sys.exit(f"JupyterLab did not start:\n{log.read_text()}")


def do(page, command, **arguments):
    """Run one of JupyterLab's own commands."""
    script = "([name, given]) => window.jupyterapp.commands.execute(name, given)"
    page.evaluate(script, [command, arguments])


def visit(browser, address, token, path, place, stop):
    """{theme: picture} of one cell, after the whole notebook has run."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=stop.sharpness
    )
    page.goto(f"{address}/lab/tree/notebooks/{path.name}?reset&token={token}")
    idle = page.get_by_role("button", name=re.compile(r"\| Idle"))
    expect(idle).to_be_visible(timeout=1000 * START_SECONDS)
    do(page, "application:toggle-left-area")  # folds the list of files
    do(page, "notebook:run-all-cells")
    # Every cell has its number once all have run.
    waiting = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"\*"))
    expect(waiting).to_have_count(0, timeout=1000 * RUN_SECONDS)
    expect(idle).to_be_visible(timeout=1000 * RUN_SECONDS)
    cell = page.locator(".jp-Notebook .jp-Cell").nth(place)
    shown = cell.locator(".jp-OutputArea-output").first if stop.output_only else cell
    pictures = {}
    for theme in stop.themes:
        do(page, "apputils:change-theme", theme=THEMES[theme])
        shown.scroll_into_view_if_needed()
        page.wait_for_timeout(2000)  # for the theme's colours to arrive
        pictures[theme] = shown.screenshot()
    page.close()
    return pictures


def save(picture, path):
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(PROJECT)}: {path.stat().st_size / 1000:.0f} kB")


def main():
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
    ):
        course = copy_of_the_course(folder)
        with jupyterlab(course, folder) as (address, token):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for stop in STOPS:
                (path,) = (course / "notebooks").glob(stop.notebook)
                place = type_into(path, stop.cell, stop.typed)
                shots = visit(browser, address, token, path, place, stop)
                for theme, picture in shots.items():
                    save(picture, PROJECT / "imgs" / f"README_{stop.name}_{theme}.png")
            browser.close()


if __name__ == "__main__":
    main()
