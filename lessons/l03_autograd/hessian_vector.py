"""The Hessian times a vector, without the Hessian."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l03_autograd import solutions

# Functions of a vector x (D,), each with one number as its value.


def bowl(x):
    """x₁² + 2 x₂² + 3 x₃² + …: only the diagonal of its Hessian isn't 0."""
    return (torch.arange(1.0, len(x) + 1, dtype=x.dtype) * x**2).sum()


def neighbours(x):
    """Each entry times the next, and the cubes: entries bend those beside them."""
    return (x[1:] * x[:-1]).sum() + (x**3).sum()


def tangle(x):
    """Every entry bends every other one."""
    return torch.exp(x[0] * x[-1]) + (x.sum()) ** 2 / 4


def by_differences(f, x, v):
    """The oracle, (D,): the whole matrix, then the product.

    Its columns are central differences of autograd's gradient.
    """
    step = 1e-4
    columns = []
    for direction in torch.eye(len(x), dtype=x.dtype):
        ahead = gradient(f, x + step * direction)
        behind = gradient(f, x - step * direction)
        columns.append((ahead - behind) / (2 * step))
    return torch.stack(columns) @ v


def gradient(f, x):
    """The gradient of f at x, (D,), by autograd."""
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


def cases(rng):
    """A function of a vector, and x and v, both (D,) in float64."""
    yield bowl, torch.tensor([1.0, 2.0]).double(), torch.tensor([1.0, -1.0]).double()
    for f, size in [(neighbours, 3), (tangle, 4), (neighbours, 5)]:
        x, v = rng.uniform(0.3, 1, size=size), rng.normal(size=size)
        yield f, torch.tensor(x), torch.tensor(v)


MISTAKES = (
    Mistake(
        "no record to follow",
        did="Something was to be differentiated that has no record of how it was computed from `x`.",
        look="Two things keep a record: `x.detach().requires_grad_()` before `f`, and `create_graph=True` in the first call.",
        swap=[
            {", create_graph=True": ""},
            {"create_graph=True": "retain_graph=True"},
            {"    x = x.detach().requires_grad_()\n": ""},
        ],
    ),
    Mistake(
        "gradient times v",
        did="You multiplied the gradient by `v`, entry by entry.",
        look="The gradient has to be differentiated once more.",
        swap={"return product": "return grad * v"},
    ),
    Mistake(
        "only the diagonal",
        did="You used the diagonal of the Hessian: how each entry bends by itself.",
        look="Entries bend each other, too. Differentiate `grad @ v`, a single number.",
        code="""
def hessian_vector(f, x, v):
    hessian = torch.autograd.functional.hessian(f, x)
    return hessian.diagonal() * v
""",
    ),
    Mistake(
        "v left out",
        did="You differentiated the sum of the gradient: that is the Hessian times ones.",
        look="Weigh the gradient by `v` before it is differentiated: `grad @ v`.",
        swap={"grad @ v": "grad.sum()"},
    ),
    Mistake(
        "v multiplied afterwards",
        did="You differentiated the sum of the gradient, and then multiplied by `v`.",
        look="Weigh the gradient by `v` before it is differentiated: `grad @ v`.",
        swap={"grad @ v": "grad.sum()", "return product": "return product * v"},
    ),
    Mistake(
        "curvature along v",
        did="You returned one number, v times H v: the bend along `v`.",
        look="H v itself is wanted, one number for each entry of `x`.",
        swap={"return product": "return v @ product"},
    ),
    Mistake(
        "gradient still in .grad",
        did="You returned the gradient plus H v: the second `backward` added to what the first had left in `x.grad`.",
        look="Empty `x.grad` between the two, or use `torch.autograd.grad`, which adds to nothing.",
        code="""
def hessian_vector(f, x, v):
    x = x.detach().requires_grad_()
    f(x).backward(create_graph=True)
    (x.grad @ v).backward()
    return x.grad.detach()
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.hessian_vector,
    oracle=by_differences,
    cases=cases,
    rtol=1e-5,
    hints=(
        "The Hessian holds the slopes of the gradient. What is the gradient of the single number `grad @ v`?",
        "That number is linear in the gradient, so its own gradient is H v. Keep the graph of the first call: `create_graph=True`.",
    ),
    mistakes=MISTAKES,
)
