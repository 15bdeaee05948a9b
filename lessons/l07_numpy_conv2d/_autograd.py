"""Gradients for a given dy, by torch's autograd: what decides on each way back."""

import torch


def gradients_by_torch(y, dy, *leaves):
    """The leaves' gradients, as arrays, given dy, the gradient of the tensor y.

    Of (y * dy).sum(): so torch needn't load what it checks a given dy with.
    """
    grads = torch.autograd.grad((y * torch.from_numpy(dy)).sum(), leaves)
    return tuple(grad.numpy() for grad in grads)
