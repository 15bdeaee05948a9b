"""What is written: how a lesson opens and ends, how long it is, its pictures."""

import re
from html.parser import HTMLParser

from course_notebook import IMAGE

from rules.registry import rule

WORDS = 120
MOST_CELLS, FEWEST_CELLS = 70, 40
SHORT_MINUTES, FEWEST_IF_SHORT = 20, 25


@rule
def is_one_sitting(notebook):
    minutes = notebook.minutes or MOST_CELLS
    fewest = FEWEST_IF_SHORT if minutes <= SHORT_MINUTES else FEWEST_CELLS
    most = max(MOST_CELLS, minutes)  # a long lesson may have a cell a minute
    count = len(notebook.cells)
    if not fewest <= count <= most:
        yield (
            f"{notebook}: it has {count} cells; {fewest} to {most} are one "
            f"sitting of {notebook.minutes} minutes."
        )


@rule
def has_one_title(notebook):
    titles = [cell for cell, level, _ in notebook.headings if level == 1]
    first = notebook.cells[0] if notebook.cells else None
    if titles[:1] != [first]:
        yield f"{first or notebook}: open with the title, in markdown (#)."
    for cell in titles[1:]:
        yield f"{cell}: a second title; make it ## or deeper."


@rule
def has_a_hero(notebook):
    if not any(pictures(cell) for cell in notebook.cells[:2]):
        yield f"{notebook.cells[0]}: put a picture here or in the cell after it."


@rule
def says_what_comes(notebook):
    first = notebook.cells[0]
    for phrase in ("What you will build", "What you need"):
        if phrase not in notebook.opening:
            yield f'{first}: say "{phrase}" before the first code cell.'
    if notebook.minutes is None:
        yield f'{first}: say how long it takes, as "60 minutes", before the first code.'


@rule
def says_what_came(notebook):
    wanted = ["Recap", "Try next", "Sources"]
    if [text for _, _, text in notebook.headings[-3:]] != wanted:
        yield f"{notebook.cells[-1]}: end with the headings {', '.join(wanted)}."


@rule
def is_told_in_small_pieces(notebook):
    for cell in notebook.prose:
        count = word_count(cell.text)
        is_sources = any(text == "Sources" for _, text in cell.headings)
        if count > WORDS and not is_sources:
            yield f"{cell}: {count} words; split it or cut it, {WORDS} is the most."


@rule
def has_a_clinic(notebook):
    if notebook.is_opener:
        return
    if not any("Clinic" in text for _, _, text in notebook.headings):
        yield f'{notebook.cells[-1]}: a lesson needs a section called "Clinic: …".'


@rule
def pictures_are_there_and_told(notebook):
    folder = notebook.path.parent
    for cell in notebook.prose:
        for alt, path in pictures(cell):
            if not alt.strip():
                yield f"{cell}: say in the picture {path}'s alt text what it shows."
            if not re.fullmatch(rf"\.\./imgs/{notebook.number}_\w+\.svg", path):
                wanted = f"../imgs/{notebook.number}_….svg"
                yield f"{cell}: the picture {path} should be one of {wanted}."
            elif not (folder / path).is_file():
                yield f"{cell}: there is no picture {path}."


def pictures(cell):
    """[(alt text, path)] of a cell's pictures, written as Markdown or as HTML."""
    if cell.kind != "markdown":
        return []
    tags = _ImageTags()
    tags.feed(cell.text)
    return IMAGE.findall(cell.text) + tags.found


class _ImageTags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            alt, path = (dict(attributes).get(name) or "" for name in ("alt", "src"))
            self.found.append((alt, path))


def word_count(text):
    """Words to be read: no tables, formulas on their own, pictures, tags, addresses."""
    text = re.sub(r"^\s*\|.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
    text = IMAGE.sub("", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<!--.*?-->|<[^>]+>", "", text, flags=re.DOTALL)
    return sum(any(c.isalnum() for c in word) for word in text.split())
