"""Columns of mean 0 and standard deviation 1."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions


def column_by_column(x):
    """The oracle: each column of x (N, D) in Python numbers; constant ones are 0."""
    columns = []
    for column in x.numpy().T:
        values = [float(v) for v in column]
        mean = sum(values) / len(values)
        std = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        constant = max(values) == min(values)
        columns.append([0.0 if constant else (v - mean) / std for v in values])
    return torch.tensor(columns, dtype=x.dtype).T.contiguous()


def cases(rng):
    """x alone, (N, D) in float64, with one column that is constant."""
    yield (torch.tensor([[1.0, 5.0], [3.0, 5.0]], dtype=torch.float64),)
    yield (torch.tensor([[0.0, 2.0, 7.0], [4.0, 2.0, 1.0]], dtype=torch.float64),)
    for N, D in [(5, 3), (4, 6)]:
        x = torch.tensor(rng.normal(2, 3, size=(N, D)))
        x[:, D - 1] = 1.5
        yield (x,)


MISTAKES = (
    Mistake(
        "constant columns become NaN",
        did="A column that is constant came out as NaN, from 0 divided by 0.",
        look="Where the standard deviation is 0, divide by something harmless.",
        swap={"torch.where(std > 0, std, 1)": "std"},
    ),
    Mistake(
        "unbiased standard deviation",
        did="You divided by the unbiased standard deviation, which is torch's default: it has N - 1 below the root.",
        look="The biased one has N: `correction=0`.",
        swap={"x.std(dim=0, correction=0)": "x.std(dim=0)"},
    ),
    Mistake(
        "variance for standard deviation",
        did="You divided by the variance.",
        look="The standard deviation is its square root.",
        swap={"x.std(": "x.var("},
    ),
    Mistake(
        "rows for columns",
        did="You made the rows mean 0 and standard deviation 1.",
        look="The axis you name is the one that disappears. Which one has to go, so that one number is left for each column?",
        swap={
            "x.mean(dim=0)": "x.mean(dim=1, keepdim=True)",
            "x.std(dim=0, correction=0)": "x.std(dim=1, correction=0, keepdim=True)",
        },
    ),
    Mistake(
        "all numbers together",
        did="You used one mean and one standard deviation for everything.",
        look="Each column has its own: reduce over `dim=0` only.",
        swap={
            "x.mean(dim=0)": "x.mean()",
            "x.std(dim=0, correction=0)": "x.std(correction=0)",
        },
    ),
    Mistake(
        "not centred",
        did="The columns are scaled, but their means are still there.",
        look="Subtract each column's mean first.",
        swap={"return centred /": "return x /"},
    ),
    Mistake(
        "scaled to the range",
        did="You divided by the range of each column.",
        look="Standard deviation is the root of the mean squared distance from the mean.",
        code="""
def standardize(x):
    centred = x - x.mean(dim=0)
    spread = x.amax(dim=0) - x.amin(dim=0)
    return centred / torch.where(spread > 0, spread, 1)
""",
    ),
    Mistake(
        "constant columns kept",
        did="A column that is constant came out as it went in.",
        look="Minus its mean, it is zeros.",
        swap={
            "centred / torch.where(std > 0, std, 1)": "torch.where(std > 0, centred / std, x)"
        },
    ),
    Mistake(
        "only the mean divided",
        did="You divided the mean, and subtracted that from `x`.",
        look="`/` comes before `-`: put brackets around the difference.",
        code="""
def standardize(x):
    std = x.std(dim=0, correction=0)
    return x - x.mean(dim=0) / torch.where(std > 0, std, 1)
""",
    ),
    Mistake(
        "not scaled",
        did="You subtracted the means, and the columns are as wide as before.",
        look="Divide each column by its standard deviation.",
        swap={" / torch.where(std > 0, std, 1)": ""},
    ),
    Mistake(
        "from 0 to 1",
        did="You brought each column to between 0 and 1, by its smallest and its largest number.",
        look="Here the mean becomes 0 and the standard deviation 1.",
        code="""
def standardize(x):
    low, high = x.amin(dim=0), x.amax(dim=0)
    return (x - low) / torch.where(high > low, high - low, 1)
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.standardize,
    oracle=column_by_column,
    cases=cases,
    hints=(
        "`x.mean(dim=0)` is (D,): one number for each column. How does it stretch against (N, D)?",
        "`x.std(dim=0)` divides by N - 1. `correction=0` makes it N.",
        "A constant column has standard deviation 0, and 0/0 is NaN. `torch.where(std > 0, std, 1)` puts a 1 there.",
    ),
    mistakes=MISTAKES,
)
