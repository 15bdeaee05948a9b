"""A notebook as the rules see it: its raw JSON, and what they often ask of it.

Read without nbformat, which mends a notebook while it reads it.
"""

import ast
import json
import re
from functools import cached_property, lru_cache
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from lessons.places import PROJECT

IMAGE = re.compile(r"!\[(?P<alt>.*?)\]\((?P<path>[^)\s]*)[^)]*\)", re.DOTALL)


def course_notebooks():
    return sorted(PROJECT.glob("notebooks/*.ipynb"))


@lru_cache
def load(path):
    return Notebook(path)


class Notebook:
    def __init__(self, path):
        self.path = Path(path)
        self.raw = json.loads(self.path.read_text(encoding="utf-8"))
        self.cells = [
            Cell(raw, position) for position, raw in enumerate(self.raw["cells"], 1)
        ]

    def __str__(self):
        return self.path.name

    @property
    def root(self):
        return self.path.parent.parent

    @property
    def number(self):
        """The lesson's number, as text: "01"."""
        return self.path.name[:2]

    @property
    def lesson(self):
        """The name of its modules: "l01_numpy_two_layer_net"."""
        return f"l{self.path.stem}"

    @property
    def is_opener(self):
        """Whether it is the one that shows how the course works and teaches no net."""
        return self.number == "00"

    @cached_property
    def code(self):
        return [cell for cell in self.cells if cell.kind == "code"]

    @cached_property
    def prose(self):
        return [cell for cell in self.cells if cell.kind == "markdown"]

    @cached_property
    def opening(self):
        """The markdown before the first code cell, as one text."""
        first = self.code[0].position if self.code else len(self.cells) + 1
        return "\n\n".join(c.source for c in self.prose if c.position < first)

    @cached_property
    def minutes(self):
        """How long the opening says that the lesson takes, or None."""
        found = re.search(r"(\d+)[\s\u00a0*_]*minutes", self.opening)
        return int(found[1]) if found else None

    @cached_property
    def headings(self):
        """[(cell, level, text)] in order."""
        return [(cell, *heading) for cell in self.prose for heading in cell.headings]


class Cell:
    def __init__(self, raw, position):
        self.raw = raw
        self.position = position
        self.kind = raw["cell_type"]
        self.source = "".join(raw["source"])
        self.metadata = raw["metadata"]
        self.tags = self.metadata.get("tags", [])
        self.outputs = raw.get("outputs", [])

    def __str__(self):
        """What a complaint calls it."""
        if "id" in self.raw:
            return f'cell "{self.raw["id"]}"'
        return f"cell {self.position}"

    # Code

    @cached_property
    def tree(self):
        """The parsed code, magics as calls of get_ipython(); empty if it isn't code."""
        try:
            return ast.parse(TransformerManager().transform_cell(self.source))
        except SyntaxError:
            return ast.Module([], [])

    @cached_property
    def nodes(self):
        return list(ast.walk(self.tree))

    @property
    def calls(self):
        """[(the called function as it is written, the call)]."""
        return [
            (ast.unparse(node.func), node)
            for node in self.nodes
            if isinstance(node, ast.Call)
        ]

    # Prose

    @cached_property
    def text(self):
        """Markdown without its code blocks."""
        return re.sub(r"^(```|~~~).*?^\1", "", self.source, flags=re.M | re.S)

    @cached_property
    def headings(self):
        """[(level, text)] in order."""
        found = re.findall(r"^(#{1,6})\s+(.*?)\s*#*$", self.text, re.MULTILINE)
        return [(len(marks), text) for marks, text in found]

    # Outputs

    @cached_property
    def output_texts(self):
        """Everything that the outputs say in words or markup, pictures left out."""
        return [
            text if isinstance(text, str) else json.dumps(text)
            for output in self.outputs
            for kind, text in output_data(output).items()
            if not kind.startswith("image/") or kind == "image/svg+xml"
        ]


def output_data(output):
    """{kind: content} of an output, lists of lines joined."""
    if output["output_type"] == "stream":
        data = {output["name"]: output["text"]}
    elif output["output_type"] == "error":
        data = {"traceback": [output["evalue"], *output["traceback"]]}
    else:
        data = output["data"]
    return {
        kind: "".join(content) if isinstance(content, list) else content
        for kind, content in data.items()
    }
