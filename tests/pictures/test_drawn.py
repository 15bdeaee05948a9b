"""The drawn animals: varied, alike in all but their shape, and told apart by it."""

import itertools
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from PIL.ImageFilter import MaxFilter
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifierCV
from torch import nn

from helpers.data import cats_and_dogs
from helpers.pictures import artists, drawing
from helpers.pictures.artists import Artists

GUESSING = 0.5
CHANCE = 0.12  # more than four standard deviations of guessing 400 labels


@pytest.fixture(scope="module")
def drawn():
    return cats_and_dogs(progress=False)


@pytest.fixture(scope="module")
def shapes():
    """Where the animals are (N, 32, 32) and which they are: 300 of each kind."""
    plan, _ = drawing.plan(300, 1, 7)
    found = [drawing.draw_with_shape(each, 32)[1] for each in plan]
    return np.stack(found), np.array([each.kind for each in plan])


def flat(pictures):
    return pictures.images.reshape(len(pictures), -1).astype(np.float32) / 255


def score(features, labels, unseen, truth):
    forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0)
    return forest.fit(features, labels).score(unseen, truth)


def test_a_thousand_to_train_with_and_four_hundred_to_test(drawn):
    assert drawn.classes == ("cats", "dogs")
    assert np.bincount(drawn.train.labels).tolist() == [500, 500]
    assert np.bincount(drawn.test.labels).tolist() == [200, 200]
    assert drawn.train.images.shape == (1000, 64, 64, 3)
    assert drawn.skipped == ()
    assert drawn.source == (
        "Drawn by the course: 500 + 200 cats, 500 + 200 dogs (to train + to test)."
    )


def test_a_linear_model_on_pixels_does_not_get_far(drawn):
    model = RidgeClassifierCV(alphas=[1e2, 1e3, 1e4, 1e5])
    model.fit(flat(drawn.train) - 0.5, drawn.train.labels)
    assert model.score(flat(drawn.test) - 0.5, drawn.test.labels) < 0.75


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


def test_size_and_position_give_nothing_away(shapes):
    shapes, kinds = shapes
    rows, columns = np.mgrid[:32, :32] / 32
    area = shapes.mean((1, 2))
    place = [
        (shapes * along).sum((1, 2)) / shapes.sum((1, 2)) for along in (rows, columns)
    ]
    features = np.stack([area, *place], axis=1)
    shuffled = np.random.default_rng(0).permutation(len(kinds))
    half, rest = np.split(shuffled, 2)
    reached = score(features[half], kinds[half], features[rest], kinds[rest])
    assert reached < GUESSING + CHANCE
    for feature in features.T:
        cats, dogs = feature[kinds == 0], feature[kinds == 1]
        assert abs(cats.mean() - dogs.mean()) < 0.35 * feature.std()


def test_the_scene_is_drawn_before_the_animal_is_known():
    plan, _ = drawing.plan(30, 1, 0)
    compared = 0
    for cat in plan[:30]:
        as_cat, shape_of_cat = drawing.draw_with_shape(replace(cat, kind=0), 32)
        as_dog, shape_of_dog = drawing.draw_with_shape(replace(cat, kind=1), 32)
        animals = np.maximum(shape_of_cat, shape_of_dog) > 0
        shaded = Image.fromarray(animals.astype(np.uint8)).filter(MaxFilter(9))
        scene = np.asarray(shaded) == 0
        compared += scene.sum()
        difference = as_cat[scene].astype(int) - as_dog[scene]
        assert np.abs(difference).max(initial=0) < 25
    assert compared > 3000


# As real sets are


def test_a_few_labels_are_wrong_and_a_few_pictures_turn_up_twice(drawn):
    to_train, to_test = drawing.plan(500, 200, 0)
    wrong = [each for each in to_train if each.kind != each.label]
    assert [sum(each.label == label for each in wrong) for label in (0, 1)] == [5, 5]
    assert all(each.kind == each.label for each in to_test)
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


def test_the_same_seed_draws_the_same(drawn):
    plan, _ = drawing.plan(500, 200, 0)
    np.testing.assert_array_equal(drawing.draw(plan[3], 64), drawn.train.images[3])
    other, _ = drawing.plan(500, 200, 1)
    assert (drawing.draw(other[3], 64) != drawn.train.images[3]).any()


@pytest.mark.parametrize("seed", range(3))
def test_any_size_shows_the_same_picture(seed):
    (drawing_of_cat, _), _ = drawing.plan(1, 1, seed)
    small, large = (drawing.draw(drawing_of_cat, size) for size in (16, 96))
    shrunk = large.reshape(16, 6, 16, 6, 3).mean((1, 3))
    assert np.abs(shrunk - small).mean() < 14


@pytest.mark.parametrize("size", [1, 2, 7, 33])
def test_any_size_can_be_drawn(size):
    train, test = drawing.plan(2, 1, 0)
    for each in train + test:
        image = drawing.draw(each, size)
        assert image.shape == (size, size, 3) and image.dtype == np.uint8


def test_as_many_as_asked_for():
    result = cats_and_dogs(per_class=11, size=8, progress=False)
    assert (len(result.train), len(result.test)) == (22, 4)
    assert (len(cats_and_dogs(per_class=1, size=8, progress=False).test)) == 2


# Artists


def test_artists_draw_what_drawing_draws():
    plan, _ = drawing.plan(3, 1, 0)
    with Artists(8) as at_work:
        for each in plan:
            np.testing.assert_array_equal(at_work.draw(each), drawing.draw(each, 8))
        (process,) = at_work.hired
        process.kill()
        process.wait()
        np.testing.assert_array_equal(at_work.draw(plan[0]), drawing.draw(plan[0], 8))
    assert process.returncode is not None


def test_where_no_artist_can_be_hired(monkeypatch):
    monkeypatch.setattr(artists.sys, "executable", "/no/such/python")
    plan, _ = drawing.plan(1, 1, 0)
    with Artists(8) as at_work:
        np.testing.assert_array_equal(at_work.draw(plan[0]), drawing.draw(plan[0], 8))


def test_a_script_without_a_main_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from helpers.data import cats_and_dogs\n"
        "print(cats_and_dogs(per_class=3, size=8, progress=False))\n"
    )
    result = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60
    )
    assert (result.stdout.count("\n"), result.stderr) == (1, "")
