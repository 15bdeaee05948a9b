"""What lesson 03 says of its explorer, and what the explorer says, hold."""

import torch

from helpers.explorers import l03_autograd as backward


def test_all_blame_has_arrived_as_torch_says():
    values, _ = backward.walk(len(backward.ORDER), 2.0, 3.0)
    a, b = (torch.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    grads = torch.autograd.grad((a * b + a) ** 2, (a, b))
    assert [values["a"].grad, values["b"].grad] == [grad.item() for grad in grads]


def test_with_b_at_minus_one_no_blame_reaches_a():
    """What lesson 03 asks about."""
    values, _ = backward.walk(len(backward.ORDER), 2.0, -1.0)
    assert values["a"].grad == 0
