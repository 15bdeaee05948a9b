"""How a model does on pictures that it isn't trained on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

Loss = Callable[[Tensor, Tensor], Tensor]  # logits, labels → their mean loss


class Labelled(Protocol):
    """What `fit` and `evaluate` need of pictures; `Pictures` have it."""

    labels: np.ndarray  # (N,)

    def __len__(self) -> int: ...

    def batch(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """The pictures (n, 3, H, W) from 0 to 1 of n indices, and labels (n,)."""


@dataclass(frozen=True)
class Evaluation:
    """How a model did on pictures it isn't trained on."""

    loss: float
    accuracy: float
    logits: Tensor  # (N,), or (N, C) where there are more than two classes
    labels: Tensor  # (N,)

    @property
    def predictions(self) -> Tensor:
        """The predicted class of each picture, (N,)."""
        return decide(self.logits)

    @property
    def probabilities(self) -> Tensor:
        """The probability of class 1, (N,), or of every class, (N, C)."""
        if self.logits.ndim == 1:
            return self.logits.sigmoid()
        return self.logits.softmax(dim=1)

    def confusion(self, classes: int | None = None) -> Tensor:
        """Counts (C, C): a row for each true class, a column for each predicted one.

        ``classes`` is C; without it, as many as the logits and labels show, at least 2.
        """
        count = classes or max(2, *self.logits.shape[1:], int(self.labels.max()) + 1)
        pairs = self.labels * count + self.predictions
        return torch.bincount(pairs, minlength=count**2).view(count, count)


def evaluate(
    model: nn.Module,
    pictures: Labelled,
    *,
    batch_size: int = 256,
    loss: Loss | None = None,
    device: str | torch.device | None = None,
) -> Evaluation:
    """Loss and accuracy over all pictures, as an `Evaluation`. The model isn't changed.

    ``pictures`` are as in `fit`. The model is in eval mode meanwhile, and no gradients
    are recorded. Each picture counts alike, however short the last batch is. Raises
    ValueError where there are no pictures, or no device of the name ``device``.
    """
    if not len(pictures):
        raise ValueError("There are no pictures to evaluate on.")
    home = next(model.parameters()).device
    try:
        model.to(pick_device(device) if device is not None else home)
        return evaluate_here(model, pictures, batch_size, loss or default_loss)
    finally:
        model.to(home)


def evaluate_here(
    model: nn.Module,
    pictures: Labelled,
    batch_size: int,
    loss: Loss,
    after_batch: Callable[[], None] = lambda: None,
) -> Evaluation:
    """As `evaluate`, on the device where the model is.

    ``after_batch()`` is called after each batch; what it raises ends the evaluation.
    """
    device = next(model.parameters()).device
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.inference_mode():
            logits = []
            for indices in torch.arange(len(pictures)).split(batch_size):
                images, _ = pictures.batch(indices)
                logits.append(logits_of(model, images.to(device)).float().cpu())
                after_batch()
    finally:
        for module, mode in modes.items():
            module.training = mode
    # Made outside of inference mode, so that autograd can use them.
    logits = torch.cat(logits).clone()
    labels = torch.tensor(np.asarray(pictures.labels))
    with torch.no_grad():
        return Evaluation(
            loss=loss(logits, labels).item(),
            accuracy=(decide(logits) == labels).float().mean().item(),
            logits=logits,
            labels=labels,
        )


def decide(logits: Tensor) -> Tensor:
    """The class of each picture, (N,): 1 above a logit of 0, or the largest's."""
    return (logits > 0).long() if logits.ndim == 1 else logits.argmax(dim=1)


def default_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """The mean cross entropy: binary for logits (N,), over the classes for (N, C).

    labels are (N,), whole numbers.
    """
    if logits.ndim == 1:
        return functional.binary_cross_entropy_with_logits(logits, labels.float())
    return functional.cross_entropy(logits, labels)


def pick_device(name: str | torch.device | None = None) -> torch.device:
    """The device called ``name``, or without one the fastest that this computer has.

    Raises ValueError where there is no device of that name.
    """
    if name is not None:
        try:
            return torch.empty(0, device=name).device
        except (RuntimeError, AssertionError):  # so torch says that there is none
            fastest = pick_device()
            raise ValueError(
                f"This computer has no device called {name}; {fastest} would work."
            ) from None
    if torch.accelerator.is_available():
        return torch.accelerator.current_accelerator()
    return torch.device("cpu")


def logits_of(model: nn.Module, images: Tensor) -> Tensor:
    """Logits of images (N, 3, H, W): (N,) from a model that gives (N, 1), or (N, C)."""
    logits = model(images)
    return logits[:, 0] if logits.ndim == 2 and logits.shape[1] == 1 else logits
