import numpy as np
from sklearn.datasets import load_digits

from helpers.data import digits, eeg, portrait, zen


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


def test_the_eeg_is_four_channels_of_smooth_traces():
    traces = eeg()
    assert traces.shape == (800, 4)
    assert traces.dtype == np.float64
    np.testing.assert_allclose(traces.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(traces.std(axis=0), 1, atol=5e-3)
    # Had time and channels been exchanged, neighbours would have little in common.
    for channel in traces.T:
        assert np.corrcoef(channel[1:], channel[:-1])[0, 1] > 0.8
    traces[0, 0] = 5.0
    assert eeg()[0, 0] != 5.0


def test_the_zen_is_read_without_being_printed(capsys):
    text = zen()
    assert len(text) == 856
    assert text.startswith("The Zen of Python, by Tim Peters")
    assert "Explicit is better than implicit." in text
    assert capsys.readouterr().out == ""
