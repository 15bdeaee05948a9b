"""A two-layer net in NumPy.

The network of this lesson: N pictures (or rows of numbers) x (N, D_in) become scores
y_pred (N, D_out) by way of a hidden layer,

    h = x @ w1 (N, D_hidden),  h_relu = max(h, 0),  y_pred = h_relu @ w2,

and are judged by the sum of squared errors against y (N, D_out).
"""

import math

import numpy as np

from diagnose.exercise import Exercise, Mistake

# Forward


def forward(x, w1, w2):
    """h and h_relu, both (N, D_hidden), and y_pred (N, D_out)."""
    h = x @ w1
    h_relu = np.maximum(h, 0)
    y_pred = h_relu @ w2
    return h, h_relu, y_pred


def forward_by_einsum(x, w1, w2):
    """The same by explicit indices: n examples, i inputs, j hidden, k outputs."""
    h = np.einsum("ni,ij->nj", x, w1)
    h_relu = np.where(h > 0, h, 0.0)
    return h, h_relu, np.einsum("nj,jk->nk", h_relu, w2)


def forward_cases(rng):
    w1 = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, -1.0]])
    yield np.array([[1.0, 2.0]]), w1, np.array([[1.0], [0.0], [2.0]])
    for N, D_in, D_hidden, D_out in [(2, 3, 4, 5), (5, 4, 2, 3), (7, 6, 5, 2)]:
        yield (
            rng.normal(size=(N, D_in)),
            rng.normal(size=(D_in, D_hidden)),
            rng.normal(size=(D_hidden, D_out)),
        )


def forward_in_place(x, w1, w2):
    h = x @ w1
    h_relu = np.maximum(h, 0, out=h)
    return h, h_relu, h_relu @ w2


FORWARD = Exercise(
    "01.forward",
    reference=forward,
    oracle=forward_by_einsum,
    cases=forward_cases,
    returns=("h", "h_relu", "y_pred"),
    minutes=5,
    difficulty=1,
    hints=(
        "Three lines, one for each thing that is returned. The cells above did the "
        "same with numbers.",
        "A layer is a product: rows of examples on the left, weights on the right.",
        "ReLU sits between the layers, and nowhere else: `np.maximum(h, 0)`.",
    ),
    mistakes=(
        Mistake(
            "no ReLU before the output",
            "The second layer was fed with `h`, so ReLU made no difference to "
            "`y_pred`.",
            "Which of the two does the output layer see: `h`, or what ReLU left of it?",
            lambda x, w1, w2: (x @ w1, np.maximum(x @ w1, 0), x @ w1 @ w2),
        ),
        Mistake(
            "ReLU on the output too",
            "You cut negative predictions off as well.",
            "ReLU belongs between the layers; the output may be any number.",
            lambda x, w1, w2: (
                x @ w1,
                np.maximum(x @ w1, 0),
                np.maximum(np.maximum(x @ w1, 0) @ w2, 0),
            ),
        ),
        Mistake(
            "h overwritten by ReLU",
            "`h` has lost its negative numbers: ReLU wrote its result into the same "
            "array.",
            "The way back needs to know where `h` was negative. Give ReLU's result "
            "an array of its own.",
            forward_in_place,
        ),
        Mistake(
            "absolute value for ReLU",
            "Negative hidden values came out positive.",
            "ReLU replaces them by 0: `np.maximum(h, 0)`.",
            lambda x, w1, w2: (x @ w1, np.abs(x @ w1), np.abs(x @ w1) @ w2),
        ),
        Mistake(
            "mask for ReLU",
            "`h_relu` holds only ones and zeros: where `h` is positive, not how much.",
            "A unit that is on passes its value on: `h * (h > 0)`.",
            lambda x, w1, w2: (x @ w1, (x @ w1 > 0) * 1.0, (x @ w1 > 0) * 1.0 @ w2),
        ),
        Mistake(
            "ReLU on the input",
            "You applied ReLU to `x`, before the first layer.",
            "First the product, then ReLU on what came out of it.",
            lambda x, w1, w2: (
                np.maximum(x, 0) @ w1,
                np.maximum(np.maximum(x, 0) @ w1, 0),
                np.maximum(np.maximum(x, 0) @ w1, 0) @ w2,
            ),
        ),
        Mistake(
            "np.max for np.maximum",
            "You asked for the largest of each column: that is what the 0 means in "
            "`np.max(h, 0)`.",
            "`np.maximum(h, 0)` puts a 0 against each entry of `h`.",
            lambda x, w1, w2: (x @ w1, np.max(x @ w1, 0), np.max(x @ w1, 0) @ w2),
        ),
    ),
)

# Squared error


def squared_error(y_pred, y):
    """The sum of all squared differences, one number."""
    return np.square(y_pred - y).sum()


def squared_error_one_by_one(y_pred, y):
    pairs = zip(y_pred.ravel().tolist(), y.ravel().tolist(), strict=True)
    return math.fsum((p - t) ** 2 for p, t in pairs)


def squared_error_cases(rng):
    yield np.array([[1.0]]), np.array([[3.0]])
    yield np.array([[1.0, 2.0, -3.0]]), np.array([[3.0, 2.0, 1.0]])
    for shape in [(2, 3), (5, 2), (3, 4)]:
        yield rng.normal(size=shape), rng.normal(size=shape)


SQUARED_ERROR = Exercise(
    "01.squared_error",
    reference=squared_error,
    oracle=squared_error_one_by_one,
    cases=squared_error_cases,
    minutes=3,
    difficulty=1,
    hints=(
        "Difference, square, sum: in this order.",
        "`np.square(a)` squares each entry, and `.sum()` adds up all there are.",
    ),
    mistakes=(
        Mistake(
            "mean for sum",
            "You took the mean of the squared errors.",
            "This lesson's loss is their sum. (A mean is a fine loss too; its "
            "gradients are smaller by the number of entries.)",
            lambda y_pred, y: np.square(y_pred - y).mean(),
        ),
        Mistake(
            "mean over the batch",
            "You summed the outputs and took the mean over the examples.",
            "This lesson's loss is the sum over everything, examples included.",
            lambda y_pred, y: np.square(y_pred - y).sum() / len(y),
        ),
        Mistake(
            "absolute for squared",
            "You summed the sizes of the errors, without squaring them.",
            "An error of 2 should cost 4.",
            lambda y_pred, y: np.abs(y_pred - y).sum(),
        ),
        Mistake(
            "errors cancel",
            "You summed the errors themselves, so those above and those below cancel.",
            "Square each error before the sum: then none is negative.",
            lambda y_pred, y: (y_pred - y).sum(),
        ),
        Mistake(
            "sum squared",
            "You summed the errors first and squared the sum.",
            "The order matters: each error is squared on its own, then they are "
            "summed.",
            lambda y_pred, y: (y_pred - y).sum() ** 2,
        ),
        Mistake(
            "squares subtracted",
            "You squared both and subtracted the squares.",
            "First the difference, then its square: an error of 2 costs 4 wherever it "
            "is made.",
            lambda y_pred, y: (y_pred**2 - y**2).sum(),
        ),
        Mistake(
            "root of the sum",
            "You took the square root of the sum, which is the distance.",
            "Leave the root out: the loss is the squared distance.",
            lambda y_pred, y: np.sqrt(np.square(y_pred - y).sum()),
        ),
        Mistake(
            "half the sum",
            "You halved the sum. Some books do, so that the gradient's 2 cancels.",
            "This course keeps the 2: leave the ½ out.",
            lambda y_pred, y: 0.5 * np.square(y_pred - y).sum(),
        ),
        Mistake(
            "one loss per column",
            "You summed over the examples only, and have one number per output.",
            "`.sum()` without an axis adds up everything.",
            lambda y_pred, y: np.square(y_pred - y).sum(axis=0),
        ),
        Mistake(
            "one loss per example",
            "You summed over the outputs only, and have one number per example.",
            "`.sum()` without an axis adds up everything.",
            lambda y_pred, y: np.square(y_pred - y).sum(axis=1),
        ),
        Mistake(
            "sum forgotten",
            "You returned every squared error by itself.",
            "The loss is a single number: add them all up.",
            lambda y_pred, y: np.square(y_pred - y),
        ),
        Mistake(
            "only the first example",
            "You counted the first example, and none after it.",
            "Does the `return` stand inside the loop? Move it to the left.",
            lambda y_pred, y: np.square(y_pred[0] - y[0]).sum(),
        ),
    ),
)

# Who is to blame: predicted, then computed


def predict_blame():
    """The gradient of each of the three weights in w2, as a list."""
    return [-4, -4, 0]


def blame_by_nudging():
    """Nudge each weight of w2 and see how the loss of the small net answers."""
    h_relu = np.array([1.0, 1.0, 0.0])
    w2 = np.array([1.0, 0.0, 2.0])

    def loss(nudge):
        return (h_relu @ (w2 + nudge) - 3.0) ** 2

    nudges = np.eye(3) / 4  # the loss is quadratic, so that any size will do
    return [float((loss(n) - loss(-n)) / (1 / 2)) for n in nudges]


PREDICT_BLAME = Exercise(
    "01.predict_blame",
    reference=predict_blame,
    oracle=blame_by_nudging,
    minutes=1,
    difficulty=1,
    hints=(
        "Each weight gets the output's blame, times the signal that it carried.",
        "The signals are in `h_relu`: 1, 1 and 0.",
    ),
    mistakes=(
        Mistake(
            "the whole blame for every weight",
            "You passed the whole blame to every weight.",
            "A weight is only to blame as far as signal went through it: multiply by "
            "`h_relu`, and look at the third unit again.",
            lambda: [-4, -4, -4],
        ),
        Mistake(
            "signal from before ReLU",
            "You used `h`, in which the third unit still holds -1.5.",
            "What went through the third weight was what ReLU let pass.",
            lambda: [-4, -4, 6],
        ),
        Mistake(
            "blame passed to the signal",
            "You multiplied the blame by the weights: that is the gradient of "
            "`h_relu`.",
            "For a weight's gradient, multiply by what the weight was multiplied by.",
            lambda: [-4, 0, -8],
        ),
        Mistake(
            "sign turned",
            "You have the sizes; the sign is the other way round.",
            "The output is too small. If a weight grows, does the loss grow or fall?",
            lambda: [4, 4, 0],
        ),
        Mistake(
            "factor 2 left out",
            "You gave the first two weights -2, which is the output's error.",
            "The output's blame is -4: the derivative of a square brings a factor 2 "
            "along. And it isn't shared out: each weight gets all of it, times its "
            "signal.",
            lambda: [-2, -2, 0],
        ),
        Mistake(
            "loss for gradient",
            "You shared out the loss itself, 4.",
            "The blame is the loss's slope: how it changes if the output is nudged.",
            lambda: [4, 4, 4],
        ),
        Mistake(
            "signal without blame",
            "You gave every weight the signal that it carried.",
            "That is one half: multiply it by the output's blame, -4.",
            lambda: [1, 1, 0],
        ),
        Mistake(
            "multiplied by the weight too",
            "You let the second weight off, perhaps because it is 0 now.",
            "A weight of 0 can be to blame as well: if it grew by a hair, would the "
            "output change?",
            lambda: [-4, 0, 0],
        ),
        Mistake(
            "nudged by a whole 1",
            "You have the change of the loss if a weight grows by 1: from 4 to 1.",
            "The loss is a curve: its slope is what a nudge by a hair shows, not one "
            "by a whole 1.",
            lambda: [-3, -3, 0],
        ),
    ),
)

# Gradients


def gradients(x, y, h, h_relu, y_pred, w2):
    """Gradients of the squared error: dw1 (D_in, D_hidden), dw2 (D_hidden, D_out)."""
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T @ dy_pred
    dh = (dy_pred @ w2.T) * (h > 0)
    dw1 = x.T @ dh
    return dw1, dw2


def gradients_by_nudging(x, y, h, h_relu, y_pred, w2):
    """Central differences of the loss itself; no chain rule anywhere.

    Nudging w1 by E moves h by x @ E. Between the kinks of ReLU the loss is quadratic
    in the weights, and central differences of a quadratic have no error but rounding.
    """

    def loss(E1, E2):
        _, _, nudged = forward_by_einsum_from(h + x @ E1, w2 + E2)
        return squared_error_one_by_one(nudged, y)

    zero1, zero2 = np.zeros((x.shape[1], h.shape[1])), np.zeros(w2.shape)
    dw1, dw2 = zero1.copy(), zero2.copy()
    for index in np.ndindex(dw1.shape):
        E = zero1.copy()
        E[index] = NUDGE
        dw1[index] = (loss(E, zero2) - loss(-E, zero2)) / (2 * NUDGE)
    for index in np.ndindex(dw2.shape):
        E = zero2.copy()
        E[index] = NUDGE
        dw2[index] = (loss(zero1, E) - loss(zero1, -E)) / (2 * NUDGE)
    return dw1, dw2


NUDGE = 1e-3
FROM_KINK = 0.05  # no hidden value in the cases is nearer to ReLU's kink than this


def forward_by_einsum_from(h, w2):
    h_relu = np.where(h > 0, h, 0.0)
    return h, h_relu, np.einsum("nj,jk->nk", h_relu, w2)


def gradients_cases(rng):
    for weights in two_layer_cases(rng):
        x, y, w1, w2 = weights
        yield (x, y, *forward_by_einsum(x, w1, w2), w2)


def two_layer_cases(rng):
    """(x, y, w1, w2): the 2-3-1 net of the lesson, then three drawn ones."""
    w1 = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, -1.0]])
    w2 = np.array([[1.0], [0.0], [2.0]])
    yield np.array([[1.0, 2.0]]), np.array([[3.0]]), w1, w2
    for N, D_in, D_hidden, D_out in [(2, 3, 4, 5), (5, 4, 3, 2), (3, 2, 5, 4)]:
        y = rng.normal(size=(N, D_out))
        w2 = rng.normal(size=(D_hidden, D_out))
        near_kink = True
        while near_kink:
            x = rng.normal(size=(N, D_in))
            w1 = rng.normal(size=(D_in, D_hidden))
            near_kink = np.abs(x @ w1).min() < FROM_KINK
        yield x, y, w1, w2


def gradients_but(dy_pred=None, mask=None, signal=None, turn=False):
    """A wrong `gradients`, given which of its steps is done differently."""

    def wrong(x, y, h, h_relu, y_pred, w2):
        dy = dy_pred(y_pred, y) if dy_pred else 2 * (y_pred - y)
        dh_relu = dy @ w2.T
        dh = dh_relu * (mask(h, dh_relu) if mask else h > 0)
        dw1, dw2 = x.T @ dh, (h if signal == "h" else h_relu).T @ dy
        return (dw1.T, dw2.T) if turn else (dw1, dw2)

    return wrong


def gradients_of_inputs(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dw1, _ = gradients(x, y, h, h_relu, y_pred, w2)
    return dw1, dy_pred @ w2.T


def gradients_of_last_row(x, y, h, h_relu, y_pred, w2):
    for n in range(len(x)):
        row = slice(n, n + 1)
        dw1, dw2 = gradients(x[row], y[row], h[row], h_relu[row], y_pred[row], w2)
    return dw1, dw2


GRADIENTS = Exercise(
    "01.gradients",
    reference=gradients,
    oracle=gradients_by_nudging,
    cases=gradients_cases,
    returns=("dw1", "dw2"),
    rtol=1e-6,
    minutes=12,
    difficulty=3,
    hints=(
        "Walk backwards and give each thing its blame: first `y_pred`, then `w2` and "
        "`h_relu`, then `h`, then `w1`. Write each one's shape beside it.",
        "A product `a @ b` passes blame `d` back to `b` as `a.T @ d`, and to `a` as "
        "`d @ b.T`.",
        "Where `h` was negative, ReLU's output didn't depend on it: multiply by "
        "`(h > 0)`.",
    ),
    mistakes=(
        Mistake(
            "factor 2 dropped",
            "Both gradients are half of what they should be.",
            "The derivative of a square is 2 times what was squared.",
            gradients_but(dy_pred=lambda y_pred, y: y_pred - y),
        ),
        Mistake(
            "mean for sum",
            "Both gradients are divided by the number of entries of `y`: they belong "
            "to the mean of the squared errors.",
            "This lesson's loss is the sum, so that nothing is divided.",
            gradients_but(dy_pred=lambda y_pred, y: 2 * (y_pred - y) / y.size),
        ),
        Mistake(
            "mean over the batch",
            "Both gradients are divided by N, the number of examples.",
            "This lesson's loss is the sum over the examples, so that nothing is "
            "divided.",
            gradients_but(dy_pred=lambda y_pred, y: 2 * (y_pred - y) / len(y)),
        ),
        Mistake(
            "sign turned",
            "Both gradients have their sign turned: you took `y - y_pred`.",
            "The loss grows when `y_pred` moves away from `y`: the difference that "
            "counts is `y_pred - y`.",
            gradients_but(dy_pred=lambda y_pred, y: 2 * (y - y_pred)),
        ),
        Mistake(
            "ReLU's mask forgotten",
            "`dw1` is right except that switched-off units still pass gradient back.",
            "Where `h` is negative, ReLU's output did not depend on it: what must its "
            "gradient be there?",
            gradients_but(mask=lambda h, dh_relu: np.ones_like(h)),
        ),
        Mistake(
            "ReLU's mask inverted",
            "`dw1` lets gradient through where a unit is off, and stops it where the "
            "unit is on.",
            "A unit that passed its signal on gets the blame: which way round is the "
            "comparison?",
            gradients_but(mask=lambda h, dh_relu: h < 0),
        ),
        Mistake(
            "mask from the gradient",
            "You switched off where the gradient is negative. ReLU doesn't look at "
            "gradients.",
            "On the way forward, ReLU switched on the sign of `h`; the way back uses "
            "the same switches.",
            gradients_but(mask=lambda h, dh_relu: dh_relu > 0),
        ),
        Mistake(
            "ReLU applied once more",
            "You multiplied by `h_relu` where its slope belongs.",
            "The slope of ReLU is 1 where `h` is positive, however large `h` is.",
            gradients_but(mask=lambda h, dh_relu: np.maximum(h, 0)),
        ),
        Mistake(
            "h in place of h_relu",
            "`dw2` is computed with `h`, negative values and all.",
            "What went through `w2` on the way forward was `h_relu`.",
            gradients_but(signal="h"),
        ),
        Mistake(
            "products transposed",
            "Both gradients are right, but lie on their side.",
            "In a product of transposes the order turns round: `(a.T @ b)` and "
            "`(b.T @ a)` are each other's transpose. Which one has the shape of the "
            "weights?",
            gradients_but(turn=True),
        ),
        Mistake(
            "gradient of the input for dw2",
            "What you call `dw2` is the gradient of `h_relu`, the input of the second "
            "layer.",
            "A product has two factors. For the weights' gradient, multiply by the "
            "other factor: `h_relu`, transposed.",
            gradients_of_inputs,
        ),
        Mistake(
            "only the last example",
            "Only the last example left a trace: each turn of the loop overwrote the "
            "one before.",
            "Every example adds its share: start from zeros and use `+=`, or let one "
            "product sum over all rows.",
            gradients_of_last_row,
        ),
        Mistake(
            "multiplied by h",
            "You multiplied by `h` where ReLU's slope belongs.",
            "The slope of ReLU is 1 where `h` is positive and 0 elsewhere: that is "
            "`h > 0`.",
            gradients_but(mask=lambda h, dh_relu: h),
        ),
        Mistake(
            "blame clipped at 0",
            "You switched off where `h` is negative, and where the gradient is "
            "negative, too.",
            "The way back uses the switches of the way forward, and no others.",
            gradients_but(mask=lambda h, dh_relu: (h > 0) & (dh_relu > 0)),
        ),
        Mistake(
            "squares for their slope",
            "You sent the squared errors themselves back.",
            "The slope of a square is 2 times what was squared.",
            gradients_but(dy_pred=lambda y_pred, y: (y_pred - y) ** 2),
        ),
    ),
)

# The lie detector


def numeric_gradient(f, w, eps=1e-5):
    """The gradient of f at w by central differences, in the shape of w.

    f takes an array like w and returns one number.
    """
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


def gradient_by_complex_step(f, w, eps=None):
    """The exact gradient, by a tiny step into the complex plane.

    f(w + ih) = f(w) + ih f'(w) + …, so the imaginary part over h is the derivative,
    with nothing subtracted and no digits lost. Squire and Trapp, "Using complex
    variables to estimate derivatives of real functions", SIAM Review 40 (1998).
    """
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        nudged = w.astype(complex)
        nudged[index] += 1e-30j
        grad[index] = f(nudged).imag / 1e-30
    return grad


def weighted_squares(w):
    """A bowl: central differences are exact on it, for any eps."""
    return (np.arange(1, w.size + 1).reshape(w.shape) * w**2).sum()


def products_of_neighbours(w):
    """Each entry times the next; nothing squared, everything entangled."""
    flat = w.ravel()
    return (flat[1:] * flat[:-1]).sum() + 3 * flat[0]


def far_up(w):
    """A bowl so high up that rounding drowns a small nudge, and not a large one."""
    return weighted_squares(w) + 1e7


def wavy(w):
    return (np.sin(w) * np.arange(1, w.size + 1).reshape(w.shape)).sum()


def numeric_gradient_cases(rng):
    yield weighted_squares, np.array([3.0, 1.0]), 0.5
    yield products_of_neighbours, np.array([[1.0, 2.0, -1.0]]), 0.25
    yield weighted_squares, rng.normal(size=(2, 3)), 0.1
    yield far_up, rng.normal(size=(3, 1)), 8.0
    yield wavy, rng.normal(size=(3, 2)), 1e-5
    yield weighted_squares, rng.normal(size=4), 1e-4


def numeric_but(difference):
    """A wrong `numeric_gradient`, given what it does with f, w, a nudge and eps."""

    def wrong(f, w, eps=1e-5):
        grad = np.zeros_like(w)
        for index in np.ndindex(w.shape):
            nudge = np.zeros_like(w)
            nudge[index] = eps
            grad[index] = difference(f, w, nudge, eps)
        return grad

    return wrong


def numeric_all_at_once(f, w, eps=1e-5):
    slope = (f(w + eps) - f(w - eps)) / (2 * eps)
    return np.full_like(w, slope)


def numeric_rows_at_once(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for i in range(len(w)):
        nudge = np.zeros_like(w)
        nudge[i] = eps
        grad[i] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


def numeric_never_put_back(f, w, eps=1e-5):
    grad, moved = np.zeros_like(w), w.copy()
    for index in np.ndindex(w.shape):
        moved[index] += eps
        up = f(moved)
        moved[index] -= 2 * eps
        grad[index] = (up - f(moved)) / (2 * eps)
    return grad


def numeric_in_place_never_put_back(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        w[index] += eps
        up = f(w)
        w[index] -= 2 * eps
        grad[index] = (up - f(w)) / (2 * eps)
    return grad


def numeric_put_back_by_arithmetic(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        w[index] += eps
        up = f(w)
        w[index] -= 2 * eps
        grad[index] = (up - f(w)) / (2 * eps)
        w[index] += eps
    return grad


def numeric_never_cleared(f, w, eps=1e-5):
    grad, nudge = np.zeros_like(w), np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


def numeric_of_single_entries(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        grad[index] = (f(w[index] + eps) - f(w[index] - eps)) / (2 * eps)
    return grad


def numeric_first_only(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    first = (0,) * w.ndim
    grad[first] = numeric_gradient(f, w, eps)[first]
    return grad


NUMERIC_GRADIENT = Exercise(
    "01.numeric_gradient",
    reference=numeric_gradient,
    oracle=gradient_by_complex_step,
    cases=numeric_gradient_cases,
    rtol=1e-6,
    minutes=8,
    difficulty=2,
    hints=(
        "One entry at a time: nudge it up, ask `f`; nudge it down, ask `f` again.",
        "`for index in np.ndindex(w.shape):` visits every entry, whatever the number "
        "of axes.",
        "Make a nudge of zeros with `eps` at `index`. The two values of `f` lie "
        "`2 * eps` apart.",
    ),
    mistakes=(
        Mistake(
            "forward difference",
            "You compared `f` a step ahead with `f` where it stands. On a curve, that "
            "is off by an amount that grows with `eps`.",
            "Step to both sides, `w + nudge` and `w - nudge`: the error of one side "
            "cancels that of the other.",
            numeric_but(lambda f, w, d, eps: (f(w + d) - f(w)) / eps),
        ),
        Mistake(
            "backward difference",
            "You compared `f` where it stands with `f` a step behind. On a curve, that "
            "is off by an amount that grows with `eps`.",
            "Step to both sides, `w + nudge` and `w - nudge`: the error of one side "
            "cancels that of the other.",
            numeric_but(lambda f, w, d, eps: (f(w) - f(w - d)) / eps),
        ),
        Mistake(
            "divided by eps",
            "Every entry is twice what it should be: you divided by `eps`.",
            "From `w - nudge` to `w + nudge` it is two steps.",
            numeric_but(lambda f, w, d, eps: (f(w + d) - f(w - d)) / eps),
        ),
        Mistake(
            "multiplied instead of divided",
            "You wrote `/ 2 * eps`, which divides by 2 and then multiplies by `eps`.",
            "Python works from left to right here: put brackets around `2 * eps`.",
            numeric_but(lambda f, w, d, eps: (f(w + d) - f(w - d)) / 2 * eps),
        ),
        Mistake(
            "difference not divided",
            "You returned how much `f` changes, not how fast.",
            "A slope is a change divided by the distance: `2 * eps`.",
            numeric_but(lambda f, w, d, eps: f(w + d) - f(w - d)),
        ),
        Mistake(
            "all entries nudged at once",
            "You nudged all of `w` at once, so every entry got the same slope, their "
            "sum.",
            "Each entry needs a nudge of its own, while the others stay.",
            numeric_all_at_once,
        ),
        Mistake(
            "one slope for all of w",
            "You nudged all of `w` at once and got a single slope.",
            "Each entry needs a nudge of its own, while the others stay, and has its "
            "slope in the result.",
            lambda f, w, eps=1e-5: (f(w + eps) - f(w - eps)) / (2 * eps),
        ),
        Mistake(
            "whole rows nudged",
            "You nudged a whole row at a time: `nudge[i]` means all of row i.",
            "Every entry has an index for each axis: `np.ndindex(w.shape)` gives them.",
            numeric_rows_at_once,
        ),
        Mistake(
            "nudges pile up",
            "The first entry is right, then the errors start: an entry once nudged "
            "was never put back.",
            "Start each entry from `w` as it was given.",
            numeric_never_put_back,
        ),
        Mistake(
            "w left nudged",
            "You nudged `w` itself and never put it back: the caller's weights have "
            "moved, and later entries are computed at another place.",
            "Work on `w + nudge` and `w - nudge`, and leave `w` alone.",
            numeric_in_place_never_put_back,
        ),
        Mistake(
            "put back by arithmetic",
            "You nudged `w` itself and stepped back by adding and subtracting. "
            "Rounding leaves it a hair from where it was.",
            "Keep the old value and write it back, or leave `w` alone and use "
            "`w + nudge`.",
            numeric_put_back_by_arithmetic,
        ),
        Mistake(
            "only the first entry",
            "Only the first entry was computed: the loop ended after one turn.",
            "Does the `return` stand inside the loop? Move it to the left.",
            numeric_first_only,
        ),
        Mistake(
            "nudge never cleared",
            "The first entry is right, then the errors start: `nudge` still holds the "
            "nudges of the turns before.",
            "Make a new `nudge` of zeros in each turn of the loop.",
            numeric_never_cleared,
        ),
        Mistake(
            "f asked about single entries",
            "You handed `f` one entry at a time.",
            "`f` takes an array like `w`: all of it, with one entry nudged.",
            numeric_of_single_entries,
        ),
        Mistake(
            "eps ignored",
            "You took a step of your own, 1e-5, whatever `eps` is.",
            "How far to step is for the caller to say: where numbers are large, a tiny "
            "step drowns in rounding.",
            lambda f, w, eps: numeric_gradient(f, w, 1e-5),
        ),
    ),
)

# Predict the shapes


def predict_shapes():
    """The shape of each array, as (rows, columns)."""
    return {
        "h": (64, 100),
        "y_pred": (64, 10),
        "dw1": (1000, 100),
        "dw2": (100, 10),
    }


def shapes_of_arrays():
    """The same shapes, read off arrays: a gradient is shaped like what it moves."""
    x, w1, w2 = np.empty((64, 1000)), np.empty((1000, 100)), np.empty((100, 10))
    h = np.zeros_like(x) @ np.zeros_like(w1)
    y_pred = h @ np.zeros_like(w2)
    arrays = {"h": h, "y_pred": y_pred, "dw1": w1, "dw2": w2}
    return {name: array.shape for name, array in arrays.items()}


def shapes_but(**wrong):
    return lambda: predict_shapes() | wrong


PREDICT_SHAPES = Exercise(
    "01.predict_shapes",
    reference=predict_shapes,
    oracle=shapes_of_arrays,
    minutes=2,
    difficulty=1,
    hints=(
        "In `a @ b` the inner sizes must be equal, and disappear; the outer two stay.",
        "A gradient has one number for each number of what it belongs to, because it "
        "is going to be subtracted from it.",
    ),
    mistakes=(
        Mistake(
            "hidden layer transposed",
            "You gave `h` a row for each hidden unit.",
            "The rows of `x` are examples, and they stay rows all the way: what is "
            "left of (64, 1000) @ (1000, 100)?",
            shapes_but(h=(100, 64)),
        ),
        Mistake(
            "hidden layer shaped like its weights",
            "You gave `h` the shape of `w1`.",
            "`h` holds a row for each of the 64 examples; the 1000 is what the product "
            "sums away.",
            shapes_but(h=(1000, 100)),
        ),
        Mistake(
            "prediction without its batch",
            "You gave `y_pred` the shape of `w2`.",
            "Each of the 64 examples gets its own 10 scores.",
            shapes_but(y_pred=(100, 10)),
        ),
        Mistake(
            "prediction transposed",
            "You gave `y_pred` a row for each output.",
            "Examples are rows in this course, from `x` to `y_pred`.",
            shapes_but(y_pred=(10, 64)),
        ),
        Mistake(
            "gradients shaped like activations",
            "You gave the gradients a row for each example.",
            "`dw1` is subtracted from `w1`, so it has the same shape; the sum over "
            "the examples happens inside the product.",
            shapes_but(dw1=(64, 100), dw2=(64, 10)),
        ),
        Mistake(
            "gradients transposed",
            "You turned the gradients on their side.",
            "`w1 - learning_rate * dw1` has to fit: entry by entry, the two have one "
            "shape.",
            shapes_but(dw1=(100, 1000), dw2=(10, 100)),
        ),
        Mistake(
            "batch left out",
            "You thought of one example.",
            "`x` holds 64 of them, a row each: `h` and `y_pred` have 64 rows, too.",
            shapes_but(h=(100,), y_pred=(10,)),
        ),
        Mistake(
            "inner size kept",
            "You kept the size that a product sums away.",
            "In (64, 1000) @ (1000, 100) the two 1000s meet and disappear.",
            shapes_but(h=(64, 1000), y_pred=(64, 100)),
        ),
        Mistake(
            "gradients exchanged",
            "You gave each gradient the shape of the other.",
            "`dw1` belongs to `w1`, `dw2` to `w2`, and each is shaped like its own.",
            shapes_but(dw1=(100, 10), dw2=(1000, 100)),
        ),
    ),
)

# One step downhill


def sgd_step(x, y, w1, w2, learning_rate):
    """One step of gradient descent: the new w1 and the new w2."""
    h, h_relu, y_pred = forward(x, w1, w2)
    dw1, dw2 = gradients(x, y, h, h_relu, y_pred, w2)
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


def sgd_step_by_nudging(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients_by_nudging(x, y, *forward_by_einsum(x, w1, w2), w2)
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


def sgd_step_cases(rng):
    rates = [0.125, 0.01, 0.05, 0.02]
    for case, rate in zip(two_layer_cases(rng), rates, strict=True):
        yield (*case, rate)


def sgd_but(step):
    """A wrong `sgd_step`, given what it makes of w1, w2, their gradients, the rate."""

    def wrong(x, y, w1, w2, learning_rate):
        dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
        return step(w1, w2, dw1, dw2, learning_rate)

    return wrong


def sgd_updated_w2_first(x, y, w1, w2, learning_rate):
    h, h_relu, y_pred = forward(x, w1, w2)
    _, dw2 = gradients(x, y, h, h_relu, y_pred, w2)
    w2 = w2 - learning_rate * dw2
    dw1, _ = gradients(x, y, h, h_relu, y_pred, w2)
    return w1 - learning_rate * dw1, w2


def sgd_forward_again(x, y, w1, w2, learning_rate):
    dw1, _ = gradients(x, y, *forward(x, w1, w2), w2)
    w1 = w1 - learning_rate * dw1
    _, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    return w1, w2 - learning_rate * dw2


def sgd_averaged(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    share = learning_rate / len(x)
    return w1 - share * dw1, w2 - share * dw2


def sgd_one_by_one(x, y, w1, w2, learning_rate):
    for n in range(len(x)):
        row = slice(n, n + 1)
        w1, w2 = sgd_step(x[row], y[row], w1, w2, learning_rate)
    return w1, w2


def sgd_in_place(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    w1 -= learning_rate * dw1
    w2 -= learning_rate * dw2
    return w1, w2


SGD_STEP = Exercise(
    "01.sgd_step",
    reference=sgd_step,
    oracle=sgd_step_by_nudging,
    cases=sgd_step_cases,
    returns=("w1", "w2"),
    rtol=1e-6,
    minutes=5,
    difficulty=2,
    hints=(
        "You have written the two halves already: `forward` and `gradients`.",
        "Both gradients come first, from the weights as they are. Then both weights "
        "move.",
        "Downhill is against the gradient: `w1 - learning_rate * dw1`.",
    ),
    mistakes=(
        Mistake(
            "step uphill",
            "You added the gradients, so the loss will grow.",
            "The gradient points uphill. Which way is down?",
            sgd_but(lambda w1, w2, dw1, dw2, lr: (w1 + lr * dw1, w2 + lr * dw2)),
        ),
        Mistake(
            "w2 updated too early",
            "`w2` is right, but `dw1` was computed with the `w2` that had already "
            "moved.",
            "Both gradients belong to the same place: compute both, then move both.",
            sgd_updated_w2_first,
        ),
        Mistake(
            "w1 updated too early",
            "`w1` is right, but you went forward again with it before computing `dw2`.",
            "Both gradients belong to the same place: compute both, then move both.",
            sgd_forward_again,
        ),
        Mistake(
            "weights changed in place",
            "The new weights are right, but `-=` wrote them into the arrays that the "
            "caller passed in.",
            "Return new arrays: `w1 - learning_rate * dw1`.",
            sgd_in_place,
        ),
        Mistake(
            "divided by the batch size",
            "You divided the step by N, the number of examples.",
            "The gradients belong to the sum of the errors, and the step is "
            "`learning_rate` times the gradient, no less.",
            sgd_averaged,
        ),
        Mistake(
            "learning rate forgotten",
            "You subtracted the whole gradient.",
            "The step is only a small share of it: `learning_rate` times the gradient.",
            sgd_but(lambda w1, w2, dw1, dw2, lr: (w1 - dw1, w2 - dw2)),
        ),
        Mistake(
            "step without the weights",
            "You returned the steps; the weights themselves are missing.",
            "Where the weights go is where they were, less the step.",
            sgd_but(lambda w1, w2, dw1, dw2, lr: (-lr * dw1, -lr * dw2)),
        ),
        Mistake(
            "gradients returned",
            "You returned the gradients; the weights themselves are missing.",
            "Where the weights go is where they were, less `learning_rate` times the "
            "gradient.",
            sgd_but(lambda w1, w2, dw1, dw2, lr: (dw1, dw2)),
        ),
        Mistake(
            "w1 stands still",
            "Only `w2` moved.",
            "Both layers learn: `w1` gets a step of its own.",
            sgd_but(lambda w1, w2, dw1, dw2, lr: (w1, w2 - lr * dw2)),
        ),
        Mistake(
            "w2 stands still",
            "Only `w1` moved.",
            "Both layers learn: `w2` gets a step of its own.",
            sgd_but(lambda w1, w2, dw1, dw2, lr: (w1 - lr * dw1, w2)),
        ),
        Mistake(
            "a step for each example",
            "You took a step after each example, so that the next one met other "
            "weights.",
            "One step, for all examples together: their gradients come from the "
            "weights as they are.",
            sgd_one_by_one,
        ),
    ),
)

# One-hot targets


def one_hot(labels, classes):
    """A row for each label (N,): 1.0 in the label's column, else 0.0; (N, classes)."""
    return np.eye(classes)[labels]


def one_hot_by_comparing(labels, classes):
    return np.equal.outer(labels, np.arange(classes)).astype(float)


def one_hot_cases(rng):
    yield np.array([2, 0]), 4
    yield np.array([1, 1, 0, 3, 0]), 6
    yield rng.integers(0, 5, size=7), 8
    yield rng.integers(1, 3, size=6), 4
    yield rng.permutation(5), 5  # every class, the last one too


def one_hot_all_rows(labels, classes):
    y = np.zeros((len(labels), classes))
    y[:, labels] = 1
    return y


def one_hot_value(labels, classes):
    y = np.zeros((len(labels), classes))
    y[np.arange(len(labels)), labels] = labels
    return y


def one_hot_but_last_class(labels, classes):
    y = np.eye(classes)[labels]
    y[:, -1] = 0
    return y


def one_hot_first_row_only(labels, classes):
    y = np.zeros((len(labels), classes))
    y[0, labels[0]] = 1
    return y


def one_hot_last_row_only(labels, classes):
    y = np.zeros((len(labels), classes))
    y[-1, labels[-1]] = 1
    return y


ONE_HOT = Exercise(
    "01.one_hot",
    reference=one_hot,
    oracle=one_hot_by_comparing,
    cases=one_hot_cases,
    minutes=4,
    difficulty=2,
    hints=(
        "Start from zeros, (N, classes). In each row, one entry has to become 1: "
        "which one?",
        "`y[rows, columns] = 1` sets one entry for each pair of a row and a column. "
        "The rows are `np.arange(len(labels))`.",
        "Or: each row you want is a row of the identity, `np.eye(classes)`.",
    ),
    mistakes=(
        Mistake(
            "every row marked for every label",
            "Each row has a 1 for every label there is: `y[:, labels]` means all rows.",
            "Pair each row with its own label: `y[np.arange(len(labels)), labels]`.",
            one_hot_all_rows,
        ),
        Mistake(
            "transposed",
            "You have a column for each example and a row for each class.",
            "Examples are rows: (N, classes).",
            lambda labels, classes: np.eye(classes)[:, labels],
        ),
        Mistake(
            "counted from 1",
            "Each 1 stands a column too far to the left: labels were counted from 1.",
            "Label 0 belongs into column 0.",
            lambda labels, classes: np.eye(classes)[labels - 1],
        ),
        Mistake(
            "label in place of 1",
            "You wrote the label itself into its column.",
            "The column already says which label it is; what goes in is a 1.",
            one_hot_value,
        ),
        Mistake(
            "as many columns as labels seen",
            "You took the largest label for the number of classes.",
            "A class may be missing from these labels and exist all the same: use "
            "`classes`.",
            lambda labels, classes: np.eye(labels.max() + 1)[labels],
        ),
        Mistake(
            "filled up to the label",
            "Each row is 1 from its first column up to the label's.",
            "One-hot means a single 1 in a row.",
            lambda labels, classes: np.tri(classes)[labels],
        ),
        Mistake(
            "only the first row",
            "Only the first row has its 1.",
            "Does the `return` stand inside the loop? Move it to the left.",
            one_hot_first_row_only,
        ),
        Mistake(
            "only the last row",
            "Only the last row has its 1.",
            "Are the zeros made anew in each turn of the loop? Make them once, above "
            "it.",
            one_hot_last_row_only,
        ),
        Mistake(
            "cold and hot exchanged",
            "The label's column is 0, and all others are 1.",
            "It is the label's column that gets the 1.",
            lambda labels, classes: 1 - np.eye(classes)[labels],
        ),
        Mistake(
            "last class forgotten",
            "Rows of the last class have no 1.",
            "The classes are 0, 1, … `classes - 1`, and `range(classes)` goes through "
            "all of them.",
            one_hot_but_last_class,
        ),
    ),
)

# Accuracy


def accuracy(scores, labels):
    """The share of rows of scores (N, C) whose largest entry is at the label (N,)."""
    return (scores.argmax(axis=1) == labels).mean()


def accuracy_one_by_one(scores, labels):
    right = 0
    for row, label in zip(scores.tolist(), labels.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(labels)


def accuracy_cases(rng):
    yield np.array([[0.1, 0.9, 0.0], [0.8, 0.1, 0.1]]), np.array([1, 2])
    yield (
        # In the last row the top score equals the label, and its place doesn't.
        np.array([[3.0, 1.0], [-2.0, -1.0], [0.5, 0.25], [1.0, 0.5]]),
        np.array([0, 1, 0, 1]),
    )
    for N, C in [(8, 5), (5, 7), (12, 3)]:
        labels = rng.integers(0, C, size=N)
        scores = rng.normal(size=(N, C))
        hits = rng.permutation(N)[: N // 2 + 1]
        scores[hits, labels[hits]] += 3
        yield scores, labels


ACCURACY = Exercise(
    "01.accuracy",
    reference=accuracy,
    oracle=accuracy_one_by_one,
    cases=accuracy_cases,
    minutes=3,
    difficulty=1,
    hints=(
        "The guess for an example is the column of its largest score.",
        "`scores.argmax(axis=1)` looks along each row and answers with a column.",
        "The mean of a mask is the share of its Trues.",
    ),
    mistakes=(
        Mistake(
            "argmax over the wrong axis",
            "You looked down each column for the best example, where the best class "
            "of each example is wanted.",
            "The axis named is the one that disappears. What is to be left is one "
            "number for each of the N rows.",
            lambda scores, labels: (scores.argmax(axis=0) == labels).mean(),
        ),
        Mistake(
            "argmax over everything",
            "`argmax` without an axis numbers all entries through and gives a single "
            "one.",
            "Each row has a winner of its own: which axis has to disappear?",
            lambda scores, labels: (scores.argmax() == labels).mean(),
        ),
        Mistake(
            "count for share",
            "You counted the hits.",
            "A share lies between 0 and 1: divide by how many there are, or take the "
            "mean.",
            lambda scores, labels: (scores.argmax(axis=1) == labels).sum(),
        ),
        Mistake(
            "per cent for share",
            "You returned per cent.",
            "A share lies between 0 and 1; leave out the 100.",
            lambda scores, labels: 100 * (scores.argmax(axis=1) == labels).mean(),
        ),
        Mistake(
            "error rate",
            "You measured how often the guess misses.",
            "Accuracy counts the hits: `==`, not `!=`.",
            lambda scores, labels: (scores.argmax(axis=1) != labels).mean(),
        ),
        Mistake(
            "divided by the number of classes",
            "You divided the hits by the number of columns.",
            "There is one hit or miss for each row: divide by `len(labels)`.",
            lambda scores, labels: (
                (scores.argmax(axis=1) == labels).sum() / scores.shape[1]
            ),
        ),
        Mistake(
            "divided by all entries",
            "You divided the hits by the number of all scores.",
            "There is one hit or miss for each row: divide by `len(labels)`.",
            lambda scores, labels: (
                (scores.argmax(axis=1) == labels).sum() / scores.size
            ),
        ),
        Mistake(
            "score compared with label",
            "You compared the largest score itself with the label.",
            "What names the class is where the largest score stands: `argmax`, not "
            "`max`.",
            lambda scores, labels: (scores.max(axis=1) == labels).mean(),
        ),
        Mistake(
            "smallest score wins",
            "You took the class with the smallest score.",
            "A high score says yes: the largest wins.",
            lambda scores, labels: (scores.argmin(axis=1) == labels).mean(),
        ),
        Mistake(
            "hit or miss for each row",
            "You returned a True or False for each example.",
            "One number sums them up: their mean.",
            lambda scores, labels: scores.argmax(axis=1) == labels,
        ),
        Mistake(
            "zeros counted as hits",
            "You compared one-hot rows entry by entry, so that zeros which agree count "
            "as hits.",
            "Compare the classes themselves: one hit or miss for each row.",
            lambda scores, labels: (
                one_hot(scores.argmax(axis=1), scores.shape[1])
                == one_hot(labels, scores.shape[1])
            ).mean(),
        ),
    ),
)
