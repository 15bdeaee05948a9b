"""Ask a network that ``python -m tools.train`` has trained.

On the command line: ``python -m tools.predict RUN IMAGE…``.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from helpers.pictures.decode import BadPicture, open_picture
from helpers.pictures.splits import as_tensor
from helpers.training import CHECKPOINT, SmallResNet, checkpoints
from tools.train import read_run


@dataclass(frozen=True)
class Guess:
    """What a network takes a picture for, and how sure it is of that, from 0 to 1."""

    name: str
    confidence: float

    def __str__(self):
        return f"{self.name} {self.confidence:.1%}"


@dataclass(frozen=True)
class Trained:
    """A network with what it needs to know about its pictures."""

    model: nn.Module
    classes: tuple
    size: int

    def __call__(self, picture):
        """The `Guess` on a picture, given as a file's path or its bytes.

        Raises BadPicture if it can't be decoded.
        """
        image = open_picture(picture, self.size)
        return guess(self.model, as_tensor(image), self.classes)


def guess(model, picture, classes):
    """What a model takes one picture (3, H, W), from 0 to 1, for: a `Guess`.

    ``classes`` are the names of the labels. The model isn't changed.
    """
    was_training = model.training
    model.eval()
    with torch.no_grad():
        logits = model(picture[None])[0]  # (1,) or (C,)
    model.train(was_training)
    if len(logits) == 1:
        logits = torch.cat([torch.zeros(1), logits])  # (2,)
    shares = logits.softmax(dim=0)
    return Guess(classes[shares.argmax()], shares.max().item())


def load_run(run):
    """The `Trained` network in a folder, in eval mode on the CPU.

    Raises CheckpointError.
    """
    run = Path(run)
    about = read_run(run)
    model = SmallResNet(**about["model"])
    path = run / CHECKPOINT
    state = checkpoints.load(path)
    checkpoints.load_weights(model, state["best"] or state["model"], path)
    return Trained(model.eval(), tuple(about["classes"]), about["size"])


def main(arguments=None):
    """The program; hands back its exit status, 1 if any picture couldn't be read."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.predict",
        description="Say what is on pictures, one line each, and how sure that is.",
    )
    parser.add_argument("run", metavar="RUN", help="folder of tools.train's --out")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="a picture's file")
    chosen = parser.parse_args(arguments)
    try:
        trained = load_run(chosen.run)
    except checkpoints.CheckpointError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    status = 0
    for image in chosen.images:
        try:
            print(f"{image}: {trained(image)}", flush=True)
        except BadPicture as error:
            print(f"{image}: {error}", file=sys.stderr, flush=True)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
