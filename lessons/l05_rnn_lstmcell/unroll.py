"""A cell run step after step."""

import torch
from torch import nn
from torch.func import functional_call

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions
from lessons.l05_rnn_lstmcell._numbers import numbers

# Cells without weights, each of which can be unrolled another way. x and h are (N, D).


def running_sum(x, h):
    """Every input is kept as it is."""
    return h + x


def fading_sum(x, h):
    """Every input is halved with each step that passes."""
    return h / 2 + x


def squashed_sum(x, h):
    """A plain recurrent cell with the identity for its weights."""
    return torch.tanh(h + x)


def unrolled_otherwise(cell, x, h):
    """The oracle: torch's RNN layer, or a weighted sum over all earlier steps.

    x (T, N, D), h (N, D); returns the states (T, N, D) and the last one (N, D).
    """
    if cell is squashed_sum:
        eye, zero = torch.eye(x.shape[2]), torch.zeros(x.shape[2])
        names = "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"
        weights = dict(zip(names, (eye, eye, zero, zero), strict=True))
        layer = nn.RNN(x.shape[2], x.shape[2], device="meta")
        outputs, last = functional_call(layer, weights, (x, h[None]))
        return outputs, last[0]
    keep = 1.0 if cell is running_sum else 0.5
    # What came at step s has been scaled t - s times by step t.
    ages = torch.arange(len(x))[:, None] - torch.arange(len(x))  # (T, T)
    share = (keep**ages) * (ages >= 0)
    start = keep ** torch.arange(1, len(x) + 1)  # (T,)
    outputs = torch.einsum("ts,snd->tnd", share, x) + torch.einsum(
        "t,nd->tnd", start, h
    )
    return outputs, outputs[-1]


def cases(rng):
    """A cell, x (T, N, D), h (N, D); the first to be added up by hand."""
    yield running_sum, torch.tensor([[[1.0]], [[2.0]], [[4.0]]]), torch.tensor([[10.0]])
    for cell, (T, N, D) in [
        (fading_sum, (4, 2, 3)),
        (squashed_sum, (3, 4, 2)),
        (running_sum, (2, 3, 4)),
    ]:
        yield cell, numbers(rng, T, N, D), numbers(rng, N, D)


MISTAKES = (
    Mistake(
        "state not carried",
        did="Every step begins from the first state again: what came before is lost.",
        look="Give the next call the state that this one returned.",
        swap={
            "h = cell": "h_next = cell",
            "append(h)": "append(h_next)",
            "(outputs), h": "(outputs), h_next",
        },
    ),
    Mistake(
        "batch and time swapped",
        did="You went along the batch, and took each sequence for a step.",
        look="Time is the first axis here: step t is `x[t]`.",
        swap={"for x_t in x:": "for t in range(x.shape[1]):", "x_t, h)": "x[:, t], h)"},
    ),
    Mistake(
        "all outputs equal to the last",
        did="The last state stands at every step of the outputs.",
        look="Keep the state of each step before the next one replaces it.",
        swap=[
            {
                "outputs = []": "outputs = []\n    h = h.clone()",
                "h = cell": "h[:] = cell",
            },
            {
                "outputs = []": "outputs = torch.zeros(len(x), *h.shape)",
                "outputs.append(h)": "outputs[:] = h",
                "torch.stack(outputs)": "outputs",
            },
        ],
    ),
    Mistake(
        "one tensor for all steps",
        did="You wrote each state into the same tensor, which is the caller's `h`; the list holds that one tensor T times.",
        look="`h = cell(x_t, h)` makes a new state and leaves the old one alone.",
        swap={"h = cell": "h[:] = cell"},
    ),
    Mistake(
        "shifted by one step",
        did="Your outputs begin with the start state and stop one step early.",
        look="Take the step first, then keep what came out.",
        swap={
            "h = cell(x_t, h)": "outputs.append(h)",
            "outputs.append(h)": "h = cell(x_t, h)",
        },
    ),
    Mistake(
        "start state included",
        did="Your outputs hold T + 1 states: the start is among them.",
        look="Keep the state after each step; the start isn't an output.",
        swap={"outputs = []": "outputs = [h]"},
    ),
    Mistake(
        "from the end",
        did="You walked through time from its end.",
        look="The first step comes first, so that a state knows what was before it.",
        swap={"in x:": "in reversed(x):"},
    ),
    Mistake(
        "start state ignored",
        did="You began from zeros.",
        look="The caller says from which state to begin: `h`.",
        swap={"outputs = []": "outputs = []\n    h = torch.zeros_like(h)"},
    ),
    Mistake(
        "arguments exchanged",
        did="You called `cell(h, x_t)`, so that the state was taken for the input.",
        look="The input comes first: `cell(x_t, h)`.",
        swap={"cell(x_t, h)": "cell(h, x_t)"},
    ),
    Mistake(
        "first step skipped",
        did="You began at the second step.",
        look="Every step of x has a state; the first is step 0.",
        swap={"in x:": "in x[1:]:"},
    ),
    Mistake(
        "last step missed",
        did="You stopped one step early.",
        look="Every step of x has a state; `for x_t in x` reaches all of them.",
        swap={"in x:": "in x[:-1]:"},
    ),
    Mistake(
        "returned within the loop",
        did="Your outputs end with the first step.",
        look="Does the `return` stand inside the loop? Move it to the left, under the `for`.",
        swap={"    return": "        return"},
    ),
    Mistake(
        "only the last state",
        did="You returned the last state twice; the states on the way are missing.",
        look="The outputs are the states of all steps, stacked: (T, N, D_hidden).",
        swap={"torch.stack(outputs)": "outputs[-1]"},
    ),
    Mistake(
        "start state returned",
        did="The outputs are right, and as the last state you returned the start.",
        look="Has `h` been given the new state within the loop?",
        swap={
            "outputs = []": "outputs = []\n    state = h",
            "h = cell(x_t, h)": "state = cell(x_t, state)",
            "append(h)": "append(state)",
        },
    ),
    Mistake(
        "stacked as axis 1",
        did="You stacked the states along axis 1: (N, T, D_hidden).",
        look="Time stays in front: `torch.stack` puts its new axis there by default.",
        swap={"torch.stack(outputs)": "torch.stack(outputs, dim=1)"},
    ),
    Mistake(
        "laid end to end",
        did="`torch.cat` laid the states end to end: T·N rows, and no axis for time.",
        look="`torch.stack` gives time an axis of its own.",
        swap={"torch.stack": "torch.cat"},
    ),
    Mistake(
        "past cut off",
        did="The values are right, and no gradient travels from one step to the one before.",
        look="Hand the state on as it is, without `.detach()` or `.data`.",
        swap={"cell(x_t, h)": "cell(x_t, h.detach())"},
    ),
    Mistake(
        "outputs cut loose",
        did="The values are right, and no gradient flows back from `outputs`: only the last state has one.",
        look="Collect `h` as it is: `.detach()`, `.tolist()` and `torch.tensor(…)` keep its numbers and lose its trail.",
        swap={"append(h)": "append(h.detach())"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.unroll,
    oracle=unrolled_otherwise,
    cases=cases,
    gradients=True,
    returns=("outputs", "last state"),
    hints=(
        "Iterating over a tensor goes along its first axis: `for x_t in x` gives the steps, each (N, D).",
        "`h = cell(x_t, h)`: what comes out of one step goes into the next.",
        "Collect the states in a list. `torch.stack` makes one tensor of them, with time in front.",
    ),
    mistakes=MISTAKES,
)
