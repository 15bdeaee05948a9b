# 02.predict_sharing


# Somebody for whom everything with a name of its own is a copy.
# told: from_numpy copies; numpy() copies; transposing copies; a row is a copy
@exercise("02.predict_sharing")
def predict_sharing():
    return {
        "torch.from_numpy(a)": False,
        "torch.tensor(a)": False,
        "t.numpy()": False,
        "t.clone()": False,
        "t.T": False,
        "t[0]": False,
        "t[[0]]": False,
        "t + 0": False,
    }


# Somebody for whom nothing is ever copied.
# told: torch.tensor shares; clone shares; a list of rows is a view; adding nothing changes nothing
@exercise("02.predict_sharing")
def predict_sharing():
    return {
        "torch.from_numpy(a)": True,
        "torch.tensor(a)": True,
        "t.numpy()": True,
        "t.clone()": True,
        "t.T": True,
        "t[0]": True,
        "t[[0]]": True,
        "t + 0": True,
    }


# Somebody who reads the question the other way round: is it a copy?
# told: question turned round
@exercise("02.predict_sharing")
def predict_sharing():
    return {
        "torch.from_numpy(a)": False,
        "torch.tensor(a)": True,
        "t.numpy()": False,
        "t.clone()": True,
        "t.T": False,
        "t[0]": False,
        "t[[0]]": True,
        "t + 0": True,
    }


# Somebody who knows torch and NumPy apart: nothing is shared between the two.
# told: from_numpy copies; numpy() copies
@exercise("02.predict_sharing")
def predict_sharing():
    return {
        "torch.from_numpy(a)": False,
        "torch.tensor(a)": False,
        "t.numpy()": False,
        "t.clone()": False,
        "t.T": True,
        "t[0]": True,
        "t[[0]]": False,
        "t + 0": False,
    }


# Somebody who writes words.
# told: wrong type
@exercise("02.predict_sharing")
def predict_sharing():
    return {
        "torch.from_numpy(a)": "shares",
        "torch.tensor(a)": "copies",
        "t.numpy()": "shares",
        "t.clone()": "copies",
        "t.T": "shares",
        "t[0]": "shares",
        "t[[0]]": "copies",
        "t + 0": "copies",
    }


# Somebody who leaves the doubtful one open.
# told: returned nothing: t[[0]]
@exercise("02.predict_sharing")
def predict_sharing():
    return {
        "torch.from_numpy(a)": True,
        "torch.tensor(a)": False,
        "t.numpy()": True,
        "t.clone()": False,
        "t.T": True,
        "t[0]": True,
        "t[[0]]": None,
        "t + 0": False,
    }


# passes
@exercise("02.predict_sharing")
def predict_sharing():
    a, t = np.zeros((2, 3)), torch.zeros(2, 3)
    made = {
        "torch.from_numpy(a)": (torch.from_numpy(a), torch.as_tensor(a)),
        "torch.tensor(a)": (torch.tensor(a), torch.as_tensor(a)),
        "t.numpy()": (torch.as_tensor(t.numpy()), t),
        "t.clone()": (t.clone(), t),
        "t.T": (t.T, t),
        "t[0]": (t[0], t),
        "t[[0]]": (t[[0]], t),
        "t + 0": (t + 0, t),
    }
    return {line: p.data_ptr() == q.data_ptr() for line, (p, q) in made.items()}


# 02.channels_first


# Somebody who exchanges the axes 1 and 3.
# told: height and width exchanged
@exercise("02.channels_first")
def channels_first(images):
    return images.transpose(1, 3)


# Somebody who writes NumPy's transpose.
# told: raised: `transpose` exchanges two axes
@exercise("02.channels_first")
def channels_first(images):
    return images.transpose(0, 3, 1, 2)


# Somebody who forgets the batch.
# told: raised: `permute` has to name every axis
@exercise("02.channels_first")
def channels_first(images):
    return images.permute(2, 0, 1)


# Somebody who moves the channels all the way to the front.
# told: channels before the batch
@exercise("02.channels_first")
def channels_first(images):
    return images.permute(3, 0, 1, 2)


# Somebody who hands back a NumPy array.
# told: wrong type
@exercise("02.channels_first")
def channels_first(images):
    return np.moveaxis(images.numpy(), -1, 1)


# Somebody who calls view.
# told: reshaped for permuted
@exercise("02.channels_first")
def channels_first(images):
    N, H, W, C = images.shape
    return images.view(N, C, H, W)


# Somebody who only takes the pictures' first channel.
# told: wrong shape
@exercise("02.channels_first")
def channels_first(images):
    return images[:, None, :, :, 0]


# Somebody who loops over the pictures, and turns each.
# told: height and width exchanged
@exercise("02.channels_first")
def channels_first(images):
    return torch.stack([image.permute(2, 1, 0) for image in images])


# A language model that turns bytes into shares on the way.
# told: wrong values: right except for a factor of 1/255
@exercise("02.channels_first")
def channels_first(images):
    return images.permute(0, 3, 1, 2).float() / 255


# Somebody who returns inside the loop.
# told: wrong shape
@exercise("02.channels_first")
def channels_first(images):
    for image in images:
        return image.permute(2, 0, 1)[None]


# passes
@exercise("02.channels_first")
def channels_first(images):
    return images.movedim(-1, 1)


# passes
@exercise("02.channels_first")
def channels_first(images):
    return torch.stack(images.unbind(-1), dim=1)


# passes
@exercise("02.channels_first")
def channels_first(images):
    return torch.einsum("nhwc->nchw", images).contiguous()


# passes
@exercise("02.channels_first")
def channels_first(images):
    return images.transpose(2, 3).transpose(1, 2)


# 02.predict_broadcast


# Somebody for whom only equal shapes can be added.
# told: only equal shapes fit
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": "fails",
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": "fails",
        "(3, 1) + (4,)": "fails",
        "(5, 1, 4) + (3, 1)": "fails",
        "(5, 3, 4) + (5, 3)": "fails",
    }


# Somebody who stretches one shape, and never both.
# told: two stretches fail: `(5, 1, 4) + (3, 1)`: You let
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": (2, 3),
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": (2, 3),
        "(3, 1) + (4,)": (3, 4),
        "(5, 1, 4) + (3, 1)": "fails",
        "(5, 3, 4) + (5, 3)": "fails",
    }


# Somebody who adds the sizes.
# told: wrong values
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": (2, 6),
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": (4, 4),
        "(3, 1) + (4,)": (3, 5),
        "(5, 1, 4) + (3, 1)": (5, 4, 5),
        "(5, 3, 4) + (5, 3)": "fails",
    }


# Somebody who keeps one of the two stretched axes at 1.
# told: the larger shape wins
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": (2, 3),
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": (2, 3),
        "(3, 1) + (4,)": (3, 4),
        "(5, 1, 4) + (3, 1)": (5, 1, 4),
        "(5, 3, 4) + (5, 3)": "fails",
    }


# Somebody who lets a column of 3 fail against a row of 4.
# told: two stretches fail
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": (2, 3),
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": (2, 3),
        "(3, 1) + (4,)": "fails",
        "(5, 1, 4) + (3, 1)": "fails",
        "(5, 3, 4) + (5, 3)": "fails",
    }


# Somebody who writes an error's name, and is right otherwise.
# told: wrong values
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": (2, 3),
        "(2, 3) + (2,)": "error",
        "(2, 3) + (2, 1)": (2, 3),
        "(3, 1) + (4,)": (3, 4),
        "(5, 1, 4) + (3, 1)": (5, 3, 4),
        "(5, 3, 4) + (5, 3)": "error",
    }


# Somebody who aligns from the left as long as the shapes are short.
# told: aligned from the left
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": "fails",
        "(2, 3) + (2,)": (2, 3),
        "(2, 3) + (2, 1)": (2, 3),
        "(3, 1) + (4,)": (3, 4),
        "(5, 1, 4) + (3, 1)": (5, 3, 4),
        "(5, 3, 4) + (5, 3)": "fails",
    }


# passes
@exercise("02.predict_broadcast")
def predict_broadcast():
    return {
        "(2, 3) + (3,)": [2, 3],
        "(2, 3) + (2,)": "Fails",
        "(2, 3) + (2, 1)": torch.broadcast_shapes((2, 3), (2, 1)),
        "(3, 1) + (4,)": (3, 4),
        "(5, 1, 4) + (3, 1)": (5, 3, 4),
        "(5, 3, 4) + (5, 3)": " fails",
    }


# 02.standardize


# Somebody who adds a small number to be safe, and large enough to be seen.
# told: wrong values
@exercise("02.standardize")
def standardize(x):
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-5)


# The same with a number so small that only rounding would tell.
# passes
@exercise("02.standardize")
def standardize(x):
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-12)


# A language model's usual epsilon.
# passes
@exercise("02.standardize")
def standardize(x):
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-8)


# Somebody who clamps the standard deviation from below.
# passes
@exercise("02.standardize")
def standardize(x):
    return (x - x.mean(dim=0)) / x.std(dim=0, correction=0).clamp(min=1e-12)


# Somebody who replaces NaN afterwards.
# passes
@exercise("02.standardize")
def standardize(x):
    z = (x - x.mean(0)) / x.std(0, unbiased=False)
    return z.nan_to_num(0.0)


# Somebody who takes NumPy's words.
# passes
@exercise("02.standardize")
def standardize(x):
    std = torch.sqrt(((x - x.mean(axis=0)) ** 2).mean(axis=0))
    return torch.where(std > 0, (x - x.mean(axis=0)) / std, 0.0)


# Somebody who writes into the columns that were handed in.
# told: changed inputs
@exercise("02.standardize")
def standardize(x):
    x -= x.mean(dim=0)
    std = x.std(dim=0, correction=0)
    std[std == 0] = 1
    x /= std
    return x


# Somebody who names axis 1, and doesn't keep it.
# told: raised: can't stand side by side
@exercise("02.standardize")
def standardize(x):
    std = x.std(dim=1, correction=0)
    return (x - x.mean(dim=1)) / torch.where(std > 0, std, 1)


# Somebody who lets constant columns be, with their mean.
# told: constant columns kept
@exercise("02.standardize")
def standardize(x):
    std = x.std(dim=0, correction=0)
    return torch.where(std > 0, (x - x.mean(dim=0)) / std, x)


# Somebody who leaves constant columns out.
# told: wrong shape
@exercise("02.standardize")
def standardize(x):
    std = x.std(dim=0, correction=0)
    kept = std > 0
    return (x[:, kept] - x[:, kept].mean(dim=0)) / std[kept]


# Somebody who divides before subtracting.
# told: wrong values
@exercise("02.standardize")
def standardize(x):
    std = x.std(dim=0, correction=0)
    return x / torch.where(std > 0, std, 1) - x.mean(dim=0)


# Precedence: only the mean is divided.
# told: only the mean divided
@exercise("02.standardize")
def standardize(x):
    std = x.std(dim=0, correction=0)
    return x - x.mean(dim=0) / torch.where(std > 0, std, 1)


# Somebody who brings each column to between 0 and 1.
# told: from 0 to 1
@exercise("02.standardize")
def standardize(x):
    low, high = x.amin(dim=0), x.amax(dim=0)
    return (x - low) / torch.where(high > low, high - low, 1)


# Somebody who only centres.
# told: not scaled
@exercise("02.standardize")
def standardize(x):
    return x - x.mean(dim=0)


# Somebody who takes np.std's default, and hands back NumPy's array.
# told: wrong type
@exercise("02.standardize")
def standardize(x):
    a = x.numpy()
    std = a.std(axis=0)
    return (a - a.mean(axis=0)) / np.where(std > 0, std, 1)


# Somebody who makes it float32.
# told: wrong dtype
@exercise("02.standardize")
def standardize(x):
    x = x.float()
    std = x.std(dim=0, correction=0)
    return (x - x.mean(dim=0)) / torch.where(std > 0, std, 1)


# 02.pairwise_distance


# Somebody who pairs rows, the first with the first.
# told: raised: can't stand side by side
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return ((a - b) ** 2).sum(dim=1).sqrt()


# Somebody who sums over the wrong axis after broadcasting.
# told: summed over the points
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return ((a[:, None] - b[None]) ** 2).sum(dim=1).sqrt()


# Somebody who forgets the exponent.
# told: wrong values
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return (a[:, None] - b).sum(dim=2).abs()


# Somebody who takes the root before the sum.
# told: sum of absolute differences
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return ((a[:, None] - b) ** 2).sqrt().sum(dim=2)


# Somebody who takes the largest difference.
# told: wrong values
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return (a[:, None] - b).abs().amax(dim=2)


# Somebody who puts b first, so that rows and columns change places.
# told: transposed
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return torch.cdist(b, a)


# Somebody who takes a product for a distance.
# told: wrong values
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return a @ b.T


# Somebody who is lucky to repair the negative number with an absolute value.
# passes
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    squares = (a**2).sum(1, keepdim=True) + (b**2).sum(1) - 2 * a @ b.T
    return squares.abs().sqrt()


# Somebody who adds a small number under the root.
# told: wrong values
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    squares = (a**2).sum(1, keepdim=True) + (b**2).sum(1) - 2 * a @ b.T
    return (squares + 1e-6).sqrt()


# Somebody who clamps after the root, where NaN stays NaN.
# told: root of a negative number
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    squares = (a**2).sum(1, keepdim=True) + (b**2).sum(1) - 2 * a @ b.T
    return squares.sqrt().clamp(min=0)


# Somebody who forgets to make a column of a's squares.
# told: raised: can't stand side by side
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    squares = (a**2).sum(1) + (b**2).sum(1) - 2 * a @ b.T
    return squares.clamp(min=0).sqrt()


# Somebody who loops, and fills only where both indices are the same.
# told: wrong values
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    result = torch.zeros(len(a), len(b), dtype=a.dtype)
    for i in range(min(len(a), len(b))):
        result[i, i] = (a[i] - b[i]).norm()
    return result


# Somebody who fills float32 zeros.
# told: wrong dtype
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    result = torch.zeros(len(a), len(b))
    for i in range(len(a)):
        for j in range(len(b)):
            result[i, j] = (a[i] - b[j]).pow(2).sum().sqrt()
    return result


# passes
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


# passes
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return (a.unsqueeze(1) - b.unsqueeze(0)).norm(dim=-1)


# passes
@exercise("02.pairwise_distance")
def pairwise_distance(a, b):
    return torch.stack([(b - row).pow(2).sum(1).sqrt() for row in a])


# 02.one_hot_scatter


# Somebody who scatters along the rows.
# told: scattered along the rows
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.zeros(len(labels), classes).scatter(0, labels[:, None], 1.0)


# Somebody who forgets that scatter without the underscore makes a new tensor.
# told: marks lost
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    zeros = torch.zeros(len(labels), classes)
    zeros.scatter(1, labels[:, None], 1.0)
    return zeros


# Somebody who calls torch's own, which makes integers.
# told: wrong dtype
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.nn.functional.one_hot(labels, classes)


# The same, and the number of classes left out.
# told: as many columns as labels seen
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.nn.functional.one_hot(labels).float()


# Somebody who indexes with a colon.
# told: every row marked for every label
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    y = torch.zeros(len(labels), classes)
    y[:, labels] = 1
    return y


# Somebody who counts the classes from 1.
# told: counted from 1
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.eye(classes)[labels - 1]


# Somebody who loops over all classes but the last.
# told: last class forgotten
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    y = torch.zeros(len(labels), classes)
    for c in range(classes - 1):
        y[labels == c, c] = 1
    return y


# Somebody who takes lesson 01's answer as it is.
# told: wrong type
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return np.eye(classes)[labels]


# Float64, as NumPy makes it.
# told: wrong dtype
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.from_numpy(np.eye(classes)[labels])


# Somebody who hands scatter the numbers as floats.
# told: raised
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.zeros(len(labels), classes).scatter(1, labels.float()[:, None], 1.0)


# passes
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.eye(classes)[labels]


# passes
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return torch.zeros(len(labels), classes).scatter_add_(
        1, labels.unsqueeze(1), torch.ones(len(labels), 1)
    )


# passes
@exercise("02.one_hot_scatter")
def one_hot_scatter(labels, classes):
    return (labels.reshape(-1, 1) == torch.arange(classes)).float()


# 02.forward


# Somebody who stays with NumPy.
# told: wrong type
@exercise("02.forward")
def forward(x, w1, w2):
    return numpy_net.forward(x.numpy(), w1.numpy(), w2.numpy())


# Somebody who takes torch.max for a maximum with 0.
# told: raised: `max` gives two things
@exercise("02.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = torch.max(h, 0)
    return h, h_relu, h_relu @ w2


# Somebody who takes torch.maximum as np.maximum, with a plain 0.
# told: raised: works on tensors only
@exercise("02.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = torch.maximum(h, 0)
    return h, h_relu, h_relu @ w2


# Somebody who multiplies entry by entry.
# told: raised: can't stand side by side
@exercise("02.forward")
def forward(x, w1, w2):
    h = x * w1
    h_relu = h.clamp(min=0)
    return h, h_relu, h_relu * w2


# Somebody who calls the function that writes into h.
# told: h overwritten in place
@exercise("02.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = torch.relu_(h)
    return h, h_relu, h_relu @ w2


# Somebody who writes the 1 of "0 to 1" where the floor belongs.
# told: wrong values
@exercise("02.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = h.clamp(1)
    return h, h_relu, h_relu @ w2


# Somebody who keeps the mask.
# told: mask for ReLU
@exercise("02.forward")
def forward(x, w1, w2):
    h = x @ w1
    h_relu = (h > 0).float()
    return h, h_relu, h_relu @ w2


# Somebody who uses a double for accuracy.
# told: wrong dtype
@exercise("02.forward")
def forward(x, w1, w2):
    h = x.double() @ w1.double()
    h_relu = h.clamp(min=0)
    return h, h_relu, h_relu @ w2.double()


# passes
@exercise("02.forward")
def forward(x, w1, w2):
    h = torch.einsum("ni,ij->nj", x, w1)
    h_relu = torch.where(h > 0, h, 0)
    return h, h_relu, torch.nn.functional.linear(h_relu, w2.T)


# passes
@exercise("02.forward")
def forward(x, w1, w2):
    return tuple(
        torch.from_numpy(part)
        for part in numpy_net.forward(x.numpy(), w1.numpy(), w2.numpy())
    )


# 02.gradients


# Somebody who takes lesson 01's code as it is.
# passes
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T @ dy_pred
    dh = (dy_pred @ w2.T) * (h > 0)
    dw1 = x.T @ dh
    return dw1, dw2


# Somebody who forgets ReLU on the way back.
# told: ReLU's mask forgotten
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    return x.T @ (dy_pred @ w2.T), h_relu.T @ dy_pred


# Somebody who clamps the blame in place of masking it.
# told: mask from the gradient
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred.mm(w2.T).clamp(min=0)
    return x.T.mm(dh), h_relu.T.mm(dy_pred)


# Somebody who turns the sign.
# told: wrong values: right except for a turned sign
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y - y_pred)
    dh = dy_pred.mm(w2.T) * (h > 0)
    return x.T.mm(dh), h_relu.T.mm(dy_pred)


# Somebody who uses `*` for both products.
# told: raised: can't stand side by side
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred * w2.T * (h > 0)
    return x.T * dh, h_relu.T * dy_pred


# Somebody who takes the sign, which is -1 where a unit is off, for the mask.
# told: wrong values
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred.mm(w2.T) * h.sign()
    return x.T.mm(dh), h_relu.T.mm(dy_pred)


# Somebody who writes the mask into h itself, with an underscore.
# told: changed inputs
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    dh = h.gt_(0).mul_(dy_pred.mm(w2.T))
    return x.T.mm(dh), h_relu.T.mm(dy_pred)


# Somebody who asks autograd, where nothing was recorded.
# told: raised: There is no way back
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    loss = ((y_pred - y) ** 2).sum()
    loss.backward()
    return x.T @ h.grad, w2.grad


# passes
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    arrays = (t.numpy() for t in (x, y, h, h_relu, y_pred, w2))
    return tuple(map(torch.from_numpy, numpy_net.gradients(*arrays)))


# passes
@exercise("02.gradients")
def gradients(x, y, h, h_relu, y_pred, w2):
    dy_pred = y_pred.sub(y).mul(2)
    dh = torch.where(h > 0, dy_pred @ w2.t(), torch.tensor(0.0))
    return torch.einsum("ni,nj->ij", x, dh), (dy_pred.t() @ h_relu).t()
