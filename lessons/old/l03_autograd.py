"""Autograd."""

import numpy as np
import torch

from diagnose.exercise import Exercise, Mistake
from diagnose.kinds import is_tensor
from lessons.old import l01_numpy_two_layer_net as l01

# Predicted gradients


def predict_grads():
    """For out = a * b + a with a = 2, b = 3: the gradients, as plain numbers."""
    return {"a.grad": 4, "b.grad": 2, "a.grad after a second backward": 8}


def grads_by_autograd():
    a = torch.tensor(2.0, requires_grad=True)
    b = torch.tensor(3.0, requires_grad=True)
    (a * b + a).backward()
    first = {"a.grad": int(a.grad), "b.grad": int(b.grad)}
    (a * b + a).backward()
    return first | {"a.grad after a second backward": int(a.grad)}


def grads_but(a, b, again):
    return lambda: {"a.grad": a, "b.grad": b, "a.grad after a second backward": again}


PREDICT_GRADS = Exercise(
    "03.predict_grads",
    reference=predict_grads,
    oracle=grads_by_autograd,
    minutes=3,
    difficulty=1,
    hints=(
        "`a` reaches `out` on two ways: through the product, and directly. Blame "
        "comes back on both.",
        "Nobody empties `.grad` between two calls of `backward`.",
    ),
    mistakes=(
        Mistake(
            "the direct way forgotten",
            "You counted the way of `a` through the product, and not the one past it.",
            "Nudge `a` by a hair: the product grows by 3 hairs, and then `+ a` adds "
            "one more.",
            grads_but(3, 2, 6),
        ),
        Mistake(
            "only the direct way",
            "You counted the `+ a`, and not the way of `a` through the product.",
            "Nudge `a` by a hair: what does `a * b` do?",
            grads_but(1, 2, 2),
        ),
        Mistake(
            "partners exchanged",
            "You gave each factor its own value as its gradient.",
            "In `a * b`, a hair of `a` counts `b` times: the gradient of a factor is "
            "the other one.",
            grads_but(3, 3, 6),
        ),
        Mistake(
            "the second call replaces the first",
            "You let the second `backward` start from nothing.",
            "`backward` adds to what is in `.grad` already; that is why training "
            "loops zero it.",
            grads_but(4, 2, 4),
        ),
        Mistake(
            "values for gradients",
            "You wrote down `a` and `b` themselves.",
            "A gradient says by how much `out` changes if the number is nudged.",
            grads_but(2, 3, 2),
        ),
        Mistake(
            "one way and no adding",
            "You counted the way of `a` through the product only, and let the second "
            "`backward` start from nothing.",
            "`+ a` adds one more, and `backward` adds to what is in `.grad` already.",
            grads_but(3, 2, 3),
        ),
        Mistake(
            "too much for b",
            "The gradient of `b` is larger than what the product passes on.",
            "`b` is a factor of `a * b` and nothing else: nudge it by a hair, and "
            "`out` grows by `a` hairs.",
            grads_but(4, 3, 8),
        ),
    ),
)

# One training step with autograd


def train_step(x, y, w1, w2, learning_rate):
    """One step on the mean squared error; w1 and w2 (leaves) change in place.

    Leaves both .grad empty or zero, and returns the loss as a plain number.
    """
    y_pred = (x @ w1).clamp(min=0) @ w2
    loss = (y_pred - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()


def two_steps(answer, x, y, w1, w2, learning_rate):
    """Two steps in a row from fresh leaves: what they report, where the weights are."""
    w1, w2 = (w.detach().clone().requires_grad_() for w in (w1, w2))
    first = answer(x, y, w1, w2, learning_rate)
    second = answer(x, y, w1, w2, learning_rate)
    return {
        "the first loss": first,
        "the second loss": second,
        "the loss is a plain number": not is_tensor(first),
        "w1": w1.detach(),
        "w2": w2.detach(),
        "what is left in .grad": [
            0.0 if w.grad is None else float(w.grad.abs().sum()) for w in (w1, w2)
        ],
    }


def two_steps_by_numpy(x, y, w1, w2, learning_rate):
    arrays = x, y, w1, w2 = [t.detach().numpy() for t in (x, y, w1, w2)]
    losses = []
    for _ in range(2):
        y_pred = l01.forward_by_einsum(x, w1, w2)[-1]
        losses.append(float(((y_pred - y) ** 2).mean()))
        # The gradient of the mean is that of the sum, over the number of entries.
        w1, w2 = l01.sgd_step_by_nudging(x, y, w1, w2, learning_rate / arrays[1].size)
    return {
        "the first loss": losses[0],
        "the second loss": losses[1],
        "the loss is a plain number": True,
        "w1": torch.tensor(w1),
        "w2": torch.tensor(w2),
        "what is left in .grad": [0.0, 0.0],
    }


def train_step_cases(rng):
    rates = [0.05, 0.02, 0.03, 0.01]
    for case, rate in zip(l01.two_layer_cases(rng), rates, strict=True):
        yield (*map(torch.tensor, case), rate)


def loss_of(x, y, w1, w2, reduce=torch.mean):
    return reduce(((x @ w1).clamp(min=0) @ w2 - y).pow(2))


def step_but(
    reduce=torch.mean, sign=-1, zero=True, moved=("w1", "w2"), loss_of=loss_of
):
    """A wrong `train_step`, given which of its lines is done differently."""

    def wrong(x, y, w1, w2, learning_rate):
        loss = loss_of(x, y, w1, w2, reduce)
        loss.backward()
        with torch.no_grad():
            for name, w in (("w1", w1), ("w2", w2)):
                if name in moved:
                    w += sign * learning_rate * w.grad
        if zero:
            w1.grad = w2.grad = None
        return loss.item()

    return wrong


def loss_without_relu(x, y, w1, w2, reduce):
    return reduce((x @ w1 @ w2 - y).pow(2))


def step_zeroed_at_the_start(x, y, w1, w2, learning_rate):
    w1.grad = w2.grad = None
    return step_but(zero=False)(x, y, w1, w2, learning_rate)


def step_before_its_loss(x, y, w1, w2, learning_rate):
    step_but()(x, y, w1, w2, learning_rate)
    return loss_of(x, y, w1, w2).item()


def step_without_backward(x, y, w1, w2, learning_rate):
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad


def step_outside_no_grad(x, y, w1, w2, learning_rate):
    loss = loss_of(x, y, w1, w2)
    loss.backward()
    w1 -= learning_rate * w1.grad
    w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()


def step_loses_the_leaves(x, y, w1, w2, learning_rate):
    loss = loss_of(x, y, w1, w2)
    loss.backward()
    w1 = (w1 - learning_rate * w1.grad).detach().requires_grad_()
    w2 = (w2 - learning_rate * w2.grad).detach().requires_grad_()
    w1.grad = w2.grad = None
    return loss.item()


def step_zeroed_too_early(x, y, w1, w2, learning_rate):
    loss = loss_of(x, y, w1, w2)
    loss.backward()
    w1.grad.zero_()
    w2.grad.zero_()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    return loss.item()


def step_returns_a_tensor(x, y, w1, w2, learning_rate):
    loss = loss_of(x, y, w1, w2)
    loss.backward()
    with torch.no_grad():
        for w in (w1, w2):
            w -= learning_rate * w.grad
    w1.grad = w2.grad = None
    return loss


def step_cut_graph(x, y, w1, w2, learning_rate):
    loss = loss_of(x, y, w1, w2).detach()
    loss.backward()
    return loss.item()


def step_hidden_detached(x, y, w1, w2, learning_rate):
    h_relu = (x @ w1).clamp(min=0).detach()
    loss = (h_relu @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w2 -= learning_rate * w2.grad
    w2.grad = None
    return loss.item()


TRAIN_STEP = Exercise(
    "03.train_step",
    reference=train_step,
    oracle=two_steps_by_numpy,
    cases=train_step_cases,
    probe=two_steps,
    rtol=1e-6,
    minutes=10,
    difficulty=3,
    hints=(
        "Forward, loss, `loss.backward()`; then both weights move; then both `.grad` "
        "are emptied.",
        "The update is no part of the network: `with torch.no_grad():` keeps autograd "
        "from recording it.",
        "`w1 -= ...` changes the tensor that the caller holds; `w1 = w1 - ...` only "
        "gives a new one the same name.",
    ),
    mistakes=(
        Mistake(
            "gradients never zeroed",
            "The first step is right. In the second, the gradients of the first are "
            "still in `.grad` and are counted again.",
            "Empty both `.grad` at the end of the step.",
            step_but(zero=False),
        ),
        Mistake(
            "update recorded by autograd",
            "You changed the weights while autograd was watching, and it refuses that "
            "for a leaf.",
            "Put the update inside `with torch.no_grad():`.",
            step_outside_no_grad,
        ),
        Mistake(
            "the leaf lost",
            "`w1 = w1 - ...` made a new tensor of that name. The caller's weights "
            "never moved.",
            "`w1 -= ...`, under `torch.no_grad()`, changes the one that both of you "
            "hold.",
            step_loses_the_leaves,
        ),
        Mistake(
            "nothing moved",
            "Nothing moved: the gradients were set to zero before they were used, or "
            "weren't used at all.",
            "The update comes after `backward`, and before the gradients are emptied.",
            step_zeroed_too_early,
        ),
        Mistake(
            "sum for mean",
            "The loss is the sum of the squared errors; the mean was asked for.",
            "`.mean()` divides by the number of entries, and so does every gradient.",
            step_but(reduce=torch.sum),
        ),
        Mistake(
            "a tensor for the loss",
            "You handed back the loss as a tensor. As long as you keep it, it keeps "
            "its whole graph in memory.",
            "`loss.item()` is the plain number.",
            step_returns_a_tensor,
        ),
        Mistake(
            "step uphill",
            "You added the gradients, so the loss grows.",
            "The gradient points uphill. Which way is down?",
            step_but(sign=1),
        ),
        Mistake(
            "graph cut before backward",
            "The loss has no graph: it was cut off by `.detach()`, `.data` or "
            "`.item()`, or computed under `torch.no_grad()`. `backward` has no way to "
            "go.",
            "Call `backward` on the loss itself, outside `torch.no_grad()`, and "
            "`.item()` afterwards.",
            step_cut_graph,
        ),
        Mistake(
            "w1 stands still",
            "Only `w2` moved. Was the hidden layer cut off on the way, or its update "
            "left out?",
            "Blame has to reach `w1` through `h_relu`: leave no `.detach()` or `.data` "
            "there.",
            step_hidden_detached,
        ),
        Mistake(
            "w2 stands still",
            "Only `w1` moved.",
            "Both layers learn: `w2` gets a step of its own.",
            step_but(moved=("w1",)),
        ),
        Mistake(
            "gradients left behind",
            "Both steps are right, but gradients are still in `.grad` when your "
            "function is done.",
            "Empty both `.grad` at its end: whoever calls `backward` next finds "
            "nothing there.",
            step_zeroed_at_the_start,
        ),
        Mistake(
            "backward forgotten",
            "There was nothing in `.grad` when the weights were to move.",
            "`loss.backward()` puts it there: call it before the update.",
            step_without_backward,
        ),
        Mistake(
            "ReLU left out",
            "There is no ReLU between the two layers.",
            "`(x @ w1).clamp(min=0)` is what `w2` sees.",
            step_but(loss_of=loss_without_relu),
        ),
        Mistake(
            "loss after the step",
            "The weights are right; the loss is that of the weights after their step.",
            "Report the loss that the step was computed from.",
            step_before_its_loss,
        ),
    ),
)

# An engine of one's own: values that remember where they came from


class Node:
    """A number, its gradient, the nodes it came from, and how to pass blame on.

    data and grad are floats; parents is a tuple of nodes. pass_back() adds this
    node's share of blame to the grad of each parent.
    """

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
        self.pass_back = lambda: None

    def __add__(self, other):
        out = type(self)(self.data + other.data, (self, other))

        def pass_back():
            self.grad += out.grad
            other.grad += out.grad

        out.pass_back = pass_back
        return out


class Value(Node):
    """A Node that can also be multiplied, raised to a power, and cut off by relu."""

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        out.pass_back = pass_back
        return out


def operations(cls, a, b, exponent, blame):
    """[data, gradients…] of each operation, blame arriving at its result.

    In the last two, a takes part twice, so that its gradients have to add up. And
    whether each result holds on to what it was made of, for `backward` to find.
    """
    results, known = {}, []

    def record(name, operation, *numbers):
        values = [cls(number) for number in numbers]
        out = operation(*values)
        out.grad = blame
        out.pass_back()
        grads = [float(value.grad) for value in values]
        results[name] = [float(out.data), *grads]
        known.append({id(parent) for parent in out.parents} == set(map(id, values)))

    record("a + b", lambda a, b: a + b, a, b)
    record("a * b", lambda a, b: a * b, a, b)
    record("a ** n", lambda a: a**exponent, a)
    record("a.relu()", lambda a: a.relu(), a)
    record("b.relu()", lambda b: b.relu(), b)
    record("a + a", lambda a: a + a, a)
    record("a * a", lambda a: a * a, a)
    results["every result knows its parents"] = all(known)
    return results


def operations_by_torch(a, b, exponent, blame):
    results = {}

    def record(name, operation, *numbers):
        leaves = [
            torch.tensor(number, dtype=torch.float64, requires_grad=True)
            for number in numbers
        ]
        out = operation(*leaves)
        grads = torch.autograd.grad(out * blame, leaves)
        results[name] = [out.item(), *map(float, grads)]

    record("a + b", lambda a, b: a + b, a, b)
    record("a * b", lambda a, b: a * b, a, b)
    record("a ** n", lambda a: a**exponent, a)
    record("a.relu()", lambda a: a.relu(), a)
    record("b.relu()", lambda b: b.relu(), b)
    record("a + a", lambda a: a + a, a)
    record("a * a", lambda a: a * a, a)
    return results | {"every result knows its parents": True}


def operations_cases(rng):
    yield 2.0, -3.0, 3, 1.0
    yield 1.5, -0.5, 2, -2.0
    for exponent in (3, -1):
        a, b, blame = rng.uniform(0.5, 2), rng.uniform(-2, -0.5), rng.uniform(2, 3)
        yield float(a), float(b), exponent, float(blame)


def value_but(
    mul=None,
    power=None,
    relu=None,
    keeps=True,
    parents_of=lambda given: given,
):
    """A wrong `Value`. Each rule maps (numbers that went in, blame) to gradients.

    With ``keeps=False``, gradients are overwritten where they should add up.
    ``parents_of`` tells what a result remembers of the values that it was made of.
    """
    mul = mul or (lambda a, b, blame: (blame * b, blame * a))
    power = power or (lambda a, n, blame: blame * n * a ** (n - 1))
    relu = relu or (lambda a, blame: blame * (a > 0))

    class Wrong(Node):
        def made(self, data, parents, rule):
            out = type(self)(data, parents_of(parents))

            def pass_back():
                for parent, grad in zip(parents, rule(out.grad), strict=True):
                    parent.grad = grad + (parent.grad if keeps else 0.0)

            out.pass_back = pass_back
            return out

        def __mul__(self, other):
            a, b = self.data, other.data
            return self.made(a * b, (self, other), lambda blame: mul(a, b, blame))

        def __pow__(self, n):
            a = self.data
            return self.made(a**n, (self,), lambda blame: (power(a, n, blame),))

        def relu(self):
            a = self.data
            return self.made(max(a, 0.0), (self,), lambda blame: (relu(a, blame),))

    return Wrong


class ReluInPlace(Value):
    def relu(self):
        self.data = max(self.data, 0.0)
        return self


class PassesBackAtOnce(Value):
    def __mul__(self, other):
        out = super().__mul__(other)
        out.pass_back = out.pass_back()
        return out


VALUE_OPS = Exercise(
    "03.value_ops",
    reference=Value,
    oracle=operations_by_torch,
    cases=operations_cases,
    probe=operations,
    inputs=("a", "b", "n", "blame"),
    minutes=15,
    difficulty=3,
    hints=(
        "Each of the three is built like `__add__`: make `out`, write a `pass_back` "
        "that adds to the parents' grads, hang it on `out`.",
        "In a product, each factor gets the blame times the *other* factor.",
        "The exponent of `**` is a plain number, no Value: only the base gets blame, "
        "`exponent * base ** (exponent - 1)` times.",
    ),
    mistakes=(
        Mistake(
            "gradients overwritten",
            "You wrote into `grad` with `=`. Where a value is used twice, the second "
            "share of blame wipes out the first.",
            "Shares add up: `+=`.",
            value_but(keeps=False),
        ),
        Mistake(
            "factors not exchanged",
            "In a product, you gave each factor the blame times its own value.",
            "A hair of `a` counts `b` times: use the other factor.",
            value_but(mul=lambda a, b, blame: (blame * a, blame * b)),
        ),
        Mistake(
            "blame left out",
            "Your gradients are right for a blame of 1; what arrives in `out.grad` is "
            "not passed on.",
            "Multiply every share by `out.grad`.",
            value_but(
                mul=lambda a, b, blame: (b, a),
                power=lambda a, n, blame: n * a ** (n - 1),
                relu=lambda a, blame: float(a > 0),
            ),
        ),
        Mistake(
            "blame of a product left out",
            "The product's gradients are right for a blame of 1 only.",
            "Multiply each share by `out.grad`.",
            value_but(mul=lambda a, b, blame: (b, a)),
        ),
        Mistake(
            "exponent not brought down",
            "In the gradient of a power, the factor `exponent` is missing.",
            "The slope of x³ is 3 x².",
            value_but(power=lambda a, n, blame: blame * a ** (n - 1)),
        ),
        Mistake(
            "exponent not lowered",
            "In the gradient of a power, the exponent is still the old one.",
            "The slope of x³ is 3 x²: one less.",
            value_but(power=lambda a, n, blame: blame * n * a**n),
        ),
        Mistake(
            "exponent treated as the variable",
            "You took the slope with respect to the exponent, with a logarithm.",
            "The base is what varies here: exponent times base to the exponent minus "
            "one.",
            value_but(power=lambda a, n, blame: blame * a**n * np.log(a)),
        ),
        Mistake(
            "relu passes everything back",
            "Your relu passes blame back for negative numbers too.",
            "Where relu is off, its output doesn't depend on the input.",
            value_but(relu=lambda a, blame: blame),
        ),
        Mistake(
            "relu multiplies by its input",
            "Your relu passes back the blame times the number that went in.",
            "The slope of relu is 1 where it is on, however large the number.",
            value_but(relu=lambda a, blame: blame * max(a, 0.0)),
        ),
        Mistake(
            "nothing passed back",
            "No blame is passed on: `grad` stays 0 in what the result was made of.",
            "Is `pass_back` hung on `out`, and does it use `out.grad`, the blame that "
            "arrives?",
            value_but(
                mul=lambda a, b, blame: (0.0, 0.0),
                power=lambda a, n, blame: 0.0,
                relu=lambda a, blame: 0.0,
            ),
        ),
        Mistake(
            "pass_back called at once",
            "You hung on what `pass_back()` returned, which is None.",
            "Without the brackets, `out.pass_back = pass_back` hangs on the function "
            "itself, to be called later.",
            PassesBackAtOnce,
        ),
        Mistake(
            "second factor forgotten",
            "In a product, only the first factor gets its share of the blame.",
            "`b` is to blame for `a * b` as well: `a` hairs for each of its own.",
            value_but(mul=lambda a, b, blame: (blame * b, 0.0)),
        ),
        Mistake(
            "relu looks at the blame",
            "Your relu passes blame back where the blame is positive.",
            "What counts is whether relu was on: `self.data > 0`.",
            value_but(relu=lambda a, blame: max(blame, 0.0)),
        ),
        Mistake(
            "parents left out",
            "The numbers are right, but a result doesn't know all that it was made of.",
            "`backward` will follow the parents: `Value(data, (self, other))`.",
            value_but(parents_of=lambda given: ()),
        ),
        Mistake(
            "relu in place",
            "Your relu changed the value itself and handed it back.",
            "Make a new Value for the result, as `__add__` does.",
            ReluInPlace,
        ),
    ),
)

# The order in which blame travels


def backward(root):
    """Set the grad of root to 1, and of every value it came from to its share."""
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    root.grad = 1.0
    for value in reversed(order):
        value.pass_back()


# Small graphs, for Values as well as for tensors: (root, leaves).


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


def run_backward(answer, build, a, b):
    root, leaves = build(Value, a, b)
    answer(root)
    return {"root": root.grad, "leaves": [leaf.grad for leaf in leaves]}


def backward_by_torch(build, a, b):
    def leaf(number):
        return torch.tensor(number, dtype=torch.float64, requires_grad=True)

    root, leaves = build(leaf, a, b)
    grads = [float(grad) for grad in torch.autograd.grad(root, leaves)]
    return {"root": 1.0, "leaves": grads}


def backward_cases(rng):
    yield chain, 2.0, 3.0
    yield diamond, 2.0, 3.0
    yield ladder, 2.0, 3.0
    for build in (product, chain, diamond, ladder):
        yield build, float(rng.uniform(0.5, 2)), float(rng.uniform(0.5, 2))


def backward_on_sight(root):
    """Passes a value's blame on as soon as it is met."""
    root.grad = 1.0

    def visit(value):
        value.pass_back()
        for parent in value.parents:
            visit(parent)

    visit(root)


def backward_depth_first(root):
    root.grad = 1.0
    seen = set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            value.pass_back()
            for parent in value.parents:
                visit(parent)

    visit(root)


def backward_by_levels(root):
    root.grad = 1.0
    queue, seen = [root], {root}
    while queue:
        value = queue.pop(0)
        value.pass_back()
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)


def backward_unreversed(root):
    root.grad = 1.0
    for value in reversed(ordered(root)):
        value.pass_back()


def backward_without_start(root):
    for value in ordered(root):
        value.pass_back()


def ordered(root):
    """From the root to the leaves, everything before what it came from."""
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    return order[::-1]


def backward_not_called(root):
    root.grad = 1.0


def backward_from_data(root):
    root.grad = root.data
    for value in ordered(root):
        value.pass_back()


VALUE_BACKWARD = Exercise(
    "03.value_backward",
    reference=backward,
    oracle=backward_by_torch,
    cases=backward_cases,
    probe=run_backward,
    inputs=("build", "a", "b"),
    minutes=10,
    difficulty=3,
    hints=(
        "A value may pass its blame on only when all of its own has arrived: after "
        "everything that was computed from it.",
        "List the values so that parents come before what was made of them. Then walk "
        "that list from its end.",
        "Visit a value once; visit its parents first; then append it.",
    ),
    mistakes=(
        Mistake(
            "passed on at every visit",
            "A value that is used twice passes its blame on twice, and counts the "
            "first share again.",
            "Collect the values first, each once; then pass on, in order.",
            backward_on_sight,
        ),
        Mistake(
            "depth first",
            "You passed blame on as soon as a value was met. One that is used twice "
            "did so before all of its blame had arrived.",
            "Put the values in order first: parents before what was made of them.",
            backward_depth_first,
        ),
        Mistake(
            "level by level",
            "You went back level by level. A value used on two levels passes on at "
            "the first, and its later share gets stuck.",
            "What counts is that everything made of a value comes first, not its "
            "distance from the root.",
            backward_by_levels,
        ),
        Mistake(
            "from the leaves",
            "The blame got one step from the root and no further, as it does on a "
            "walk from the leaves.",
            "Blame starts at the root, and every value passes on what it got: walk "
            "the list from its end.",
            backward_unreversed,
        ),
        Mistake(
            "root without blame",
            "All gradients are 0, the root's own too.",
            "The root's gradient is 1, before anything is passed on; and what was "
            "passed on is kept.",
            backward_without_start,
        ),
        Mistake(
            "value for blame",
            "You started with the root's own value as its gradient.",
            "A hair of the root is a hair of the root: start with 1.",
            backward_from_data,
        ),
        Mistake(
            "nothing passed on",
            "The root has its 1, and passes nothing on.",
            "Every value's `pass_back()` has to be called, brackets and all, and the "
            "root's comes first.",
            backward_not_called,
        ),
    ),
)

# Derivatives of derivatives


def second_derivative(f, x):
    """The second derivative of f at each entry of x; f works entry by entry."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return bend


def cube(x):
    return x**3


def wave(x):
    return torch.sin(2 * x) + x


def hill(x):
    return torch.exp(-(x**2))


# Worked out on paper: first and second derivative.
DERIVATIVES = {
    cube: (lambda x: 3 * x**2, lambda x: 6 * x),
    wave: (lambda x: 2 * np.cos(2 * x) + 1, lambda x: -4 * np.sin(2 * x)),
    hill: (
        lambda x: -2 * x * np.exp(-(x**2)),
        lambda x: (4 * x**2 - 2) * np.exp(-(x**2)),
    ),
}


def second_by_paper(f, x):
    return torch.tensor(DERIVATIVES[f][1](x.numpy()))


def curve_cases(rng):
    yield cube, torch.tensor([2.0, -1.0], dtype=torch.float64)
    for f, shape in [(cube, (3,)), (wave, (2, 3)), (hill, (4,))]:
        yield f, torch.tensor(rng.uniform(0.6, 2, size=shape))


def slope_of(f, x, **how):
    x = x.detach().requires_grad_()
    return x, torch.autograd.grad(f(x).sum(), x, **how)[0]


def without_create_graph(f, x):
    x, slope = slope_of(f, x)
    return torch.autograd.grad(slope.sum(), x)[0]


SECOND_DERIVATIVE = Exercise(
    "03.second_derivative",
    reference=second_derivative,
    oracle=second_by_paper,
    cases=curve_cases,
    minutes=6,
    difficulty=2,
    hints=(
        "The gradient of `f(x).sum()` holds the slope at each entry. Take the "
        "gradient of its sum once more.",
        "The second time needs a graph of how the slope was computed: "
        "`create_graph=True`.",
    ),
    mistakes=(
        Mistake(
            "no record to follow",
            "Something was to be differentiated that has no record of how it was "
            "computed from `x`.",
            "Two things keep a record: `x.detach().requires_grad_()` before `f`, and "
            "`create_graph=True` in the first call.",
            without_create_graph,
        ),
        Mistake(
            "first derivative",
            "You returned the slope.",
            "Differentiate it once more.",
            lambda f, x: slope_of(f, x)[1],
        ),
        Mistake(
            "slope squared",
            "You squared the slope.",
            "The second derivative is the slope of the slope.",
            lambda f, x: slope_of(f, x)[1] ** 2,
        ),
        Mistake(
            "summed over the entries",
            "You returned the sum of all second derivatives.",
            "Each entry of `x` has its own.",
            lambda f, x: second_derivative(f, x).sum(),
        ),
        Mistake(
            "slope at the slope",
            "You put the slope into `f` and differentiated there.",
            "Differentiate the slope itself with respect to `x`.",
            lambda f, x: slope_of(f, slope_of(f, x)[1])[1],
        ),
        Mistake(
            "slope still in .grad",
            "You returned the slope plus its slope: the second `backward` added to "
            "what the first had left in `x.grad`.",
            "Empty `x.grad` between the two, or use `torch.autograd.grad`, which adds "
            "to nothing.",
            lambda f, x: slope_of(f, x)[1] + second_derivative(f, x),
        ),
    ),
)


def newton_step(f, x):
    """One Newton step for each entry of x towards a place where f is flat."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return (x - slope / bend).detach()


def newton_by_paper(f, x):
    first, second = DERIVATIVES[f]
    x = x.numpy()
    return torch.tensor(x - first(x) / second(x))


def newton_but(step):
    def wrong(f, x):
        slope, bend = slope_of(f, x)[1], second_derivative(f, x)
        return step(f, x, slope, bend).detach()

    return wrong


NEWTON_STEP = Exercise(
    "03.newton_step",
    reference=newton_step,
    oracle=newton_by_paper,
    cases=curve_cases,
    minutes=6,
    difficulty=2,
    hints=(
        "Near `x` the slope is `slope + bend * step`. For which step is that 0?",
        "The step is the slope divided by the second derivative, against its sign.",
    ),
    mistakes=(
        Mistake(
            "gradient step",
            "You went down the slope by its own size; the second derivative isn't "
            "used.",
            "Newton divides the slope by the second derivative, which sets the length "
            "of the step.",
            newton_but(lambda f, x, slope, bend: x - slope),
        ),
        Mistake(
            "towards a zero of f",
            "You divided `f` by its slope: that leads to where `f` is 0.",
            "To get to where it is flat, use the slope and *its* slope.",
            newton_but(lambda f, x, slope, bend: x - f(x) / slope),
        ),
        Mistake(
            "step the wrong way",
            "You added the step.",
            "The slope has to be cancelled: subtract.",
            newton_but(lambda f, x, slope, bend: x + slope / bend),
        ),
        Mistake(
            "fraction upside down",
            "You divided the second derivative by the slope.",
            "The other way round: a strong bend makes a short step.",
            newton_but(lambda f, x, slope, bend: x - bend / slope),
        ),
        Mistake(
            "multiplied by the bend",
            "You multiplied the slope by the second derivative.",
            "A strong bend makes a short step: divide.",
            newton_but(lambda f, x, slope, bend: x - slope * bend),
        ),
        Mistake(
            "step without the place",
            "You returned the step itself.",
            "Where it leads is `x` minus the step.",
            newton_but(lambda f, x, slope, bend: -slope / bend),
        ),
    ),
)


def hessian_vector(f, x, v):
    """The Hessian of f at x (D,) times v (D,), never built; f gives a number."""
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x, create_graph=True)
    (product,) = torch.autograd.grad(grad @ v, x)
    return product


def bowl(x):
    return (torch.arange(1.0, len(x) + 1, dtype=x.dtype) * x**2).sum()


def neighbours(x):
    return (x[1:] * x[:-1]).sum() + (x**3).sum()


def tangle(x):
    return torch.exp(x[0] * x[-1]) + (x.sum()) ** 2 / 4


def hessian_times(f, x, v):
    """By the whole matrix, from central differences of autograd's gradient."""
    step = 1e-4
    columns = []
    for direction in torch.eye(len(x), dtype=x.dtype):
        ahead = slope_of_number(f, x + step * direction)
        behind = slope_of_number(f, x - step * direction)
        columns.append((ahead - behind) / (2 * step))
    return torch.stack(columns) @ v


def slope_of_number(f, x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


def hessian_cases(rng):
    yield bowl, torch.tensor([1.0, 2.0]).double(), torch.tensor([1.0, -1.0]).double()
    for f, size in [(neighbours, 3), (tangle, 4), (neighbours, 5)]:
        x, v = rng.uniform(0.3, 1, size=size), rng.normal(size=size)
        yield f, torch.tensor(x), torch.tensor(v)


def hessian_without_graph(f, x, v):
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x)
    return torch.autograd.grad(grad @ v, x)[0]


def whole_hessian(f, x):
    return torch.stack([hessian_vector(f, x, e) for e in torch.eye(len(x)).to(x)])


HESSIAN_VECTOR = Exercise(
    "03.hessian_vector",
    reference=hessian_vector,
    oracle=hessian_times,
    cases=hessian_cases,
    rtol=1e-5,
    minutes=8,
    difficulty=3,
    hints=(
        "The Hessian holds the slopes of the gradient. What is the gradient of the "
        "single number `grad @ v`?",
        "That number is linear in the gradient, so its own gradient is H v. Keep the "
        "graph of the first call: `create_graph=True`.",
    ),
    mistakes=(
        Mistake(
            "no record to follow",
            "Something was to be differentiated that has no record of how it was "
            "computed from `x`.",
            "Two things keep a record: `x.detach().requires_grad_()` before `f`, and "
            "`create_graph=True` in the first call.",
            hessian_without_graph,
        ),
        Mistake(
            "gradient times v",
            "You multiplied the gradient by `v`, entry by entry.",
            "The gradient has to be differentiated once more.",
            lambda f, x, v: slope_of_number(f, x) * v,
        ),
        Mistake(
            "only the diagonal",
            "You used the diagonal of the Hessian: how each entry bends by itself.",
            "Entries bend each other, too. Differentiate `grad @ v`, a single number.",
            lambda f, x, v: whole_hessian(f, x).diagonal() * v,
        ),
        Mistake(
            "v left out",
            "You differentiated the sum of the gradient: that is the Hessian times "
            "ones.",
            "Weigh the gradient by `v` before it is differentiated: `grad @ v`.",
            lambda f, x, v: hessian_vector(f, x, torch.ones_like(v)),
        ),
        Mistake(
            "v multiplied afterwards",
            "You differentiated the sum of the gradient, and then multiplied by `v`.",
            "Weigh the gradient by `v` before it is differentiated: `grad @ v`.",
            lambda f, x, v: hessian_vector(f, x, torch.ones_like(v)) * v,
        ),
        Mistake(
            "curvature along v",
            "You returned one number, v times H v: the bend along `v`.",
            "H v itself is wanted, one number for each entry of `x`.",
            lambda f, x, v: v @ hessian_vector(f, x, v),
        ),
        Mistake(
            "gradient still in .grad",
            "You returned the gradient plus H v: the second `backward` added to what "
            "the first had left in `x.grad`.",
            "Empty `x.grad` between the two, or use `torch.autograd.grad`, which adds "
            "to nothing.",
            lambda f, x, v: slope_of_number(f, x) + hessian_vector(f, x, v),
        ),
    ),
)
