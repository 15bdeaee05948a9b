"""Lesson 08's upload: a verdict on a picture, or one sentence on why there is none."""

import io

import numpy as np
import pytest
from PIL import Image

from helpers.explorers import l08_cnn_classifier as explorers


@pytest.fixture
def upload():
    """A widget whose net calls bright pictures dogs."""

    def explain(image):
        assert image.shape == (32, 32, 3)
        return float(image.mean()) / 10 - 12.8, np.ones((4, 4))

    black = np.zeros((32, 32, 3), np.uint8)
    return explorers.try_your_own(explain, black, ("cat", "dog"), size=32)


def file_of(value, kind="PNG"):
    content = io.BytesIO()
    Image.new("RGB", (50, 40), (value, value, value)).save(content, kind)
    return content.getvalue()


def test_it_begins_with_an_example(upload):
    data, metadata = upload._repr_mimebundle_()
    assert "a cat, says the net" in data["text/plain"]
    assert data["image/png"] and metadata["image/png"]["alt"] == upload.sentence


def test_a_picture_gets_its_verdict_and_a_map(upload):
    upload.take("white.png", file_of(255))
    assert upload.sentence.startswith("white.png: a dog, says the net, and is 100%")
    assert "<img" in upload.answer.value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"not a picture", ""),
        (file_of(9, "JPEG")[:200], ""),
        (bytes(explorers.MOST_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_picture_is_told_in_a_sentence(upload, content, words):
    upload.take("<b>.jpg", content)
    assert words in upload.sentence
    assert upload.sentence.startswith("<b>.jpg") and upload.sentence.endswith(".")
    assert "<b>" not in upload.answer.value and "<img" not in upload.answer.value
