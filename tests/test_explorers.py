"""Every explorer: a still picture without a kernel, and every control does something.

What instructor's notes and prose say about an explorer is checked here too.
"""

import importlib
import itertools
import pkgutil
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers import explorers
from helpers.explorers import l00_start_here as unit
from helpers.explorers import l01_numpy_two_layer_net as rate
from helpers.explorers import l02_tensors as broadcasting
from helpers.explorers import l03_autograd as backward
from helpers.explorers import l07_numpy_conv2d as pixels

NAMES = [module.name for module in pkgutil.iter_modules(explorers.__path__)]


def explorers_of(name):
    module = importlib.import_module(f"helpers.explorers.{name}")
    makers = [v for key, v in vars(module).items() if key.startswith("explore_")]
    return [make() for make in makers]


@pytest.fixture(params=NAMES)
def explorer(request):
    (made,) = explorers_of(request.param)
    return made


def test_without_a_kernel_a_picture_with_alt_text_is_left(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == explorer.sentence
    assert explorer.sentence in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def settings_of(control):
    """Values to try: a slider's ends and middle, or texts that people may type."""
    if hasattr(control, "min"):
        return [control.min, control.value, control.max]
    return [control.value, "", "7", "2, x", "-1", "1 1 1 1 1 1 1 1", "<b>, 3"]


def test_every_control_changes_picture_and_text(explorer):
    for name, control in explorer.controls.items():
        before = explorer.image, explorer.sentence
        control.value = next(v for v in settings_of(control) if v != control.value)
        assert explorer.image != before[0], name
        assert explorer.sentence != before[1], name


def test_every_combination_is_told_in_a_sentence(explorer):
    controls = explorer.controls.values()
    for values in itertools.product(*map(settings_of, controls)):
        for control, value in zip(controls, values, strict=True):
            control.value = value
        assert explorer.sentence.endswith(".")
        assert "nan" not in explorer.sentence
        assert not re.search(r"-0(\.0+)?\b(?!\.)", explorer.sentence.replace("e-0", ""))
        assert "<b>" not in explorer.picture.value


@pytest.mark.parametrize("name", NAMES)
def test_moves_do_move(name):
    for _, move in importlib.import_module(f"helpers.explorers.{name}").moves():
        move()


@pytest.mark.parametrize(
    ("weight", "bias", "words"),
    [
        (1, 0, "on for x above 0.00"),
        (-1, -2, "on for x below -2.00"),  # the answer to its question
        (0, 1, "gives 1 everywhere"),
        (0, -1, "off everywhere"),
    ],
)
def test_where_a_unit_is_on(weight, bias, words):
    assert words in unit.where_it_is_on(weight, bias)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("exponent", "words"),
    [
        (-6, "hardly moves"),
        (-4, "falls"),
        (-2.75, "by way of"),  # "at about 2e-3 it overshoots and recovers"
        (-2, "switches off every hidden unit"),  # "at 1e-2 every unit goes dark"
        (-1, "diverges. After 2 steps"),
    ],
)
def test_learning_rates_do_what_the_notebook_says(exponent, words):
    explorer = rate.explore_learning_rate()
    explorer.controls["learning_rate"].value = 10**exponent
    assert words in explorer.sentence


def test_a_wider_net_overshoots_at_a_smaller_rate():
    explorer = rate.explore_learning_rate()
    explorer.controls["learning_rate"].value = 1e-3
    assert "by way of" not in explorer.sentence
    explorer.controls["width"].value = 100
    assert "by way of" in explorer.sentence


@pytest.mark.parametrize(
    ("typed", "shape"),
    [("2, 3", (2, 3)), ("(2,3)", (2, 3)), ("2 3", (2, 3)), ("", ()), ("(5,)", (5,))],
)
def test_shapes_are_read_however_they_are_typed(typed, shape):
    assert broadcasting.read_shape(typed) == shape


@pytest.mark.parametrize("typed", ["two", "-1", "2.5", "1 1 1 1 1 1 1", "٣"])
def test_what_is_no_shape_is_refused_in_a_sentence(typed):
    with pytest.raises(broadcasting.NotAShape, match=r"Write whole|use fewer"):
        broadcasting.read_shape(typed)


@given(st.lists(st.integers(1, 3), max_size=4), st.lists(st.integers(1, 3), max_size=4))
def test_shapes_align_as_numpy_says(left, right):
    result = tuple(size for _, _, size in broadcasting.align(left, right))
    try:
        assert result == np.broadcast_shapes(tuple(left), tuple(right))
    except ValueError:
        assert None in result


def test_all_blame_has_arrived_as_torch_says():
    values, _ = backward.walk(len(backward.ORDER), 2.0, 3.0)
    a, b = (torch.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    grads = torch.autograd.grad((a * b + a) ** 2, (a, b))
    assert [values["a"].grad, values["b"].grad] == [grad.item() for grad in grads]


def test_with_b_at_minus_one_no_blame_reaches_a():
    """What lesson 03 asks about."""
    values, _ = backward.walk(len(backward.ORDER), 2.0, -1.0)
    assert values["a"].grad == 0


def test_at_stride_two_some_inputs_hear_from_one_output_others_from_four():
    """What lesson 07 says of its explorer, and an answer to what it asks."""
    scenes = [pixels.Scene(0, pixel, 2, 1) for pixel in range(pixels.SIZE**2)]
    assert {len(scene.readers) for scene in scenes} == {1, 2, 4}
    assert pixels.Scene(0, 0, 2, 1).unread == 0
    assert pixels.Scene(0, 0, 2, 2).unread == 49 - 16


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_shares_and_products_add_up_to_what_is_shown(stride, dilation):
    for output, seen in ((0, 0), (6, 23), (24, 48)):
        scene = pixels.Scene(output, seen, stride, dilation)
        products = [pixels.X[p] * pixels.WEIGHT[w] for w, p in scene.reads.items()]
        shares = [scene.dy[p] * pixels.WEIGHT[w] for w, p in scene.readers.items()]
        assert sum(products) == scene.y[scene.output]
        assert sum(shares) == scene.dx[scene.input]
