"""A lesson that teaches nothing, with an exercise of every kind that the engine knows.

From here, answers can reach each rung of the ladder.
"""

import numpy as np
import torch

from diagnose import Exercise, Mistake

HINTS = ("Look closer.", "Look closer still.")

# One array


def double(x):
    """Twice each number. Any shape in, the same shape out."""
    return 2 * x


def double_cases(rng):
    yield (np.array([1.0, -3.0, 0.5]),)
    yield (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]),)
    yield (rng.normal(size=(4, 3)),)


DOUBLE = Exercise(
    "99.double",
    reference=double,
    oracle=lambda x: np.add(x, x),
    cases=double_cases,
    minutes=1,
    difficulty=1,
    hints=HINTS,
    mistakes=(
        Mistake("squared", "You squared.", "Twice?", swap={"2 * x": "x**2"}),
        Mistake(
            "doubled in place",
            "You wrote into `x`.",
            "Why?",
            swap={"return 2 * x": "x *= 2\n    return x"},
        ),
        Mistake(
            "refused",
            "You added a vector of 7.",
            "Why 7?",
            swap={"2 * x": "np.ones(7) + x"},
        ),
        Mistake("mask", "You returned a mask.", "Why?", swap={"2 * x": "x > 0"}),
    ),
)

# One matrix, and mistakes that touch a part of it each


def table(x):
    """x itself, as a new array (N, D)."""
    return x.copy()


def table_cases(rng):
    for shape in [(2, 3), (3, 2), (4, 5)]:
        yield (rng.normal(size=shape),)


TABLE = Exercise(
    "99.table",
    reference=table,
    oracle=lambda x: np.asarray(x.tolist()),
    cases=table_cases,
    minutes=1,
    difficulty=1,
    hints=HINTS,
    mistakes=(
        Mistake(
            "first up",
            "The first column is up.",
            "By 1.",
            swap={"return x.copy()": "x = x.copy()\n    x[:, 0] += 1\n    return x"},
        ),
        Mistake(
            "last up",
            "The last column is up.",
            "By 2.",
            swap={"return x.copy()": "x = x.copy()\n    x[:, -1] += 2\n    return x"},
        ),
        Mistake(
            "divided by N",
            "You divided by N.",
            "Why?",
            swap={"x.copy()": "x / len(x)"},
        ),
        Mistake(
            "cut at 0", "You cut at 0.", "Why?", swap={"x.copy()": "np.maximum(x, 0)"}
        ),
        Mistake("absolute", "You took sizes.", "Why?", swap={"x.copy()": "np.abs(x)"}),
        Mistake("sizes", "You took |x|.", "Why?", swap={"x.copy()": "np.sqrt(x**2)"}),
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
            swap={"x.mean": "x.sum"},
        ),
        Mistake(
            "median for mean",
            "You took the median.",
            "Mean?",
            swap={"return mean, x - mean": "return np.median(x, axis=0), x - mean"},
        ),
        Mistake(
            "centred by row",
            "You centred rows.",
            "Columns?",
            swap={"x - mean": "x - x.mean(axis=1, keepdims=True)"},
        ),
        Mistake(
            "not centred",
            "You left x alone.",
            "Subtract.",
            swap={"x - mean": "x.copy()"},
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
        Mistake("mean", "You took the mean.", "Sum?", swap={"x.sum": "x.mean"}),
        Mistake("largest", "You took the largest.", "Sum?", swap={"x.sum": "x.max"}),
        Mistake(
            "by column",
            "You summed columns.",
            "All?",
            swap={"x.sum()": "x.sum(axis=0)"},
        ),
        Mistake("count", "You counted.", "Sum?", swap={"x.sum()": "x.size"}),
    ),
)

# A prediction


def predict_table():
    """What np.ones((2, 3)) is like."""
    return {"shape": (2, 3), "kind": "matrix", "total": 6}


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
            swap={'"shape": (2, 3)': '"shape": (3, 2)'},
        ),
        Mistake(
            "sides added",
            "You added the sides.",
            "How many ones are there?",
            swap={'"total": 6': '"total": 5'},
        ),
        Mistake(
            "a vector",
            "You said vector.",
            "How many axes are there?",
            swap={"matrix": "vector"},
        ),
        Mistake(
            "a number",
            "You said number.",
            "How many axes are there?",
            swap={"matrix": "number"},
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
        Mistake(
            "linear",
            "You left log1p out.",
            "Where is it?",
            swap={"torch.log1p(torch.exp(x @ w))": "x @ w"},
        ),
        Mistake(
            "relu",
            "You took ReLU.",
            "Soft?",
            swap={"torch.log1p(torch.exp(x @ w))": "torch.relu(x @ w)"},
        ),
        Mistake(
            "x detached",
            "No gradient comes back to `x`.",
            "Why detach it?",
            swap={"exp(x @ w)": "exp(x.detach() @ w)"},
        ),
        Mistake(
            "all on one row",
            "You kept one row.",
            "All of them?",
            swap={"exp(x @ w)": "exp(x[:1] @ w)"},
        ),
        # Right gradients with other values: nothing of this may be said of an answer
        # whose values are right.
        Mistake(
            "shifted",
            "You added 1.",
            "Why?",
            swap={"torch.exp(x @ w))": "torch.exp(x @ w)) + 1"},
        ),
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
        Mistake(
            "slope of 1",
            "Your slope is 1.",
            "Of a cube?",
            swap={"3 * x**2 * grad": "grad"},
        ),
        Mistake(
            "no chain",
            "You dropped grad.",
            "The chain?",
            swap={"3 * x**2 * grad": "3 * x**2"},
        ),
        Mistake("square", "You squared.", "A cube?", swap={"x**3": "x**2"}),
        Mistake(
            "nothing saved",
            "You saved nothing.",
            "ctx?",
            swap={"        ctx.save_for_backward(x)\n": ""},
        ),
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
        Mistake(
            "unregistered",
            "A bare tensor.",
            "Parameter?",
            swap={"torch.nn.Parameter(torch.ones(D, K))": "torch.ones(D, K)"},
        ),
        Mistake("no bias", "No bias.", "Add it.", swap={" + self.bias": ""}),
        Mistake(
            "twice",
            "Twice.",
            "Once.",
            swap={"x @ self.weight + self.bias": "2 * (x @ self.weight + self.bias)"},
        ),
        Mistake(
            "one row",
            "One row.",
            "All of them.",
            swap={"x @ self.weight + self.bias": "(x @ self.weight + self.bias)[:1]"},
        ),
    ),
)

EXERCISES = [DOUBLE, TABLE, CENTRE, TOTAL, PREDICT_TABLE, SOFT, CUBE, AFFINE]
