"""The way forward through two layers."""

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions
from lessons.l01_numpy_two_layer_net._two_layer_nets import forward_by_einsum, small_net


def cases(rng):
    """x (N, D_in), w1, w2: the lesson's 2-3-1 net, then three drawn ones."""
    x, _, w1, w2 = small_net()
    yield x, w1, w2
    for N, D_in, D_hidden, D_out in [(2, 3, 4, 5), (5, 4, 2, 3), (7, 6, 5, 2)]:
        yield (
            rng.normal(size=(N, D_in)),
            rng.normal(size=(D_in, D_hidden)),
            rng.normal(size=(D_hidden, D_out)),
        )


MISTAKES = (
    Mistake(
        "no ReLU before the output",
        did="The second layer was fed with `h`, so ReLU made no difference to `y_pred`.",
        look="Which of the two does the output layer see: `h`, or what ReLU left of it?",
        swap={"h_relu @ w2": "h @ w2"},
    ),
    Mistake(
        "ReLU on the output too",
        did="You cut negative predictions off as well.",
        look="ReLU belongs between the layers; the output may be any number.",
        swap={"h_relu @ w2": "np.maximum(h_relu @ w2, 0)"},
    ),
    Mistake(
        "h overwritten by ReLU",
        did="`h` has lost its negative numbers: it holds what ReLU made of them.",
        look="The way back needs to know where `h` was negative. Give ReLU's result an array of its own.",
        swap=[
            {"np.maximum(h, 0)": "np.maximum(h, 0, out=h)"},
            {"h_relu = np.maximum(h, 0)": "h_relu = h\n    h_relu[h_relu < 0] = 0"},
            {"h = x @ w1": "h = np.maximum(x @ w1, 0)", "np.maximum(h, 0)": "h"},
        ],
    ),
    Mistake(
        "absolute value for ReLU",
        did="Negative hidden values came out positive.",
        look="ReLU replaces them by 0: `np.maximum(h, 0)`.",
        swap={"np.maximum(h, 0)": "np.abs(h)"},
    ),
    Mistake(
        "mask for ReLU",
        did="`h_relu` holds a yes or no for each entry: where `h` is positive, not how much.",
        look="A unit that is on passes its value on: `h * (h > 0)`.",
        swap=[
            {"np.maximum(h, 0)": "np.where(h > 0, 1.0, 0.0)"},
            {"np.maximum(h, 0)": "h > 0"},
        ],
    ),
    Mistake(
        "ReLU on the input",
        did="You applied ReLU to `x`, before the first layer.",
        look="First the product, then ReLU on what came out of it.",
        swap=[
            {"x @ w1": "np.maximum(x, 0) @ w1"},
            {"np.maximum(h, 0)": "np.maximum(x, 0) @ w1"},
        ],
    ),
    Mistake(
        "np.max for np.maximum",
        did="You asked for the largest of each column: that is what the 0 means in `np.max(h, 0)`.",
        look="`np.maximum(h, 0)` puts a 0 against each entry of `h`.",
        swap={"np.maximum": "np.max"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.forward,
    oracle=forward_by_einsum,
    cases=cases,
    returns=("h", "h_relu", "y_pred"),
    hints=(
        "Three lines, one for each thing that is returned. The cells above did the same with numbers.",
        "A layer is a product: rows of examples on the left, weights on the right.",
        "ReLU sits between the layers, and nowhere else: `np.maximum(h, 0)`.",
    ),
    mistakes=MISTAKES,
)
