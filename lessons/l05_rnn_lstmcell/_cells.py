"""What the lesson's three cells share: torch's own cells, and the cases."""

import torch
from torch.func import functional_call

from lessons.l05_rnn_lstmcell._numbers import numbers


def torch_cell(kind, x, state, *weights):
    """The next state, or pair of states, by torch's own cell with these weights.

    x is (N, D_in), state (N, D_hidden), or a pair of such for an LSTM; weights are
    w_ih, w_hh, b_ih, b_hh.
    """
    names = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
    h = state[0] if isinstance(state, tuple) else state
    cell = kind(x.shape[1], h.shape[1], device="meta")
    return functional_call(cell, dict(zip(names, weights, strict=True)), (x, state))


def cell_cases(rng, gates, states):
    """Inputs of a cell with so many gates and states; the first in round numbers.

    x (N, D_in), each state (N, D_hidden), w_ih (gates * D_hidden, D_in),
    w_hh (gates * D_hidden, D_hidden), b_ih and b_hh (gates * D_hidden,).
    """
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
