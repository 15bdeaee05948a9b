"""How far the predictions are off, as one number."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions
from lessons.l01_numpy_two_layer_net._two_layer_nets import squared_error_one_by_one


def cases(rng):
    """y_pred and y, both (N, D_out): a single number, three by hand, drawn ones."""
    yield np.array([[1.0]]), np.array([[3.0]])
    yield np.array([[1.0, 2.0, -3.0]]), np.array([[3.0, 2.0, 1.0]])
    for shape in [(2, 3), (5, 2), (3, 4)]:
        yield rng.normal(size=shape), rng.normal(size=shape)


MISTAKES = (
    Mistake(
        "mean for sum",
        did="You took the mean of the squared errors.",
        look="This lesson's loss is their sum. (A mean is a fine loss too; its gradients are smaller by the number of entries.)",
        swap={".sum()": ".mean()"},
    ),
    Mistake(
        "mean over the batch",
        did="You summed the outputs and took the mean over the examples.",
        look="This lesson's loss is the sum over everything, examples included.",
        swap={".sum()": ".sum(axis=1).mean()"},
    ),
    Mistake(
        "absolute for squared",
        did="You summed the sizes of the errors, without squaring them.",
        look="An error of 2 should cost 4.",
        swap={"np.square": "np.abs"},
    ),
    Mistake(
        "errors cancel",
        did="You summed the errors themselves, so those above and those below cancel.",
        look="Square each error before the sum: then none is negative.",
        swap={"np.square(y_pred - y)": "(y_pred - y)"},
    ),
    Mistake(
        "sum squared",
        did="You summed the errors first and squared the sum.",
        look="The order matters: each error is squared on its own, then they are summed.",
        swap={"np.square(y_pred - y).sum()": "np.square((y_pred - y).sum())"},
    ),
    Mistake(
        "squares subtracted",
        did="You squared both and subtracted the squares.",
        look="First the difference, then its square: an error of 2 costs 4 wherever it is made.",
        swap={"np.square(y_pred - y)": "(y_pred**2 - y**2)"},
    ),
    Mistake(
        "root of the sum",
        did="You took the square root of the sum, which is the distance.",
        look="Leave the root out: the loss is the squared distance.",
        swap={"np.square(y_pred - y).sum()": "np.sqrt(np.square(y_pred - y).sum())"},
    ),
    Mistake(
        "half the sum",
        did="You halved the sum. Some books do, so that the gradient's 2 cancels.",
        look="This course keeps the 2: leave the ½ out.",
        swap={".sum()": ".sum() / 2"},
    ),
    Mistake(
        "one loss per column",
        did="You summed over the examples only, and have one number per output.",
        look="`.sum()` without an axis adds up everything.",
        swap={".sum()": ".sum(axis=0)"},
    ),
    Mistake(
        "one loss per example",
        did="You summed over the outputs only, and have one number per example.",
        look="`.sum()` without an axis adds up everything.",
        swap={".sum()": ".sum(axis=1)"},
    ),
    Mistake(
        "sum forgotten",
        did="You returned every squared error by itself.",
        look="The loss is a single number: add them all up.",
        swap={".sum()": ""},
    ),
    Mistake(
        "only the first example",
        did="You counted the first example, and none after it.",
        look="Does the `return` stand inside the loop? Move it to the left.",
        code="""
def squared_error(y_pred, y):
    loss = 0
    for n in range(len(y)):
        loss += np.square(y_pred[n] - y[n]).sum()
        return loss
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.squared_error,
    oracle=squared_error_one_by_one,
    cases=cases,
    hints=(
        "Difference, square, sum: in this order.",
        "`np.square(a)` squares each entry, and `.sum()` adds up all there are.",
    ),
    mistakes=MISTAKES,
)
