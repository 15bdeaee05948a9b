"""The drawings in imgs/ are what their scripts draw, titled, and used somewhere."""

import re
import runpy
import sys
from xml.etree import ElementTree

import pytest

from lessons.places import PROJECT

SCRIPTS = sorted((PROJECT / "imgs").glob("*_*.py"))
SVG = "{http://www.w3.org/2000/svg}"


def drawings_of(script, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(script.parent), *sys.path])
    return runpy.run_path(str(script))["drawings"]()


def test_there_are_drawings():
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_script_draws_what_is_stored(script, monkeypatch):
    stored = {
        path.name: path.read_text(encoding="utf-8")
        for path in script.parent.glob(f"{script.name.partition('_')[0]}_*.svg")
    }
    assert drawings_of(script, monkeypatch) == stored


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_every_drawing_is_titled_and_readable(script, monkeypatch):
    for name, drawing in drawings_of(script, monkeypatch).items():
        root = ElementTree.fromstring(drawing)
        assert len(root.findtext(f"{SVG}title").split()) > 8, name
        sizes = [float(text.get("font-size")) for text in root.iter(f"{SVG}text")]
        assert min(sizes) >= 14, name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_words_stay_inside_the_picture(script, monkeypatch):
    """A cautious estimate of every text's extent, at 0.62 of its size a letter."""
    for name, drawing in drawings_of(script, monkeypatch).items():
        root = ElementTree.fromstring(drawing)
        width = float(root.get("width"))
        for text in root.iter(f"{SVG}text"):
            length = 0.62 * float(text.get("font-size")) * len(text.text or "")
            x, anchor = float(text.get("x")), text.get("text-anchor")
            left = x - length * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            assert left > 0 and left + length < width, (name, text.text)


def test_every_drawing_is_shown_where_its_name_says():
    for picture in (PROJECT / "imgs").glob("*.svg"):
        owner = picture.name.partition("_")[0]
        (page,) = [*PROJECT.glob(f"{owner}.md"), *PROJECT.glob(f"notebooks/{owner}_*")]
        text = page.read_text(encoding="utf-8")
        assert re.search(rf"\((\.\./)?imgs/{re.escape(picture.name)}\)", text), picture
