"""From a notebook's cells to a deck's: what is shown on slides, and said beside them.

Preprocessors of nbconvert, in the order in which they run.
"""

import re
from copy import deepcopy

from bs4 import BeautifulSoup
from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_markdown_cell, new_output

from diagnose.cells import exercises_in
from lessons import find_exercise

HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def slide_type(cell):
    """What a cell is on slides: "slide", "skip", "notes", …; "-" by default."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


class HeadingsBeginSlides(Preprocessor):
    """Prose above a heading in the same cell ends the slide before it."""

    def preprocess(self, notebook, resources):
        """Divide cells where a heading should begin the slide."""
        notebook = deepcopy(notebook)
        notebook.cells = [part for cell in notebook.cells for part in parts_of(cell)]
        return notebook, resources


def parts_of(cell):
    """A cell as one or two: what stands above its first heading, and the rest."""
    without_code = FENCED.sub(lambda block: " " * len(block[0]), cell.source)
    heading = HEADING.search(without_code)
    starts = slide_type(cell) in ("slide", "subslide")
    if cell.cell_type != "markdown" or not starts or not heading or not heading.start():
        return [cell]
    before = deepcopy(cell)
    before.id = f"{cell.id}-before"
    before.source = cell.source[: heading.start()].rstrip()
    before.metadata.slideshow.slide_type = "-"
    cell.source = cell.source[heading.start() :]
    return [before, cell]


class PicturesLieBeside(Preprocessor):
    """A drawing is in ``imgs`` beside the deck, not beside the notebooks' folder."""

    def preprocess_cell(self, cell, resources, index):
        """Point a cell's drawings to the deck's own folder."""
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("../imgs/", "imgs/")
        return cell, resources


class OutputsForTheRoom(Preprocessor):
    """No solutions, and a line below each explorer that names its notebook."""

    def preprocess_cell(self, cell, resources, index):
        """Take solutions out of a cell's outputs, and add a line to explorers."""
        if cell.cell_type != "code":
            return cell, resources
        for output in cell.outputs:
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = without_solution(data["text/html"])
        if any(map(is_explorer, cell.outputs)):
            place = resources["metadata"]["name"][:2]
            line = f'<p class="live">Live in notebook {place}: move its controls there.'
            cell.outputs.append(
                new_output("display_data", {"text/html": f"{line}</p>"})
            )
        return cell, resources


def without_solution(card):
    """A card's HTML without the solution that is folded away in it."""
    if "course-solution" not in card:
        return card
    soup = BeautifulSoup(card, "html.parser")
    for solution in soup.select(".course-solution"):
        solution.decompose()
    return str(soup)


def is_explorer(output):
    """Whether an output is an explorer's, by its plain text."""
    return output.get("data", {}).get("text/plain", "").startswith("[explorer]")


class NotesFromExercises(Preprocessor):
    """Speaker notes for every exercise on a slide, made from the exercise itself."""

    def preprocess(self, notebook, resources):
        """Put a cell of notes below every exercise that is shown."""
        cells = []
        for cell in notebook.cells:
            cells.append(cell)
            asked = exercises_in(cell.source) if cell.cell_type == "code" else []
            if asked and slide_type(cell) != "skip":
                note = new_markdown_cell(notes_for(find_exercise(asked[0])))
                note.id = f"{cell.id}-notes"
                note.metadata.slideshow = {"slide_type": "notes"}
                cells.append(note)
        notebook.cells = cells
        return notebook, resources


def notes_for(exercise):
    """What an instructor wants to know while a room works on it, as Markdown."""
    minutes = f"{exercise.minutes} minute{'s' * (exercise.minutes != 1)}"
    usual = [f"- *{escaped(known.name)}*: {known.did}" for known in exercise.mistakes]
    return "\n".join(
        [
            f"**{exercise.id}**: {minutes}, difficulty {exercise.difficulty} of 3. "
            "Answers to expect:",
            "",
            *usual,
        ]
    )


def escaped(name):
    """A name such as "super().__init__() missing", without Markdown's meanings."""
    return re.sub(r"([\\`*_])", r"\\\1", name)
