"""Side by side on the same pictures: a tutorial's network, mended, and the course's.

On real photographs where COURSE_PHOTOS or ../shared holds some, else on drawn ones.
Minutes: the course's recipe gets as long as the tutorial's five epochs take here, and
then four times that. The budget is processor time, which other programs don't change;
on a free machine it is the clock's times the number of threads.
"""

import os
import sys
import time
from pathlib import Path
from statistics import mean

import torch
from torch import nn

from benchmarks.table import Table
from helpers.data import cats_and_dogs
from helpers.training import RECIPE, Baseline, SmallResNet, evaluate, fit

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "photos" / "cats_and_dogs"
SEEDS = range(3)
EPOCHS = 5
TO_REACH = {1: 0.76, 4: 0.84}  # times the budget: test accuracy


def photos():
    """A folder of photographs, if there is one here."""
    named = os.environ.get("COURSE_PHOTOS")
    return named or (str(PHOTOS) if PHOTOS.is_dir() else None)


class Few:
    """The first pictures alone: fit looks at these after each epoch, in no time."""

    def __init__(self, pictures, count=16):
        self.pictures, self.labels = pictures, pictures.labels[:count]

    def __len__(self):
        return len(self.labels)

    def batch(self, indices):
        return self.pictures.batch(indices)


class Reshaped(Few):
    """(N, H, W, 3) read as if it were (N, 3, H, W): the tutorial's slip."""

    def __init__(self, pictures):
        super().__init__(pictures, len(pictures))

    def batch(self, indices):
        pictures, labels = self.pictures.batch(indices)
        rows = pictures.permute(0, 2, 3, 1).contiguous()  # as they were: (N, H, W, 3)
        return rows.view(pictures.shape), labels


def xavier(module):
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def tutorial(splits, seed, *, reshaped=False):
    """The network and settings that lesson 08 begins with, as `trained` tells."""
    train, test = splits.train, splits.test
    if reshaped:
        train, test = Reshaped(train), Reshaped(test)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Baseline(splits.train.images.shape[1]).apply(xavier)
    adam = {"optimizer": lambda parameters: torch.optim.Adam(parameters, lr=5e-4)}
    return trained(model, train, test, epochs=EPOCHS, batch_size=16, seed=seed, **adam)


def recipe(splits, seed, epochs):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = SmallResNet(len(splits.classes))
    how = RECIPE | {"epochs": epochs, "seed": seed}
    return trained(model, splits.train, splits.test, **how)


def trained(model, train, test, **how):
    """(test accuracy, seconds of the processor, seconds of the clock)."""
    started, start = time.process_time(), time.perf_counter()
    fit(model, train, Few(test), device="cpu", progress=False, **how)
    busy, seconds = time.process_time() - started, time.perf_counter() - start
    accuracy = evaluate(model, test).accuracy
    run = f"{type(model).__name__}, {how['epochs']} epochs"
    took = f"{busy:.1f} s busy, {seconds:.1f} s"
    print(f"{run}: {accuracy:.3f}, {took}", file=sys.stderr)
    return accuracy, busy, seconds


def measure():
    large, small = (
        cats_and_dogs(photos(), size=size, progress=False) for size in (224, 64)
    )
    runs = {name: [] for name in ("reshape", "transpose", *TO_REACH)}
    epochs = {times: [] for times in TO_REACH}
    recipe(small, 0, 1)  # the first epoch is slower than those that follow
    for seed in SEEDS:
        runs["reshape"].append(tutorial(large, seed, reshaped=True))
        runs["transpose"].append(tutorial(large, seed))
        budget = mean(runs[name][-1][1] for name in ("reshape", "transpose"))
        one_epoch = recipe(small, seed, 2)[1] / 2
        for times in TO_REACH:
            epochs[times].append(max(1, int(times * budget / one_epoch)))
            runs[times].append(recipe(small, seed, epochs[times][-1]))
    table = Table(
        f"{large.source}\nTest accuracy after training, {len(SEEDS)} seeds",
        *("what", "epochs", "busy s", "s", "mean", "lowest", "highest", "to reach"),
    )
    names = {"reshape": "the tutorial's", "transpose": "the same, with transpose"}
    for name, results in runs.items():
        accuracies, busy, seconds = zip(*results, strict=True)
        goal = TO_REACH.get(name)
        table.add(
            names.get(name, f"the course's, {name} × its time"),
            as_range(epochs.get(name, [EPOCHS])),
            f"{mean(busy):.0f}",
            f"{mean(seconds):.0f}",
            *(f"{of(accuracies):.3f}" for of in (mean, min, max)),
            f"{goal:.2f}" if goal else "",
            over=bool(goal) and mean(accuracies) < goal,
        )
    return table


def as_range(numbers):
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}–{high}"
