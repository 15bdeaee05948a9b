"""The animals that come with the course: all told apart by their shape alone."""

import itertools

import numpy as np
import pytest
import torch
from animal_forest import CHANCE, GUESSING, score
from sklearn.linear_model import RidgeClassifierCV
from torch import nn

from helpers.data import cats_and_dogs
from helpers.pictures.cache import CacheError
from helpers.pictures.drawn import SHEET


@pytest.fixture(scope="module")
def drawn():
    return cats_and_dogs(size=80)


def flat(pictures):
    return pictures.images.reshape(len(pictures), -1).astype(np.float32) / 255


def test_a_thousand_to_train_with_and_four_hundred_to_test(drawn):
    assert drawn.classes == ("cats", "dogs")
    assert np.bincount(drawn.train.labels).tolist() == [500, 500]
    assert np.bincount(drawn.test.labels).tolist() == [200, 200]
    assert drawn.train.images.shape == (1000, 80, 80, 3)
    assert drawn.skipped == ()
    assert drawn.source == (
        "Drawn by the course: 500 + 200 cats, 500 + 200 dogs (to train + to test)."
    )


def test_a_linear_model_on_pixels_does_not_get_far(drawn):
    model = RidgeClassifierCV(alphas=[1e2, 1e3, 1e4, 1e5])
    model.fit(flat(drawn.train) - 0.5, drawn.train.labels)
    assert model.score(flat(drawn.test) - 0.5, drawn.test.labels) < 0.75


@pytest.mark.everything
def test_a_small_convolutional_network_does(drawn):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine, several wait for each other
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = network()
        train(model, drawn.train)
    torch.set_num_threads(threads)
    with torch.no_grad():
        pictures, labels = drawn.test.batch(range(len(drawn.test)))
        right = (model(prepared(pictures))[:, 0] > 0) == (labels > 0)
    assert right.float().mean() > 0.9


def network():
    """Quick rather than good: the first layer halves the picture."""
    layers = []
    for before, after in itertools.pairwise((3, 24, 48, 64)):
        kernel = {"kernel_size": 5, "stride": 2} if before == 3 else {"kernel_size": 3}
        layers += [nn.Conv2d(before, after, **kernel, padding="valid", bias=False)]
        layers += [nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 1)]
    return nn.Sequential(*layers)


def train(model, pictures, epochs=16):
    steps = epochs * (len(pictures) // 32)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 8e-3, steps)
    for _ in range(epochs):
        order = torch.randperm(len(pictures))[: len(pictures) // 32 * 32]
        for indices in order.view(-1, 32):
            batch, labels = pictures.batch(indices)
            mirrored = batch.flip(3) if torch.rand(()) < 0.5 else batch
            logits = model(prepared(mirrored))[:, 0]
            loss = nn.functional.binary_cross_entropy_with_logits(
                logits, labels.float()
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    model.eval()


def prepared(batch):
    return batch * 2 - 1


# What must not give a class away


def colours(images):
    """How much there is of each of 64 colours."""
    level = images // 64
    code = level[..., 0] * 16 + level[..., 1] * 4 + level[..., 2]
    return np.stack([np.bincount(c.ravel(), minlength=64) for c in code])


def brightness(images):
    grey = images.mean(3).reshape(len(images), -1)
    return np.percentile(grey, [0, 1, 5, 25, 50, 75, 95, 99, 100], axis=1).T


def mean_and_spread(images):
    return np.concatenate([images.mean((1, 2)), images.std((1, 2))], axis=1)


def frame(images):
    """The outermost pixels, mostly background: their colours, and how these vary."""
    rim = np.concatenate(
        [
            images[:, :4].reshape(len(images), -1, 3),
            images[:, :, :4].reshape(len(images), -1, 3),
        ],
        axis=1,
    )
    return np.concatenate(
        [
            rim.mean(1),
            rim.std(1),
            np.percentile(rim, [5, 95], 1).transpose(1, 0, 2).reshape(len(images), -1),
        ],
        axis=1,
    )


@pytest.mark.parametrize("features", [colours, brightness, mean_and_spread, frame])
def test_colour_brightness_and_background_give_nothing_away(drawn, features):
    train, test = drawn.train, drawn.test
    reached = score(
        features(train.images), train.labels, features(test.images), test.labels
    )
    assert reached < GUESSING + CHANCE


# As real sets are


def test_a_few_pictures_turn_up_twice(drawn):
    pairs = drawn.duplicates()
    assert len(pairs) == 4
    for train, test in pairs:
        np.testing.assert_array_equal(
            drawn.train.images[train], drawn.test.images[test]
        )
        assert drawn.train.labels[train] == drawn.test.labels[test]


def test_no_other_two_are_alike(drawn):
    images = np.concatenate([drawn.train.images, drawn.test.images])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == 1400 - 4


# What can be asked for


def test_it_comes_in_one_file_of_two_to_three_megabytes():
    assert 2e6 < SHEET.stat().st_size < 3e6


@pytest.mark.parametrize("size", [1, 7, 16, 64, 224])
def test_any_size_shows_the_same_pictures(drawn, size):
    other = cats_and_dogs(size=size, per_class=10)
    for pictures, whole in ((other.train, drawn.train), (other.test, drawn.test)):
        assert pictures.images.shape == (len(pictures), size, size, 3)
        colours = pictures.images.mean((1, 2))
        expected = whole.images[places(pictures, whole)].mean((1, 2))
        assert size < 16 or np.abs(colours - expected).max() < 3


def places(some, whole):
    """Where pictures of these names are in the whole set."""
    return [whole.names.index(name) for name in some.names]


def test_the_first_so_many_of_each_class(drawn):
    few = cats_and_dogs(size=80, per_class=11)
    assert few.train.names[10:12] == ("train/cats/0010", "train/dogs/0000")
    assert few.test.names[1:3] == ("test/cats/0001", "test/dogs/0000")
    for some, whole in ((few.train, drawn.train), (few.test, drawn.test)):
        where = places(some, whole)
        np.testing.assert_array_equal(some.images, whole.images[where])
        np.testing.assert_array_equal(some.labels, whole.labels[where])
    assert len(cats_and_dogs(size=8, per_class=1).test) == 2
    most = cats_and_dogs(size=80, per_class=500)
    np.testing.assert_array_equal(most.train.images, drawn.train.images)
    assert len(most.test) == 200


def test_more_than_there_are():
    with pytest.raises(ValueError, match="per_class is at most 500 for them, not 501"):
        cats_and_dogs(per_class=501)


def test_another_seed_changes_nothing(drawn):
    other = cats_and_dogs(size=80, seed=1)
    np.testing.assert_array_equal(other.train.images, drawn.train.images)


def test_nothing_is_written(cache):
    cats_and_dogs()
    cats_and_dogs(size=80)
    assert not cache.exists()


def test_what_memory_cannot_hold():
    with pytest.raises(CacheError, match=r"1,400 pictures.*ask for fewer or smaller"):
        cats_and_dogs(size=1_000_000)
