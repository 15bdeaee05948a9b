"""The file itself: where it lies, that it is a notebook, and that it holds no junk."""

import copy
import re
import warnings
from collections import Counter

import nbformat
from nbformat.warnings import DuplicateCellId, MissingIDFieldWarning

from rules.registry import rule
from tools import outputs

# nbval-ignore-output is all that is needed. No raises-exception: a stored traceback is
# full of one machine's paths, so a cell that provokes an error catches it and prints
# its message, which can be compared. No nbval-skip: later cells would miss its names.
TAGS = {"nbval-ignore-output"}
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}


@rule
def lives_at_its_number(notebook):
    if not re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", notebook.path.name):
        yield f"{notebook}: call it NN_name.ipynb, in lower case."
    modules = [f"lessons/{notebook.lesson}/__init__.py"]
    if not notebook.is_opener:
        modules.append(f"helpers/explorers/{notebook.lesson}.py")
    for wanted in modules:
        if not (notebook.root / wanted).is_file():
            yield f"{notebook}: its module {wanted} is missing."


@rule
def is_valid(notebook):
    """nbformat accepts it. Of ids it would only warn, so they have their own rule."""
    raw = copy.deepcopy(notebook.raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingIDFieldWarning)
            warnings.simplefilter("ignore", DuplicateCellId)
            nbformat.validate(raw)
    except nbformat.ValidationError as error:
        path = list(error.relative_path)
        where = notebook
        if path[:1] == ["cells"] and len(path) > 1:
            where = notebook.cells[path[1]]
        yield f"{where}: nbformat refuses it ({error.message.splitlines()[0][:200]})."


@rule
def has_ids(notebook):
    if notebook.raw.get("nbformat_minor", 0) < 5:
        yield f"{notebook}: nbformat_minor must be 5 or more; run make outputs."
    times = Counter(cell.raw.get("id") for cell in notebook.cells)
    for cell in notebook.cells:
        name = cell.raw.get("id")
        if name is None:
            yield f"{cell}: it has no id; run make outputs."
        elif not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
            yield f"{cell}: its id isn't valid; use letters, digits, - and _."
        elif times[name] > 1:
            yield f"{cell}: {times[name]} cells have this id; run make outputs."


@rule
def is_stored_cleanly(notebook):
    """As make outputs stores it: no times, no widget state, no one's own version of
    Python, nothing of an editor's."""
    stored = notebook.path.read_bytes()
    cleaned = outputs.read(stored)
    outputs.clean(cleaned)
    original = nbformat.reads(stored.decode("utf-8"), as_version=4)
    found = False
    for cell, before, after in zip(
        notebook.cells, original.cells, cleaned.cells, strict=True
    ):
        for part in ("metadata", "outputs"):
            if before.get(part) != after.get(part):
                found = True
                yield f"{cell}: its {part} hold what doesn't last; run make outputs."
    if not found and outputs.as_stored(cleaned) != stored:
        yield f"{notebook}: it isn't written as make outputs would; run that."


@rule
def tags_are_known(notebook):
    for cell in notebook.cells:
        for tag in cell.tags:
            if tag not in TAGS:
                known = ", ".join(sorted(TAGS))
                yield f'{cell}: remove the tag "{tag}"; in use is {known}.'
        if re.search(r"^\s*#+\s*(NBVAL|PYTEST)_", cell.source, re.MULTILINE):
            yield f"{cell}: say it with a tag, not with a comment for nbval."


@rule
def is_ready_for_slides(notebook):
    for cell in notebook.cells:
        slide_type = cell.metadata.get("slideshow", {}).get("slide_type")
        if slide_type not in SLIDE_TYPES:
            yield (
                f"{cell}: set metadata.slideshow.slide_type to one of "
                f"{', '.join(sorted(SLIDE_TYPES))}."
            )
