"""What lesson 07 says of its explorer, and what the explorer says, hold."""

import pytest

from helpers.explorers import l07_numpy_conv2d as pixels


def test_at_stride_two_some_inputs_hear_from_one_output_others_from_four():
    """What lesson 07 says of its explorer, and an answer to what it asks."""
    scenes = [pixels.Placement(0, pixel, 2, 1) for pixel in range(pixels.SIZE**2)]
    assert {len(scene.readers) for scene in scenes} == {1, 2, 4}
    assert pixels.Placement(0, 0, 2, 1).unread == 0
    assert pixels.Placement(0, 0, 2, 2).unread == 49 - 16


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_shares_and_products_add_up_to_what_is_shown(stride, dilation):
    for output, seen in ((0, 0), (6, 23), (24, 48)):
        scene = pixels.Placement(output, seen, stride, dilation)
        products = [pixels.X[p] * pixels.WEIGHT[w] for w, p in scene.reads.items()]
        shares = [scene.dy[p] * pixels.WEIGHT[w] for w, p in scene.readers.items()]
        assert sum(products) == scene.y[scene.output]
        assert sum(shares) == scene.dx[scene.input]
