"""Distances between all pairs of points."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions


def pair_by_pair(a, b):
    """The oracle: the length of each difference; a (N, D), b (M, D), result (N, M)."""
    rows = [[torch.linalg.vector_norm(p - q) for q in b] for p in a]
    return torch.tensor(rows, dtype=a.dtype)


def cases(rng):
    """a (N, D) and b (M, D), float64; in the first and the last some points meet."""
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
    """a (12, 5) and its first 7 rows, such that rounding puts a square below zero."""
    while True:
        a = torch.tensor(rng.normal(size=(12, 5)))
        b = a[:7].clone()
        squares = (a**2).sum(dim=1)[:, None] + (b**2).sum(dim=1) - 2 * a.mm(b.T)
        if (squares < 0).any():
            return a, b


MISTAKES = (
    Mistake(
        "root of a negative number",
        did="Some distances are NaN: where two points meet, rounding leaves a tiny negative number under the root.",
        look="A squared distance can't be negative: clamp it before the root.",
        swap={".clamp(min=0)": ""},
    ),
    Mistake(
        "root forgotten",
        did="You returned the squared distances.",
        look="The distance is their root.",
        swap={".sqrt()": ""},
    ),
    Mistake(
        "cross term added",
        did="You added the product of the two where it has to be subtracted.",
        look="(p - q)² = p² + q² - 2pq: mind the sign of the last.",
        swap={"- 2 * a.mm(b.T)": "+ 2 * a.mm(b.T)"},
    ),
    Mistake(
        "cross term once",
        did="You subtracted the product once.",
        look="(p - q)² = p² + q² - 2pq: the product counts twice.",
        swap={"- 2 * a.mm(b.T)": "- a.mm(b.T)"},
    ),
    Mistake(
        "one square left out",
        did="The squares of `b` are missing from the sum.",
        look="(p - q)² = p² + q² - 2pq has three parts.",
        swap={" + (b**2).sum(dim=1)": ""},
    ),
    Mistake(
        "sum of absolute differences",
        did="You summed the sizes of the differences, the way along the streets.",
        look="The straight way is the root of the sum of squares.",
        code="""
def pairwise_distance(a, b):
    return (a[:, None] - b).abs().sum(dim=2)
""",
    ),
    Mistake(
        "transposed",
        did="You have a row for each point of `b`.",
        look="Rows belong to `a`: (N, M).",
        swap={"(a**2)": "(b**2)", "(b**2)": "(a**2)", "a.mm(b.T)": "b.mm(a.T)"},
    ),
    Mistake(
        "mean over the features",
        did="You took the mean of the squared differences, where the sum is due.",
        look="The distance grows with the number of features: sum over them.",
        code="""
def pairwise_distance(a, b):
    return ((a[:, None] - b) ** 2).mean(dim=2).sqrt()
""",
    ),
    Mistake(
        "summed over the points",
        did="You summed over the points of `b`, and one number is left for each feature.",
        look="It is the features that disappear: with (N, M, D), sum over the last axis.",
        code="""
def pairwise_distance(a, b):
    return ((a[:, None] - b) ** 2).sum(dim=1).sqrt()
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.pairwise_distance,
    oracle=pair_by_pair,
    cases=cases,
    rtol=1e-5,
    hints=(
        "(p - q)² = p² + q² - 2pq, for rows as well as for numbers.",
        "The three parts are (N, 1), (M,) and (N, M). The last is one product.",
        "Where two points meet, rounding can leave a tiny negative number, and the root of that is NaN: `clamp(min=0)` first.",
    ),
    mistakes=MISTAKES,
)
