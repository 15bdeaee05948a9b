"""What a student ends with in lesson 03."""

import torch


def predict_grads():
    """For out = a * b + a with a = 2, b = 3: the gradients, as plain numbers."""
    return {"a.grad": 4, "b.grad": 2, "a.grad after a second backward": 8}


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


def second_derivative(f, x):
    """The second derivative of f at each entry of x; f works entry by entry."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return bend


def newton_step(f, x):
    """One Newton step for each entry of x towards a place where f is flat."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return (x - slope / bend).detach()


def hessian_vector(f, x, v):
    """The Hessian of f at x (D,) times v (D,), never built; f gives a number."""
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x, create_graph=True)
    (product,) = torch.autograd.grad(grad @ v, x)
    return product
