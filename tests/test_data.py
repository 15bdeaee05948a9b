import numpy as np
from sklearn.datasets import load_digits

from helpers.data import digits, portrait


def test_digits_are_pictures_between_paper_and_ink():
    images, labels = digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert sorted(set(labels.tolist())) == list(range(10))
    np.testing.assert_array_equal(images.reshape(1797, 64) * 16, load_digits().data)


def test_the_portrait_is_a_colour_picture():
    photo = portrait()
    assert photo.shape == (600, 512, 3)
    assert photo.dtype == np.float32
    assert 0 <= photo.min() < 0.1 < 0.9 < photo.max() <= 1
