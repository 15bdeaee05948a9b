"""What lesson 04 says of its explorer, and what the explorer says, hold."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.explorers import l04_nn_layers as layers


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
