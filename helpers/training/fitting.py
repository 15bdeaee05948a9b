"""The finished training loop, for students who have written one in lesson 08.

Every random choice comes from a seed, evaluation changes nothing, and a run that is
stopped or killed at any moment goes on where it was: bit for bit on a CPU.
"""

import contextlib
import random
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock, Timeout
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from helpers.training import checkpoints
from helpers.training.checkpoints import CheckpointError
from helpers.training.evaluation import Labelled, Loss, default_loss, pick_device
from helpers.training.history import History
from helpers.training.run import Training

CHECKPOINT = "checkpoint.pt"


def fit(
    model: nn.Module,
    train: Labelled,
    test: Labelled,
    *,
    epochs: int,
    batch_size: int = 32,
    optimizer: Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer] | None = None,
    schedule: Callable[[torch.optim.Optimizer, int], LRScheduler] | None = None,
    augment: Callable[[Tensor, torch.Generator], Tensor] | None = None,
    loss: Loss | None = None,
    seed: int = 0,
    run: str | Path | None = None,
    resume: bool = False,
    save_every: float = 10.0,
    patience: int | None = None,
    device: str | torch.device | None = None,
    live: bool = False,
    progress: bool = True,
) -> History:
    """Train a model, test it after every epoch, and return the `History`.

    train, test  have len(), ``.labels``, and ``.batch(indices)`` that gives pictures
                 (N, 3, H, W) from 0 to 1 and labels (N,)
    optimizer    parameters → optimiser; Adam at 5e-4 without it
    schedule     (optimiser, all steps) → learning-rate schedule, stepped every batch
    augment      (pictures, generator) → pictures
    loss         (logits, labels) → mean loss; logits come as (N,) from a model that
                 gives (N, 1). Without it: binary cross entropy on one logit, cross
                 entropy on several
    seed         of the order, the augmentation and whatever the model itself draws;
                 the weights to start from are those that the model has
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
    comes back in eval mode, on the device it came from, and the random states of
    Python, NumPy and torch are as before.

    Raises ValueError for arguments that make no sense, and CheckpointError where
    ``run`` can't be used: it is in use, or its checkpoint is damaged or another run's.
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
        training = Training(
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


@contextlib.contextmanager
def _own_randomness(seed):
    """Context in which random numbers depend on the seed alone; states are put back."""
    before = checkpoints.random_states()
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002, a model may draw from it
    torch.manual_seed(seed)
    try:
        yield
    finally:
        checkpoints.restore_random_states(before)


@contextlib.contextmanager
def _alone_in(run):
    """Hold the lock of a folder, in which two processes would overwrite each other."""
    try:
        with FileLock(run / "lock", timeout=0):
            yield
    except Timeout:
        raise CheckpointError(f"Another process is training in {run}.") from None


@contextlib.contextmanager
def _stop_requests():
    """An event that the first Ctrl+C sets; a second one raises KeyboardInterrupt."""
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
    from helpers.training import live as views

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
