"""Make slides of the notebooks, to be shown without a network.

All notebooks, or those named: make slides ARGS="01 04"

Each becomes build/slides/NN_name.html, made from the outputs stored in it; no cell is
run. What the pages need lies beside them, so the folder can be carried anywhere.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from classroom.slides import beside
from classroom.slides.deck import Deck
from diagnose.html import environment
from lessons.places import PROJECT
from tools.named import NoSuchNotebook, all_notebooks, find_notebook

BUILD = PROJECT / "build"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to its parser."""
    parser.add_argument(
        "notebooks",
        nargs="*",
        metavar="NN",
        help="a notebook's number or file; all notebooks if none is named",
    )


def run(args: argparse.Namespace) -> int:
    """Make the decks and print where they are; returns the exit status."""
    try:
        chosen = [find_notebook(name) for name in args.notebooks] or all_notebooks()
        decks = build(chosen, BUILD / "slides", BUILD / "npm")
    except (beside.Unavailable, NoSuchNotebook) as reason:
        print(reason, file=sys.stderr)
        return 1
    for deck in decks:
        print((BUILD / "slides" / f"{deck.name}.html").relative_to(PROJECT))
    return 0


def build(notebooks: Iterable[Path], folder: Path, npm: Path) -> list[Deck]:
    """Write decks into ``folder``, and a page that lists all decks there.

    ``npm`` is where packages are fetched. Returns the decks. Raises Unavailable.
    """
    folder = Path(folder)
    packages = beside.fetch(npm)
    beside.lay_out(packages, folder)
    decks = [Deck(path) for path in notebooks]
    for deck in decks:
        (folder / f"{deck.name}.html").write_text(deck.html(), encoding="utf-8")
    write_list(folder)
    return decks


def write_list(folder: Path) -> None:
    """Write index.html, which lists all decks in a folder."""
    there = [
        Deck(path)
        for path in all_notebooks()
        if (folder / f"{path.stem}.html").is_file()
    ]
    template = environment("classroom.slides").get_template("list.html.j2")
    (folder / "index.html").write_text(template.render(decks=there), encoding="utf-8")
