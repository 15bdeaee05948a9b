"""Tensors."""

import ast

import numpy as np
import torch
import torch.nn.functional as F

from diagnose.exercise import Exercise, Mistake
from lessons.old import l01_numpy_two_layer_net as l01

# Who shares memory with whom


def predict_sharing():
    """Does each new object share its numbers with a or t (True), or copy (False)?"""
    return {
        "torch.from_numpy(a)": True,
        "torch.tensor(a)": False,
        "t.numpy()": True,
        "t.clone()": False,
        "t.T": True,
        "t[0]": True,
        "t[[0]]": False,
        "t + 0": False,
    }


def sharing_by_address():
    """The same, asked of NumPy: do the two overlap in memory?"""
    a = np.zeros((2, 3))
    t = torch.zeros(2, 3)
    pairs = {
        "torch.from_numpy(a)": (torch.from_numpy(a).numpy(), a),
        "torch.tensor(a)": (torch.tensor(a).numpy(), a),
        "t.numpy()": (t.numpy(), t.numpy()),
        "t.clone()": (t.clone().numpy(), t.numpy()),
        "t.T": (t.T.numpy(), t.numpy()),
        "t[0]": (t[0].numpy(), t.numpy()),
        "t[[0]]": (t[[0]].numpy(), t.numpy()),
        "t + 0": ((t + 0).numpy(), t.numpy()),
    }
    return {line: np.shares_memory(*pair) for line, pair in pairs.items()}


def sharing_but(wrong):
    return lambda: predict_sharing() | wrong


PREDICT_SHARING = Exercise(
    "02.predict_sharing",
    reference=predict_sharing,
    oracle=sharing_by_address,
    minutes=3,
    difficulty=2,
    hints=(
        "`from_` and `.numpy()` look at what is there. `tensor`, `clone` and every "
        "computation make something new.",
        "A view only needs another way of counting over the same numbers: a start and "
        "a step for each axis. Which of the indexings can be told that way?",
    ),
    mistakes=(
        Mistake(
            "torch.tensor shares",
            "You let `torch.tensor` share, as if it were `from_numpy`.",
            "`torch.tensor` always copies; that is what tells the two apart.",
            sharing_but({"torch.tensor(a)": True}),
        ),
        Mistake(
            "from_numpy copies",
            "You let `torch.from_numpy` copy.",
            "It lays a tensor over the array's own memory: change one, and look at "
            "the other.",
            sharing_but({"torch.from_numpy(a)": False}),
        ),
        Mistake(
            "numpy() copies",
            "You let `.numpy()` copy.",
            "It is the way back of `from_numpy`, and shares as well.",
            sharing_but({"t.numpy()": False}),
        ),
        Mistake(
            "transposing copies",
            "You let the transpose copy its numbers.",
            "`t.T` is the same numbers, counted in another order. No number moves.",
            sharing_but({"t.T": False}),
        ),
        Mistake(
            "a row is a copy",
            "You let `t[0]` copy, as a slice of a Python list would.",
            "A row lies in one piece inside `t`, and `t[0]` is a view of it.",
            sharing_but({"t[0]": False}),
        ),
        Mistake(
            "a list of rows is a view",
            "You let `t[[0]]` be a view like `t[0]`.",
            "Indexing with a list may pick rows in any order, even twice; no view can "
            "do that, so it copies.",
            sharing_but({"t[[0]]": True}),
        ),
        Mistake(
            "clone shares",
            "You let `clone` share.",
            "A clone is a copy made on purpose.",
            sharing_but({"t.clone()": True}),
        ),
        Mistake(
            "adding nothing changes nothing",
            "You let `t + 0` be `t` itself.",
            "Every computation writes into new memory, even an idle one. Only names "
            "that end in `_` write into the old.",
            sharing_but({"t + 0": True}),
        ),
        Mistake(
            "question turned round",
            "Every entry is the other way round.",
            "True is for what shares its numbers, False for what is a copy.",
            lambda: {line: not shares for line, shares in predict_sharing().items()},
        ),
    ),
)

# Channels first


def channels_first(images):
    """Pictures (N, H, W, C) as torch wants them, (N, C, H, W)."""
    return images.permute(0, 3, 1, 2)


def channels_first_by_index(images):
    N, H, W, C = images.shape
    result = torch.empty(N, C, H, W, dtype=images.dtype)
    for n, c in np.ndindex(N, C):
        result[n, c] = images[n, :, :, c]
    return result


def channels_first_cases(rng):
    yield (torch.arange(12.0).reshape(1, 2, 2, 3),)
    for N, H, W, C in [(2, 4, 5, 3), (3, 2, 6, 4), (2, 3, 3, 3)]:
        yield (torch.tensor(rng.normal(size=(N, H, W, C)), dtype=torch.float32),)


CHANNELS_FIRST = Exercise(
    "02.channels_first",
    reference=channels_first,
    oracle=channels_first_by_index,
    cases=channels_first_cases,
    minutes=4,
    difficulty=2,
    hints=(
        "The numbers must be counted in another order, so this is no task for "
        "`reshape`.",
        "`permute` lists, for each new axis, which old one it is. The new axis 1 is "
        "the old axis 3.",
    ),
    mistakes=(
        Mistake(
            "reshaped for permuted",
            "The shape is right and the picture is scrambled: `reshape` and `view` "
            "keep the numbers in their old order.",
            "Axes change their places with `permute`.",
            lambda images: images.reshape(
                images.shape[0], images.shape[3], images.shape[1], images.shape[2]
            ),
        ),
        Mistake(
            "height and width exchanged",
            "Channels come first, but every picture lies on its side: (N, C, W, H).",
            "After the channels come the old axes 1 and 2, in this order.",
            lambda images: images.permute(0, 3, 2, 1),
        ),
        Mistake(
            "one exchange too few",
            "You exchanged the axes 1 and 2, and left it at that.",
            "Three axes move on by one place; a single exchange can't do that.",
            lambda images: images.transpose(1, 2),
        ),
        Mistake(
            "moved the wrong way",
            "You moved axis 1 to the end: that is the way from channels first to "
            "channels last.",
            "Here the last axis has to come forward.",
            lambda images: images.permute(0, 2, 3, 1),
        ),
        Mistake(
            "channels in reverse",
            "The channels come first, but in reverse: red and blue are exchanged.",
            "torch keeps red, green, blue in the order in which they come.",
            lambda images: images.permute(0, 3, 1, 2).flip(1),
        ),
        Mistake(
            "batch last",
            "`.T` turned all four axes round: (C, W, H, N).",
            "The examples stay in front: name the order of the axes with `permute`.",
            lambda images: images.permute(3, 2, 1, 0),
        ),
        Mistake(
            "channels before the batch",
            "The channels went all the way to the front: (C, N, H, W).",
            "The examples stay in front, and the channels come next.",
            lambda images: images.permute(3, 0, 1, 2),
        ),
    ),
)

# Broadcasting


def predict_broadcast():
    """The shape of each sum as a tuple, or the word "fails"."""
    return {
        "(2, 3) + (3,)": (2, 3),
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": (2, 3),
        "(3, 1) + (4,)": (3, 4),
        "(5, 1, 4) + (3, 1)": (5, 3, 4),
        "(5, 3, 4) + (5, 3)": "fails",
    }


QUESTIONS = (
    "(2, 3) + (3,)",
    "(2, 3) + (2,)",
    "(2, 3) + (2, 1)",
    "(3, 1) + (4,)",
    "(5, 1, 4) + (3, 1)",
    "(5, 3, 4) + (5, 3)",
)


def broadcast_by_numpy():
    results = {}
    for question in QUESTIONS:
        left, right = map(ast.literal_eval, question.split(" + "))
        try:
            results[question] = np.broadcast_shapes(left, right)
        except ValueError:
            results[question] = "fails"
    return results


def broadcast_but(**wrong):
    changed = {QUESTIONS[int(key[1:])]: value for key, value in wrong.items()}
    return lambda: predict_broadcast() | changed


PREDICT_BROADCAST = Exercise(
    "02.predict_broadcast",
    reference=predict_broadcast,
    oracle=broadcast_by_numpy,
    minutes=4,
    difficulty=2,
    hints=(
        "Write the two shapes below each other, flush right.",
        "In each column, the sizes must be equal, or one of them 1 or missing. The "
        "larger one goes into the result.",
    ),
    mistakes=(
        Mistake(
            "aligned from the left",
            "You lined the shapes up from the left.",
            "Broadcasting reads from the right: the last sizes meet first.",
            broadcast_but(_0="fails", _1=(2, 3), _5=(5, 3, 4)),
        ),
        Mistake(
            "ones do not stretch",
            "You let sizes of 1 fail against other sizes.",
            "A 1 is stretched to whatever stands opposite.",
            broadcast_but(_2="fails", _3="fails", _4="fails"),
        ),
        Mistake(
            "fewer axes fail",
            "You let shapes of different length fail.",
            "Missing axes on the left count as 1.",
            broadcast_but(_0="fails", _3="fails", _4="fails"),
        ),
        Mistake(
            "the larger shape wins",
            "You took the shape with more numbers as the result.",
            "Both may stretch at once: (3, 1) grows along its second axis, (4,) along "
            "a new first one.",
            broadcast_but(_3=(4,), _4=(5, 1, 4)),
        ),
        Mistake(
            "nothing fails",
            "You found a result for shapes that don't fit.",
            "From the right, 3 meets 2, and neither is 1; 4 meets 3 in the other.",
            broadcast_but(_1=(2, 3), _5=(5, 3, 4)),
        ),
        Mistake(
            "sizes appended",
            "You put the sizes of both side by side, as an outer product does.",
            "Axes meet from the right, and each pair becomes one axis.",
            broadcast_but(_3=(3, 1, 4), _4=(5, 1, 4, 3, 1)),
        ),
        Mistake(
            "only equal shapes fit",
            "You let all six fail, as if only equal shapes could be added.",
            "Shapes needn't be equal: read from the right, a 1 stretches, and so does "
            "an axis that isn't there.",
            lambda: dict.fromkeys(QUESTIONS, "fails"),
        ),
        Mistake(
            "two stretches fail",
            "You let shapes fail that both have to stretch.",
            "(3, 1) grows along its second axis and (4,) along a new first one, at the "
            "same time.",
            broadcast_but(_3="fails", _4="fails"),
        ),
    ),
)

# Columns of mean 0 and standard deviation 1


def standardize(x):
    """Each column of x (N, D) with mean 0 and biased standard deviation 1.

    A column that is constant becomes zeros.
    """
    centred = x - x.mean(dim=0)
    std = x.std(dim=0, correction=0)
    return centred / torch.where(std > 0, std, 1)


def standardize_by_column(x):
    columns = []
    for column in x.numpy().T:
        values = [float(v) for v in column]
        mean = sum(values) / len(values)
        std = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        constant = max(values) == min(values)
        columns.append([0.0 if constant else (v - mean) / std for v in values])
    return torch.tensor(columns, dtype=x.dtype).T.contiguous()


def standardize_cases(rng):
    yield (torch.tensor([[1.0, 5.0], [3.0, 5.0]], dtype=torch.float64),)
    yield (torch.tensor([[0.0, 2.0, 7.0], [4.0, 2.0, 1.0]], dtype=torch.float64),)
    for N, D in [(5, 3), (4, 6)]:
        x = torch.tensor(rng.normal(2, 3, size=(N, D)))
        x[:, D - 1] = 1.5
        yield (x,)


def safe_std(x):
    std = x.std(dim=0, correction=0)
    return torch.where(std > 0, std, 1)


def standardize_but(centre=None, scale=None):
    def wrong(x):
        mean = centre(x) if centre else x.mean(dim=0)
        std = scale(x) if scale else x.std(dim=0, correction=0)
        return (x - mean) / torch.where(std > 0, std, 1)

    return wrong


STANDARDIZE = Exercise(
    "02.standardize",
    reference=standardize,
    oracle=standardize_by_column,
    cases=standardize_cases,
    minutes=6,
    difficulty=2,
    hints=(
        "`x.mean(dim=0)` is (D,): one number for each column. How does it stretch "
        "against (N, D)?",
        "`x.std(dim=0)` divides by N - 1. `correction=0` makes it N.",
        "A constant column has standard deviation 0, and 0/0 is NaN. "
        "`torch.where(std > 0, std, 1)` puts a 1 there.",
    ),
    mistakes=(
        Mistake(
            "constant columns become NaN",
            "A column that is constant came out as NaN, from 0 divided by 0.",
            "Where the standard deviation is 0, divide by something harmless.",
            lambda x: (x - x.mean(dim=0)) / x.std(dim=0, correction=0),
        ),
        Mistake(
            "unbiased standard deviation",
            "You divided by the unbiased standard deviation, which is torch's "
            "default: it has N - 1 below the root.",
            "The biased one has N: `correction=0`.",
            standardize_but(scale=lambda x: x.std(dim=0)),
        ),
        Mistake(
            "variance for standard deviation",
            "You divided by the variance.",
            "The standard deviation is its square root.",
            standardize_but(scale=lambda x: x.var(dim=0, correction=0)),
        ),
        Mistake(
            "rows for columns",
            "You made the rows mean 0 and standard deviation 1.",
            "The axis you name is the one that disappears. Which one has to go, so "
            "that one number is left for each column?",
            standardize_but(
                centre=lambda x: x.mean(dim=1, keepdim=True),
                scale=lambda x: x.std(dim=1, correction=0, keepdim=True),
            ),
        ),
        Mistake(
            "all numbers together",
            "You used one mean and one standard deviation for everything.",
            "Each column has its own: reduce over `dim=0` only.",
            standardize_but(
                centre=lambda x: x.mean(), scale=lambda x: x.std(correction=0)
            ),
        ),
        Mistake(
            "not centred",
            "The columns are scaled, but their means are still there.",
            "Subtract each column's mean first.",
            standardize_but(centre=lambda x: 0.0),
        ),
        Mistake(
            "scaled to the range",
            "You divided by the range of each column.",
            "Standard deviation is the root of the mean squared distance from the "
            "mean.",
            standardize_but(scale=lambda x: x.amax(dim=0) - x.amin(dim=0)),
        ),
        Mistake(
            "constant columns kept",
            "A column that is constant came out as it went in.",
            "Minus its mean, it is zeros.",
            lambda x: torch.where(x.std(dim=0) > 0, standardize(x), x),
        ),
        Mistake(
            "only the mean divided",
            "You divided the mean, and subtracted that from `x`.",
            "`/` comes before `-`: put brackets around the difference.",
            lambda x: x - x.mean(dim=0) / safe_std(x),
        ),
        Mistake(
            "not scaled",
            "You subtracted the means, and the columns are as wide as before.",
            "Divide each column by its standard deviation.",
            lambda x: x - x.mean(dim=0),
        ),
        Mistake(
            "from 0 to 1",
            "You brought each column to between 0 and 1, by its smallest and its "
            "largest number.",
            "Here the mean becomes 0 and the standard deviation 1.",
            standardize_but(
                centre=lambda x: x.amin(dim=0),
                scale=lambda x: x.amax(dim=0) - x.amin(dim=0),
            ),
        ),
    ),
)

# Distances between all pairs


def pairwise_distance(a, b):
    """Distance between every row of a (N, D) and every row of b (M, D): (N, M)."""
    squares = (a**2).sum(dim=1)[:, None] + (b**2).sum(dim=1) - 2 * a.mm(b.T)
    return squares.clamp(min=0).sqrt()


def pairwise_by_definition(a, b):
    rows = [[torch.linalg.vector_norm(p - q) for q in b] for p in a]
    return torch.tensor(rows, dtype=a.dtype)


def pairwise_cases(rng):
    yield (
        torch.tensor([[0.0, 0.0], [3.0, 4.0]], dtype=torch.float64),
        torch.tensor([[3.0, 0.0], [0.0, 0.0], [3.0, 4.0]], dtype=torch.float64),
    )
    for N, M, D in [(2, 4, 3), (5, 3, 2)]:
        yield (
            torch.tensor(rng.normal(size=(N, D))),
            torch.tensor(rng.normal(size=(M, D))),
        )
    yield points_that_meet(rng)


def points_that_meet(rng):
    """The same points twice, such that rounding puts a square below zero."""
    while True:
        a = torch.tensor(rng.normal(size=(12, 5)))
        b = a[:7].clone()
        squares = (a**2).sum(dim=1)[:, None] + (b**2).sum(dim=1) - 2 * a.mm(b.T)
        if (squares < 0).any():
            return a, b


def squares_of_distances(a, b):
    return (a**2).sum(dim=1)[:, None] + (b**2).sum(dim=1) - 2 * a.mm(b.T)


PAIRWISE_DISTANCE = Exercise(
    "02.pairwise_distance",
    reference=pairwise_distance,
    oracle=pairwise_by_definition,
    cases=pairwise_cases,
    rtol=1e-5,
    minutes=10,
    difficulty=3,
    hints=(
        "(p - q)² = p² + q² - 2pq, for rows as well as for numbers.",
        "The three parts are (N, 1), (M,) and (N, M). The last is one product.",
        "Where two points meet, rounding can leave a tiny negative number, and the "
        "root of that is NaN: `clamp(min=0)` first.",
    ),
    mistakes=(
        Mistake(
            "root of a negative number",
            "Some distances are NaN: where two points meet, rounding leaves a tiny "
            "negative number under the root.",
            "A squared distance can't be negative: clamp it before the root.",
            lambda a, b: squares_of_distances(a, b).sqrt(),
        ),
        Mistake(
            "root forgotten",
            "You returned the squared distances.",
            "The distance is their root.",
            lambda a, b: squares_of_distances(a, b).clamp(min=0),
        ),
        Mistake(
            "cross term added",
            "You added the product of the two where it has to be subtracted.",
            "(p - q)² = p² + q² - 2pq: mind the sign of the last.",
            lambda a, b: (
                ((a**2).sum(dim=1)[:, None] + (b**2).sum(dim=1) + 2 * a.mm(b.T))
                .clamp(min=0)
                .sqrt()
            ),
        ),
        Mistake(
            "cross term once",
            "You subtracted the product once.",
            "(p - q)² = p² + q² - 2pq: the product counts twice.",
            lambda a, b: (
                ((a**2).sum(dim=1)[:, None] + (b**2).sum(dim=1) - a.mm(b.T))
                .clamp(min=0)
                .sqrt()
            ),
        ),
        Mistake(
            "one square left out",
            "The squares of `b` are missing from the sum.",
            "(p - q)² = p² + q² - 2pq has three parts.",
            lambda a, b: (
                ((a**2).sum(dim=1)[:, None] - 2 * a.mm(b.T)).clamp(min=0).sqrt()
            ),
        ),
        Mistake(
            "sum of absolute differences",
            "You summed the sizes of the differences, the way along the streets.",
            "The straight way is the root of the sum of squares.",
            lambda a, b: (a[:, None] - b).abs().sum(dim=2),
        ),
        Mistake(
            "transposed",
            "You have a row for each point of `b`.",
            "Rows belong to `a`: (N, M).",
            lambda a, b: pairwise_distance(b, a),
        ),
        Mistake(
            "mean over the features",
            "You took the mean of the squared differences, where the sum is due.",
            "The distance grows with the number of features: sum over them.",
            lambda a, b: pairwise_distance(a, b) / a.shape[1] ** 0.5,
        ),
        Mistake(
            "summed over the points",
            "You summed over the points of `b`, and one number is left for each "
            "feature.",
            "It is the features that disappear: with (N, M, D), sum over the last "
            "axis.",
            lambda a, b: ((a[:, None] - b) ** 2).sum(dim=1).sqrt(),
        ),
    ),
)

# One-hot by scatter


def one_hot_scatter(labels, classes):
    """A row for each label (N,): 1.0 in the label's column, else 0.0; (N, classes)."""
    zeros = torch.zeros(len(labels), classes)
    return zeros.scatter(1, labels[:, None], 1.0)


def one_hot_cases(rng):
    for labels, classes in l01.one_hot_cases(rng):
        yield torch.tensor(labels), classes


def scatter_but(dim=1, index=lambda labels: labels[:, None], value=1.0):
    def wrong(labels, classes):
        shape = (len(labels), classes) if dim == 1 else (classes, len(labels))
        return torch.zeros(shape).scatter(dim, index(labels), value)

    return wrong


def scatter_along_rows(labels, classes):
    return torch.zeros(len(labels), classes).scatter(0, labels[:, None], 1.0)


def mark_every_row(labels, classes):
    zeros = torch.zeros(len(labels), classes)
    zeros[:, labels] = 1
    return zeros


def forget_last_class(labels, classes):
    marks = one_hot_scatter(labels, classes)
    marks[:, -1] = 0
    return marks


ONE_HOT_SCATTER = Exercise(
    "02.one_hot_scatter",
    reference=one_hot_scatter,
    oracle=lambda labels, classes: F.one_hot(labels, classes).float(),
    cases=one_hot_cases,
    minutes=5,
    difficulty=2,
    hints=(
        "Start from `torch.zeros(len(labels), classes)`; then "
        "`scatter(dim, index, 1.0)` writes a 1 at each index along that axis.",
        "`index` needs as many axes as the zeros have: `labels[:, None]` is (N, 1).",
    ),
    mistakes=(
        Mistake(
            "index without its axis",
            "`scatter` was given labels of one axis, for zeros that have two.",
            "Give each row its own list of one column: `labels[:, None]`, (N, 1).",
            lambda labels, classes: torch.zeros(len(labels), classes).scatter(
                1, labels, 1.0
            ),
        ),
        Mistake(
            "every mark in the first row",
            "All the marks went into the first row: an index of shape (1, N) belongs "
            "to one row.",
            "A column of labels, (N, 1), gives each row its own.",
            scatter_but(index=lambda labels: labels[None, :]),
        ),
        Mistake(
            "transposed",
            "You have a column for each example and a row for each class.",
            "Examples are rows: (N, classes).",
            scatter_but(dim=0, index=lambda labels: labels[None, :]),
        ),
        Mistake(
            "label in place of 1",
            "You wrote the label itself into its column.",
            "The column already says which label it is; what goes in is a 1.",
            lambda labels, classes: torch.zeros(len(labels), classes).scatter(
                1, labels[:, None], labels[:, None].float()
            ),
        ),
        Mistake(
            "as many columns as labels seen",
            "You took the largest label for the number of classes.",
            "A class may be missing from these labels and exist all the same: use "
            "`classes`.",
            lambda labels, classes: one_hot_scatter(labels, int(labels.max()) + 1),
        ),
        Mistake(
            "ones scattered with zeros",
            "The label's column is 0, and all others are 1.",
            "Start from zeros and scatter a 1.",
            lambda labels, classes: 1 - one_hot_scatter(labels, classes),
        ),
        Mistake(
            "scattered along the rows",
            "`scatter(0, …)` takes the labels for numbers of rows.",
            "The mark moves along the columns: that is axis 1.",
            scatter_along_rows,
        ),
        Mistake(
            "marks lost",
            "You returned nothing but zeros: `scatter` makes a new tensor and leaves "
            "the old as it was.",
            "Return what `scatter` hands back; or `scatter_`, with the underscore, "
            "writes into the zeros.",
            lambda labels, classes: torch.zeros(len(labels), classes),
        ),
        Mistake(
            "every row marked for every label",
            "Each row has a 1 for every label there is: `zeros[:, labels]` means all "
            "rows.",
            "Each row has a label of its own: `scatter` with (N, 1) pairs the two.",
            mark_every_row,
        ),
        Mistake(
            "last class forgotten",
            "Rows of the last class have no 1.",
            "The classes are 0, 1, … `classes - 1`, and `range(classes)` goes through "
            "all of them.",
            forget_last_class,
        ),
        Mistake(
            "counted from 1",
            "Each 1 stands a column too far to the left: labels were counted from 1.",
            "Label 0 belongs into column 0.",
            lambda labels, classes: torch.eye(classes)[labels - 1],
        ),
    ),
)

# The network again


def forward(x, w1, w2):
    """h and h_relu, both (N, D_hidden), and y_pred (N, D_out)."""
    h = x.mm(w1)
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    return h, h_relu, y_pred


def as_float32(arrays):
    return tuple(torch.tensor(array, dtype=torch.float32) for array in arrays)


def forward_by_numpy(x, w1, w2):
    """In NumPy and double precision; only the results are rounded."""
    arrays = (t.double().numpy() for t in (x, w1, w2))
    return as_float32(l01.forward_by_einsum(*arrays))


def forward_cases(rng):
    for case in l01.forward_cases(rng):
        yield as_float32(case)


def forward_in_place(x, w1, w2):
    h = x.mm(w1)
    h_relu = h.clamp_(min=0)
    return h, h_relu, h_relu.mm(w2)


FORWARD = Exercise(
    "02.forward",
    reference=forward,
    oracle=forward_by_numpy,
    cases=forward_cases,
    returns=("h", "h_relu", "y_pred"),
    minutes=4,
    difficulty=1,
    hints=(
        "Take your three lines from lesson 01. Two of them need no change at all: `@` "
        "works on tensors.",
        "torch's names are `mm` for the product of two matrices, and "
        "`clamp(min=0)` for the maximum with 0.",
    ),
    mistakes=(
        Mistake(
            "clamped from the other side",
            "You kept what is negative: `clamp(max=0)` is a ceiling.",
            "ReLU has its floor at 0: which of `min` and `max` sets a floor?",
            lambda x, w1, w2: (
                x.mm(w1),
                x.mm(w1).clamp(max=0),
                x.mm(w1).clamp(max=0).mm(w2),
            ),
        ),
        Mistake(
            "h overwritten in place",
            "`h` has lost its negative numbers: ReLU wrote its result into the same "
            "tensor.",
            "The way back needs `h` as it was. `clamp_`, with the underscore, writes "
            "into `h` itself; `clamp` makes a new tensor.",
            forward_in_place,
        ),
        Mistake(
            "no ReLU before the output",
            "The second layer was fed with `h`, so ReLU made no difference to "
            "`y_pred`.",
            "Which of the two does the output layer see: `h`, or what ReLU left of it?",
            lambda x, w1, w2: (x.mm(w1), x.mm(w1).clamp(min=0), x.mm(w1).mm(w2)),
        ),
        Mistake(
            "ReLU on the output too",
            "You cut negative predictions off as well.",
            "ReLU belongs between the layers; the output may be any number.",
            lambda x, w1, w2: (
                x.mm(w1),
                x.mm(w1).clamp(min=0),
                x.mm(w1).clamp(min=0).mm(w2).clamp(min=0),
            ),
        ),
        Mistake(
            "clamped to between 0 and 1",
            "You cut everything above 1 as well.",
            "ReLU has a floor and no ceiling: leave `max` out.",
            lambda x, w1, w2: (
                x.mm(w1),
                x.mm(w1).clamp(0, 1),
                x.mm(w1).clamp(0, 1).mm(w2),
            ),
        ),
        Mistake(
            "mask for ReLU",
            "`h_relu` holds only ones and zeros: where `h` is positive, not how much.",
            "A unit that is on passes its value on: `h * (h > 0)`.",
            lambda x, w1, w2: (
                x.mm(w1),
                (x.mm(w1) > 0).float(),
                (x.mm(w1) > 0).float().mm(w2),
            ),
        ),
    ),
)


def gradients(x, y, h, h_relu, y_pred, w2):
    """Gradients of the squared error: dw1 (D_in, D_hidden), dw2 (D_hidden, D_out)."""
    dy_pred = 2 * (y_pred - y)
    dw2 = h_relu.T.mm(dy_pred)
    dh = dy_pred.mm(w2.T) * (h > 0)
    dw1 = x.T.mm(dh)
    return dw1, dw2


def gradients_by_autograd(x, y, h, h_relu, y_pred, w2):
    """torch's own, by moving the weights by nothing: w1 enters as h + x @ E."""
    E1 = torch.zeros(x.shape[1], h.shape[1], dtype=torch.float64, requires_grad=True)
    E2 = torch.zeros_like(w2, dtype=torch.float64, requires_grad=True)
    moved = F.relu(h.double() + x.double() @ E1) @ (w2.double() + E2)
    loss = F.mse_loss(moved, y.double(), reduction="sum")
    return tuple(g.float() for g in torch.autograd.grad(loss, (E1, E2)))


def gradients_cases(rng):
    for case in l01.gradients_cases(rng):
        yield as_float32(case)


def gradients_but(dy_pred=None, mask=None, signal=None):
    """A wrong `gradients`, given which of its steps is done differently."""

    def wrong(x, y, h, h_relu, y_pred, w2):
        dy = dy_pred(y_pred, y) if dy_pred else 2 * (y_pred - y)
        dh = dy.mm(w2.T) * (mask(h, h_relu) if mask else h > 0)
        return x.T.mm(dh), (h if signal == "h" else h_relu).T.mm(dy)

    return wrong


def gradients_masked_by_themselves(x, y, h, h_relu, y_pred, w2):
    dy_pred = 2 * (y_pred - y)
    return x.T.mm(dy_pred.mm(w2.T).clamp(min=0)), h_relu.T.mm(dy_pred)


def gradients_masked_in_place(x, y, h, h_relu, y_pred, w2):
    dy_pred = y_pred.sub_(y).mul_(2)
    dh = dy_pred.mm(w2.T) * (h > 0)
    return x.T.mm(dh), h_relu.T.mm(dy_pred)


def gradients_reshaped(x, y, h, h_relu, y_pred, w2):
    """`reshape` where a transpose is due; the shapes fit all the same."""
    dy_pred = 2 * (y_pred - y)
    dh = dy_pred.mm(w2.T) * (h > 0)
    dw1 = x.reshape(x.shape[1], -1).mm(dh)
    return dw1, h_relu.reshape(h_relu.shape[1], -1).mm(dy_pred)


GRADIENTS = Exercise(
    "02.gradients",
    reference=gradients,
    oracle=gradients_by_autograd,
    cases=gradients_cases,
    returns=("dw1", "dw2"),
    rtol=1e-4,
    minutes=6,
    difficulty=2,
    hints=(
        "Line by line, this is lesson 01's. `.T` turns a tensor of two axes as it "
        "turns an array.",
        "A mask of True and False may be multiplied with a tensor of floats.",
    ),
    mistakes=(
        Mistake(
            "ReLU's mask forgotten",
            "`dw1` is right except that switched-off units still pass gradient back.",
            "Where `h` is negative, no gradient passes. Ask `h > 0`, or `h_relu > 0`: "
            "`h_relu >= 0` is true everywhere.",
            gradients_but(mask=lambda h, h_relu: h_relu >= 0),
        ),
        Mistake(
            "ReLU's mask inverted",
            "`dw1` lets gradient through where a unit is off, and stops it where the "
            "unit is on.",
            "A unit that passed its signal on gets the blame: which way round is the "
            "comparison?",
            gradients_but(mask=lambda h, h_relu: h < 0),
        ),
        Mistake(
            "factor 2 dropped",
            "Both gradients are half of what they should be.",
            "The derivative of a square is 2 times what was squared.",
            gradients_but(dy_pred=lambda y_pred, y: y_pred - y),
        ),
        Mistake(
            "mean for sum",
            "Both gradients are divided by the number of entries of `y`. "
            "(`F.mse_loss` takes the mean, too, unless it is told otherwise.)",
            "This network's loss is the sum, so that nothing is divided.",
            gradients_but(dy_pred=lambda y_pred, y: 2 * (y_pred - y) / y.numel()),
        ),
        Mistake(
            "reshaped for transposed",
            "You gave `x` and `h_relu` the shapes of their transposes with `reshape` "
            "or `view`, which leaves the numbers in their old order.",
            "Turning is `.T`: the entry at [i, j] goes to [j, i].",
            gradients_reshaped,
        ),
        Mistake(
            "h in place of h_relu",
            "`dw2` is computed with `h`, negative values and all.",
            "What went through `w2` on the way forward was `h_relu`.",
            gradients_but(signal="h"),
        ),
        Mistake(
            "y_pred changed in place",
            "The gradients are right, but a method with an underscore wrote into "
            "`y_pred`, which belongs to the caller.",
            "`y_pred - y` makes a new tensor; `y_pred.sub_(y)` overwrites the old one.",
            gradients_masked_in_place,
        ),
        Mistake(
            "mask from the gradient",
            "You switched off where the gradient is negative. ReLU doesn't look at "
            "gradients.",
            "On the way forward, ReLU switched on the sign of `h`; the way back uses "
            "the same switches.",
            gradients_masked_by_themselves,
        ),
    ),
)
