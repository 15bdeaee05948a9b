"""The way back: the gradients of both layers' weights."""

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions
from lessons.l01_numpy_two_layer_net._two_layer_nets import (
    forward_by_einsum,
    gradients_by_nudging,
    nets,
)


def cases(rng):
    """x, y, h, h_relu, y_pred, w2 of each net, after the way forward."""
    for x, y, w1, w2 in nets(rng):
        yield (x, y, *forward_by_einsum(x, w1, w2), w2)


MISTAKES = (
    Mistake(
        "factor 2 dropped",
        did="Both gradients are half of what they should be.",
        look="The derivative of a square is 2 times what was squared.",
        swap={"2 * (y_pred - y)": "y_pred - y"},
    ),
    Mistake(
        "mean for sum",
        did="Both gradients are divided by the number of entries of `y`: they belong to the mean of the squared errors.",
        look="This lesson's loss is the sum, so that nothing is divided.",
        swap={"2 * (y_pred - y)": "2 * (y_pred - y) / y.size"},
    ),
    Mistake(
        "mean over the batch",
        did="Both gradients are divided by N, the number of examples.",
        look="This lesson's loss is the sum over the examples, so that nothing is divided.",
        swap={"2 * (y_pred - y)": "2 * (y_pred - y) / len(y)"},
    ),
    Mistake(
        "sign turned",
        did="Both gradients have their sign turned: you took `y - y_pred`.",
        look="The loss grows when `y_pred` moves away from `y`: the difference that counts is `y_pred - y`.",
        swap={"y_pred - y": "y - y_pred"},
    ),
    Mistake(
        "ReLU's mask forgotten",
        did="`dw1` is right except that switched-off units still pass gradient back.",
        look="Where `h` is negative, ReLU's output did not depend on it: what must its gradient be there?",
        swap={" * (h > 0)": ""},
    ),
    Mistake(
        "ReLU's mask inverted",
        did="`dw1` lets gradient through where a unit is off, and stops it where the unit is on.",
        look="A unit that passed its signal on gets the blame: which way round is the comparison?",
        swap={"h > 0": "h < 0"},
    ),
    Mistake(
        "mask from the gradient",
        did="You switched off where the gradient is negative. ReLU doesn't look at gradients.",
        look="On the way forward, ReLU switched on the sign of `h`; the way back uses the same switches.",
        swap={"(dy_pred @ w2.T) * (h > 0)": "np.maximum(dy_pred @ w2.T, 0)"},
    ),
    Mistake(
        "ReLU applied once more",
        did="You multiplied by `h_relu` where its slope belongs.",
        look="The slope of ReLU is 1 where `h` is positive, however large `h` is.",
        swap={"(h > 0)": "h_relu"},
    ),
    Mistake(
        "h in place of h_relu",
        did="`dw2` is computed with `h`, negative values and all.",
        look="What went through `w2` on the way forward was `h_relu`.",
        swap={"h_relu.T": "h.T"},
    ),
    Mistake(
        "products transposed",
        did="Both gradients are right, but lie on their side.",
        look="In a product of transposes the order turns round: `(a.T @ b)` and `(b.T @ a)` are each other's transpose. Which one has the shape of the weights?",
        swap={"h_relu.T @ dy_pred": "dy_pred.T @ h_relu", "x.T @ dh": "dh.T @ x"},
    ),
    Mistake(
        "gradient of the input for dw2",
        did="What you call `dw2` is the gradient of `h_relu`, the input of the second layer.",
        look="A product has two factors. For the weights' gradient, multiply by the other factor: `h_relu`, transposed.",
        swap={"h_relu.T @ dy_pred": "dy_pred @ w2.T"},
    ),
    Mistake(
        "only the last example",
        did="Only the last example left a trace: each turn of the loop overwrote the one before.",
        look="Every example adds its share: start from zeros and use `+=`, or let one product sum over all rows.",
        code="""
def gradients(x, y, h, h_relu, y_pred, w2):
    for n in range(len(x)):
        dy_pred = 2 * (y_pred[n] - y[n])
        dw2 = np.outer(h_relu[n], dy_pred)
        dh = (w2 @ dy_pred) * (h[n] > 0)
        dw1 = np.outer(x[n], dh)
    return dw1, dw2
""",
    ),
    Mistake(
        "multiplied by h",
        did="You multiplied by `h` where ReLU's slope belongs.",
        look="The slope of ReLU is 1 where `h` is positive and 0 elsewhere: that is `h > 0`.",
        swap={"(h > 0)": "h"},
    ),
    Mistake(
        "blame clipped at 0",
        did="You switched off where `h` is negative, and where the gradient is negative, too.",
        look="The way back uses the switches of the way forward, and no others.",
        swap={"(dy_pred @ w2.T)": "np.maximum(dy_pred @ w2.T, 0)"},
    ),
    Mistake(
        "squares for their slope",
        did="You sent the squared errors themselves back.",
        look="The slope of a square is 2 times what was squared.",
        swap={"2 * (y_pred - y)": "(y_pred - y) ** 2"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.gradients,
    oracle=gradients_by_nudging,
    cases=cases,
    returns=("dw1", "dw2"),
    rtol=1e-6,
    hints=(
        "Walk backwards and give each thing its blame: first `y_pred`, then `w2` and `h_relu`, then `h`, then `w1`. Write each one's shape beside it.",
        "A product `a @ b` passes blame `d` back to `b` as `a.T @ d`, and to `a` as `d @ b.T`.",
        "Where `h` was negative, ReLU's output didn't depend on it: multiply by `(h > 0)`.",
    ),
    mistakes=MISTAKES,
)
