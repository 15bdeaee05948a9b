"""Every slide of every deck, in a real browser and without a network.

A slide that doesn't fit is named with its cell and by how many pixels; CONTRIBUTING
says what to do then.
"""

import ast
import inspect
import json
import re
import textwrap
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from opened_deck import (
    FAINT,
    PICTURES,
    SIZES,
    SMALLEST_CODE,
    UNRENDERED,
)

from diagnose.cells import exercises_in
from lessons import exercises_of

SMALLEST_FIGURE = 0.85  # of its own height
SMALLEST_LETTERS = 20  # pixels at 720p, of anything to be read


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_fits(deck, size):
    assert deck.complaints(*size) == []


def test_letters_can_be_read_from_the_last_row(deck):
    slides = deck.measure(*SIZES[0])
    assert min(slide["code"] for slide in slides) >= SMALLEST_CODE
    assert [s for s in slides if s["letters"] < SMALLEST_LETTERS] == []


def test_figures_keep_the_size_for_which_their_letters_were_made(deck):
    slides = deck.measure(*SIZES[0])
    assert [s for s in slides if s["figure"] < SMALLEST_FIGURE] == []


def test_nothing_is_asked_of_a_network_and_nothing_fails(deck):
    schemes = {urlsplit(url).scheme for url in deck.requests}
    assert "file" in schemes and schemes <= {"file", "data"}
    assert deck.errors == []


def test_pictures_are_drawn_and_have_alt_texts(deck):
    pictures = deck.ask(PICTURES)
    assert pictures
    for picture in pictures:
        assert picture["alt"] and picture["isDrawn"], picture
        assert not picture["alt"].startswith("No description has been provided")


def test_formulas_are_rendered(deck):
    assert deck.ask(UNRENDERED) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_told_from_their_ground(deck, scheme):
    deck.page.emulate_media(color_scheme=scheme)
    assert deck.ask(FAINT) == []


# What is in the file, without a browser


@pytest.fixture(scope="module")
def soup(notebook, decks):
    html = (decks / f"{notebook.stem}.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser")


@pytest.fixture(scope="module")
def exercises(notebook):
    return exercises_of(f"l{notebook.stem}")


@pytest.fixture(scope="module")
def shown_cells(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [c for c in cells if c["metadata"]["slideshow"]["slide_type"] != "skip"]


def test_no_solution_is_shown(soup, exercises):
    assert soup.select(".course-card") and not soup.select(".course-solution")
    text = without_blanks(soup.get_text())
    for exercise in exercises.values():
        assert without_blanks(body_of(exercise.reference)) not in text, exercise.id


def body_of(reference):
    """An answer's source below its signature and docstring."""
    source = textwrap.dedent(inspect.getsource(reference))
    definition = ast.parse(source).body[0]
    has_docstring = ast.get_docstring(definition) is not None
    first = definition.body[1 if has_docstring else 0]
    return "\n".join(source.splitlines()[first.lineno - 1 :])


def without_blanks(text):
    return re.sub(r"\s", "", text)


def test_every_exercise_has_notes_from_its_own_mistakes(soup, exercises, shown_cells):
    notes = {note.strong.text: note.get_text() for note in soup.select("aside.notes")
             if note.strong}  # fmt: skip
    sources = ["".join(c["source"]) for c in shown_cells if c["cell_type"] == "code"]
    shown = [exercise for source in sources for exercise in exercises_in(source)]
    assert set(shown) == set(exercises), "each exercise's stub is on a slide"
    for exercise_id in shown:
        assert f"{exercises[exercise_id].minutes} minute" in notes[exercise_id]
        for mistake in exercises[exercise_id].mistakes:
            assert mistake.name in notes[exercise_id]


def test_an_instructors_notes_are_there(soup, shown_cells):
    notes = without_blanks(" ".join(n.get_text() for n in soup.select("aside.notes")))
    cells = [
        c for c in shown_cells if c["metadata"]["slideshow"]["slide_type"] == "notes"
    ]
    assert notes.count("Forinstructors") == len(cells)


def test_an_explorer_says_where_it_lives(notebook, soup, shown_cells):
    explorers = [
        output
        for cell in shown_cells
        for output in cell.get("outputs", [])
        if "".join(output.get("data", {}).get("text/plain", "")).startswith(
            "[explorer]"
        )
    ]
    lines = soup.select(".live")
    assert len(lines) == len(explorers)
    for line in lines:
        assert f"notebook {notebook.stem[:2]}" in line.text
        assert line.find_parent(class_="outputs").find("img")


def test_each_slide_has_one_heading_at_most_of_its_level(soup):
    """One idea a slide: a second heading of the same level would be a second one."""
    for page in soup.select(".page"):
        for level in ("h1", "h2"):
            assert len(page.select(level)) <= 1, page.select(level)
