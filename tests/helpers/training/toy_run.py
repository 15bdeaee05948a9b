"""A small training run that draws from every generator there is, for tests to stop."""

import random
import signal

import numpy as np
import torch
from torch import nn

from helpers.pictures.splits import Pictures
from helpers.training import fit

EPOCHS, BATCH = 4, 8
PICTURES = 76  # the last batch holds 4


def pictures(count=PICTURES, seed=0, classes=2, size=12):
    """Bytes, where the class decides which part of a picture is lighter."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    images = rng.integers(0, 90, (count, size, size, 3))
    for label in range(classes):
        rows = slice(label * size // classes, (label + 1) * size // classes)
        images[labels == label, rows] += 60
    return Pictures(images.astype(np.uint8), labels, names=())


def network(classes=2, seed=0, width=4):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Conv2d(3, width, 3, stride=2),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Flatten(),
            nn.Linear(25 * width, 1 if classes == 2 else classes),
        )


def wild(batch, generator):
    """Noise from four generators: each of them has to go on where it was."""
    noise = torch.randn(batch.shape, generator=generator) * 0.1
    factor = 1 + random.random() * 0.1 + np.random.random() * 0.1  # noqa: NPY002
    return batch * factor + noise + torch.rand(()) * 0.1


def one_cycle(optimizer, steps):
    return torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)


HOW = {
    "epochs": EPOCHS,
    "batch_size": BATCH,
    "optimizer": lambda parameters: torch.optim.AdamW(parameters, lr=0.01),
    "schedule": one_cycle,
    "augment": wild,
    "seed": 3,
    "device": "cpu",
    "progress": False,
}


def train(run=None, **how):
    """(weights, history without its seconds) of the run."""
    model = network()
    history = fit(model, pictures(), pictures(40, seed=1), run=run, **(HOW | how))
    return model.state_dict(), without_seconds(history)


def without_seconds(history):
    return [{k: v for k, v in row.items() if k != "seconds"} for row in history]


def same(one, other):
    """Bit for bit."""
    weights, history = one
    return history == other[1] and all(
        torch.equal(value, other[0][name]) for name, value in weights.items()
    )


def train_until_killed(run, batches):
    """What the process does that will be killed; it counts the batches it begins."""

    def augment(batch, generator):
        batches.value += 1
        return wild(batch, generator)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of whoever stops the tests
    torch.set_num_threads(1)
    train(run, resume=True, save_every=0, augment=augment)


def interrupting(at):
    """An augmentation during which Ctrl+C is pressed: in these batches."""
    batches = 0

    def augment(batch, generator):
        nonlocal batches
        batches += 1
        for _ in range(at.count(batches)):
            signal.raise_signal(signal.SIGINT)
        return wild(batch, generator)

    return augment
