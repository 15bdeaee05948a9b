"""What a student ends with in lesson 04."""

from itertools import pairwise

import torch
from torch import nn


def sharpen(channels):
    """The sharpening weight for F.conv2d(picture, weight, groups=channels)."""
    weight = torch.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 1, 1] = 1
    return weight


def predict_shapes():
    """What each layer makes of pictures of shape (2, 3, 32, 20), as tuples."""
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """How many places a window has along one side of a picture, as an int."""
    reach = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - reach) // stride + 1


def max_pool2d(x, kernel_size, stride):
    """The largest value of every window of x (N, C, H, W), in each channel.

    kernel_size (kH, kW) and stride (sH, sW) are pairs.
    """
    (kH, kW), (sH, sW) = kernel_size, stride
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax((-2, -1))


def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    """x (N, C, H, W) normalised in each channel; the running statistics after it.

    weight, bias, running_mean and running_var are (C,). Changes none of them.
    """
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean = torch.lerp(running_mean, mean, momentum)
        running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
    mean, var, scale, shift = (t.view(-1, 1, 1) for t in (mean, var, weight, bias))
    y = (x - mean) / (var + eps).sqrt() * scale + shift
    return y, running_mean, running_var


def dropout(x, noise, p, training):
    """While training, drop the entries of x whose noise is below p, scale the rest.

    noise has the shape of x and is uniform between 0 and 1.
    """
    if not training:
        return x
    return x * (noise >= p) / (1 - p)


def count_parameters(model):
    """How many numbers of model training may change, as an int."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


class TinyVGG(nn.Module):
    """Blocks of Conv2d 3×3 (padding 1), ReLU, MaxPool2d(2); a mean; a Linear.

    channels (3, 8, 16) means two blocks, 3 → 8 and 8 → 16; forward takes pictures
    (N, 3, H, W) and returns scores (N, classes).
    """

    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
            for a, b in pairwise(channels)
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))


def cross_entropy(scores, labels):
    """The mean of -log softmax(scores)[label]; scores (N, C), labels (N,) integers."""
    shifted = scores - scores.amax(1, keepdim=True)
    log_sum = shifted.exp().sum(1).log()
    chosen = shifted[torch.arange(len(labels)), labels]
    return (log_sum - chosen).mean()
