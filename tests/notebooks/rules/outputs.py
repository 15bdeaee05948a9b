"""What is stored below the cells: complete, without errors, the same everywhere."""

import re

from course_notebook import output_data

from rules.registry import rule

ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:home|root|tmp|Users|usr|var|opt|mnt|work|private)(?=/\w)"
    r"|\b[A-Za-z]:\\{1,2}(?:Users|Windows|Temp|Program)"
)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
TIME = re.compile(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d")
LONG_NUMBER = re.compile(r"\d\.\d{9,}")
WIDGET = re.compile(r"(interactive|\w*(Box|Slider|Button|Output|Dropdown|Tab))\(\w+=")


@rule
def has_been_run_in_order(notebook):
    for number, cell in enumerate(notebook.code, 1):
        if cell.raw.get("execution_count") != number:
            yield (
                f"{cell}: its execution count should be {number}; run make outputs "
                "(nbval compares nothing where it is missing)."
            )


@rule
def nothing_has_failed(notebook):
    for cell in notebook.code:
        for output in cell.outputs:
            if output["output_type"] == "error":
                yield f"{cell}: an error is stored: catch it and print what it says."
            elif output.get("name") == "stderr":
                yield f"{cell}: it writes to stderr; mend what it warns of."


@rule
def pictures_have_alt_text(notebook):
    for cell in notebook.code:
        for output in cell.outputs:
            for kind, content in output_data(output).items():
                if kind.startswith("image/"):
                    alt = output["metadata"].get(kind, {}).get("alt", "")
                    if not alt.strip():
                        yield f"{cell}: give its {kind} an alt text (helpers.figures)."
                if kind == "text/html":
                    for tag in re.findall(r"<img\b[^>]*>", content):
                        if not re.search(r"\balt=([\"'])\s*[^\"'\s]", tag):
                            yield f"{cell}: an <img> in its output has no alt text."


@rule
def widgets_leave_a_picture(notebook):
    """Where no kernel runs, a widget's own text would be all that is shown of it."""
    for cell in notebook.code:
        for output in cell.outputs:
            if WIDGET.match(output_data(output).get("text/plain", "")):
                yield f"{cell}: show the widget as an Explorer, with a still picture."


@rule
def has_an_explorer(notebook):
    if notebook.is_opener:
        return
    names = {
        alias.asname or alias.name
        for cell in notebook.code[:1]
        for node in cell.nodes
        if getattr(node, "module", None) == f"helpers.explorers.{notebook.lesson}"
        for alias in node.names
    }
    showing = [
        cell
        for cell in notebook.code
        if names & {getattr(node, "id", "") for node in cell.nodes}
    ]
    if not showing:
        yield (
            f"{notebook.cells[-1]}: a lesson needs its explorer: import it from "
            f"helpers.explorers.{notebook.lesson}, and show it."
        )
    elif not any(_has_picture(cell) for cell in showing):
        yield f"{showing[0]}: its explorer leaves no picture where no kernel runs."


def _has_picture(cell):
    kinds = (kind for output in cell.outputs for kind in output_data(output))
    return any(kind.startswith("image/") for kind in kinds)


@rule
def outputs_are_the_same_everywhere(notebook):
    for cell in notebook.code:
        for text in cell.output_texts:
            if found := ADDRESS.search(text):
                yield f"{cell}: it shows the address {found[0]}, new in every run."
            if found := TIME.search(text):
                yield f"{cell}: it shows the time {found[0]}, new in every run."
        for output in cell.outputs:
            data = output_data(output)
            for text in (data.get("stdout", ""), data.get("text/plain", "")):
                if found := LONG_NUMBER.search(text):
                    yield f"{cell}: {found[0]}… has more digits than machines agree on."


@rule
def no_machine_is_named(notebook):
    for cell in notebook.cells:
        for text in [cell.source, *cell.output_texts]:
            if found := ABSOLUTE_PATH.search(text):
                yield f"{cell}: {found[0]} is a path on one machine."
