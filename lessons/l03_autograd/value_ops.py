"""An engine of one's own: values that remember where they came from."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l03_autograd import solutions


def probe(cls, a, b, exponent, blame):
    """{operation: [data, gradients…]}, with blame arriving at each result.

    All are plain numbers. In the last two operations a takes part twice, so that its
    gradients have to add up. And it is noted whether each result holds on to what it
    was made of, for `backward` to find.
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

    each_operation(record, a, b, exponent)
    results["every result knows its parents"] = all(known)
    return results


def by_torch(a, b, exponent, blame):
    """The oracle: what the probe reports, from torch's numbers and gradients."""
    results = {}

    def record(name, operation, *numbers):
        leaves = [
            torch.tensor(number, dtype=torch.float64, requires_grad=True)
            for number in numbers
        ]
        out = operation(*leaves)
        grads = torch.autograd.grad(out * blame, leaves)
        results[name] = [out.item(), *map(float, grads)]

    each_operation(record, a, b, exponent)
    return results | {"every result knows its parents": True}


def each_operation(record, a, b, exponent):
    """Call record(name, operation, *numbers) for each operation that is tried."""
    record("a + b", lambda a, b: a + b, a, b)
    record("a * b", lambda a, b: a * b, a, b)
    record("a ** n", lambda a: a**exponent, a)
    record("a.relu()", lambda a: a.relu(), a)
    record("b.relu()", lambda b: b.relu(), b)
    record("a + a", lambda a: a + a, a)
    record("a * a", lambda a: a * a, a)


def cases(rng):
    """a (positive), b (negative), an exponent and the blame: single numbers."""
    yield 2.0, -3.0, 3, 1.0
    yield 1.5, -0.5, 2, -2.0
    for exponent in (3, -1):
        a, b, blame = rng.uniform(0.5, 2), rng.uniform(-2, -0.5), rng.uniform(2, 3)
        yield float(a), float(b), exponent, float(blame)


MISTAKES = (
    Mistake(
        "gradients overwritten",
        did="You wrote into `grad` with `=`. Where a value is used twice, the second share of blame wipes out the first.",
        look="Shares add up: `+=`.",
        swap={
            "self.grad += out.grad * other.data": "self.grad = out.grad * other.data",
            "other.grad += out.grad * self.data": "other.grad = out.grad * self.data",
            "self.grad += out.grad * exponent": "self.grad = out.grad * exponent",
            "self.grad += out.grad * (self.data > 0)": "self.grad = out.grad * (self.data > 0)",
        },
    ),
    Mistake(
        "factors not exchanged",
        did="In a product, you gave each factor the blame times its own value.",
        look="A hair of `a` counts `b` times: use the other factor.",
        swap={
            "out.grad * other.data": "out.grad * self.data",
            "out.grad * self.data": "out.grad * other.data",
        },
    ),
    Mistake(
        "blame left out",
        did="Your gradients are right for a blame of 1; what arrives in `out.grad` is not passed on.",
        look="Multiply every share by `out.grad`.",
        swap={
            "out.grad * other.data": "other.data",
            "out.grad * self.data": "self.data",
            "out.grad * exponent": "exponent",
            "out.grad * (self.data > 0)": "self.data > 0",
        },
    ),
    Mistake(
        "blame of a product left out",
        did="The product's gradients are right for a blame of 1 only.",
        look="Multiply each share by `out.grad`.",
        swap={
            "out.grad * other.data": "other.data",
            "out.grad * self.data": "self.data",
        },
    ),
    Mistake(
        "exponent not brought down",
        did="In the gradient of a power, the factor `exponent` is missing.",
        look="The slope of x³ is 3 x².",
        swap={"out.grad * exponent * self.data": "out.grad * self.data"},
    ),
    Mistake(
        "exponent not lowered",
        did="In the gradient of a power, the exponent is still the old one.",
        look="The slope of x³ is 3 x²: one less.",
        swap={"self.data ** (exponent - 1)": "self.data**exponent"},
    ),
    Mistake(
        "exponent treated as the variable",
        did="You took the slope with respect to the exponent, with a logarithm.",
        look="The base is what varies here: exponent times base to the exponent minus one.",
        swap={
            "class Value(Node):": "import math\n\n\nclass Value(Node):",
            "exponent * self.data ** (exponent - 1)": "self.data**exponent * math.log(self.data)",
        },
    ),
    Mistake(
        "relu passes everything back",
        did="Your relu passes blame back for negative numbers too.",
        look="Where relu is off, its output doesn't depend on the input.",
        swap={"out.grad * (self.data > 0)": "out.grad"},
    ),
    Mistake(
        "relu multiplies by its input",
        did="Your relu multiplies the blame by the number, where its slope belongs.",
        look="The slope of relu is 1 where it is on, however large the number.",
        swap=[
            {"out.grad * (self.data > 0)": "out.grad * out.data"},
            {"out.grad * (self.data > 0)": "out.grad * self.data"},
        ],
    ),
    Mistake(
        "nothing passed back",
        did="No blame is passed on: `grad` stays 0 in what the result was made of.",
        look="Is `pass_back` hung on `out`, and does it use `out.grad`, the blame that arrives?",
        swap={
            "out.grad * other.data": "self.grad * other.data",
            "out.grad * self.data": "other.grad * self.data",
            "out.grad * exponent": "self.grad * exponent",
            "out.grad * (self.data > 0)": "self.grad * (self.data > 0)",
        },
        code="""
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        return out
""",
    ),
    Mistake(
        "pass_back called at once",
        did="You hung on what `pass_back()` returned, which is None.",
        look="Without the brackets, `out.pass_back = pass_back` hangs on the function itself, to be called later.",
        code="""
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back()
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back()
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        out.pass_back = pass_back()
        return out
""",
    ),
    Mistake(
        "second factor forgotten",
        did="In a product, only the first factor gets its share of the blame.",
        look="`b` is to blame for `a * b` as well: `a` hairs for each of its own.",
        swap={"            other.grad += out.grad * self.data\n": ""},
    ),
    Mistake(
        "relu looks at the blame",
        did="Your relu passes blame back where the blame is positive.",
        look="What counts is whether relu was on: `self.data > 0`.",
        swap={"(self.data > 0)": "(out.grad > 0)"},
    ),
    Mistake(
        "parents left out",
        did="The numbers are right, but a result doesn't know all that it was made of.",
        look="`backward` will follow the parents: `Value(data, (self, other))`.",
        swap=[
            {
                "self.data * other.data, (self, other)": "self.data * other.data",
                "self.data**exponent, (self,)": "self.data**exponent",
                "max(self.data, 0.0), (self,)": "max(self.data, 0.0)",
            },
            {"(self, other))": "(self,))"},
        ],
    ),
    Mistake(
        "relu in place",
        did="Your relu changed the value itself and handed it back.",
        look="Make a new Value for the result, as `__add__` does.",
        code="""
class Value(Node):
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
        self.data = max(self.data, 0.0)
        return self
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.Value,
    oracle=by_torch,
    cases=cases,
    probe=probe,
    inputs=("a", "b", "n", "blame"),
    hints=(
        "Each of the three is built like `__add__`: make `out`, write a `pass_back` that adds to the parents' grads, hang it on `out`.",
        "In a product, each factor gets the blame times the *other* factor.",
        "The exponent of `**` is a plain number, no Value: only the base gets blame, `exponent * base ** (exponent - 1)` times.",
    ),
    mistakes=MISTAKES,
)
