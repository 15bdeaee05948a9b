"""Figures carry their alt text, leave nothing behind, and cope with odd numbers."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from helpers import figures


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: a list of (data, metadata)."""
    displayed = []
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, metadata, raw: displayed.append((data, metadata)),
    )
    return displayed


def picture_in(data):
    return Image.open(io.BytesIO(base64.b64decode(data["image/png"])))


def draw_curves(**how):
    figures.show_curves({"a": [1, 2]}, xlabel="x", ylabel="y", alt="rising", **how)


def draw_images(**how):
    figures.show_images(np.ones((3, 4, 5)), "abc", alt="three", **how)


def draw_layers(**how):
    names = ("x", "h", "h_relu")
    layers = ([[1, 2]], [[1, -1, 0]], [[1, 0, 0]])
    links = ("all", "own")
    figures.show_layers(*layers, names=names, links=links, alt="a net", **how)


@pytest.mark.parametrize(
    ("draw", "alt"),
    [(draw_curves, "rising"), (draw_images, "three"), (draw_layers, "a net")],
)
def test_a_picture_is_shown_with_its_alt_text(shown, draw, alt):
    draw()
    [(data, metadata)] = shown
    assert metadata == {"image/png": {"alt": alt}}
    assert data["text/plain"] == f"[picture] {alt}"
    image = picture_in(data)
    assert image.width > 150
    assert np.asarray(image.convert("L")).std() > 1, "an empty picture"


def test_the_same_figure_has_the_same_bytes():
    one, two = (
        figures.png(figures.curves({"a": [1, 3]}, xlabel="x", ylabel="y"))
        for _ in range(2)
    )
    assert one == two


def test_pyplot_is_not_needed(shown):
    import sys

    before = sys.modules.get("matplotlib.pyplot")
    draw_curves()
    assert sys.modules.get("matplotlib.pyplot") is before


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("values", [[1.0], [1e-9, 1e9], [5.0, np.inf, np.nan], [3, 3]])
def test_a_log_axis_copes_with(shown, values):
    figures.show_curves({"a": values}, xlabel="x", ylabel="y", log=True, alt="odd")


def test_images_of_zeros_and_more_images_than_titles(shown):
    figures.show_images(np.zeros((9, 2, 2)), "ab", alt="blank", signed=True)
    assert len(shown) == 1


def test_units_that_are_off_are_dark(shown):
    draw_layers(off=[False, False, True])
    draw_layers(off=[False, False, False])
    dark, light = (np.asarray(picture_in(data).convert("L")) for data, _ in shown)
    assert (dark < 60).sum() > (light < 60).sum() + 500


def contrast(one, other):
    """The contrast ratio of two colours, WCAG 2.2, https://www.w3.org/TR/WCAG22/."""

    def luminance(colour):
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return linear @ [0.2126, 0.7152, 0.0722]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_and_curves_stand_out_from_the_ground():
    paper = figures.COLOURS["paper"]
    assert contrast(figures.COLOURS["ink"], paper) > 7
    for colour in figures.LINES[:3]:
        assert contrast(colour, paper) > 3
