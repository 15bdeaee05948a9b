"""Links in pages and notebooks lead somewhere, and their pictures say what they show.

Local ones are followed, anchors too. Nobody is asked on the network: links to elsewhere
are only looked at.
"""

import json
import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import mistune
import pytest

from lessons.places import PROJECT

# The last is what `make update` keeps of a student's; dotted names aren't ours either.
NOT_OURS = {"build", "node_modules", "before_update"}
to_html = mistune.create_markdown(escape=False, plugins=["table"])


def files(ending):
    for folder, inside, names in os.walk(PROJECT):
        inside[:] = [n for n in inside if n not in NOT_OURS and not n.startswith(".")]
        yield from (Path(folder, name) for name in names if name.endswith(ending))


PAGES = sorted([*files(".md"), *files(".ipynb")])


def markdown_of(path):
    """A page's text, or that of a notebook's markdown cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


@dataclass
class Page(HTMLParser):
    """What a page links to, its pictures' alternative texts, and its anchors."""

    markdown: str
    targets: list = field(default_factory=list)
    alternatives: list = field(default_factory=list)
    anchors: list = field(default_factory=list)
    heading: str | None = None

    def __post_init__(self):
        super().__init__()
        self.feed(to_html(self.markdown))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.targets += [given[n] for n in ("href", "src", "srcset") if n in given]
        if tag == "img":
            self.alternatives.append(given.get("alt") or "")
        if re.fullmatch("h[1-6]", tag):
            self.heading = ""

    def handle_data(self, data):
        if self.heading is not None:
            self.heading += data

    def handle_endtag(self, tag):
        if re.fullmatch("h[1-6]", tag):
            self.anchors.append(anchor(self.heading))
            self.heading = None


def anchor(heading):
    """What GitHub makes of a heading: no punctuation, and hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def problem(target, path):
    """Why this target of a link in ``path`` leads nowhere; "" if it doesn't."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        formed = parts.scheme == "https" and re.fullmatch(r"[\w.-]+\.\w+", parts.netloc)
        return "" if formed and not re.search(r"\s", target) else "not a whole address"
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not there.is_relative_to(PROJECT):
        return "outside the project"
    if not there.exists():
        return "no such file"
    if not parts.fragment:
        return ""
    known = Page(markdown_of(there)).anchors if there.suffix == ".md" else []
    return "" if parts.fragment in known else "no such heading"


def test_pages_and_notebooks_are_found():
    assert PROJECT / "README.md" in PAGES
    assert {path.suffix for path in PAGES} == {".md", ".ipynb"}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_every_link_leads_somewhere(path):
    problems = {
        target: problem(target, path) for target in Page(markdown_of(path)).targets
    }
    assert {target: why for target, why in problems.items() if why} == {}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_every_picture_says_what_it_shows(path):
    for alternative in Page(markdown_of(path)).alternatives:
        assert len(alternative.split()) > 5, alternative


@pytest.mark.parametrize(
    ("markdown", "why"),
    [
        ("[a](README.md#the-lessons)", ""),
        ("[a](#gone)", "no such heading"),
        ("[a](README.md#gone)", "no such heading"),
        ("[a](gone.md)", "no such file"),
        ("![a](imgs/gone.svg)", "no such file"),
        ('<img src="imgs/gone.png">', "no such file"),
        ('<source srcset="imgs/gone.png">', "no such file"),
        ("[a](../elsewhere.md)", "outside the project"),
        ("[a](http://example.org)", "not a whole address"),
        ("[a](https://example)", "not a whole address"),
        ("`[a](gone.md)`", None),
    ],
)
def test_a_broken_link_is_found(markdown, why):
    targets = Page(markdown).targets
    assert [problem(t, PROJECT / "README.md") for t in targets] == (
        [] if why is None else [why]
    )
