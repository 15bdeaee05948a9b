"""What a student ends with in lesson 00."""

import numpy as np


def relu(x):
    """Negative numbers become 0, all others stay. Any shape in, the same shape out."""
    return np.maximum(x, 0)


def predict_axis():
    """The three numbers in table.sum(axis=0), as a list."""
    return [111, 222, 333]
