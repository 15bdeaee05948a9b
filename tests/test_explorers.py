"""Every explorer: a still picture without a kernel, and every control does something.

What instructor's notes and prose say about an explorer is checked here too.
"""

import importlib
import itertools
import pkgutil
import random
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
from helpers.explorers import l04_nn_layers as layers
from helpers.explorers import l05_rnn_lstmcell as memory
from helpers.explorers import l06_custom_functions as nudges

NAMES = [module.name for module in pkgutil.iter_modules(explorers.__path__)]


MOST_COMBINATIONS = 100  # of an explorer's settings that are tried


def makers():
    """{name: explore_…} of all modules; one may hold several."""
    for name in NAMES:
        module = importlib.import_module(f"helpers.explorers.{name}")
        for key, value in vars(module).items():
            if key.startswith("explore_"):
                yield pytest.param(value, id=f"{name}-{key}")


@pytest.fixture(params=makers())
def explorer(request):
    return request.param()


def test_without_a_kernel_a_picture_with_alt_text_is_left(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == explorer.sentence
    assert explorer.sentence in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def settings_of(control):
    """Values to try: a slider's ends and middle, a tick or none, what there is to
    choose from, or texts that people may type."""
    if isinstance(control.value, bool):
        return [control.value, not control.value]
    if hasattr(control, "options"):
        return list(control.options)
    if hasattr(control, "min"):
        return [control.min, control.value, control.max]
    return [control.value, "", "7", "2, x", "-1", "1 1 1 1 1 1 1 1", "<b>, 3"]


def test_every_control_changes_picture_and_text(explorer):
    before = explorer.image, explorer.sentence
    for name, control in explorer.controls.items():
        start = control.value
        control.value = next(v for v in settings_of(control) if v != start)
        assert explorer.image != before[0], name
        assert explorer.sentence != before[1], name
        control.value = start


def test_every_combination_is_told_in_a_sentence(explorer):
    controls = explorer.controls.values()
    combinations = list(itertools.product(*map(settings_of, controls)))
    if len(combinations) > MOST_COMBINATIONS:
        combinations = random.Random(0).sample(combinations, MOST_COMBINATIONS)
    for values in combinations:
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


def test_presets_set_the_sliders_and_sliders_name_the_preset():
    explorer = layers.explore_kernel()
    preset = explorer.box.children[1]
    preset.value = "blur"
    assert {control.value for control in explorer.controls.values()} == {1 / 9}
    explorer.controls["k11"].value = 17 / 9
    assert preset.value == layers.OWN
    explorer.controls["k11"].value = 1 / 9
    assert preset.value == "blur"


@pytest.mark.parametrize("name", ["sharpen, brightness kept", "blur"])
def test_a_kernel_slides_as_torch_s_does(name):
    picture = layers.small_portrait()
    weights = np.array(layers.PRESETS[name]).reshape(3, 3) / 9
    by_torch = torch.conv2d(
        *(torch.tensor(a)[None, None].double() for a in (picture, weights))
    )
    np.testing.assert_allclose(
        layers.slide(picture, weights), by_torch[0, 0], atol=1e-6
    )


@given(
    st.integers(1, 9), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2),
    st.integers(1, 3), st.booleans(), st.integers(0, 80),
)  # fmt: skip
def test_arithmetic_is_torch_s(size, kernel, stride, padding, dilation, back, step):
    """Sizes, and which cells a place reads or writes: where torch has a gradient."""
    kind = torch.nn.ConvTranspose2d if back else torch.nn.Conv2d
    layer = kind(
        1, 1, kernel, stride, padding=padding, dilation=dilation, bias=False
    )  # fmt: skip
    torch.nn.init.ones_(layer.weight)
    x = torch.ones(1, 1, size, size, requires_grad=True)
    try:
        out = layer(x)
    except RuntimeError:
        assert layers.places_of(size, kernel, stride, padding, dilation, back) < 1
        return
    places = layers.places_of(size, kernel, stride, padding, dilation, back)
    assert tuple(out.shape[2:]) == (places, places)
    lit_left, lit_right = layers.lit(
        size, places, kernel, stride, padding, dilation, back, step
    )
    if back:
        one = torch.zeros(size, size)
        one[lit_left[0]] = 1
        touched, told = layer(one[None, None]), lit_right
    else:
        (touched,) = torch.autograd.grad(out[0, 0][lit_right[0]], x)
        told = lit_left
    shown = {cell for cell in told if min(cell) >= 0 and max(cell) < touched.shape[2]}
    assert shown == {tuple(cell) for cell in touched[0, 0].nonzero().tolist()}


def last_memory(machine, extra=0):
    return memory.walk(machine, extra)["c"][-1]


def test_a_latch_holds_one_a_counter_counts_a_forgetter_forgets():
    ones = sum(x == 1 for x in memory.INPUTS)
    assert abs(last_memory("counter") - ones) < 0.01
    assert abs(last_memory("latch") - 1) < 0.02
    assert memory.INPUTS[-1] == 0
    before, after = memory.walk("forgetter", 0)["c"][-2:]
    assert abs(after - before / 2) < 0.001
    after_reset = memory.walk("latch", 0)["c"][memory.INPUTS.index(-1)]
    assert abs(after_reset) < 0.01


def test_ten_less_turns_the_counter_into_the_forgetter():
    """What the notes of lesson 05 say."""
    np.testing.assert_allclose(
        memory.walk("counter", -10)["c"], memory.walk("forgetter", 0)["c"]
    )


@pytest.mark.parametrize(
    ("function", "precision", "step", "words"),
    [
        ("FFT magnitude", "float64", 1e-5, "They agree"),
        ("cube", "float64", 0.1, "too long"),
        ("cube", "float64", 1e-12, "too short"),
        ("cube", "float32", 1e-6, "too short"),
        ("FFT with irfft2", "float64", 1e-5, "No step"),
        ("relu, one entry at 0", "float64", 1e-5, "No step"),
        ("straight-through rounding", "float64", 1e-5, "on its step of the staircase"),
        ("straight-through rounding", "float64", 1.0, "They agree"),
    ],
)
def test_which_nudges_tell_the_truth(function, precision, step, words):
    """What lesson 06 asks about."""
    assert words in nudges.sentence(function, precision, step)


@pytest.mark.parametrize(("precision", "best"), [("float64", 1e-5), ("float32", 1e-2)])
def test_the_best_step_is_where_the_instructor_s_note_says(precision, best):
    found = nudges.STEPS[nudges.errors("FFT magnitude", precision).argmin()]
    assert 0.3 <= found / best <= 3.2
