"""The course's real inputs. All come with the dependencies; nothing is downloaded."""


def digits():
    """1,797 real handwritten digits: images (1797, 8, 8) from 0 to 1, labels (1797,).

    0 is paper, 1 is the darkest ink. Collected by E. Alpaydin and C. Kaynak from 43
    writers, UCI Machine Learning Repository (1998), https://doi.org/10.24432/C50P49;
    the copy is scikit-learn's.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.images / 16, bunch.target


def portrait():
    """Grace Hopper, as an array (600, 512, 3) from 0 to 1, colour last.

    U.S. Navy photograph of 1984, public domain; the copy is Matplotlib's.
    """
    from matplotlib.cbook import get_sample_data
    from matplotlib.image import imread

    with get_sample_data("grace_hopper.jpg") as file:
        pixels = imread(file, format="jpg")
    return (pixels / 255).astype("float32")


def eeg():
    """Four channels of a brain's electric activity over time, an array (800, 4).

    Ten seconds from four electrodes; each channel has mean 0 and standard deviation 1.
    The copy is Matplotlib's sample data, eeg.dat; its gallery draws it as traces:
    https://matplotlib.org/stable/gallery/specialty_plots/mri_with_eeg.html
    """
    import numpy as np
    from matplotlib.cbook import get_sample_data

    with get_sample_data("eeg.dat") as file:
        return np.frombuffer(file.read(), dtype="<f8").reshape(800, 4).copy()


def zen():
    """The Zen of Python by Tim Peters (PEP 20), a text of 856 characters.

    The copy is Python's own, which prints it when it is first imported.
    """
    import codecs
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return codecs.decode(this.s, "rot13")
