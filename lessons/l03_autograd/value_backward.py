"""The order in which blame travels."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l03_autograd import solutions

# Small graphs, for Values as well as for tensors: each returns (root, leaves).


def chain(leaf, a, b):
    """One way only: the order is plain."""
    a, b = leaf(a), leaf(b)
    return (a * b).relu(), (a, b)


def product(leaf, a, b):
    """One step only, so that any order is right, and what isn't passed on shows."""
    a, b = leaf(a), leaf(b)
    return a * b, (a, b)


def diamond(leaf, a, b):
    """A middle value that is used twice, near the root and farther from it."""
    a, b = leaf(a), leaf(b)
    middle = a * b
    return middle * (middle + a), (a, b)


def ladder(leaf, a, b):
    """Used again and again: only the right order gets all of the blame through."""
    a, b = leaf(a), leaf(b)
    first = a * b + a
    second = first * b + first
    third = second * first + second
    return third + first, (a, b)


def probe(answer, build, a, b):
    """The gradients of the root and of the leaves of a graph of Values, as numbers."""
    root, leaves = build(solutions.Value, a, b)
    answer(root)
    return {"root": root.grad, "leaves": [leaf.grad for leaf in leaves]}


def by_torch(build, a, b):
    """The oracle: what the probe reports, for the same graph of tensors."""

    def leaf(number):
        return torch.tensor(number, dtype=torch.float64, requires_grad=True)

    root, leaves = build(leaf, a, b)
    grads = [float(grad) for grad in torch.autograd.grad(root, leaves)]
    return {"root": 1.0, "leaves": grads}


def cases(rng):
    """A function that builds a graph, and the numbers a and b at its leaves."""
    yield chain, 2.0, 3.0
    yield diamond, 2.0, 3.0
    yield ladder, 2.0, 3.0
    for build in (product, chain, diamond, ladder):
        yield build, float(rng.uniform(0.5, 2)), float(rng.uniform(0.5, 2))


MISTAKES = (
    Mistake(
        "passed on at every visit",
        did="A value that is used twice passes its blame on twice, and counts the first share again.",
        look="Collect the values first, each once; then pass on, in order.",
        swap={"            seen.add(value)\n": ""},
        code="""
def backward(root):
    root.grad = 1.0

    def visit(value):
        value.pass_back()
        for parent in value.parents:
            visit(parent)

    visit(root)
""",
    ),
    Mistake(
        "depth first",
        did="You passed blame on as soon as a value was met. One that is used twice did so before all of its blame had arrived.",
        look="Put the values in order first: parents before what was made of them.",
        code="""
def backward(root):
    root.grad = 1.0
    seen = set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            value.pass_back()
            for parent in value.parents:
                visit(parent)

    visit(root)
""",
    ),
    Mistake(
        "level by level",
        did="You went back level by level. A value used on two levels passes on at the first, and its later share gets stuck.",
        look="What counts is that everything made of a value comes first, not its distance from the root.",
        code="""
def backward(root):
    root.grad = 1.0
    queue, seen = [root], {root}
    while queue:
        value = queue.pop(0)
        value.pass_back()
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
""",
    ),
    Mistake(
        "from the leaves",
        did="The blame got one step from the root and no further, as it does on a walk from the leaves.",
        look="Blame starts at the root, and every value passes on what it got: walk the list from its end.",
        swap={"reversed(order)": "order"},
    ),
    Mistake(
        "root without blame",
        did="All gradients are 0, the root's own too.",
        look="The root's gradient is 1, before anything is passed on; and what was passed on is kept.",
        swap={"    root.grad = 1.0\n": ""},
    ),
    Mistake(
        "value for blame",
        did="You started with the root's own value as its gradient.",
        look="A hair of the root is a hair of the root: start with 1.",
        swap={"root.grad = 1.0": "root.grad = root.data"},
    ),
    Mistake(
        "nothing passed on",
        did="The root has its 1, and passes nothing on.",
        look="Every value's `pass_back()` has to be called, brackets and all, and the root's comes first.",
        swap={"value.pass_back()": "value.pass_back"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.backward,
    oracle=by_torch,
    cases=cases,
    probe=probe,
    inputs=("build", "a", "b"),
    hints=(
        "A value may pass its blame on only when all of its own has arrived: after everything that was computed from it.",
        "List the values so that parents come before what was made of them. Then walk that list from its end.",
        "Visit a value once; visit its parents first; then append it.",
    ),
    mistakes=MISTAKES,
)
