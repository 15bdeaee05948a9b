"""A lesson that teaches nothing, with an exercise of every kind that the engine knows.

From here, answers can reach each rung of the ladder.
"""

import numpy as np
import torch

from diagnose.exercise import Exercise, Mistake

HINTS = ("Look closer.", "Look closer still.")


def refuse(x):
    return np.ones(7) + x


# One array


def double(x):
    """Twice each number. Any shape in, the same shape out."""
    return 2 * x


def double_cases(rng):
    yield (np.array([1.0, -3.0, 0.5]),)
    yield (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]),)
    yield (rng.normal(size=(4, 3)),)


def double_in_place(x):
    x *= 2
    return x


DOUBLE = Exercise(
    "99.double",
    reference=double,
    oracle=lambda x: np.add(x, x),
    cases=double_cases,
    minutes=1,
    difficulty=1,
    hints=HINTS,
    mistakes=(
        Mistake("squared", "You squared.", "Twice?", np.square),
        Mistake("doubled in place", "You wrote into `x`.", "Why?", double_in_place),
        Mistake("refused", "You added a vector of 7.", "Why 7?", refuse),
        Mistake("mask", "You returned a mask.", "Why?", lambda x: x > 0),
    ),
)

# One matrix, and mistakes that touch a part of it each


def table(x):
    """x itself, as a new array (N, D)."""
    return x.copy()


def table_cases(rng):
    for shape in [(2, 3), (3, 2), (4, 5)]:
        yield (rng.normal(size=shape),)


def column_raised(column, by):
    def wrong(x):
        x = x.copy()
        x[:, column] += by
        return x

    return wrong


TABLE = Exercise(
    "99.table",
    reference=table,
    oracle=lambda x: np.asarray(x.tolist()),
    cases=table_cases,
    minutes=1,
    difficulty=1,
    hints=HINTS,
    mistakes=(
        Mistake("first up", "The first column is up.", "By 1.", column_raised(0, 1)),
        Mistake("last up", "The last column is up.", "By 2.", column_raised(-1, 2)),
        Mistake("divided by N", "You divided by N.", "Why?", lambda x: x / len(x)),
        Mistake("cut at 0", "You cut at 0.", "Why?", lambda x: np.maximum(x, 0)),
        Mistake("absolute", "You took sizes.", "Why?", np.abs),
        Mistake("sizes", "You took |x|.", "Why?", lambda x: np.sqrt(x**2)),
    ),
)

# A tuple of arrays


def centre(x):
    """The mean of each column (D,), and x without it (N, D)."""
    mean = x.mean(axis=0)
    return mean, x - mean


def centre_by_hand(x):
    mean = np.array([sum(column) / len(column) for column in x.T.tolist()])
    return mean, np.stack([row - mean for row in x])


CENTRE = Exercise(
    "99.centre",
    reference=centre,
    oracle=centre_by_hand,
    cases=table_cases,
    returns=("mean", "centred"),
    minutes=1,
    difficulty=2,
    hints=HINTS,
    mistakes=(
        Mistake(
            "sum for mean",
            "You summed.",
            "Divide.",
            lambda x: (x.sum(axis=0), x - x.sum(axis=0)),
        ),
        Mistake(
            "median for mean",
            "You took the median.",
            "Mean?",
            lambda x: (np.median(x, axis=0), x - x.mean(axis=0)),
        ),
        Mistake(
            "centred by row",
            "You centred rows.",
            "Columns?",
            lambda x: (x.mean(axis=0), x - x.mean(axis=1, keepdims=True)),
        ),
        Mistake(
            "not centred",
            "You left x alone.",
            "Subtract.",
            lambda x: (x.mean(axis=0), x.copy()),
        ),
    ),
)

# One number


def total(x):
    """The sum of all entries, one number."""
    return x.sum()


TOTAL = Exercise(
    "99.total",
    reference=total,
    oracle=lambda x: float(sum(x.ravel().tolist())),
    cases=table_cases,
    minutes=1,
    difficulty=1,
    hints=HINTS,
    mistakes=(
        Mistake("mean", "You took the mean.", "Sum?", lambda x: x.mean()),
        Mistake("largest", "You took the largest.", "Sum?", lambda x: x.max()),
        Mistake("by column", "You summed columns.", "All?", lambda x: x.sum(axis=0)),
        Mistake("count", "You counted.", "Sum?", lambda x: x.size),
    ),
)

# A prediction


def predict_table():
    """What np.ones((2, 3)) is like."""
    return {"shape": (2, 3), "kind": "matrix", "total": 6}


def predict_table_but(**wrong):
    return lambda: predict_table() | wrong


PREDICT_TABLE = Exercise(
    "99.predict_table",
    reference=predict_table,
    oracle=lambda: {
        "shape": np.ones((2, 3)).shape,
        "kind": ["number", "vector", "matrix"][np.ones((2, 3)).ndim],
        "total": int(np.ones((2, 3)).sum()),
    },
    minutes=1,
    difficulty=1,
    hints=HINTS,
    mistakes=(
        Mistake(
            "sides exchanged",
            "You exchanged the sides.",
            "Rows come first.",
            predict_table_but(shape=(3, 2)),
        ),
        Mistake(
            "sides added",
            "You added the sides.",
            "How many ones are there?",
            predict_table_but(total=5),
        ),
        Mistake(
            "a vector",
            "You said vector.",
            "How many axes are there?",
            predict_table_but(kind="vector"),
        ),
        Mistake(
            "a number",
            "You said number.",
            "How many axes are there?",
            predict_table_but(kind="number"),
        ),
    ),
)

# Tensors, with gradients


def soft(x, w):
    """The softplus of x @ w: x (N, D) and w (D, K) become (N, K)."""
    return torch.log1p(torch.exp(x @ w))


def soft_cases(rng):
    for N, D, K in [(1, 2, 3), (4, 3, 2)]:
        yield tensor(rng, N, D), tensor(rng, D, K)


def tensor(rng, *shape):
    return torch.from_numpy(rng.normal(size=shape).astype(np.float32))


SOFT = Exercise(
    "99.soft",
    reference=soft,
    oracle=lambda x, w: torch.nn.functional.softplus(torch.einsum("nd,dk->nk", x, w)),
    cases=soft_cases,
    gradients=True,
    minutes=1,
    difficulty=3,
    hints=HINTS,
    mistakes=(
        Mistake("linear", "You left log1p out.", "Where is it?", lambda x, w: x @ w),
        Mistake("relu", "You took ReLU.", "Soft?", lambda x, w: torch.relu(x @ w)),
        Mistake(
            "x detached",
            "No gradient comes back to `x`.",
            "Why detach it?",
            lambda x, w: soft(x.detach(), w),
        ),
        Mistake(
            "all on one row",
            "You kept one row.",
            "All of them?",
            lambda x, w: soft(x[:1], w),
        ),
        # Right gradients with other values: nothing of this may be said of an answer
        # whose values are right.
        Mistake("shifted", "You added 1.", "Why?", lambda x, w: soft(x, w) + 1),
    ),
)

# Classes


class Cube(torch.autograd.Function):
    """x cubed, with its gradient written by hand."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * grad


class CubeByOne(Cube):
    @staticmethod
    def backward(ctx, grad):
        return grad


class CubeWithoutChain(Cube):
    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * x**2


class CubeSquared(Cube):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2


class CubeForgetful(Cube):
    @staticmethod
    def forward(ctx, x):
        return x**3


CUBE = Exercise(
    "99.Cube",
    reference=Cube,
    oracle=lambda x: x * x * x,
    inputs=("x",),
    cases=lambda rng: [(tensor(rng, 3),), (tensor(rng, 2, 4),)],
    probe=lambda answer, x: answer.apply(x),
    gradients=True,
    minutes=1,
    difficulty=3,
    hints=HINTS,
    mistakes=(
        Mistake("slope of 1", "Your slope is 1.", "Of a cube?", CubeByOne),
        Mistake("no chain", "You dropped grad.", "The chain?", CubeWithoutChain),
        Mistake("square", "You squared.", "A cube?", CubeSquared),
        Mistake("nothing saved", "You saved nothing.", "ctx?", CubeForgetful),
    ),
)


class Affine(torch.nn.Module):
    """x @ weight + bias, both of them parameters set to 1."""

    def __init__(self, D, K):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(D, K))
        self.bias = torch.nn.Parameter(torch.ones(K))

    def forward(self, x):
        return x @ self.weight + self.bias


def affine_probe(answer, x):
    layer = answer(x.shape[1], 2)
    names = [name for name, _ in layer.named_parameters()]
    return {"output": layer(x), "parameters": ", ".join(sorted(names))}


class AffineUnregistered(torch.nn.Module):
    def __init__(self, D, K):
        super().__init__()
        self.weight = torch.ones(D, K)
        self.bias = torch.nn.Parameter(torch.ones(K))

    forward = Affine.forward


class AffineWithoutBias(Affine):
    def forward(self, x):
        return x @ self.weight


class AffineTwice(Affine):
    def forward(self, x):
        return 2 * super().forward(x)


class AffineByRow(Affine):
    def forward(self, x):
        return super().forward(x)[:1]


AFFINE = Exercise(
    "99.Affine",
    reference=Affine,
    oracle=lambda x: {
        "output": x.sum(dim=1, keepdim=True).repeat(1, 2) + 1,
        "parameters": "bias, weight",
    },
    inputs=("x",),
    cases=lambda rng: [(tensor(rng, 1, 3),), (tensor(rng, 4, 5),)],
    probe=affine_probe,
    minutes=1,
    difficulty=2,
    hints=HINTS,
    mistakes=(
        Mistake("unregistered", "A bare tensor.", "Parameter?", AffineUnregistered),
        Mistake("no bias", "No bias.", "Add it.", AffineWithoutBias),
        Mistake("twice", "Twice.", "Once.", AffineTwice),
        Mistake("one row", "One row.", "All of them.", AffineByRow),
    ),
)

EXERCISES = [DOUBLE, TABLE, CENTRE, TOTAL, PREDICT_TABLE, SOFT, CUBE, AFFINE]
