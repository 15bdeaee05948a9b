import numpy as np
from sklearn.datasets import load_digits

from helpers.data import digits


def test_digits_are_pictures_between_paper_and_ink():
    images, labels = digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert sorted(set(labels.tolist())) == list(range(10))
    np.testing.assert_array_equal(images.reshape(1797, 64) * 16, load_digits().data)
