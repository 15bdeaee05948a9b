# 01.forward


# Somebody who multiplies entry by entry.
# told: raised: can't stand side by side
@exercise("01.forward")
def forward(x, w1, w2):
    h = x * w1
    h_relu = np.maximum(h, 0)
    return h, h_relu, h_relu * w2


# Somebody who has read torch's docs, where weights are (out, in).
# told: raised: which one has to be transposed
@exercise("01.forward")
def forward(x, w1, w2):
    h = x @ w1.T
    h_relu = np.maximum(h, 0)
    return h, h_relu, h_relu @ w2.T


# Somebody who takes np.max for np.maximum.
# told: np.max for np.maximum
@exercise("01.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = np.max(h, 0)
    y_pred = h_relu @ w2
    return h, h_relu, y_pred


# Somebody who only needs the prediction.
# told: wrong type: h, h_relu, y_pred
@exercise("01.forward")
def forward(x, w1, w2):
    return np.maximum(x @ w1, 0) @ w2


# Somebody who returns things the way round in which they are needed.
# told: wrong shape: another order
@exercise("01.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = np.maximum(h, 0)
    return h_relu @ w2, h_relu, h


# Somebody who squashes with a sigmoid, as older books do.
# told: wrong values
@exercise("01.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = 1 / (1 + np.exp(-h))
    return h, h_relu, h_relu @ w2


# Somebody who keeps ReLU's result under the name h.
# told: h overwritten by ReLU
@exercise("01.forward")
def forward(x, w1, w2):
    h = np.maximum(x @ w1, 0)
    return h, h, h @ w2


# Somebody who keeps what ReLU lets through, and drops the rest, places and all.
# told: raised: In `a @ b`
@exercise("01.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = h[h > 0]
    return h, h_relu, h_relu @ w2


# Somebody who writes into h after a plain assignment.
# told: h overwritten by ReLU
@exercise("01.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = h
    h_relu[h_relu < 0] = 0
    return h, h_relu, h_relu @ w2


# passes
@exercise("01.forward")
def forward(x, w1, w2):
    h = np.dot(x, w1)
    h_relu = np.where(h > 0, h, 0)
    return [h, h_relu, np.tensordot(h_relu, w2, axes=1)]


# passes
@exercise("01.forward")
def forward(x, w1, w2):
    h = (w1.T @ x.T).T
    h_relu = h * (h > 0)
    return h, h_relu, np.array([row @ w2 for row in h_relu])


# 01.squared_error


# Somebody who takes the norm for its square.
# told: root of the sum
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return np.linalg.norm(y_pred - y)


# Somebody who uses the operator ^ for a power.
# told: raised: `^` is no power
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return ((y_pred - y) ^ 2).sum()


# Somebody who forgets the sum.
# told: sum forgotten
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return (y_pred - y) ** 2


# Somebody who returns inside the loop.
# told: only the first example
@exercise("01.squared_error")
def squared_error(y_pred, y):
    total = 0.0
    for i in range(len(y)):
        total += ((y_pred[i] - y[i]) ** 2).sum()
        return total


# Somebody who doubles where a square is due.
# told: errors cancel
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return (2 * (y_pred - y)).sum()


# Somebody who multiplies a difference with itself, as matrices.
# told: raised: In `a @ b`
@exercise("01.squared_error")
def squared_error(y_pred, y):
    e = y_pred - y
    return e @ e


# The same with a transpose; the products of different examples are in it, too.
# told: wrong values
@exercise("01.squared_error")
def squared_error(y_pred, y):
    e = y_pred - y
    return (e @ e.T).sum()


# Somebody whose priorities are mixed up: only y is squared.
# told: wrong values
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return (y_pred - y**2).sum()


# The mean of the batch's means: a language model's usual loss.
# told: mean for sum
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return np.mean([np.mean((p - t) ** 2) for p, t in zip(y_pred, y)])


# Somebody who keeps the axes.
# told: wrong shape: a single number
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return np.square(y_pred - y).sum(keepdims=True)


# Python's own sum goes through the rows.
# told: one loss per column
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return sum((y_pred - y) ** 2)


# passes
@exercise("01.squared_error")
def squared_error(y_pred, y):
    return np.linalg.norm(y_pred - y) ** 2


# passes
@exercise("01.squared_error")
def squared_error(y_pred, y):
    e = (y - y_pred).ravel()
    return np.vdot(e, e)


# passes
@exercise("01.squared_error")
def squared_error(y_pred, y):
    e = y_pred - y
    return np.trace(e.T @ e)


# 01.predict_blame


# Somebody who knows what each weight carried, and stops there.
# told: signal without blame
@exercise("01.predict_blame")
def predict_blame():
    return [1, 1, 0]


# Somebody who multiplies the blame, the signal and the weight.
# told: multiplied by the weight too
@exercise("01.predict_blame")
def predict_blame():
    return [-4, 0, 0]


# Somebody who thinks that a weight of 0 can't be to blame.
# told: multiplied by the weight too
@exercise("01.predict_blame")
def predict_blame():
    return [-4.0, 0.0, -0.0]


# Somebody who shares the blame out among the two that are on.
# told: factor 2 left out
@exercise("01.predict_blame")
def predict_blame():
    return [-2, -2, 0.0]


# Factor 2 and sign both.
# told: wrong values: right except for a factor of -1/2
@exercise("01.predict_blame")
def predict_blame():
    return [2, 2, 0]


# Somebody who nudges each weight by 1 and looks at the loss's change.
# told: nudged by a whole 1
@exercise("01.predict_blame")
def predict_blame():
    return [-3, -3, 0]


# Somebody who gives one number: the blame of the output.
# told: wrong shape
@exercise("01.predict_blame")
def predict_blame():
    return -4


# A column, as w2 is one.
# told: wrong type
@exercise("01.predict_blame")
def predict_blame():
    return [[-4], [-4], [0]]


# passes
@exercise("01.predict_blame")
def predict_blame():
    return -4.0, -4.0, -0.0


# 01.gradients


# Somebody who forgets to transpose.
# told: raised: In `a @ b`
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu @ dy_pred
    dh = (dy_pred @ w2.T) * (h > 0)
    return x @ dh, dw2


# Somebody who takes h for the mask itself, without asking for its sign.
# told: ReLU applied once more
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T @ dy_pred
    dh = (dy_pred @ w2.T) * h_relu
    return x.T @ dh, dw2


# The same with h itself, negative values and all.
# told: multiplied by h
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T @ dy_pred
    dh = (dy_pred @ w2.T) * h
    return x.T @ dh, dw2


# Somebody who applies ReLU to the blame.
# told: mask from the gradient
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = np.maximum(dy_pred @ w2.T, 0)
    return x.T @ dh, h_relu.T @ dy_pred


# Somebody who applies ReLU to the blame, and the mask as well.
# told: blame clipped at 0
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = np.maximum((dy_pred @ w2.T) * (h > 0), 0)
    return x.T @ dh, h_relu.T @ dy_pred


# Somebody who masks dw1's input instead of the hidden layer's blame.
# told: wrong values
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred @ w2.T
    return (x * (x > 0)).T @ dh, h_relu.T @ dy_pred


# Somebody who writes into the blame with a mask the other way round.
# told: ReLU's mask inverted
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred @ w2.T
    dh[h > 0] = 0
    return x.T @ dh, h_relu.T @ dy_pred


# Somebody who doubles once in each layer.
# told: wrong values: `dw1` is right except for a factor of 2
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T @ dy_pred
    dh = 2 * (dy_pred @ w2.T) * (h > 0)
    return x.T @ dh, dw2


# Somebody who takes the square for its derivative.
# told: squares for their slope
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = (y_pred - y) ** 2
    dh = (dy_pred @ w2.T) * (h > 0)
    return x.T @ dh, h_relu.T @ dy_pred


# Somebody who returns the later layer first.
# told: wrong shape: another order
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = (dy_pred @ w2.T) * (h > 0)
    return h_relu.T @ dy_pred, x.T @ dh


# Somebody who sends the prediction back, where its blame is due.
# told: wrong values
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = (y_pred @ w2.T) * (h > 0)
    return x.T @ dh, h_relu.T @ dy_pred


# Somebody who sends the blame on without the second layer's weights.
# told: wrong values
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred.sum(axis=1, keepdims=True) * (h > 0)
    return x.T @ dh, h_relu.T @ dy_pred


# Somebody who starts from a mean over the outputs.
# told: wrong values: right except for a factor that changes
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y) / y.shape[1]
    dh = (dy_pred @ w2.T) * (h > 0)
    return x.T @ dh, h_relu.T @ dy_pred


# Factor and mask, both forgotten.
# told: factor 2 dropped; ReLU's mask forgotten
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = y_pred - y
    dw2 = h_relu.T @ dy_pred
    dw1 = x.T @ (dy_pred @ w2.T)
    return dw1, dw2


# passes
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = -2 * (y - y_pred)
    dh = np.where(h_relu > 0, dy_pred @ w2.T, 0)
    return np.einsum("ni,nj->ij", x, dh), np.einsum("nj,nk->jk", h_relu, dy_pred)


# passes
@exercise("01.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dw1, dw2 = 0, 0
    for n in range(len(x)):
        d = 2 * (y_pred[n] - y[n])
        dw2 = dw2 + np.outer(h_relu[n], d)
        dw1 = dw1 + np.outer(x[n], (w2 @ d) * np.sign(h_relu[n]))
    return dw1, dw2


# 01.numeric_gradient


# Somebody who nudges a name, not a copy.
# told: w left nudged
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        moved = w
        moved[index] += eps
        up = f(moved)
        moved[index] -= 2 * eps
        grad[index] = (up - f(moved)) / (2 * eps)
    return grad


# Somebody who keeps one array of nudges for the whole loop.
# told: nudge never cleared
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    nudge = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


# Somebody who hands single entries to f.
# told: f asked about single entries
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        grad[index] = (f(w[index] + eps) - f(w[index] - eps)) / (2 * eps)
    return grad


# Somebody who nudges by a number of their own, and divides by the caller's.
# told: wrong values
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = 1e-5
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


# Somebody who doesn't use the eps that is given at all.
# told: eps ignored
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    eps = 1e-5
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


# Somebody who loops over a flat range and indexes a matrix with it.
# told: raised: An index points past the end
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for i in range(w.size):
        nudge = np.zeros_like(w)
        nudge[i] = eps
        grad[i] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


# Somebody who returns the slopes as they come, in one row.
# told: wrong shape
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    slopes = []
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        slopes.append((f(w + nudge) - f(w - nudge)) / (2 * eps))
    return np.array(slopes)


# Somebody who returns in the loop.
# told: only the first entry
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
        return grad


# Down first, then up.
# told: wrong values: right except for a turned sign
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        grad[index] = (f(w - nudge) - f(w + nudge)) / (2 * eps)
    return grad


# Brackets left out, over a forward difference.
# told: wrong values
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        grad[index] = f(w + nudge) - f(w - nudge) / (2 * eps)
    return grad


# A forward difference, divided by both steps.
# told: forward difference
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps
        grad[index] = (f(w + nudge) - f(w)) / (2 * eps)
    return grad


# Half a step to each side, divided by two.
# told: wrong values: right except for a factor of 1/2
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        nudge = np.zeros_like(w)
        nudge[index] = eps / 2
        grad[index] = (f(w + nudge) - f(w - nudge)) / (2 * eps)
    return grad


# passes
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    slopes = [
        (f(w + nudge.reshape(w.shape)) - f(w - nudge.reshape(w.shape))) / 2 / eps
        for nudge in eps * np.eye(w.size)
    ]
    return np.reshape(slopes, w.shape)


# passes
@exercise("01.numeric_gradient")
def numeric_gradient(f, w, eps=1e-5):
    grad, moved = np.empty_like(w), w.copy()
    for index, old in np.ndenumerate(w):
        moved[index] = old + eps
        up = f(moved)
        moved[index] = old - eps
        grad[index] = (up - f(moved)) / (2 * eps)
        moved[index] = old
    return grad


# 01.predict_shapes


# Somebody who thinks of one example, not of a batch.
# told: batch left out
@exercise("01.predict_shapes")
def predict_shapes():
    return {"h": (100,), "y_pred": (10,), "dw1": (1000, 100), "dw2": (100, 10)}


# Somebody who keeps the wrong size: the inner one.
# told: inner size kept
@exercise("01.predict_shapes")
def predict_shapes():
    return {
        "h": (64, 1000),
        "y_pred": (64, 100),
        "dw1": (1000, 100),
        "dw2": (100, 10),
    }


# Somebody who takes each gradient for the other's.
# told: gradients exchanged
@exercise("01.predict_shapes")
def predict_shapes():
    return {"h": (64, 100), "y_pred": (64, 10), "dw1": (100, 10), "dw2": (1000, 100)}


# Somebody who takes y_pred for one number for each example.
# told: wrong values
@exercise("01.predict_shapes")
def predict_shapes():
    return {"h": (64, 100), "y_pred": (64, 1), "dw1": (1000, 100), "dw2": (100, 10)}


# Gradients for a whole batch, one each.
# told: wrong shape
@exercise("01.predict_shapes")
def predict_shapes():
    return {
        "h": (64, 100),
        "y_pred": (64, 10),
        "dw1": (64, 1000, 100),
        "dw2": (64, 100, 10),
    }


# Gradients as wide as the layers' outputs only.
# told: wrong values
@exercise("01.predict_shapes")
def predict_shapes():
    return {"h": (64, 100), "y_pred": (64, 10), "dw1": (64, 1000), "dw2": (64, 100)}


# passes
@exercise("01.predict_shapes")
def predict_shapes():
    x, w1, w2 = np.zeros((64, 1000)), np.zeros((1000, 100)), np.zeros((100, 10))
    return {
        "h": list((x @ w1).shape),
        "y_pred": (x @ w1 @ w2).shape,
        "dw1": w1.shape,
        "dw2": w2.shape,
    }


# 01.sgd_step


# Somebody who walks through the layers, and forgets whose arrays they are.
# told: weights changed in place
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    for w, dw in ((w1, dw1), (w2, dw2)):
        w -= learning_rate * dw
    return w1, w2


# A language model that adds weight decay.
# told: wrong values
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    return (
        (1 - learning_rate) * w1 - learning_rate * dw1,
        (1 - learning_rate) * w2 - learning_rate * dw2,
    )


# Somebody who forgets h in the call.
# told: raised: has another number of items
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    h_relu, y_pred = forward(x, w1, w2)
    dw1, dw2 = gradients(x, y, h_relu, y_pred, w2)
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


# Somebody who divides by the learning rate.
# told: wrong values
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    return w1 - dw1 / learning_rate, w2 - dw2 / learning_rate


# Somebody who shares the loss's step among all entries.
# told: wrong values
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    return w1 - learning_rate * dw1 / y.size, w2 - learning_rate * dw2 / y.size


# Somebody who subtracts in the other order.
# told: wrong values: right except for a turned sign
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    return learning_rate * dw1 - w1, learning_rate * dw2 - w2


# Somebody who returns only the layer of interest.
# told: wrong type: w1, w2
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    w1 = w1 - learning_rate * dw1
    w2 = w2 - learning_rate * dw2
    return w2


# Somebody who takes the gradients' sign.
# told: wrong values
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    dw1, dw2 = gradients(x, y, *forward(x, w1, w2), w2)
    return w1 - learning_rate * np.sign(dw1), w2 - learning_rate * np.sign(dw2)


# One example after another, each with its own step.
# told: a step for each example
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    for n in range(len(x)):
        row = slice(n, n + 1)
        dw1, dw2 = gradients(x[row], y[row], *forward(x[row], w1, w2), w2)
        w1 = w1 - learning_rate * dw1
        w2 = w2 - learning_rate * dw2
    return w1, w2


# passes
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    steps = gradients(x, y, *forward(x, w1, w2), w2)
    return tuple(w + -learning_rate * dw for w, dw in zip((w1, w2), steps))


# passes
@exercise("01.sgd_step")
def sgd_step(x, y, w1, w2, learning_rate):
    def loss(w1, w2):
        return squared_error(forward(x, w1, w2)[-1], y)

    dw1 = numeric_gradient(lambda w: loss(w, w2), w1)
    dw2 = numeric_gradient(lambda w: loss(w1, w), w2)
    return w1 - learning_rate * dw1, w2 - learning_rate * dw2


# 01.one_hot


# Somebody who returns integers.
# told: wrong dtype
@exercise("01.one_hot")
def one_hot(labels, classes):
    return np.eye(classes, dtype=int)[labels]


# Somebody who returns the comparison itself.
# told: wrong dtype
@exercise("01.one_hot")
def one_hot(labels, classes):
    return labels[:, None] == np.arange(classes)


# Somebody who builds lists of lists.
# told: wrong type
@exercise("01.one_hot")
def one_hot(labels, classes):
    return [[1.0 if c == label else 0.0 for c in range(classes)] for label in labels]


# Somebody who takes the number of examples for the number of classes.
# told: raised: An index points past the end
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros((len(labels), len(labels)))
    y[np.arange(len(labels)), labels] = 1
    return y


# Rows and columns exchanged in the index.
# told: raised: An index points past the end
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    y[labels, np.arange(len(labels))] = 1
    return y


# A square of zeros, with the transposed index: shapes fit sometimes.
# told: raised: An index points past the end
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros((classes, classes))
    y[np.arange(len(labels)), labels] = 1
    return y


# Somebody who indexes with labels only: whole rows become 1.
# told: raised: An index points past the end
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    for label in labels:
        y[label] = 1
    return y


# Somebody who marks the place one further on.
# told: raised: An index points past the end
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    for n, label in enumerate(labels):
        y[n, label + 1] = 1
    return y


# One row for all labels: which labels are there?
# told: wrong shape
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros(classes)
    y[labels] = 1
    return y


# A count of each class.
# told: wrong shape
@exercise("01.one_hot")
def one_hot(labels, classes):
    return np.bincount(labels, minlength=classes).astype(float)


# passes
@exercise("01.one_hot")
def one_hot(labels, classes):
    return (labels[:, None] == np.arange(classes)).astype(float)


# passes
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros(len(labels) * classes)
    y[np.arange(len(labels)) * classes + labels] = 1
    return y.reshape(-1, classes)


# passes
@exercise("01.one_hot")
def one_hot(labels, classes):
    y = np.zeros((len(labels), classes))
    np.put_along_axis(y, labels.reshape(-1, 1), 1, axis=1)
    return y


# 01.accuracy


# Is the label's score as large as the largest?
# passes
@exercise("01.accuracy")
def accuracy(scores, labels):
    chosen = scores[np.arange(len(labels)), labels]
    return np.mean(chosen == scores.max(axis=1))


# Whole numbers divided down.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    return (scores.argmax(axis=1) == labels).sum() // len(labels)


# Python's own round.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    return round((scores.argmax(axis=1) == labels).mean(), 2)


# Somebody who returns in the loop.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    hits = 0
    for row, label in zip(scores, labels):
        hits += row.argmax() == label
        return hits / len(labels)


# Somebody who only asks whether the label's score is positive.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    return (scores[np.arange(len(labels)), labels] > 0).mean()


# Scores rounded and compared with one-hot targets, entry by entry.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    targets = np.eye(scores.shape[1])[labels]
    return ((scores > 0.5) == targets).mean()


# Guesses and one-hot targets compared entry by entry: the zeros agree as well.
# told: zeros counted as hits
@exercise("01.accuracy")
def accuracy(scores, labels):
    classes = scores.shape[1]
    return (one_hot(scores.argmax(axis=1), classes) == one_hot(labels, classes)).mean()


# All or nothing.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    return float(np.array_equal(scores.argmax(axis=1), labels))


# The mean of the guesses' distance.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    return np.abs(scores.argmax(axis=1) - labels).mean()


# The mean score of the right class.
# told: wrong values
@exercise("01.accuracy")
def accuracy(scores, labels):
    return scores[np.arange(len(labels)), labels].mean()


# passes
@exercise("01.accuracy")
def accuracy(scores, labels):
    return 1 - np.count_nonzero(np.argmax(scores, 1) - labels) / labels.size


# passes
@exercise("01.accuracy")
def accuracy(scores, labels):
    guesses = np.argsort(scores, axis=-1)[:, -1]
    return float(sum(guesses == labels) / len(labels))
