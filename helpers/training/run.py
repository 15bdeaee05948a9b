"""A run: all that changes while a model is trained, and how it goes on after a stop."""

import math
import threading
import time
import zlib
from pathlib import Path

import numpy as np
import torch

from helpers.training import checkpoints
from helpers.training.checkpoints import CheckpointError
from helpers.training.evaluation import decide, evaluate_here, logits_of
from helpers.training.history import History
from helpers.training.live import View

# The share of a run's time that may go into saving checkpoints.
SAVING = 0.05


class TrainingStopped(Exception):
    """Raised between two batches where somebody has asked to stop."""


class Training:
    """Everything that changes while training, and how it goes into a checkpoint."""

    def __init__(
        self,
        model,
        train,
        test,
        epochs,
        batch_size,
        optimizer,
        schedule,
        seed,
        patience,
    ):
        self.model, self.train, self.test = model, train, test
        self.epochs, self.batch_size, self.patience = epochs, batch_size, patience
        self.batches = math.ceil(len(train) / batch_size)
        make = optimizer or (lambda parameters: torch.optim.Adam(parameters, lr=5e-4))
        self.optimizer = make(model.parameters())
        # What must be the same when a run is resumed.
        self.settings = {
            "set of pictures": _fingerprint(train),
            "set of test pictures": _fingerprint(test),
            "batch size": batch_size,
            "seed": seed,
            "patience": patience,
            "schedule": None,
            **_described(self.optimizer),
        }
        self.schedule = None
        if schedule is not None:
            self.schedule = schedule(self.optimizer, epochs * self.batches)
            # A schedule is made for a number of epochs, which then can't change.
            self.settings["epochs"] = epochs
            self.settings["schedule"] = type(self.schedule).__name__
        self.generator = torch.Generator().manual_seed(seed)
        self.path = None
        self.history = History()
        self.best = None
        self._begin_epoch()
        self.seconds = 0.0

    def _begin_epoch(self):
        self.order = torch.randperm(len(self.train), generator=self.generator)
        self.done = 0  # pictures of this epoch
        self.loss_sum, self.right = 0.0, 0
        self.seconds = 0.0

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or patience has run out."""
        return len(self.history) == self.epochs or self._out_of_patience()

    def _out_of_patience(self):
        losses = self.history.column("test_loss")
        return (
            self.patience is not None
            and len(losses) > self.patience
            and min(losses[-self.patience :]) >= min(losses[: -self.patience])
        )

    # --- training ---

    def go(self, stop: threading.Event, view: View) -> None:
        """Train until the end, or until the event ``stop`` is set; ``view`` shows it.

        Where training ended early, ``history.stopped`` says why.
        """
        self.clock = self.saved = time.monotonic()
        self.saving = 0.0
        try:
            while not self.finished:
                self._epoch(stop, view)
        except TrainingStopped:
            of = f"epoch {len(self.history) + 1} of {self.epochs}"
            at = f"{self.done} of {len(self.train)} pictures"
            self.history.stopped = f"Stopped in {of}, after {at}; what it learnt stays."
            self._save()
        except Diverged as error:
            # The checkpoint, if there is one, was saved before that and stays.
            self.history.stopped = str(error)
        if self.finished:
            self._finish()
        view.end(self.history)

    def _epoch(self, stop, view):
        def look():
            if stop.is_set():
                raise TrainingStopped

        self.model.train()
        while self.done < len(self.train):
            look()
            self._batch()
            view.step(self)
            self._save_now_and_then()
        result = evaluate_here(self.model, self.test, 256, self.loss, look)
        self._tick()
        self.history.append(
            {
                "epoch": len(self.history) + 1,
                "train_loss": self.loss_sum / len(self.train),
                "train_accuracy": self.right / len(self.train),
                "test_loss": result.loss,
                "test_accuracy": result.accuracy,
                "learning_rate": self.optimizer.param_groups[0]["lr"],
                "seconds": self.seconds,
            }
        )
        if self.patience is not None and result.loss == min(
            self.history.column("test_loss")
        ):
            self.best = {
                name: value.clone() for name, value in self.model.state_dict().items()
            }
        self._begin_epoch()
        self._save()
        view.epoch(self)

    def _batch(self):
        device = next(self.model.parameters()).device
        indices = self.order[self.done : self.done + self.batch_size]
        images, labels = self.train.batch(indices)
        if self.augment is not None:
            images = self.augment(images, self.generator)
        images, labels = images.to(device), labels.to(device)
        logits = logits_of(self.model, images)
        loss = self.loss(logits, labels)
        value = loss.item()  # asked for once: a GPU has to finish first
        if not math.isfinite(value):
            raise Diverged(
                f"The loss became {value} in epoch {len(self.history) + 1}: "
                "a lower learning rate may help."
            )
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        self.done += len(indices)
        self.loss_sum += value * len(indices)
        self.right += (decide(logits) == labels).sum().item()

    def _finish(self):
        if self.best is not None:
            self.model.load_state_dict(self.best)
        if len(self.history) < self.epochs:
            best = min(self.history, key=lambda row: row["test_loss"])
            self.history.stopped = (
                f"Stopped early: no lower test loss in {self.patience} epochs. "
                f"The weights are those of epoch {best['epoch']}."
            )

    def _tick(self):
        """Add to the epoch's seconds what has passed since they were last added."""
        now = time.monotonic()
        self.seconds += now - self.clock
        self.clock = now

    # --- checkpoints ---

    def start_from(self, path: Path, resume: bool) -> None:
        """Save to ``path`` from now on, and go on from a checkpoint that is there.

        Raises CheckpointError where there is one and ``resume`` is False, or where it
        is damaged, another model's, or was trained with other settings.
        """
        self.path = path
        if not path.exists():
            return
        if not resume:
            raise CheckpointError(
                f"{path} holds an earlier run: pass resume=True to go on with it, or "
                "name another folder."
            )
        # Not to the model's device: random states stay on the CPU.
        state = checkpoints.load(path)
        checkpoints.load_weights(self.model, state["model"], path)
        there = state["settings"]
        for name in there | self.settings:
            before, value = there.get(name), self.settings.get(name)
            if before != value:
                raise checkpoints.refusal(
                    path, f"was trained with another {name}: {before}, not {value}"
                )
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule is not None:
            self.schedule.load_state_dict(state["schedule"])
        self.generator.set_state(state["generator"])
        self.history.extend(state["history"])
        self.best = state["best"]
        for name in ("order", "done", "loss_sum", "right", "seconds"):
            setattr(self, name, state[name])
        checkpoints.restore_random_states(state["random"])

    def _state(self):
        return {
            "settings": self.settings,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule and self.schedule.state_dict(),
            "generator": self.generator.get_state(),
            "random": checkpoints.random_states(),
            "history": [dict(row) for row in self.history],
            "best": self.best,
            "order": self.order,
            "done": self.done,
            "loss_sum": self.loss_sum,
            "right": self.right,
            "seconds": self.seconds,
        }

    def _save(self):
        if self.path is None:
            return
        self._tick()
        start = time.monotonic()
        checkpoints.save(self._state(), self.path)
        self.saved = time.monotonic()
        self.saving = self.saved - start

    def _save_now_and_then(self):
        # A large model is saved less often, so that it's still mostly trained.
        pause = max(self.save_every, self.saving / SAVING if self.save_every else 0)
        if time.monotonic() - self.saved >= pause:
            self._save()


class Diverged(Exception):
    """The loss became NaN or infinite."""


def _fingerprint(pictures):
    """The number of pictures, and a checksum of their labels and three of them."""
    some, _ = pictures.batch(torch.tensor([0, len(pictures) // 2, len(pictures) - 1]))
    labels = np.ascontiguousarray(pictures.labels)
    checksum = zlib.crc32(some.contiguous().numpy().tobytes(), zlib.crc32(labels))
    return f"{len(pictures)} ({checksum:08x})"


def _described(optimizer):
    """{name: value} of an optimiser's settings, for each group of parameters."""
    described = {"optimizer": type(optimizer).__name__}
    for number, group in enumerate(optimizer.param_groups):
        of = f" of group {number}" if number else ""
        for name, value in group.items():
            if isinstance(value, int | float | str | tuple):
                described[name + of] = value
    return described
