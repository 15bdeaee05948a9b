"""What a student ends with in lesson 05."""

import torch


def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """One step: input x (N, D_in) and state h (N, D_hidden) make the next state.

    w_ih (D_hidden, D_in), w_hh (D_hidden, D_hidden), biases (D_hidden,).
    """
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


def unroll(cell, x, h):
    """Run a cell over x (T, N, D), from state h; cell(x[t], h) is the next state.

    Returns the states of all steps, (T, N, D_hidden), and the last one.
    """
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs), h


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


def clip_gradient_norm(grads, max_norm):
    """A list of new gradients, all scaled by one factor, of norm max_norm at most.

    The norm is that of all numbers in all tensors of the list together.
    """
    norm = torch.sqrt(sum((grad**2).sum() for grad in grads))
    scale = (max_norm / norm).clamp(max=1)
    return [grad * scale for grad in grads]


def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """One step of an LSTM: the next h and c, each (N, D_hidden).

    w_ih (4 * D_hidden, D_in) and the others hold torch's order: i, f, g, o.
    """
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    c = f * c + i * torch.tanh(g)
    return o * torch.tanh(c), c


def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """One step of a GRU: the next state, (N, D_hidden).

    w_ih (3 * D_hidden, D_in) and the others hold torch's order: r, z, n.
    """
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h


def last_valid_state(outputs, lengths):
    """The output at each sequence's own last step: (N, D), from outputs (T, N, D).

    lengths (N,): sequence n has lengths[n] steps, and padding after them.
    """
    return outputs[lengths - 1, torch.arange(len(lengths))]
