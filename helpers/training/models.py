"""Two networks for pictures, and how the second one's pictures are varied."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import OneCycleLR


class Baseline(nn.Sequential):
    """The network that lesson 08 starts from: (N, 3, size, size) to one logit (N, 1).

    At 224 pixels the side goes 224 → 72 → 36 → 32 → 16 → 16 → 14 → 7, so that the
    first Linear meets 64 · 7 · 7 = 3,136 numbers. The sigmoid is left to the loss.
    """

    def __init__(self, size: int = 224) -> None:
        side = ((((size - 11) // 3 + 1) // 2 - 4) // 2 - 2) // 2
        if side < 1:
            raise ValueError(f"Baseline needs 80 pixels a side or more, not {size}.")
        super().__init__(
            *(nn.Conv2d(3, 16, 11, stride=3), nn.BatchNorm2d(16), nn.ReLU()),
            nn.MaxPool2d(2),
            *(nn.Conv2d(16, 32, 5), nn.BatchNorm2d(32), nn.ReLU()),
            nn.MaxPool2d(2),
            *(nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU()),
            *(nn.Conv2d(64, 64, 3), nn.BatchNorm2d(64), nn.ReLU()),
            nn.MaxPool2d(2),
            nn.Flatten(),
            *(nn.Linear(64 * side**2, 2048), nn.ReLU()),
            nn.Linear(2048, 1),
        )


class Residual(nn.Module):
    """Two 3×3 convolutions whose result is added to their input.

    From (N, before, H, W) to (N, after, H / stride, W / stride), rounded up. The second
    one's scale starts at 0, so that a new block changes nothing and depth costs no
    training: https://arxiv.org/abs/1706.02677, section 5.1.
    """

    def __init__(self, before: int, after: int, stride: int = 1) -> None:
        super().__init__()
        self.change = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(),
            nn.Conv2d(after, after, 3, padding=1, bias=False),
            nn.BatchNorm2d(after),
        )
        nn.init.zeros_(self.change[-1].weight)
        self.shortcut = nn.Identity()
        if before != after:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride, ceil_mode=True),
                nn.Conv2d(before, after, 1, bias=False),
                nn.BatchNorm2d(after),
            )

    def forward(self, x: Tensor) -> Tensor:
        """relu(shortcut(x) + change(x)) for maps x (N, before, H, W)."""
        return functional.relu(self.shortcut(x) + self.change(x))


class Normalise(nn.Module):
    """Pictures from 0 to 1 become numbers around 0, of size about 1.

    The means of red, green and blue are those of photographs in general.
    """

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.48, 0.45, 0.41]).view(3, 1, 1))
        self.register_buffer("deviation", torch.full((3, 1, 1), 0.26))

    def forward(self, x: Tensor) -> Tensor:
        """Pictures x (N, 3, H, W), shifted and scaled for each colour."""
        return (x - self.mean) / self.deviation


class SmallResNet(nn.Module):
    """A small residual network: (N, 3, H, W) to one logit (N, 1), or one a class.

    Any size of picture will do, 32 pixels or more: the last maps are averaged, so no
    layer depends on H and W. ``features`` gives those maps, which Grad-CAM asks for.
    Residual networks: https://arxiv.org/abs/1512.03385.
    """

    def __init__(self, classes: int = 2, width: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            Normalise(),
            nn.Conv2d(3, width, 3, padding=1, bias=False),
            nn.MaxPool2d(2),  # at once: what follows has a quarter of the work
            nn.BatchNorm2d(width),
            nn.ReLU(),
            Residual(width, width),
            Residual(width, 2 * width, stride=2),
            Residual(2 * width, 4 * width, stride=2),
            Residual(4 * width, 8 * width, stride=2),
        )
        self.head = nn.Linear(8 * width, 1 if classes == 2 else classes)
        # The colours of a pixel side by side, rather than one colour's pixels: the
        # same numbers, in an order in which convolutions take a third less time.
        self.to(memory_format=torch.channels_last)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of pictures x (N, 3, H, W) from 0 to 1: (N, 1), or (N, classes)."""
        x = x.contiguous(memory_format=torch.channels_last)
        return self.head(self.features(x).mean(dim=(2, 3)))


def augment(batch: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (N, 3, H, W), mirrored or not, each shifted by up to a tenth.

    All that is random comes from ``generator``.
    """
    count, _, height, width = batch.shape
    mirrored = torch.rand(count, generator=generator) < 0.5
    batch = torch.where(mirrored.view(-1, 1, 1, 1), batch.flip(3), batch)
    most = max(1, min(height, width) // 10)
    padded = functional.pad(batch, (most,) * 4, mode="reflect")
    down, right = torch.randint(0, 2 * most + 1, (2, count, 1), generator=generator)
    rows = (down + torch.arange(height))[:, :, None]  # (N, H, 1)
    columns = (right + torch.arange(width))[:, None, :]  # (N, 1, W)
    picture = torch.arange(count)[:, None, None]  # (N, 1, 1)
    return padded.permute(0, 2, 3, 1)[picture, rows, columns].permute(0, 3, 1, 2)


def adamw(parameters: Iterable[nn.Parameter]) -> torch.optim.AdamW:
    """AdamW with weight decay for the weights of convolutions and linear layers alone.

    https://arxiv.org/abs/1711.05101
    """
    parameters = list(parameters)
    weights = [parameter for parameter in parameters if parameter.ndim > 1]
    others = [parameter for parameter in parameters if parameter.ndim <= 1]
    return torch.optim.AdamW(
        [{"params": weights, "weight_decay": 0.05}, {"params": others}],
        lr=4e-3,
        weight_decay=0,
    )


def one_cycle(optimizer: torch.optim.Optimizer, steps: int) -> OneCycleLR:
    """A schedule: up to the optimiser's own learning rate, then down to about 0.

    https://arxiv.org/abs/1708.07120
    """
    most = [group["lr"] for group in optimizer.param_groups]
    return OneCycleLR(optimizer, most, total_steps=steps)


# What SmallResNet is trained with: fit(model, train, test, epochs=40, **RECIPE).
RECIPE = {
    "optimizer": adamw,
    "schedule": one_cycle,
    "augment": augment,
    "batch_size": 32,
}
