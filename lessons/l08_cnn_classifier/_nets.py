"""A small net with a batch norm, for the exercises that train one and test it."""

import torch
from torch import nn


def small_net(
    weight: torch.Tensor, bias: torch.Tensor, head: torch.Tensor
) -> nn.Sequential:
    """Mean of each colour, Linear, BatchNorm, ReLU, Linear: (N, C, H, W) to (N, 1).

    weight (hidden, C) and bias (hidden,) are the first Linear's, head (hidden,) is the
    last one's weight.
    """
    first = nn.Linear(weight.shape[1], weight.shape[0])
    last = nn.Linear(len(head), 1, bias=False)
    first.weight.data.copy_(weight)
    first.bias.data.copy_(bias)
    last.weight.data.copy_(head[None])
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        first,
        nn.BatchNorm1d(len(bias)),
        nn.ReLU(),
        last,
    )


def in_batches(
    images: torch.Tensor, labels: torch.Tensor, size: int
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """images (N, C, H, W) and labels (N,), cut into batches of that size."""
    return list(zip(images.split(size), labels.split(size), strict=True))
