"""Notebooks are named by number, by name or by path."""

import pytest

from lessons.places import PROJECT
from tools.named import NoSuchNotebook, find_notebook


@pytest.mark.parametrize("name", ["04", "04_nn_layers", "notebooks/04_nn_layers.ipynb"])
def test_a_notebook_is_found(name):
    assert find_notebook(name) == PROJECT / "notebooks" / "04_nn_layers.ipynb"


@pytest.mark.parametrize("name", ["", "4", "99", "nn_layers", "../README.md"])
def test_what_is_not_there_is_one_sentence(name):
    with pytest.raises(
        NoSuchNotebook, match=r"^There is no notebook .+: name one as 01"
    ):
        find_notebook(name)
