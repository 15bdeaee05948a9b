import re
import shutil

import pytest
from lab_server import running_lab

from lessons.places import PROJECT


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab as `make lab` starts it, on a copy of the notebooks."""
    home = tmp_path_factory.mktemp("home")
    course = tmp_path_factory.mktemp("course")
    for folder in ("tools", "lessons", "notebooks", "imgs"):
        unwanted = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        shutil.copytree(PROJECT / folder, course / folder, ignore=unwanted)
    with running_lab(
        home,
        "--port=0",
        # So that the page's own model of the notebook can be asked.
        "--LabApp.expose_app_in_browser=True",
        course=course,
        JUPYTER_TOKEN="",
        COURSE_DATA=str(home / "course"),
        IPYTHONDIR=str(home / "ipython"),
    ) as lab:
        lab.address, lab.token = re.match(
            r"(http://[^/]+)/.+\?token=(\w+)$", lab.link
        ).groups()
        yield lab
