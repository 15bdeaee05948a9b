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
