import contextlib

import nbformat
import pytest
import real_browser
import toy_notebook
from opened_deck import OpenedDeck

from classroom.slides import command
from classroom.slides.beside import Unavailable
from tools.named import all_notebooks


@pytest.fixture(scope="session")
def build():
    """Calls ``command.build`` with this checkout's npm packages, as `make slides`."""

    def build(notebooks, folder):
        try:
            return command.build(notebooks, folder, command.BUILD / "npm")
        except Unavailable as reason:
            return real_browser.missing(str(reason))

    return build


@pytest.fixture(scope="session")
def decks(build, tmp_path_factory):
    """A folder with the decks of all notebooks. Its name is as bad as real ones are."""
    folder = tmp_path_factory.mktemp("decks") / "my slides, größer"
    build(all_notebooks(), folder)
    return folder


ALWAYS = ("00", "07")  # a short one and a long one; the others with --everything
NOTEBOOKS = [
    pytest.param(
        path,
        id=path.stem,
        marks=() if path.stem.startswith(ALWAYS) else pytest.mark.everything,
    )
    for path in all_notebooks()
]


@pytest.fixture(scope="module", params=NOTEBOOKS)
def notebook(request):
    """Each notebook's path in turn."""
    return request.param


@pytest.fixture(scope="module")
def deck(notebook, decks, chromium):
    """A notebook's deck, open at 1280 × 720 in a browser without a network."""
    with OpenedDeck(chromium, decks / f"{notebook.stem}.html") as deck:
        yield deck


@pytest.fixture
def open_toy(build, chromium, tmp_path):
    """Opens the deck of a notebook of the given cells."""
    with contextlib.ExitStack() as stack:

        def open_toy(*cells):
            path = tmp_path / "99_toy.ipynb"
            nbformat.write(toy_notebook.notebook(*cells), path)
            build([path], tmp_path / "toy")
            deck = OpenedDeck(chromium, tmp_path / "toy" / "99_toy.html")
            return stack.enter_context(deck)

        yield open_toy
