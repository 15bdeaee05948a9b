"""Make slides of the notebooks, to be shown without a network: `make slides`.

All notebooks, or those named: make slides ARGS="01 04"

Each becomes build/slides/NN_name.html, made from the outputs stored in it; no cell is
run. What the pages need lies beside them, so the folder can be carried anywhere.
"""

import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from lessons.places import PROJECT
from tools.named import Unknown, all_notebooks, find_notebook
from tools.slides import beside
from tools.slides.deck import HERE, Deck

BUILD = PROJECT / "build"


def main(names):
    try:
        chosen = [find_notebook(name) for name in names] or all_notebooks()
        decks = build(chosen, BUILD / "slides", BUILD / "npm")
    except (beside.Unavailable, Unknown) as reason:
        print(reason, file=sys.stderr)
        return 1
    for deck in decks:
        print((BUILD / "slides" / f"{deck.name}.html").relative_to(PROJECT))
    return 0


def build(notebooks, folder, npm):
    """Write the decks of some notebooks into ``folder``, and a page that lists all
    decks there; ``npm`` is where packages are fetched. Returns the decks."""
    folder = Path(folder)
    packages = beside.fetch(npm)
    beside.lay_out(packages, folder)
    decks = [Deck(path) for path in notebooks]
    for deck in decks:
        (folder / f"{deck.name}.html").write_text(deck.html(), encoding="utf-8")
    write_list(folder)
    return decks


def write_list(folder):
    there = [
        Deck(path)
        for path in all_notebooks()
        if (folder / f"{path.stem}.html").is_file()
    ]
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True
    )
    page = templates.get_template("list.html.j2").render(decks=there)
    (folder / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
