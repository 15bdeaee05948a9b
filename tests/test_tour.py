"""The README's pictures of the course can be taken anew, and say what it still says."""

import json
import re
import runpy
from xml.etree import ElementTree

import pytest

from diagnose import as_text, judge
from lessons import find_exercise
from lessons.places import PROJECT

IMGS = PROJECT / "imgs"


@pytest.fixture(scope="module")
def tour():
    return runpy.run_path(str(IMGS / "tour.py"))


def test_every_stop_is_a_cell_and_has_its_pictures(tour):
    for stop in tour["STOPS"]:
        (path,) = (PROJECT / "notebooks").glob(stop.notebook + ".ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert stop.cell in [cell["id"] for cell in cells]
        for theme in stop.themes:
            assert (IMGS / f"README_{stop.name}_{theme}.png").exists()


def test_the_answer_shown_makes_the_mistake_that_is_named(tour, tmp_path):
    answer = tmp_path / "answer.py"
    answer.write_text(tour["FORGETFUL"], encoding="utf-8")
    undecorated = {"exercise": lambda name: lambda function: function}
    given = runpy.run_path(str(answer), undecorated)["gradients"]
    verdict = as_text(judge(find_exercise("01.gradients"), given)).replace("`", "")
    sentence = re.search(r"dw1 is right .*?\.", verdict)[0]
    drawn = ElementTree.parse(IMGS / "README_hero.svg").iter()
    assert sentence in " ".join(element.text or "" for element in drawn)
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert sentence in readme
