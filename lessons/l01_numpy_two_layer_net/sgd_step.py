"""One step downhill."""

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions
from lessons.l01_numpy_two_layer_net._two_layer_nets import (
    forward_by_einsum,
    gradients_by_nudging,
    nets,
)


def by_nudging(x, y, w1, w2, learning_rate):
    """The oracle: the new w1 and w2, moved against gradients found by nudging."""
    dw1, dw2 = gradients_by_nudging(x, y, *forward_by_einsum(x, w1, w2), w2)
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


def cases(rng):
    """x, y, w1, w2 of each net, and a learning rate."""
    rates = [0.125, 0.01, 0.05, 0.02]
    for net, rate in zip(nets(rng), rates, strict=True):
        yield (*net, rate)


MISTAKES = (
    Mistake(
        "step uphill",
        did="You added the gradients, so the loss will grow.",
        look="The gradient points uphill. Which way is down?",
        swap={"w1 - ": "w1 + ", "w2 - ": "w2 + "},
    ),
    Mistake(
        "w2 updated too early",
        did="`w2` is right, but `dw1` was computed with the `w2` that had already moved.",
        look="Both gradients belong to the same place: compute both, then move both.",
        code="""
def sgd_step(x, y, w1, w2, learning_rate):
    h, h_relu, y_pred = forward(x, w1, w2)
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T @ dy_pred
    w2 = w2 - learning_rate * dw2
    dh = (dy_pred @ w2.T) * (h > 0)
    dw1 = x.T @ dh
    w1 = w1 - learning_rate * dw1
    return w1, w2
""",
    ),
    Mistake(
        "w1 updated too early",
        did="`w1` is right, but you went forward again with it before computing `dw2`.",
        look="Both gradients belong to the same place: compute both, then move both.",
        code="""
def sgd_step(x, y, w1, w2, learning_rate):
    h, h_relu, y_pred = forward(x, w1, w2)
    dw1, dw2 = gradients(x, y, h, h_relu, y_pred, w2)
    w1 = w1 - learning_rate * dw1
    h, h_relu, y_pred = forward(x, w1, w2)
    dw1, dw2 = gradients(x, y, h, h_relu, y_pred, w2)
    w2 = w2 - learning_rate * dw2
    return w1, w2
""",
    ),
    Mistake(
        "weights changed in place",
        did="The new weights are right, but `-=` wrote them into the arrays that the caller passed in.",
        look="Return new arrays: `w1 - learning_rate * dw1`.",
        code="""
def sgd_step(x, y, w1, w2, learning_rate):
    h, h_relu, y_pred = forward(x, w1, w2)
    dw1, dw2 = gradients(x, y, h, h_relu, y_pred, w2)
    w1 -= learning_rate * dw1
    w2 -= learning_rate * dw2
    return w1, w2
""",
    ),
    Mistake(
        "divided by the batch size",
        did="You divided the step by N, the number of examples.",
        look="The gradients belong to the sum of the errors, and the step is `learning_rate` times the gradient, no less.",
        swap={"* dw1": "* dw1 / len(x)", "* dw2": "* dw2 / len(x)"},
    ),
    Mistake(
        "learning rate forgotten",
        did="You subtracted the whole gradient.",
        look="The step is only a small share of it: `learning_rate` times the gradient.",
        swap={"learning_rate * dw1": "dw1", "learning_rate * dw2": "dw2"},
    ),
    Mistake(
        "step without the weights",
        did="You returned the steps; the weights themselves are missing.",
        look="Where the weights go is where they were, less the step.",
        swap=[
            {"w1 - ": "-", "w2 - ": "-"},
            {"w1 - ": "", "w2 - ": ""},
        ],
    ),
    Mistake(
        "gradients returned",
        did="You returned the gradients; the weights themselves are missing.",
        look="Where the weights go is where they were, less `learning_rate` times the gradient.",
        swap={"w1 - learning_rate * dw1, w2 - learning_rate * dw2": "dw1, dw2"},
    ),
    Mistake(
        "w1 stands still",
        did="Only `w2` moved.",
        look="Both layers learn: `w1` gets a step of its own.",
        swap={"w1 - learning_rate * dw1": "w1"},
    ),
    Mistake(
        "w2 stands still",
        did="Only `w1` moved.",
        look="Both layers learn: `w2` gets a step of its own.",
        swap={"w2 - learning_rate * dw2": "w2"},
    ),
    Mistake(
        "a step for each example",
        did="You took a step after each example, so that the next one met other weights.",
        look="One step, for all examples together: their gradients come from the weights as they are.",
        code="""
def sgd_step(x, y, w1, w2, learning_rate):
    for n in range(len(x)):
        xn, yn = x[n : n + 1], y[n : n + 1]
        h, h_relu, y_pred = forward(xn, w1, w2)
        dw1, dw2 = gradients(xn, yn, h, h_relu, y_pred, w2)
        w1 = w1 - learning_rate * dw1
        w2 = w2 - learning_rate * dw2
    return w1, w2
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.sgd_step,
    oracle=by_nudging,
    cases=cases,
    returns=("w1", "w2"),
    rtol=1e-6,
    hints=(
        "You have written the two halves already: `forward` and `gradients`.",
        "Both gradients come first, from the weights as they are. Then both weights move.",
        "Downhill is against the gradient: `w1 - learning_rate * dw1`.",
    ),
    mistakes=MISTAKES,
)
