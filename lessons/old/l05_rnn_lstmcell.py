"""Memory over time."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call

from diagnose.exercise import Exercise, Mistake

# One step of a plain recurrent network


def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """One step: input x (N, D_in) and state h (N, D_hidden) make the next state.

    w_ih (D_hidden, D_in), w_hh (D_hidden, D_hidden), biases (D_hidden,).
    """
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


def torch_cell(kind, x, state, *weights):
    """What torch's own cell makes of it, with these weights put in."""
    names = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
    h = state[0] if isinstance(state, tuple) else state
    cell = kind(x.shape[1], h.shape[1], device="meta")
    return functional_call(cell, dict(zip(names, weights, strict=True)), (x, state))


def rnn_cell_by_torch(x, h, *weights):
    return torch_cell(nn.RNNCell, x, h, *weights)


def numbers(rng, *shape):
    """Standard normal numbers as a float32 tensor."""
    return torch.tensor(rng.normal(size=shape), dtype=torch.float32)


def cell_cases(gates, states):
    """Cases for a cell with so many gates and states; the first in round numbers."""

    def cases(rng):
        x, h = torch.tensor([[1.0, -1.0]]), torch.tensor([[0.5]])
        w_ih = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
        w_hh = torch.tensor([[2.0], [0.0], [2.0], [-2.0]])
        b_ih = torch.tensor([0.0, 1.0, 0.5, 0.0])
        b_hh = torch.tensor([1.0, 0.0, 0.5, 1.0])
        weights = w_ih[:gates], w_hh[:gates], b_ih[:gates], b_hh[:gates]
        yield (x, h, *[torch.tensor([[2.0]])] * (states - 1), *weights)
        for N, D_in, D_hidden in [(2, 4, 3), (5, 3, 2)]:
            yield (
                numbers(rng, N, D_in),
                *(numbers(rng, N, D_hidden) for _ in range(states)),
                numbers(rng, gates * D_hidden, D_in),
                numbers(rng, gates * D_hidden, D_hidden),
                numbers(rng, gates * D_hidden),
                numbers(rng, gates * D_hidden),
            )

    return cases


def rnn_but(combine):
    """A wrong `rnn_cell`, given what it does with its two sums and the old state."""

    def wrong(x, h, w_ih, w_hh, b_ih, b_hh):
        return combine(x @ w_ih.T + b_ih, h @ w_hh.T + b_hh, h)

    return wrong


rnn_by_hand = rnn_but(lambda new, old, h: torch.tanh(new + old))


RNN_CELL = Exercise(
    "05.rnn_cell",
    reference=rnn_cell,
    oracle=rnn_cell_by_torch,
    cases=cell_cases(gates=1, states=1),
    gradients=True,
    minutes=5,
    difficulty=1,
    hints=(
        "Two linear layers, one for the input and one for the state, are added; then "
        "tanh is taken of the sum.",
        "torch keeps a weight as (D_out, D_in), so it is `x @ w_ih.T`.",
    ),
    mistakes=(
        Mistake(
            "sigmoid for tanh",
            "You squashed the sum with a sigmoid, so that no state is ever negative.",
            "The plain cell uses `torch.tanh`, which reaches from -1 to 1.",
            rnn_but(lambda new, old, h: torch.sigmoid(new + old)),
        ),
        Mistake(
            "relu for tanh",
            "You cut the sum off with relu, so that a state has no upper bound.",
            "torch can be asked for that; by default it is `torch.tanh`.",
            rnn_but(lambda new, old, h: torch.relu(new + old)),
        ),
        Mistake(
            "nothing squashed",
            "You returned the sum as it is.",
            "Without a bend, all steps together would be one linear map: take tanh of "
            "the sum.",
            rnn_but(lambda new, old, h: new + old),
        ),
        Mistake(
            "squashed apart",
            "You took tanh of the input's part and of the state's part, and then "
            "added the two.",
            "First everything is added; then the bend is taken once.",
            rnn_but(lambda new, old, h: torch.tanh(new) + torch.tanh(old)),
        ),
        Mistake(
            "old state left out",
            "The next state depends on the input alone: nothing is remembered.",
            "The old state comes in through `w_hh`, with its bias `b_hh`.",
            rnn_but(lambda new, old, h: torch.tanh(new)),
        ),
        Mistake(
            "old state without its matrix",
            "You added the old state as it is; `w_hh` isn't used.",
            "The old state passes through its matrix first: `h @ w_hh.T`.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_ih.T + b_ih + h + b_hh
            ),
        ),
        Mistake(
            "old state added on top",
            "You added the old state to the tanh, as in a residual connection.",
            "The old state enters once, through `w_hh`, inside the tanh.",
            rnn_but(lambda new, old, h: h + torch.tanh(new + old)),
        ),
        Mistake(
            "b_hh left out",
            "You used one bias of the two: `b_hh` is missing.",
            "torch gives each of the two matrices a bias of its own.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_ih.T + b_ih + h @ w_hh.T
            ),
        ),
        Mistake(
            "b_ih left out",
            "You used one bias of the two: `b_ih` is missing.",
            "torch gives each of the two matrices a bias of its own.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_ih.T + h @ w_hh.T + b_hh
            ),
        ),
        Mistake(
            "both biases left out",
            "You added neither of the two biases.",
            "Each of the two matrices has one: `b_ih` and `b_hh`.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(x @ w_ih.T + h @ w_hh.T),
        ),
        Mistake(
            "b_ih in both places",
            "You added `b_ih` twice, and `b_hh` not at all.",
            "Each of the two matrices has a bias of its own: `b_hh` goes with `w_hh`.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_ih.T + b_ih + h @ w_hh.T + b_ih
            ),
        ),
        Mistake(
            "biases outside",
            "You added the biases after the tanh.",
            "They belong to the two linear layers: inside, before the bend.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: (
                torch.tanh(x @ w_ih.T + h @ w_hh.T) + b_ih + b_hh
            ),
        ),
        Mistake(
            "weights not transposed",
            "You multiplied by a weight as it is stored.",
            "torch keeps weights as (D_out, D_in), so each of them needs a `.T`.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_ih + b_ih + h @ w_hh + b_hh
            ),
        ),
        Mistake(
            "w_hh not transposed",
            "You transposed `w_ih`, and not `w_hh`: it is square and won't complain.",
            "Both are kept as (D_out, D_in): both need a `.T`.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_ih.T + b_ih + h @ w_hh + b_hh
            ),
        ),
        Mistake(
            "matrices exchanged",
            "You multiplied the input by `w_hh` and the state by `w_ih`.",
            "In `w_ih`, i is the input and h the hidden state that it leads to.",
            lambda x, h, w_ih, w_hh, b_ih, b_hh: torch.tanh(
                x @ w_hh.T + b_ih + h @ w_ih.T + b_hh
            ),
        ),
        Mistake(
            "past cut off",
            "The value is right, and no gradient reaches the old state.",
            "Leave out `.detach()` and `.data`: blame has to travel back in time.",
            lambda x, h, *weights: rnn_by_hand(x, h.detach(), *weights),
        ),
        Mistake(
            "weights cut loose",
            "The value is right, and no gradient reaches weights and biases.",
            "Compute with the tensors that you were given: `.data`, `.detach()` and a "
            "new `nn.Parameter` begin a trail of their own.",
            lambda x, h, *weights: rnn_by_hand(x, h, *(w.detach() for w in weights)),
        ),
    ),
)

# Step after step


def unroll(cell, x, h):
    """Run a cell over x (T, N, D), from state h; cell(x[t], h) is the next state.

    Returns the states of all steps, (T, N, D_hidden), and the last one.
    """
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs), h


# Cells without weights of which each can be unrolled another way.


def running_sum(x, h):
    return h + x


def fading_sum(x, h):
    return h / 2 + x


def squashed_sum(x, h):
    return torch.tanh(h + x)


def unrolled_otherwise(cell, x, h):
    if cell is squashed_sum:
        eye, zero = torch.eye(x.shape[2]), torch.zeros(x.shape[2])
        names = "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"
        weights = dict(zip(names, (eye, eye, zero, zero), strict=True))
        layer = nn.RNN(x.shape[2], x.shape[2], device="meta")
        outputs, last = functional_call(layer, weights, (x, h[None]))
        return outputs, last[0]
    keep = 1.0 if cell is running_sum else 0.5
    # What came at step s has been scaled t - s times by step t.
    ages = torch.arange(len(x))[:, None] - torch.arange(len(x))
    share = (keep**ages) * (ages >= 0)
    start = keep ** torch.arange(1, len(x) + 1)
    outputs = torch.einsum("ts,snd->tnd", share, x) + torch.einsum(
        "t,nd->tnd", start, h
    )
    return outputs, outputs[-1]


def unroll_cases(rng):
    yield running_sum, torch.tensor([[[1.0]], [[2.0]], [[4.0]]]), torch.tensor([[10.0]])
    for cell, (T, N, D) in [
        (fading_sum, (4, 2, 3)),
        (squashed_sum, (3, 4, 2)),
        (running_sum, (2, 3, 4)),
    ]:
        yield cell, numbers(rng, T, N, D), numbers(rng, N, D)


def states(cell, x, h):
    """The list of states after each step."""
    found = []
    for x_t in x:
        h = cell(x_t, h)
        found.append(h)
    return found


def unroll_but(result):
    """A wrong `unroll`, given what it makes of the list of states, and the start."""
    return lambda cell, x, h: result(states(cell, x, h), h)


def unroll_without_carrying(cell, x, h):
    outputs = torch.stack([cell(x_t, h) for x_t in x])
    return outputs, outputs[-1]


def unroll_over_the_batch(cell, x, h):
    outputs = []
    for t in range(x.shape[1]):
        h = cell(x[:, t], h)
        outputs.append(h)
    return torch.stack(outputs), h


def unroll_arguments_exchanged(cell, x, h):
    found = states(lambda x_t, h: cell(h, x_t), x, h)
    return torch.stack(found), found[-1]


def unroll_first_step_skipped(cell, x, h):
    found = states(cell, x[1:], h)
    return torch.stack(found), found[-1]


def unroll_last_step_missed(cell, x, h):
    found = states(cell, x[:-1], h)
    return torch.stack(found), found[-1]


def unroll_backwards(cell, x, h):
    found = states(cell, x.flip(0), h)
    return torch.stack(found), found[-1]


def unroll_into_one_tensor(cell, x, h):
    outputs = []
    for x_t in x:
        h[:] = cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs), h


def unroll_first_step_alone(cell, x, h):
    found = states(cell, x[:1], h)
    return torch.stack(found), found[-1]


def unroll_detached(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h.detach())
        outputs.append(h)
    return torch.stack(outputs), h


UNROLL = Exercise(
    "05.unroll",
    reference=unroll,
    oracle=unrolled_otherwise,
    cases=unroll_cases,
    gradients=True,
    returns=("outputs", "last state"),
    minutes=6,
    difficulty=2,
    hints=(
        "Iterating over a tensor goes along its first axis: `for x_t in x` gives the "
        "steps, each (N, D).",
        "`h = cell(x_t, h)`: what comes out of one step goes into the next.",
        "Collect the states in a list. `torch.stack` makes one tensor of them, with "
        "time in front.",
    ),
    mistakes=(
        Mistake(
            "state not carried",
            "Every step begins from the first state again: what came before is lost.",
            "Give the next call the state that this one returned.",
            unroll_without_carrying,
        ),
        Mistake(
            "batch and time swapped",
            "You went along the batch, and took each sequence for a step.",
            "Time is the first axis here: step t is `x[t]`.",
            unroll_over_the_batch,
        ),
        Mistake(
            "all outputs equal to the last",
            "The last state stands at every step of the outputs.",
            "Keep the state of each step before the next one replaces it.",
            unroll_but(
                lambda found, h: (torch.stack([found[-1]] * len(found)), found[-1])
            ),
        ),
        Mistake(
            "one tensor for all steps",
            "You wrote each state into the same tensor, which is the caller's `h`; the "
            "list holds that one tensor T times.",
            "`h = cell(x_t, h)` makes a new state and leaves the old one alone.",
            unroll_into_one_tensor,
        ),
        Mistake(
            "shifted by one step",
            "Your outputs begin with the start state and stop one step early.",
            "Take the step first, then keep what came out.",
            unroll_but(lambda found, h: (torch.stack([h, *found[:-1]]), found[-1])),
        ),
        Mistake(
            "start state included",
            "Your outputs hold T + 1 states: the start is among them.",
            "Keep the state after each step; the start isn't an output.",
            unroll_but(lambda found, h: (torch.stack([h, *found]), found[-1])),
        ),
        Mistake(
            "from the end",
            "You walked through time from its end.",
            "The first step comes first, so that a state knows what was before it.",
            unroll_backwards,
        ),
        Mistake(
            "start state ignored",
            "You began from zeros.",
            "The caller says from which state to begin: `h`.",
            lambda cell, x, h: unroll_but(
                lambda found, h: (torch.stack(found), found[-1])
            )(cell, x, torch.zeros_like(h)),
        ),
        Mistake(
            "arguments exchanged",
            "You called `cell(h, x_t)`, so that the state was taken for the input.",
            "The input comes first: `cell(x_t, h)`.",
            unroll_arguments_exchanged,
        ),
        Mistake(
            "first step skipped",
            "You began at the second step.",
            "Every step of x has a state; the first is step 0.",
            unroll_first_step_skipped,
        ),
        Mistake(
            "last step missed",
            "You stopped one step early.",
            "Every step of x has a state; `for x_t in x` reaches all of them.",
            unroll_last_step_missed,
        ),
        Mistake(
            "returned within the loop",
            "Your outputs end with the first step.",
            "Does the `return` stand inside the loop? Move it to the left, under the "
            "`for`.",
            unroll_first_step_alone,
        ),
        Mistake(
            "only the last state",
            "You returned the last state twice; the states on the way are missing.",
            "The outputs are the states of all steps, stacked: (T, N, D_hidden).",
            unroll_but(lambda found, h: (found[-1], found[-1])),
        ),
        Mistake(
            "start state returned",
            "The outputs are right, and as the last state you returned the start.",
            "Has `h` been given the new state within the loop?",
            unroll_but(lambda found, h: (torch.stack(found), h)),
        ),
        Mistake(
            "stacked as axis 1",
            "You stacked the states along axis 1: (N, T, D_hidden).",
            "Time stays in front: `torch.stack` puts its new axis there by default.",
            unroll_but(lambda found, h: (torch.stack(found, dim=1), found[-1])),
        ),
        Mistake(
            "laid end to end",
            "`torch.cat` laid the states end to end: T·N rows, and no axis for time.",
            "`torch.stack` gives time an axis of its own.",
            unroll_but(lambda found, h: (torch.cat(found), found[-1])),
        ),
        Mistake(
            "past cut off",
            "The values are right, and no gradient travels from one step to the one "
            "before.",
            "Hand the state on as it is, without `.detach()` or `.data`.",
            unroll_detached,
        ),
        Mistake(
            "outputs cut loose",
            "The values are right, and no gradient flows back from `outputs`: only the "
            "last state has one.",
            "Collect `h` as it is: `.detach()`, `.tolist()` and `torch.tensor(…)` keep "
            "its numbers and lose its trail.",
            unroll_but(lambda found, h: (torch.stack(found).detach(), found[-1])),
        ),
    ),
)

# Shapes of torch's layers


def predict_shapes():
    """Shapes for x (7, 2, 4) and LSTM(4, 5, num_layers=3, bidirectional=True).

    The last two: with batch_first=True, and the same x as (2, 7, 4).
    """
    return {
        "output": (7, 2, 10),
        "h_n": (6, 2, 5),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": (20, 10),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (6, 2, 5),
    }


def shapes_by_running():
    options = {"num_layers": 3, "bidirectional": True}
    plain = nn.LSTM(4, 5, **options)
    turned = nn.LSTM(4, 5, batch_first=True, **options)
    output, (h_n, _) = plain(torch.zeros(7, 2, 4))
    output_turned, (h_n_turned, _) = turned(torch.zeros(2, 7, 4))
    found = {
        "output": output,
        "h_n": h_n,
        "weight_ih_l0": plain.weight_ih_l0,
        "weight_ih_l1": plain.weight_ih_l1,
        "output, batch_first": output_turned,
        "h_n, batch_first": h_n_turned,
    }
    return {name: tuple(tensor.shape) for name, tensor in found.items()}


def shapes_but(**wrong):
    """A wrong prediction; `output_batch` stands for "output, batch_first"."""
    named = {key.replace("_batch", ", batch_first"): v for key, v in wrong.items()}
    return lambda: predict_shapes() | named


PREDICT_SHAPES = Exercise(
    "05.predict_shapes",
    reference=predict_shapes,
    oracle=shapes_by_running,
    minutes=5,
    difficulty=2,
    hints=(
        "`output` is for every step, but of the top layer only; both directions stand "
        "side by side in it.",
        "`h_n` is for the end only, but of every layer and direction, one after the "
        "other along its first axis.",
        "An LSTM computes four things at once, so its weights are four times as tall. "
        "The second layer reads what the first one puts out.",
    ),
    mistakes=(
        Mistake(
            "directions not side by side",
            "Your `output` has room for one direction.",
            "Two directions each put 5 numbers beside each other at every step.",
            shapes_but(output=(7, 2, 5), output_batch=(2, 7, 5)),
        ),
        Mistake(
            "directions forgotten in h_n",
            "You counted the layers in `h_n`, and not the two directions of each.",
            "Each layer ends twice: at the end of time, and, backward, at its start.",
            shapes_but(h_n=(3, 2, 5), h_n_batch=(3, 2, 5)),
        ),
        Mistake(
            "layers forgotten in h_n",
            "You counted the directions in `h_n`, and not the three layers.",
            "Every layer has a state of its own, and all of them are handed back.",
            shapes_but(h_n=(2, 2, 5), h_n_batch=(2, 2, 5)),
        ),
        Mistake(
            "one state for the whole stack",
            "Your `h_n` holds one state; there are three layers with two directions.",
            "Every layer and direction has a last state of its own: how many is that?",
            shapes_but(h_n=(1, 2, 5), h_n_batch=(1, 2, 5)),
        ),
        Mistake(
            "directions joined in h_n",
            "You put the two directions of `h_n` side by side, as `output` has them.",
            "In `h_n` each direction has a place of its own along the first axis.",
            shapes_but(h_n=(3, 2, 10), h_n_batch=(3, 2, 10)),
        ),
        Mistake(
            "batch_first moves h_n too",
            "You put the batch of `h_n` first.",
            "`batch_first` turns what goes in and what comes out step by step. The "
            "states stay as they were.",
            shapes_but(h_n_batch=(2, 6, 5)),
        ),
        Mistake(
            "batch_first only for the input",
            "You left time in front in `output`.",
            "`batch_first` turns the input and the output alike.",
            shapes_but(output_batch=(7, 2, 10)),
        ),
        Mistake(
            "one gate in place of four",
            "Your weights are for one linear layer, as in a plain RNN.",
            "An LSTM has three gates and a candidate, 5 numbers each, and their "
            "weights lie on top of each other.",
            shapes_but(weight_ih_l0=(5, 4), weight_ih_l1=(5, 10)),
        ),
        Mistake(
            "three gates, no candidate",
            "Your weights are for three linear layers, one for each gate.",
            "An LSTM also has a candidate for what comes in: that makes four.",
            shapes_but(weight_ih_l0=(15, 4), weight_ih_l1=(15, 10)),
        ),
        Mistake(
            "one weight for both directions",
            "You stacked the weights of the two directions on top of each other.",
            "Each direction has weights of its own; the backward ones are called "
            "`weight_ih_l0_reverse`.",
            shapes_but(weight_ih_l0=(40, 4), weight_ih_l1=(40, 10)),
        ),
        Mistake(
            "state's weights joined on",
            "Your weights take in the state as well: 5 columns more.",
            "torch keeps those apart, as `weight_hh_l0`; ih is for input to hidden.",
            shapes_but(weight_ih_l0=(20, 9), weight_ih_l1=(20, 15)),
        ),
        Mistake(
            "weights lying down",
            "You gave the weights as (D_in, 4 · D_hidden).",
            "torch keeps them as (outputs, inputs): `x @ w.T`.",
            shapes_but(weight_ih_l0=(4, 20), weight_ih_l1=(10, 20)),
        ),
        Mistake(
            "second layer reads one direction",
            "Your second layer reads 5 numbers at every step.",
            "It reads the output of the first, and that has two directions.",
            shapes_but(weight_ih_l1=(20, 5)),
        ),
        Mistake(
            "second layer reads the input",
            "Your second layer reads the 4 numbers of the input.",
            "It reads what the first layer puts out, in both directions.",
            shapes_but(weight_ih_l1=(20, 4)),
        ),
        Mistake(
            "outputs of all layers",
            "You put the outputs of all three layers side by side.",
            "`output` shows the top layer only; the others feed the one above them.",
            shapes_but(output=(7, 2, 30), output_batch=(2, 7, 30)),
        ),
    ),
)

# Against gradients that explode


def clip_gradient_norm(grads, max_norm):
    """A list of new gradients, all scaled by one factor, of norm max_norm at most.

    The norm is that of all numbers in all tensors of the list together.
    """
    norm = torch.sqrt(sum((grad**2).sum() for grad in grads))
    scale = (max_norm / norm).clamp(max=1)
    return [grad * scale for grad in grads]


def clipped_by_torch(grads, max_norm):
    parameters = [nn.Parameter(torch.zeros_like(grad)) for grad in grads]
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.grad = grad.clone()
    nn.utils.clip_grad_norm_(parameters, max_norm)
    return [parameter.grad for parameter in parameters]


def clip_cases(rng):
    yield [torch.tensor([3.0, 0.0]), torch.tensor([[4.0]])], 1.0
    yield [torch.tensor([0.3, 0.0]), torch.tensor([[0.4]])], 1.0
    yield [torch.zeros(2), torch.zeros(3, 1)], 2.0
    for scale, max_norm in [(3.0, 2.0), (0.1, 3.0), (10.0, 5.0)]:
        shapes = (2, 3), (4,), (3, 1)
        # At least 0.5 in size, so that a sum of squares is far from its root.
        grads = [numbers(rng, *shape) for shape in shapes]
        yield [scale * (grad + 0.5 * grad.sign()) for grad in grads], max_norm


def clip_but(norm_of, up=False):
    """A wrong `clip_gradient_norm`, given its norm; with ``up``, it enlarges too."""

    def wrong(grads, max_norm):
        norm = norm_of(torch.cat([grad.flatten() for grad in grads]))
        scale = max_norm / norm
        return [grad * (scale if up else scale.clamp(max=1)) for grad in grads]

    return wrong


def clip_apart(grads, max_norm):
    return [grad * (max_norm / grad.norm()).clamp(max=1) for grad in grads]


def clip_to_one(grads, max_norm):
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    return [grad / norm if norm > max_norm else grad for grad in grads]


def clip_zero_by_zero(grads, max_norm):
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    return [grad / norm * norm.clamp(max=max_norm) for grad in grads]


def clip_never_down(grads, max_norm):
    norm = float(torch.cat([grad.flatten() for grad in grads]).norm())
    return [grad * max(1.0, max_norm / (norm + 1e-12)) for grad in grads]


def clip_in_place(grads, max_norm):
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    scale = (max_norm / norm).clamp(max=1)
    for grad in grads:
        grad *= scale
    return grads


def clip_beyond_the_norm(grads, max_norm):
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    return [grad - max_norm if norm > max_norm else grad for grad in grads]


CLIP_GRADIENT_NORM = Exercise(
    "05.clip_gradient_norm",
    reference=clip_gradient_norm,
    oracle=clipped_by_torch,
    cases=clip_cases,
    rtol=1e-4,
    minutes=6,
    difficulty=2,
    hints=(
        "First one number: the root of the sum of all squares, over all tensors.",
        "If it is larger than `max_norm`, every tensor is multiplied by `max_norm` "
        "over it. Otherwise nothing changes.",
        "All-zero gradients have norm 0: see that no 0/0 arises.",
    ),
    mistakes=(
        Mistake(
            "each tensor by itself",
            "You clipped each tensor by its own norm. The step then points in another "
            "direction.",
            "One norm for all of them, and one factor.",
            clip_apart,
        ),
        Mistake(
            "norm of the first tensor",
            "You took the norm of the first tensor for that of all of them.",
            "The norm has every tensor's squares in it.",
            lambda grads, max_norm: [
                grad * (max_norm / (grads[0].norm() + 1e-12)).clamp(max=1)
                for grad in grads
            ],
        ),
        Mistake(
            "small gradients scaled up",
            "Gradients below `max_norm` were scaled up to it.",
            "It is a limit, not a target: the factor is 1 at most.",
            lambda grads, max_norm: [
                grad * max_norm / max(total, 1e-12)
                for total in [float(torch.cat([g.flatten() for g in grads]).norm())]
                for grad in grads
            ],
        ),
        Mistake(
            "scaled up, and zero over zero",
            "Every list was scaled to `max_norm`, the small ones too, and gradients of "
            "zero became NaN.",
            "It is a limit, not a target: if the norm is within it, change nothing.",
            clip_but(torch.linalg.vector_norm, up=True),
        ),
        Mistake(
            "never scaled down",
            "Your factor is 1 at the least, so that large gradients stay large and "
            "small ones grow.",
            "The factor is 1 at the most: `min`, or `clamp(max=1)`.",
            clip_never_down,
        ),
        Mistake(
            "entries clamped",
            "You cut every entry off at ±`max_norm`, each by itself.",
            "Scaling keeps the direction of the step: one factor for all entries.",
            lambda grads, max_norm: [g.clamp(-max_norm, max_norm) for g in grads],
        ),
        Mistake(
            "root forgotten",
            "You compared the sum of squares with `max_norm`; that is the norm "
            "squared.",
            "The norm is its root.",
            clip_but(lambda flat: (flat**2).sum()),
        ),
        Mistake(
            "sizes summed",
            "Your norm is the sum of the absolute values.",
            "It is the root of the sum of the squares that is wanted.",
            clip_but(lambda flat: flat.abs().sum()),
        ),
        Mistake(
            "largest entry for the norm",
            "You took the largest entry for the norm.",
            "The norm has all entries in it: the root of the sum of their squares.",
            clip_but(lambda flat: flat.abs().max()),
        ),
        Mistake(
            "norms of the tensors added",
            "You added the norms of the tensors.",
            "Add their squares, and take the root at the end.",
            lambda grads, max_norm: [
                grad * (max_norm / sum(g.norm() for g in grads)).clamp(max=1)
                for grad in grads
            ],
        ),
        Mistake(
            "scaled to norm one",
            "Gradients that were too large now have norm 1, whatever `max_norm` says.",
            "Multiply by `max_norm` as well.",
            clip_to_one,
        ),
        Mistake(
            "zero over zero",
            "Gradients of zero became NaN, from 0 divided by 0.",
            "Make the factor first, and limit it to 1; or divide only where the norm "
            "is too large.",
            clip_zero_by_zero,
        ),
        Mistake(
            "changed in place",
            "The numbers are right, and they were written into the caller's gradients.",
            "torch's `clip_grad_norm_` does that, and says so by its `_`. Here a list "
            "of new ones is wanted.",
            clip_in_place,
        ),
        Mistake(
            "limit subtracted",
            "You subtracted `max_norm` from the entries of gradients that are too "
            "large.",
            "Scale them: one factor makes all of them smaller.",
            clip_beyond_the_norm,
        ),
    ),
)

# The long short-term memory


def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """One step of an LSTM: the next h and c, each (N, D_hidden).

    w_ih (4 * D_hidden, D_in) and the others hold torch's order: i, f, g, o.
    """
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    c = f * c + i * torch.tanh(g)
    return o * torch.tanh(c), c


def lstm_cell_by_torch(x, h, c, *weights):
    return torch_cell(nn.LSTMCell, x, (h, c), *weights)


def lstm_but(
    order="ifgo",
    gate=torch.sigmoid,
    candidate=torch.tanh,
    memory=lambda i, f, g, c: f * c + i * g,
    shown=lambda o, new, old: o * torch.tanh(new),
    sums=lambda x, h, w_ih, w_hh, b_ih, b_hh: x @ w_ih.T + b_ih + h @ w_hh.T + b_hh,
):
    """A wrong `lstm_cell`, given which of its lines is done differently."""

    def wrong(x, h, c, *weights):
        pieces = sums(x, h, *weights).chunk(4, dim=1)
        named = dict(zip(order, pieces, strict=True))
        i, f, o = gate(named["i"]), gate(named["f"]), gate(named["o"])
        new = memory(i, f, candidate(named["g"]), c)
        return shown(o, new, c), new

    return wrong


def lstm_exchanged(x, h, c, *weights):
    return lstm_but()(x, h, c, *weights)[::-1]


def lstm_squashing_c(x, h, c, *weights):
    h, c = lstm_but()(x, h, c, *weights)
    return h, torch.tanh(c)


def lstm_past_cut_off(x, h, c, *weights):
    return lstm_but()(x, h, c.detach(), *weights)


def lstm_split(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """Raises an exception where there aren't four pieces of size four."""
    i, f, g, o = (x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).split(4, dim=1)
    return i, f, g, o


def lstm_keeping_h(x, h, c, *weights):
    return lstm_but(memory=lambda i, f, g, c: f * h + i * g)(x, h, c, *weights)


def lstm_interleaved(x, h, c, *weights):
    apart = [torch.cat([w[k::4] for k in range(4)]) for w in weights]
    return lstm_but()(x, h, c, *apart)


def lstm_cut_along_the_batch(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4)
    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    c = f * c + i * torch.tanh(g)
    return o * torch.tanh(c), c


LSTM_CELL = Exercise(
    "05.lstm_cell",
    reference=lstm_cell,
    oracle=lstm_cell_by_torch,
    cases=cell_cases(gates=4, states=2),
    gradients=True,
    returns=("h", "c"),
    minutes=10,
    difficulty=3,
    hints=(
        "All four sums come from one product, as in `rnn_cell`: (N, 4 * D_hidden). "
        "`chunk(4, dim=1)` cuts it into the four.",
        "The gates i, f, o pass through sigmoid, the candidate g through tanh.",
        "The new c is `f * c + i * g`; the new h is `o * tanh(c)`, with the new c.",
    ),
    mistakes=(
        Mistake(
            "output before candidate",
            "You cut the sums in the order i, f, o, g.",
            "torch's order is i, f, g, o: the candidate is the third piece.",
            lstm_but(order="ifog"),
        ),
        Mistake(
            "forget before input",
            "Input gate and forget gate have exchanged their places, as in the order "
            "f, i, g, o that many papers have.",
            "torch's order is i, f, g, o; f says what stays of c, i what comes in.",
            lstm_but(order="figo"),
        ),
        Mistake(
            "tanh and sigmoid swapped",
            "Your gates pass through tanh and the candidate through sigmoid.",
            "A gate says how much, from 0 to 1; the candidate may be negative.",
            lstm_but(gate=torch.tanh, candidate=torch.sigmoid),
        ),
        Mistake(
            "gates through tanh",
            "Your gates pass through tanh, so that they may be negative.",
            "A gate says how much, from 0 to 1: sigmoid.",
            lstm_but(gate=torch.tanh),
        ),
        Mistake(
            "gates not squashed",
            "You took the gates' sums as they are, so a gate can be of any size.",
            "A gate says how much, from 0 to 1: i, f and o take sigmoid.",
            lstm_but(gate=lambda sums: sums),
        ),
        Mistake(
            "candidate through sigmoid",
            "The candidate passed through sigmoid like the gates, so c can only be "
            "added to.",
            "The candidate g takes tanh: it may push c down as well.",
            lstm_but(candidate=torch.sigmoid),
        ),
        Mistake(
            "candidate not squashed",
            "The candidate went in without its tanh.",
            "The three gates take sigmoid, the candidate takes tanh.",
            lstm_but(candidate=lambda g: g),
        ),
        Mistake(
            "candidate squashed twice",
            "You took sigmoid of all four sums, and tanh of the candidate on top.",
            "Cut first: i, f and o take sigmoid, and g takes tanh and nothing else.",
            lstm_but(candidate=lambda g: torch.tanh(torch.sigmoid(g))),
        ),
        Mistake(
            "old cell state lost",
            "The new cell state is `i * g` alone: nothing is kept.",
            "What the forget gate lets through of the old c is added.",
            lstm_but(memory=lambda i, f, g, c: i * g),
        ),
        Mistake(
            "nothing ever forgotten",
            "You kept the whole old cell state: the forget gate isn't used.",
            "The old c is multiplied by f before anything is added.",
            lstm_but(memory=lambda i, f, g, c: c + i * g),
        ),
        Mistake(
            "candidate let in whole",
            "You added the whole candidate: the input gate isn't used.",
            "How much of g comes in is what i says: `i * g`.",
            lstm_but(memory=lambda i, f, g, c: f * c + g),
        ),
        Mistake(
            "one gate for both",
            "You let in what was forgotten, `(1 - f) * g`, as a GRU does.",
            "An LSTM has a gate for each: f for the old c, i for the candidate.",
            lstm_but(memory=lambda i, f, g, c: f * c + (1 - f) * g),
        ),
        Mistake(
            "forget gate turned round",
            "You kept `1 - f` of the old cell state.",
            "Despite its name, f is the share that is *kept*: at f = 1 all of it.",
            lstm_but(memory=lambda i, f, g, c: (1 - f) * c + i * g),
        ),
        Mistake(
            "output from the old cell state",
            "The new h was made from the old cell state; what came in at this step "
            "can't be seen yet.",
            "Update c first, and make h from the new one.",
            lstm_but(shown=lambda o, new, old: o * torch.tanh(old)),
        ),
        Mistake(
            "sigmoid at the output",
            "You squashed c with a sigmoid on its way out.",
            "What is shown is `tanh(c)`, which may be negative.",
            lstm_but(shown=lambda o, new, old: o * torch.sigmoid(new)),
        ),
        Mistake(
            "cell state shown bare",
            "You multiplied the output gate by c itself.",
            "c may have grown large; h shows `tanh(c)`, as far as o opens.",
            lstm_but(shown=lambda o, new, old: o * new),
        ),
        Mistake(
            "output gate left out",
            "Your h is `tanh(c)`: the output gate isn't used.",
            "How much of it is shown is what o says.",
            lstm_but(shown=lambda o, new, old: torch.tanh(new)),
        ),
        Mistake(
            "old cell state returned",
            "Your h is right, and as c you returned the old cell state.",
            "The next step goes on from the new one.",
            lambda x, h, c, *weights: (lstm_but()(x, h, c, *weights)[0], c),
        ),
        Mistake(
            "cell state returned squashed",
            "You returned `tanh(c)` as the new cell state.",
            "The tanh is for what is shown, h. c itself goes on as it is.",
            lstm_squashing_c,
        ),
        Mistake(
            "h and c exchanged",
            "You returned c first and h second.",
            "h comes first, as torch's cell has it.",
            lstm_exchanged,
        ),
        Mistake(
            "old state left out",
            "The gates see the input only: h isn't used.",
            "The old h comes in through `w_hh`, with its bias `b_hh`.",
            lstm_but(sums=lambda x, h, w_ih, w_hh, b_ih, b_hh: x @ w_ih.T + b_ih),
        ),
        Mistake(
            "b_hh left out",
            "You used one bias of the two: `b_hh` is missing.",
            "torch gives each of the two matrices a bias of its own.",
            lstm_but(
                sums=lambda x, h, w_ih, w_hh, b_ih, b_hh: x @ w_ih.T + b_ih + h @ w_hh.T
            ),
        ),
        Mistake(
            "b_ih left out",
            "You used one bias of the two: `b_ih` is missing.",
            "torch gives each of the two matrices a bias of its own.",
            lstm_but(
                sums=lambda x, h, w_ih, w_hh, b_ih, b_hh: x @ w_ih.T + h @ w_hh.T + b_hh
            ),
        ),
        Mistake(
            "both biases left out",
            "You added neither of the two biases.",
            "Each of the two matrices has one: `b_ih` and `b_hh`.",
            lstm_but(sums=lambda x, h, w_ih, w_hh, *biases: x @ w_ih.T + h @ w_hh.T),
        ),
        Mistake(
            "weights not transposed",
            "You multiplied by a weight as it is stored.",
            "torch keeps weights as (outputs, inputs), so each of them needs a `.T`.",
            lstm_but(
                sums=lambda x, h, w_ih, w_hh, b_ih, b_hh: (
                    x @ w_ih + b_ih + h @ w_hh + b_hh
                )
            ),
        ),
        Mistake(
            "gates from the cell state",
            "You computed the gates from x and c.",
            "The gates see x and h; c is kept out of their sight.",
            lambda x, h, c, *weights: lstm_but()(x, c, c, *weights),
        ),
        Mistake(
            "h kept for c",
            "You let the forget gate act on the old h.",
            "What is kept from step to step is c: `f * c + i * g`.",
            lstm_keeping_h,
        ),
        Mistake(
            "gates interleaved",
            "You took every fourth number for the same gate.",
            "Each gate is one piece of D_hidden numbers in a row: `chunk(4, dim=1)`.",
            lstm_interleaved,
        ),
        Mistake(
            "cut along the batch",
            "`chunk(4)` cut the batch into four: by default it cuts along axis 0.",
            "The four gates lie side by side: `dim=1`.",
            lstm_cut_along_the_batch,
        ),
        Mistake(
            "split for chunk",
            "torch's `split(4)` makes pieces of size 4, as many as that takes.",
            "`chunk(4, dim=1)` makes four pieces.",
            lstm_split,
        ),
        Mistake(
            "past cut off",
            "The values are right, and no gradient reaches the old cell state.",
            "Leave out `.detach()` and `.data`: along c, blame travels far back in "
            "time.",
            lstm_past_cut_off,
        ),
    ),
)

# The gated recurrent unit


def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """One step of a GRU: the next state, (N, D_hidden).

    w_ih (3 * D_hidden, D_in) and the others hold torch's order: r, z, n.
    """
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h


def gru_cell_by_torch(x, h, *weights):
    return torch_cell(nn.GRUCell, x, h, *weights)


def gru_but(
    order="rzn",
    gate=torch.sigmoid,
    candidate=lambda x_n, h_n, r: torch.tanh(x_n + r * h_n),
    mix=lambda z, n, h: (1 - z) * n + z * h,
    biases=(1, 1),
):
    """A wrong `gru_cell`, given which of its lines is done differently."""

    def wrong(x, h, w_ih, w_hh, b_ih, b_hh):
        from_x = (x @ w_ih.T + biases[0] * b_ih).chunk(3, dim=1)
        from_h = (h @ w_hh.T + biases[1] * b_hh).chunk(3, dim=1)
        x_of, h_of = (dict(zip(order, p, strict=True)) for p in (from_x, from_h))
        r, z = (gate(x_of[name] + h_of[name]) for name in "rz")
        return mix(z, candidate(x_of["n"], h_of["n"], r), h)

    return wrong


def gru_reset_first(x, h, w_ih, w_hh, b_ih, b_hh):
    """The reset gate applied to h, before its matrix, as in the GRU's first paper."""
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    w_r, w_z, w_n = w_hh.chunk(3)
    b_r, b_z, b_n = b_hh.chunk(3)
    r = torch.sigmoid(x_r + h @ w_r.T + b_r)
    z = torch.sigmoid(x_z + h @ w_z.T + b_z)
    n = torch.tanh(x_n + (r * h) @ w_n.T + b_n)
    return (1 - z) * n + z * h


def gru_bias_not_reset(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T).chunk(3, dim=1)
    b_r, b_z, b_n = b_hh.chunk(3)
    r, z = torch.sigmoid(x_r + h_r + b_r), torch.sigmoid(x_z + h_z + b_z)
    return (1 - z) * torch.tanh(x_n + r * h_n + b_n) + z * h


def gru_summed_first(x, h, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    r, z, n = sums.chunk(3, dim=1)
    r, z = torch.sigmoid(r), torch.sigmoid(z)
    return (1 - z) * torch.tanh(r * n) + z * h


def gru_without_matrix(x, h, *weights):
    def candidate(x_n, h_n, r):
        return torch.tanh(x_n + r * h)

    return gru_but(candidate=candidate)(x, h, *weights)


def gru_cut_along_the_batch(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


def gru_not_transposed(x, h, w_ih, w_hh, b_ih, b_hh):
    return (x @ w_ih + b_ih).chunk(3, dim=1)


GRU_CELL = Exercise(
    "05.gru_cell",
    reference=gru_cell,
    oracle=gru_cell_by_torch,
    cases=cell_cases(gates=3, states=1),
    gradients=True,
    minutes=9,
    difficulty=3,
    hints=(
        "Two products, one from x and one from h, each cut into three. For r and z "
        "their pieces are added right away.",
        "For the candidate they are kept apart: `tanh(x_n + r * h_n)`, where h_n is "
        "the finished piece, bias included.",
        "The new state is a mixture: `1 - z` of the candidate and `z` of the old one.",
    ),
    mistakes=(
        Mistake(
            "reset before the product",
            "You reset h first and multiplied afterwards, as the first paper on GRUs "
            "has it.",
            "torch multiplies first and resets what comes out: `r * (W h + b)`.",
            gru_reset_first,
        ),
        Mistake(
            "bias not reset",
            "The reset gate acts on `W h`, and the bias is added after it.",
            "In torch the bias `b_hh` is inside: `r * (W h + b)`.",
            gru_bias_not_reset,
        ),
        Mistake(
            "z turned round",
            "You kept `1 - z` of the old state and let in `z` of the candidate.",
            "In torch z is the share of the old state that stays.",
            gru_but(mix=lambda z, n, h: z * n + (1 - z) * h),
        ),
        Mistake(
            "z before r",
            "The gates r and z have exchanged their places, as in the order z, r, n.",
            "torch's order is r, z, n; r acts on the candidate, z mixes old and new.",
            gru_but(order="zrn"),
        ),
        Mistake(
            "input reset too",
            "You multiplied the whole sum by r, the input's part included.",
            "Only what comes from the old state is reset: `x_n + r * h_n`.",
            gru_summed_first,
        ),
        Mistake(
            "the other part reset",
            "You reset the input's part of the candidate: `r * x_n + h_n`.",
            "It is the past that can be set aside: `x_n + r * h_n`.",
            gru_but(candidate=lambda x_n, h_n, r: torch.tanh(r * x_n + h_n)),
        ),
        Mistake(
            "reset without a matrix",
            "You added `r * h` to the input's part of the candidate.",
            "The state passes through its matrix first: `r * h_n`.",
            gru_without_matrix,
        ),
        Mistake(
            "gates through tanh",
            "Your gates pass through tanh, so that they may be negative.",
            "A gate says how much, from 0 to 1: sigmoid.",
            gru_but(gate=torch.tanh),
        ),
        Mistake(
            "reset gate left out",
            "The candidate saw all of the old state: r isn't used.",
            "The state's part of the candidate is multiplied by r.",
            gru_but(candidate=lambda x_n, h_n, r: torch.tanh(x_n + h_n)),
        ),
        Mistake(
            "candidate through sigmoid",
            "The candidate passed through sigmoid like the gates.",
            "The candidate takes tanh, so that a state may be negative.",
            gru_but(candidate=lambda x_n, h_n, r: torch.sigmoid(x_n + r * h_n)),
        ),
        Mistake(
            "candidate not squashed",
            "The candidate went in without its tanh.",
            "The two gates take sigmoid, the candidate takes tanh.",
            gru_but(candidate=lambda x_n, h_n, r: x_n + r * h_n),
        ),
        Mistake(
            "old state lost",
            "The new state is `(1 - z) * n` alone: nothing is kept.",
            "z of the old state is added.",
            gru_but(mix=lambda z, n, h: (1 - z) * n),
        ),
        Mistake(
            "candidate let in whole",
            "You added all of the candidate to `z * h`.",
            "The shares make one whole: z of the old, 1 - z of the new.",
            gru_but(mix=lambda z, n, h: n + z * h),
        ),
        Mistake(
            "b_hh left out",
            "You used one bias of the two: `b_hh` is missing.",
            "torch gives each of the two matrices a bias of its own.",
            gru_but(biases=(1, 0)),
        ),
        Mistake(
            "b_ih left out",
            "You used one bias of the two: `b_ih` is missing.",
            "torch gives each of the two matrices a bias of its own.",
            gru_but(biases=(0, 1)),
        ),
        Mistake(
            "both biases left out",
            "You added neither of the two biases.",
            "Each of the two matrices has one: `b_ih` and `b_hh`.",
            gru_but(biases=(0, 0)),
        ),
        Mistake(
            "weights not transposed",
            "You multiplied by a weight as it is stored.",
            "torch keeps weights as (outputs, inputs), so each of them needs a `.T`.",
            gru_not_transposed,
        ),
        Mistake(
            "cut along the batch",
            "`chunk(3)` cut the batch into three, since it cuts along axis 0 by "
            "default.",
            "The three parts lie side by side: `dim=1`.",
            gru_cut_along_the_batch,
        ),
    ),
)

# Sequences of different lengths


def last_valid_state(outputs, lengths):
    """The output at each sequence's own last step: (N, D), from outputs (T, N, D).

    lengths (N,): sequence n has lengths[n] steps, and padding after them.
    """
    return outputs[lengths - 1, torch.arange(len(lengths))]


def last_valid_by_mask(outputs, lengths):
    chosen = F.one_hot(lengths - 1, len(outputs)).to(outputs.dtype)
    return torch.einsum("tnd,nt->nd", outputs, chosen)


def length_cases(rng):
    yield torch.tensor([[[1.0], [2.0]], [[3.0], [4.0]], [[5.0], [6.0]]]), _long(3, 1)
    yield torch.tensor([[[1.0], [2.0]], [[3.0], [4.0]], [[5.0], [6.0]]]), _long(1, 2)
    for T, N, D in [(5, 3, 2), (6, 4, 3)]:
        yield numbers(rng, T, N, D), torch.tensor(rng.permutation(T)[:N] + 1)


def _long(*lengths):
    return torch.tensor(lengths)


def every(outputs):
    return torch.arange(outputs.shape[1])


def mean_of_valid(outputs, lengths):
    valid = torch.arange(len(outputs))[:, None] < lengths
    return (outputs * valid[..., None]).sum(dim=0) / lengths[:, None]


LAST_VALID_STATE = Exercise(
    "05.last_valid_state",
    reference=last_valid_state,
    oracle=last_valid_by_mask,
    cases=length_cases,
    minutes=5,
    difficulty=2,
    hints=(
        "A sequence of length 3 ends at step 2: its last step is `lengths - 1`.",
        "Each sequence has a step of its own. Indexing with two lists takes them in "
        "pairs: `outputs[steps, sequences]`.",
        "`torch.arange(N)` counts the sequences.",
    ),
    mistakes=(
        Mistake(
            "the last step for all",
            "You took the last step of the tensor. For a shorter sequence that is what "
            "the padding left.",
            "Each sequence ends at a step of its own: `lengths - 1`.",
            lambda outputs, lengths: outputs[-1],
        ),
        Mistake(
            "the longest one's end for all",
            "You took the step at which the longest sequence ends, for all of them.",
            "Each sequence ends at a step of its own: one index for each.",
            lambda outputs, lengths: outputs[lengths.max() - 1],
        ),
        Mistake(
            "one step too far",
            "You took step `lengths[n]`, which is the first one of the padding, or "
            "beyond the tensor.",
            "Steps are counted from 0: a sequence of length 3 ends at step 2.",
            lambda outputs, lengths: outputs[lengths, every(outputs)],
        ),
        Mistake(
            "one step too early",
            "You took step `lengths[n] - 2`, the last but one; from a sequence of one "
            "step, that counts back from the end of the tensor.",
            "Steps are counted from 0: a sequence of length 3 ends at step 2.",
            lambda outputs, lengths: outputs[lengths - 2, every(outputs)],
        ),
        Mistake(
            "each step with each sequence",
            "You got the steps `lengths - 1` of *all* sequences: (N, N, D).",
            "Give a second index beside the first, so that they are taken in pairs.",
            lambda outputs, lengths: outputs[lengths - 1],
        ),
        Mistake(
            "batch and time swapped",
            "You looked for the sequences along the first axis, and for the steps "
            "along the second.",
            "Here time comes first: `outputs[step, sequence]`.",
            lambda outputs, lengths: outputs[torch.arange(len(lengths)), lengths - 1],
        ),
        Mistake(
            "steps along the batch",
            "You indexed the second axis with `lengths - 1`; that is the batch.",
            "Time is the first axis; each step needs its sequence beside it.",
            lambda outputs, lengths: outputs[:, lengths - 1],
        ),
        Mistake(
            "counted from the end",
            "You counted `lengths` steps back from the end of the tensor.",
            "A sequence begins at step 0, and its padding stands behind it.",
            lambda outputs, lengths: outputs[-lengths, every(outputs)],
        ),
        Mistake(
            "the first step",
            "You took the first step of each sequence.",
            "What has been remembered stands at the end: step `lengths - 1`.",
            lambda outputs, lengths: outputs[0],
        ),
        Mistake(
            "mean over the steps",
            "You averaged over the steps of each sequence.",
            "One step is wanted: the last that isn't padding.",
            mean_of_valid,
        ),
        Mistake(
            "sum over the steps",
            "You added up the steps of each sequence.",
            "One step is wanted: the last that isn't padding.",
            lambda outputs, lengths: mean_of_valid(outputs, lengths) * lengths[:, None],
        ),
        Mistake(
            "padding removed, nothing chosen",
            "You set the padding to zero and left it at that.",
            "Pick one step for each sequence, so that time disappears: (N, D).",
            lambda outputs, lengths: (
                outputs * (torch.arange(len(outputs))[:, None] < lengths)[..., None]
            ),
        ),
    ),
)
