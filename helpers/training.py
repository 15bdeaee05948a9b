"""The training loop, for those who have written it themselves: it can be trusted.

Every random choice comes from a seed, evaluation changes nothing, and a run that is
stopped or killed at any moment goes on where it was: bit for bit on a CPU.

On the command line: ``python -m helpers.training --help``.
"""

import contextlib
import math
import random
import signal
import sys
import threading
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock, Timeout
from torch.nn import functional

from helpers import checkpoints
from helpers.checkpoints import CheckpointError

__all__ = ["CheckpointError", "Evaluation", "History", "evaluate", "fit"]

CHECKPOINT = "checkpoint.pt"
# Of the time, so much may go into saving.
SAVING = 0.05


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


class History(list):
    """A row of figures for each epoch; ``stopped`` says why there are no more."""

    stopped = None

    def column(self, name):
        return [row[name] for row in self]

    def table(self, seconds=True):
        """The rows as aligned text; without ``seconds`` it's the same everywhere."""
        names = ["epoch", "train loss", "test loss", "train acc.", "test acc."]
        lines = [" ".join(f"{name:>10}" for name in names)]
        lines[0] += f" {'seconds':>10}" * seconds
        for row in self:
            line = f"{row['epoch']:>10}"
            for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
                line += f" {row[name]:>10.3f}"
            lines.append(line + f" {row['seconds']:>10.1f}" * seconds)
        if self.stopped:
            lines.append(self.stopped)
        return "\n".join(lines)

    __str__ = table

    def figure(self):
        """Loss and accuracy over the epochs, as a Matplotlib figure."""
        from helpers.reports import curves_of

        return curves_of(self)


def fit(
    model,
    train,
    test,
    *,
    epochs,
    batch_size=32,
    optimizer=None,
    schedule=None,
    augment=None,
    loss=None,
    seed=0,
    run=None,
    resume=False,
    save_every=10.0,
    patience=None,
    device=None,
    live=False,
    progress=True,
):
    """Train a model on pictures, look at the others after every epoch: a `History`.

    train, test  have len(), ``.labels``, and ``.batch(indices)`` that gives pictures
                 (N, 3, H, W) from 0 to 1 and labels (N,)
    optimizer    parameters → optimiser; Adam at 5e-4 without it
    schedule     (optimiser, all steps) → learning-rate schedule, stepped every batch
    augment      (pictures, generator) → pictures
    loss         (logits, labels) → mean loss; logits come as (N,) from a model that
                 gives (N, 1). Without it: binary cross entropy on one logit, cross
                 entropy on several
    seed         of the order, the augmentation and whatever the model itself draws;
                 its weights are what they are when it comes
    run          a folder for the checkpoint, saved after every epoch and about every
                 ``save_every`` seconds
    resume       go on from that checkpoint if there is one, as if never interrupted
    patience     stop after so many epochs without a lower test loss, and keep the
                 weights of the epoch with the lowest
    device       a name such as "cpu" or "cuda"; chosen by itself without one
    live         draw the curves below a notebook's cell, with a Stop button; a bar
                 where there is no notebook
    progress     a bar on the terminal; not beside a live view

    Ctrl+C, or a notebook's Stop, ends it after the batch in hand: what was learnt is
    in the model, and in the checkpoint. A second Ctrl+C ends it at once. The model
    comes back in eval mode, on the device it came from. Nobody else's random numbers
    are disturbed.
    """
    _check(model, train, test, epochs, batch_size, resume, run)
    home = next(model.parameters()).device
    with contextlib.ExitStack() as stack:
        if run is not None:
            run = Path(run)
            run.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_alone_in(run))
        stack.enter_context(_own_randomness(seed))
        stack.callback(model.to, home)
        model.to(pick_device(device))
        training = _Training(
            model, train, test, epochs, batch_size, optimizer, schedule, seed, patience
        )
        training.augment = augment
        training.loss = loss or default_loss
        training.save_every = save_every
        if run is not None:
            training.start_from(run / CHECKPOINT, resume)
        stop = stack.enter_context(_stop_requests())
        view = stack.enter_context(_view(training, live, progress, stop))
        training.go(stop, view)
        model.eval()
    return training.history


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
        return _evaluate(model, pictures, batch_size, loss or default_loss)
    finally:
        model.to(home)


def _evaluate(model, pictures, batch_size, loss, after_batch=lambda: None):
    device = next(model.parameters()).device
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.inference_mode():
            logits = []
            for indices in torch.arange(len(pictures)).split(batch_size):
                images, _ = pictures.batch(indices)
                logits.append(_logits(model, images.to(device)).float().cpu())
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


class _Stopped(Exception):
    """Somebody asked for it; whoever was at work has left everything whole."""


class _Training:
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
        # All that must be the same for a run to go on.
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
            # It has been planned for so many.
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
    def finished(self):
        return len(self.history) == self.epochs or self._out_of_patience()

    def _out_of_patience(self):
        losses = self.history.column("test_loss")
        return (
            self.patience is not None
            and len(losses) > self.patience
            and min(losses[-self.patience :]) >= min(losses[: -self.patience])
        )

    # --- training ---

    def go(self, stop, view):
        self.clock = self.saved = time.monotonic()
        self.saving = 0.0
        try:
            while not self.finished:
                self._epoch(stop, view)
        except _Stopped:
            of = f"epoch {len(self.history) + 1} of {self.epochs}"
            at = f"{self.done} of {len(self.train)} pictures"
            self.history.stopped = f"Stopped in {of}, after {at}; what it learnt stays."
            self._save()
        except _Diverged as error:
            # The checkpoint, if there is one, is of a better time.
            self.history.stopped = str(error)
        if self.finished:
            self._finish()
        view.end(self.history)

    def _epoch(self, stop, view):
        def look():
            if stop.is_set():
                raise _Stopped

        self.model.train()
        while self.done < len(self.train):
            look()
            self._batch()
            view.step(self)
            self._save_now_and_then()
        result = _evaluate(self.model, self.test, 256, self.loss, look)
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
        logits = _logits(self.model, images)
        loss = self.loss(logits, labels)
        value = loss.item()  # asked for once: a GPU has to finish first
        if not math.isfinite(value):
            raise _Diverged(
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

    def start_from(self, path, resume):
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


class _Diverged(Exception):
    pass


def _logits(model, images):
    """(N,) of a model that gives one logit a picture, or (N, C)."""
    logits = model(images)
    return logits[:, 0] if logits.ndim == 2 and logits.shape[1] == 1 else logits


def _check(model, train, test, epochs, batch_size, resume, run):
    for pictures, name in ((train, "train on"), (test, "test with")):
        if not len(pictures):
            raise ValueError(f"There are no pictures to {name}.")
    for value, name in ((epochs, "epochs"), (batch_size, "batch_size")):
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is a whole number from 1 on, not {value!r}.")
    if resume and run is None:
        raise ValueError("To resume, fit has to be told where: run=…")
    if next(model.parameters(), None) is None:
        raise ValueError("This model has no parameters to train.")


def _fingerprint(pictures):
    """Count and checksum, by which other pictures are noticed; a few stand for all."""
    some, _ = pictures.batch(torch.tensor([0, len(pictures) // 2, len(pictures) - 1]))
    labels = np.ascontiguousarray(pictures.labels)
    checksum = zlib.crc32(some.contiguous().numpy().tobytes(), zlib.crc32(labels))
    return f"{len(pictures)} ({checksum:08x})"


def _described(optimizer):
    """{name: value} of what it was made with, for each group of parameters."""
    described = {"optimizer": type(optimizer).__name__}
    for number, group in enumerate(optimizer.param_groups):
        of = f" of group {number}" if number else ""
        for name, value in group.items():
            if isinstance(value, int | float | str | tuple):
                described[name + of] = value
    return described


@contextlib.contextmanager
def _own_randomness(seed):
    """Random numbers drawn in here depend on the seed, and on nothing outside."""
    before = checkpoints.random_states()
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002, for whoever draws from it
    torch.manual_seed(seed)
    try:
        yield
    finally:
        checkpoints.restore_random_states(before)


@contextlib.contextmanager
def _alone_in(run):
    """Two processes that train in one folder would overwrite each other."""
    try:
        with FileLock(run / "lock", timeout=0):
            yield
    except Timeout:
        raise CheckpointError(f"Another process is training in {run}.") from None


@contextlib.contextmanager
def _stop_requests():
    """An event that Ctrl+C sets, once; the second time it interrupts as always."""
    stop = threading.Event()

    def ask(number, frame):
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _view(training, live, progress, stop):
    from helpers import live as views

    if live and views.in_notebook():
        view = views.Notebook(training, stop)
    elif live or progress:
        view = views.Bar(training)
    else:
        view = views.View(training)
    try:
        yield view
    finally:
        view.close()


if __name__ == "__main__":
    from helpers.train_command import main

    sys.exit(main())
