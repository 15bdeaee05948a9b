"""A small notebook that keeps every rule, in a small course of its own.

What breaks a rule is a small edit of it: see breakers.py.
"""

import copy
import json
import textwrap
from pathlib import Path

from tools.outputs import METADATA

NAME = "99_toy"


def exercise_module(name, reference):
    return f'''
        """One of the toys."""

        from diagnose import Exercise
        from lessons import about
        from lessons.l{NAME} import solutions

        EXERCISE = Exercise(
            **about(__name__),
            reference=solutions.{reference},
            oracle=solutions.{reference},
            mistakes=(),
            hints=(),
        )
        '''


LESSON = {
    "__init__": '''
        """A toy."""

        EXERCISES = {
            "double": {"minutes": 1, "difficulty": 1},
            "predict_pair": {"minutes": 1, "difficulty": 1},
            "scale": {"minutes": 1, "difficulty": 1},
        }
        ''',
    "solutions": '''
        """What a student ends with."""


        def double(x):
            """Twice x."""
            return 2 * x


        def predict_pair():
            """Two numbers, as a list."""
            return [2, 4]


        class Scale:
            """Multiplies by a factor."""

            def __init__(self, factor):
                self.factor = factor

            def forward(self, x):
                """x times the factor."""
                return self.factor * x
        ''',
    "double": exercise_module("double", "double"),
    "predict_pair": exercise_module("predict_pair", "predict_pair"),
    "scale": exercise_module("scale", "Scale"),
}
OPENING = """
    # A toy

    ![Two boxes, joined by an arrow.](../imgs/99_hero.svg)

    **What you will build**: nothing. **What you need**: nothing. It takes 15 minutes.
"""
IMPORTS = """
    import numpy as np

    from helpers import exercise
    from helpers.explorers.l99_toy import explore
"""
DOUBLE = '''
    @exercise("99.double")
    def double(x):
        """Twice x."""
        raise NotImplementedError
'''
PREDICT_PAIR = '''
    @exercise("99.predict_pair")
    def predict_pair():
        """Two numbers, as a list."""
        return [None, None]
'''
SCALE = '''
    @exercise("99.scale")
    class Scale:
        """Multiplies by a factor."""

        def __init__(self, factor):
            raise NotImplementedError

        def forward(self, x):
            """x times the factor."""
            raise NotImplementedError
'''
CONTRIBUTING = """
    # Contributing

    ## The alphabet of shapes

    | letter | is |
    |---|---|
    | `N` | examples |
    | `D_in`, `D_out` | features |

    ## Something else

    | `Q` | isn't a shape |
    |---|---|
"""
CARD = [{"data": {"text/plain": ["○ 99.x — not attempted yet."]}}]
PICTURE = [
    {
        "data": {"image/png": "aGVsbG8=", "text/plain": ["[picture] A line."]},
        "metadata": {"image/png": {"alt": "A line."}},
    }
]
VALUE = [{"data": {"text/plain": ["array([0., 1., 2.])"]}}]


class Draft:
    """The good notebook, to be edited and then written into a course's folder."""

    def __init__(self, root):
        self.root = Path(root)
        self.path = self.root / "notebooks" / f"{NAME}.ipynb"
        cells = [
            markdown("opening", OPENING),
            code("imports", IMPORTS),
            code("value", "rng = np.random.default_rng(0)\nnp.arange(3.0)", VALUE),
            code("double", DOUBLE, CARD),
            code("predict", PREDICT_PAIR, CARD),
            code("scale", SCALE, CARD),
            markdown("clinic", "## Clinic: a bug"),
            code("explore", "explore()", PICTURE),
        ]
        for step in range(8):
            cells.append(markdown(f"prose-{step}", f"Step {step} of eight."))
            cells.append(code(f"step-{step}", f"step_{step} = {step}"))
        cells += [
            markdown("recap", "## Recap\n\nThat was all."),
            markdown("next", "## Try next\n\nNothing."),
            markdown("sources", "## Sources\n\nNone."),
        ]
        self.raw = {
            "cells": cells,
            "metadata": copy.deepcopy(METADATA),
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        self.count()

    def __getitem__(self, name):
        return next(cell for cell in self.raw["cells"] if cell.get("id") == name)

    def count(self):
        """Give every code cell the execution count that a run would."""
        codes = (c for c in self.raw["cells"] if c["cell_type"] == "code")
        for number, cell in enumerate(codes, 1):
            cell["execution_count"] = number

    def say(self, name, text):
        self[name]["source"] = lines(text)

    def write(self):
        files = {
            **{f"lessons/l{NAME}/{module}.py": LESSON[module] for module in LESSON},
            f"helpers/explorers/l{NAME}.py": "",
            "imgs/99_hero.svg": "<svg/>",
            "CONTRIBUTING.md": CONTRIBUTING,
        }
        for name, content in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(textwrap.dedent(content), encoding="utf-8")
        self.path.parent.mkdir(exist_ok=True)
        # Written as nbformat would, but without its mending of ids.
        text = json.dumps(self.raw, indent=1, sort_keys=True, ensure_ascii=False)
        self.path.write_text(text + "\n", encoding="utf-8")
        return self.path


def lines(text):
    return textwrap.dedent(text).strip("\n").splitlines(keepends=True)


def markdown(name, text):
    metadata = {"slideshow": {"slide_type": "slide"}}
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": metadata,
        "source": lines(text),
    }


def code(name, text, shown=()):
    cell = markdown(name, text) | {"cell_type": "code", "execution_count": None}
    cell["outputs"] = [displayed(**output) for output in shown]
    return cell


def displayed(data, metadata=None):
    output = {"data": data, "metadata": metadata or {}, "output_type": "display_data"}
    return copy.deepcopy(output)
