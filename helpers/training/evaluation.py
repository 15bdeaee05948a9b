"""How a model does on pictures that it isn't trained on."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional


@dataclass(frozen=True)
class Evaluation:
    """How a model did on pictures it isn't trained on."""

    loss: float
    accuracy: float
    logits: torch.Tensor  # (N,), or (N, C) where there are more than two classes
    labels: torch.Tensor  # (N,)

    @property
    def predictions(self):
        return decide(self.logits)

    @property
    def probabilities(self):
        """(N,) of class 1, or (N, C)."""
        if self.logits.ndim == 1:
            return self.logits.sigmoid()
        return self.logits.softmax(dim=1)

    def confusion(self, classes=None):
        """(C, C): a row for each true class, a column for each predicted one."""
        count = classes or max(2, *self.logits.shape[1:], int(self.labels.max()) + 1)
        pairs = self.labels * count + self.predictions
        return torch.bincount(pairs, minlength=count**2).view(count, count)


def evaluate(model, pictures, *, batch_size=256, loss=None, device=None):
    """Loss and accuracy over all pictures: an `Evaluation`. The model isn't changed.

    It's in eval mode for as long as this takes, without gradients. Each picture
    counts alike, however short the last batch is.
    """
    if not len(pictures):
        raise ValueError("There are no pictures to evaluate on.")
    home = next(model.parameters()).device
    try:
        model.to(pick_device(device) if device is not None else home)
        return evaluate_here(model, pictures, batch_size, loss or default_loss)
    finally:
        model.to(home)


def evaluate_here(model, pictures, batch_size, loss, after_batch=lambda: None):
    """The same on the device where the model is; ``after_batch`` is called between."""
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


def decide(logits):
    """The class for each: 1 above a logit of 0, or the class of the largest logit."""
    return (logits > 0).long() if logits.ndim == 1 else logits.argmax(dim=1)


def default_loss(logits, labels):
    """The mean cross entropy of one logit a picture, or of one for each class."""
    if logits.ndim == 1:
        return functional.binary_cross_entropy_with_logits(logits, labels.float())
    return functional.cross_entropy(logits, labels)


def pick_device(name=None):
    """The device of that name, or the fastest this computer has."""
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


def logits_of(model, images):
    """(N,) of a model that gives one logit a picture, or (N, C)."""
    logits = model(images)
    return logits[:, 0] if logits.ndim == 2 and logits.shape[1] == 1 else logits
