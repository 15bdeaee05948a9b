"""The README and its answers tell of the course there is."""

import json
import re

import pytest

from lessons import entries_of, lesson_names
from lessons.places import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(PROJECT.glob("*.md"))
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
PICTURE_BYTES = 150_000


def rows(number):
    """Each table row that begins with this number, as its other cells."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")[1:]]
        for line in README.splitlines()
        if line.startswith(f"| {number} |")
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_is_in_the_table_with_its_title_and_minutes(notebook):
    (link, minutes, _), _ = rows(notebook.name[:2])
    title, target = re.fullmatch(r"\[(.+)\]\((.+)\)", link).groups()
    assert target == f"notebooks/{notebook.name}"
    opening = "".join(
        json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"]
    )
    assert re.search(rf"^# (\d\d · )?{re.escape(title)}$", opening, re.M)
    assert f"**{minutes} minutes.**" in opening


@pytest.mark.parametrize("lesson", lesson_names())
def test_a_lessons_exercises_are_listed_in_order(lesson):
    _, (listed,) = rows(lesson[1:3])
    names = [entry.id.partition(".")[2] for entry in entries_of(lesson)]
    assert listed == ", ".join(f"`{name}`" for name in names)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_commands_named_exist(page):
    text = page.read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`|=\S+ )make ([a-z]+)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for script in re.findall(r"python ([\w/\\]+\.py)", text):
        if "NN_" not in script:  # which stands for any lesson's
            assert (PROJECT / script.replace("\\", "/")).exists(), script
    for module in re.findall(r"python -m ((?:helpers|benchmarks|tools)[\w.]*)", text):
        place = PROJECT.joinpath(*module.split("."))
        assert (place / "__main__.py").exists() or place.with_suffix(".py").exists()


def test_the_room_it_takes_is_what_set_up_asks_for():
    source = (PROJECT / "tools" / "setup_venv.py").read_text(encoding="utf-8")
    linux, mac = re.search(
        r'^NEEDED_GB = (\d+) if .+"linux"\) else (\d+)', source, re.M
    ).groups()
    assert f"{linux} GB of free disk ({mac} GB on a Mac)" in README
    answers = (PROJECT / "FAQ.md").read_text(encoding="utf-8")
    assert f"wants {linux} GB free" in answers and f"wants {mac} GB" in answers


def test_what_the_answers_name_is_what_the_code_listens_to():
    answers = (PROJECT / "FAQ.md").read_text(encoding="utf-8")
    code = "".join(
        path.read_text(encoding="utf-8") for path in PROJECT.glob("helpers/**/*.py")
    )
    named = set(re.findall(r"COURSE_\w+", answers))
    assert named
    for variable in named:
        assert f'"{variable}"' in code, variable


def test_the_pictures_of_the_course_are_light_and_shown():
    pictures = list((PROJECT / "imgs").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < PICTURE_BYTES, picture.name
        assert f"imgs/{picture.name}" in README, picture.name
