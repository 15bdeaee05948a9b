"""Open one notebook for a projector: `make present ARGS=04`.

JupyterLab as `make lab` starts it, but with this notebook alone on the screen, in
large letters. Its settings are kept apart from those of anybody who learns on the same
machine, in the folder `presenting` beside the course's progress. Further arguments go
to JupyterLab.
"""

import json
import os
import shutil
import sys
import tempfile

from lessons.places import PROJECT
from tools import lab
from tools.named import NoSuchNotebook, find_notebook

FOLDER = PROJECT / "tools" / "presenting"


def settings_folder():
    """The folder of the settings for presenting, beside the course's progress."""
    from helpers.progress_file import data_directory

    return data_directory() / "presenting"


def provide_settings(folder):
    """Copy the course's settings for presenting there, except those that exist."""
    ours = FOLDER / "settings"
    for path in ours.rglob("*.jupyterlab-settings"):
        place = folder / path.relative_to(ours)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)


def write_layout(folder):
    """A workspace for JupyterLab in which nothing stands beside the notebook."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    data = json.loads((FOLDER / "layout.json").read_text(encoding="utf-8"))
    layout = {"data": data, "metadata": {"id": "default"}}
    WorkspacesManager(folder).save("default", json.dumps(layout))


def main(given):
    """Open the notebook that ``given`` begins with; what follows goes to JupyterLab."""
    name = lab.FIRST_NOTEBOOK
    if given and not given[0].startswith("-"):
        name, *given = given
    try:
        path = find_notebook(name).relative_to(PROJECT).as_posix()
    except NoSuchNotebook as reason:
        sys.exit(str(reason))
    page = f"/doc/tree/{path}"  # doc: JupyterLab's simple interface
    lab.prepare(os.environ, FOLDER)
    lab.jupyterlab()  # first of all: without it, nothing below can be imported
    settings = settings_folder()
    provide_settings(settings)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as workspaces:
        write_layout(workspaces)
        places = [
            f"--LabApp.user_settings_dir={settings}",
            f"--LabApp.workspaces_dir={workspaces}",
        ]
        lab.start(page, [*places, *given])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:  # before JupyterLab was ready to take it
        sys.exit(130)
