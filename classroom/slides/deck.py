"""A notebook as a deck: one HTML file, made from the outputs stored in it."""

import re
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter

from classroom.slides.cells import (
    HeadingsBeginSlides,
    NotesFromExercises,
    OutputsForTheRoom,
    PicturesLieBeside,
)

HERE = Path(__file__).resolve().parent
PREPROCESSORS = [
    HeadingsBeginSlides,
    PicturesLieBeside,
    OutputsForTheRoom,
    NotesFromExercises,
]


class Deck:
    """One notebook's slides; ``name`` and ``title`` are what a list of decks needs."""

    def __init__(self, notebook: Path) -> None:
        self.notebook = Path(notebook)
        self.name = self.notebook.stem
        self.content = nbformat.read(self.notebook, as_version=4)

    @property
    def title(self) -> str:
        """The notebook's first heading."""
        first = next((c.source for c in self.content.cells if "# " in c.source), "")
        found = re.search(r"^# (.+)$", first, re.MULTILINE)
        return found[1] if found else self.name

    def html(self) -> str:
        """The whole page, made from the outputs stored in the notebook."""
        exporter = SlidesExporter(
            template_name="course",
            extra_template_basedirs=[str(HERE / "templates")],
            preprocessors=PREPROCESSORS,
            exclude_input_prompt=True,
            exclude_output_prompt=True,
            exclude_anchor_links=True,
        )
        page, _ = exporter.from_notebook_node(
            self.content,
            {"metadata": {"name": self.name}, "title": f"{self.title} · slides"},
        )
        return page
