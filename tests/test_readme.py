"""The README tells of the lessons there are, and its links lead somewhere."""

import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "INSTRUCTORS.md"]
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def table_row(notebook):
    """[number, link, minutes, what] of a notebook's row in the table of lessons."""
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| {notebook.name[:2]} |")]
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_is_in_the_table_with_its_title_and_minutes(notebook):
    _, link, minutes, _ = table_row(notebook)
    title, target = re.fullmatch(r"\[(.+)\]\((.+)\)", link).groups()
    assert target == f"notebooks/{notebook.name}"
    opening = "".join(json.loads(notebook.read_text())["cells"][0]["source"])
    assert re.search(rf"^# (\d\d · )?{re.escape(title)}$", opening, re.M)
    assert f"**{minutes} minutes.**" in opening


@pytest.mark.parametrize("page", PAGES)
def test_local_links_and_pictures_exist(page):
    text = (PROJECT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    local = [target for target in targets if "://" not in target]
    assert local or page != "README.md"
    for target in local:
        assert (PROJECT / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_named_exist(page):
    text = (PROJECT / page).read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.M))
    assert named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.M), target
