"""One training step with autograd."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from diagnose.kinds import is_tensor
from lessons import about
from lessons.l02_tensors._nets import forward_by_einsum, two_layer_cases
from lessons.l03_autograd import solutions

NUDGE = 1e-3


def probe(answer, x, y, w1, w2, learning_rate):
    """Two steps in a row from fresh leaves: what they report, where the weights are.

    x (N, D_in), y (N, D_out), w1 (D_in, D_hidden), w2 (D_hidden, D_out).
    """
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


def two_steps_by_nudging(x, y, w1, w2, learning_rate):
    """The oracle: what the probe reports, in NumPy and without a chain rule."""
    x, y, w1, w2 = (t.detach().numpy() for t in (x, y, w1, w2))

    def loss(w1, w2):
        return float(((forward_by_einsum(x, w1, w2)[-1] - y) ** 2).mean())

    losses = []
    for _ in range(2):
        losses.append(loss(w1, w2))
        dw1 = slope_by_nudging(lambda w, w2=w2: loss(w, w2), w1)
        dw2 = slope_by_nudging(lambda w, w1=w1: loss(w1, w), w2)
        w1, w2 = w1 - learning_rate * dw1, w2 - learning_rate * dw2
    return {
        "the first loss": losses[0],
        "the second loss": losses[1],
        "the loss is a plain number": True,
        "w1": torch.tensor(w1),
        "w2": torch.tensor(w2),
        "what is left in .grad": [0.0, 0.0],
    }


def slope_by_nudging(loss, w):
    """Central differences of a loss at w, in the shape of w.

    Between the kinks of ReLU the loss is quadratic in each weight, and central
    differences of a quadratic have no error but rounding.
    """
    slope = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        nudge = np.zeros(w.shape)
        nudge[index] = NUDGE
        slope[index] = (loss(w + nudge) - loss(w - nudge)) / (2 * NUDGE)
    return slope


def cases(rng):
    """x, y, w1, w2 in float64 and a learning rate, for nets of four sizes."""
    rates = [0.05, 0.02, 0.03, 0.01]
    for case, rate in zip(two_layer_cases(rng), rates, strict=True):
        yield (*map(torch.tensor, case), rate)


MISTAKES = (
    Mistake(
        "gradients never zeroed",
        did="The first step is right. In the second, the gradients of the first are still in `.grad` and are counted again.",
        look="Empty both `.grad` at the end of the step.",
        swap={"    w1.grad = w2.grad = None\n": ""},
    ),
    Mistake(
        "update recorded by autograd",
        did="You changed the weights while autograd was watching, and it refuses that for a leaf.",
        look="Put the update inside `with torch.no_grad():`.",
        code="""
def train_step(x, y, w1, w2, learning_rate):
    y_pred = (x @ w1).clamp(min=0) @ w2
    loss = (y_pred - y).pow(2).mean()
    loss.backward()
    w1 -= learning_rate * w1.grad
    w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()
""",
    ),
    Mistake(
        "the leaf lost",
        did="`w1 = w1 - ...` made a new tensor of that name. The caller's weights never moved.",
        look="`w1 -= ...`, under `torch.no_grad()`, changes the one that both of you hold.",
        swap={
            "w1 -= learning_rate * w1.grad": "w1 = w1 - learning_rate * w1.grad",
            "w2 -= learning_rate * w2.grad": "w2 = w2 - learning_rate * w2.grad",
        },
    ),
    Mistake(
        "nothing moved",
        did="Nothing moved: the gradients were set to zero before they were used, or weren't used at all.",
        look="The update comes after `backward`, and before the gradients are emptied.",
        code="""
def train_step(x, y, w1, w2, learning_rate):
    y_pred = (x @ w1).clamp(min=0) @ w2
    loss = (y_pred - y).pow(2).mean()
    loss.backward()
    w1.grad.zero_()
    w2.grad.zero_()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    return loss.item()
""",
    ),
    Mistake(
        "sum for mean",
        did="The loss is the sum of the squared errors; the mean was asked for.",
        look="`.mean()` divides by the number of entries, and so does every gradient.",
        swap={".mean()": ".sum()"},
    ),
    Mistake(
        "a tensor for the loss",
        did="You handed back the loss as a tensor. As long as you keep it, it keeps its whole graph in memory.",
        look="`loss.item()` is the plain number.",
        swap={"loss.item()": "loss"},
    ),
    Mistake(
        "step uphill",
        did="You added the gradients, so the loss grows.",
        look="The gradient points uphill. Which way is down?",
        swap={"w1 -=": "w1 +=", "w2 -=": "w2 +="},
    ),
    Mistake(
        "graph cut before backward",
        did="The loss has no graph: it was cut off by `.detach()`, `.data` or `.item()`, or computed under `torch.no_grad()`. `backward` has no way to go.",
        look="Call `backward` on the loss itself, outside `torch.no_grad()`, and `.item()` afterwards.",
        swap=[
            {".mean()": ".mean().detach()"},
            {".mean()": ".mean().item()", "loss.item()": "loss"},
        ],
        code="""
def train_step(x, y, w1, w2, learning_rate):
    with torch.no_grad():
        y_pred = (x @ w1).clamp(min=0) @ w2
        loss = (y_pred - y).pow(2).mean()
        loss.backward()
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()
""",
    ),
    Mistake(
        "w1 stands still",
        did="Only `w2` moved. Was the hidden layer cut off on the way, or its update left out?",
        look="`w1` gets a step of its own, and blame has to reach it through `h_relu`: leave no `.detach()` or `.data` there.",
        swap={"        w1 -= learning_rate * w1.grad\n": ""},
        code="""
def train_step(x, y, w1, w2, learning_rate):
    optimizer = torch.optim.SGD([w1, w2], lr=learning_rate)
    h_relu = (x @ w1).clamp(min=0).detach()
    loss = (h_relu @ w2 - y).pow(2).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()
""",
    ),
    Mistake(
        "w2 stands still",
        did="Only `w1` moved.",
        look="Both layers learn: `w2` gets a step of its own.",
        swap={"        w2 -= learning_rate * w2.grad\n": ""},
    ),
    Mistake(
        "gradients left behind",
        did="Both steps are right, but gradients are still in `.grad` when your function is done.",
        look="Empty both `.grad` at its end: whoever calls `backward` next finds nothing there.",
        code="""
def train_step(x, y, w1, w2, learning_rate):
    w1.grad = w2.grad = None
    y_pred = (x @ w1).clamp(min=0) @ w2
    loss = (y_pred - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    return loss.item()
""",
    ),
    Mistake(
        "backward forgotten",
        did="There was nothing in `.grad` when the weights were to move.",
        look="`loss.backward()` puts it there: call it before the update.",
        swap={"    loss.backward()\n": ""},
    ),
    Mistake(
        "ReLU left out",
        did="There is no ReLU between the two layers.",
        look="`(x @ w1).clamp(min=0)` is what `w2` sees.",
        swap={"(x @ w1).clamp(min=0) @ w2": "x @ w1 @ w2"},
    ),
    Mistake(
        "loss after the step",
        did="The weights are right; the loss is that of the weights after their step.",
        look="Report the loss that the step was computed from.",
        code="""
def train_step(x, y, w1, w2, learning_rate):
    y_pred = (x @ w1).clamp(min=0) @ w2
    loss = (y_pred - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    y_pred = (x @ w1).clamp(min=0) @ w2
    return (y_pred - y).pow(2).mean().item()
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.train_step,
    oracle=two_steps_by_nudging,
    cases=cases,
    probe=probe,
    rtol=1e-6,
    hints=(
        "Forward, loss, `loss.backward()`; then both weights move; then both `.grad` are emptied.",
        "The update is no part of the network: `with torch.no_grad():` keeps autograd from recording it.",
        "`w1 -= ...` changes the tensor that the caller holds; `w1 = w1 - ...` only gives a new one the same name.",
    ),
    mistakes=MISTAKES,
)
