"""The two networks' shapes, and an augmentation that moves whole pictures."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from helpers.training.models import Baseline, Residual, SmallResNet, augment


def test_the_baselines_sides_are_those_of_the_lesson():
    sides = []
    x = torch.zeros(1, 3, 224, 224)
    model = Baseline().eval()
    for layer in model:
        if isinstance(layer, nn.Flatten):
            break
        x = layer(x)
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            sides.append(x.shape[-1])
    assert sides == [72, 36, 32, 16, 16, 14, 7]
    assert model[-3].in_features == 3136


@pytest.mark.parametrize("size", [80, 82, 91, 96, 100, 128, 150, 224, 225])
def test_baseline_fits_its_size(size):
    assert Baseline(size).eval()(torch.zeros(2, 3, size, size)).shape == (2, 1)


def test_too_small_for_the_baseline():
    with pytest.raises(ValueError, match="80 pixels a side or more, not 79"):
        Baseline(79)


@pytest.mark.parametrize(("classes", "logits"), [(2, 1), (3, 3), (10, 10)])
@pytest.mark.parametrize("size", [(32, 32), (33, 47), (64, 64), (96, 64), (224, 224)])
def test_small_res_net_takes_any_size(classes, logits, size):
    model = SmallResNet(classes, width=8).eval()
    assert model(torch.zeros(2, 3, *size)).shape == (2, logits)


def test_small_res_net_is_small():
    count = sum(parameter.numel() for parameter in SmallResNet().parameters())
    assert count < 800_000


@pytest.mark.parametrize(("before", "after", "stride"), [(4, 4, 1), (4, 8, 2)])
def test_a_new_block_changes_nothing(before, after, stride):
    block = Residual(before, after, stride)
    x = torch.rand(2, before, 9, 7)
    expected = block.shortcut(x).relu()
    assert torch.allclose(block(x), expected)


def places(picture, original):
    """Where this picture's pixels come from, as (mirrored, down, right)."""
    most = max(1, min(original.shape[1:]) // 10)
    for mirrored in (False, True):
        source = original.flip(2) if mirrored else original
        padded = nn.functional.pad(source[None], (most,) * 4, mode="reflect")[0]
        height, width = original.shape[1:]
        for down in range(2 * most + 1):
            for right in range(2 * most + 1):
                crop = padded[:, down : down + height, right : right + width]
                if torch.equal(crop, picture):
                    yield mirrored, down - most, right - most


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.integers(8, 31), st.integers(8, 31))
def test_augmented_pictures_are_mirrored_or_not_and_shifted(seed, height, width):
    generator = torch.Generator().manual_seed(seed)
    batch = torch.rand(5, 3, height, width, generator=generator)
    before = batch.clone()
    changed = augment(batch, generator)
    assert torch.equal(batch, before)
    assert changed.shape == batch.shape
    for picture, original in zip(changed, batch, strict=True):
        assert list(places(picture, original))


def test_every_mirroring_and_shift_comes_up():
    picture = torch.rand(1, 3, 12, 10)
    changed = augment(picture.expand(400, -1, -1, -1), torch.Generator().manual_seed(0))
    found = {place for each in changed for place in places(each, picture[0])}
    assert found == {(m, d, r) for m in (0, 1) for d in (-1, 0, 1) for r in (-1, 0, 1)}


def test_augmentation_is_the_generators():
    batch = torch.rand(6, 3, 20, 20)
    one, same, other = (
        augment(batch, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
