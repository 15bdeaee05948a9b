"""Killed at any moment, a run goes on as if nothing had been."""

import multiprocessing
import random
import sys
import time

import pytest
import torch
import toy_run

from helpers.training import CHECKPOINT, checkpoints

KILLS = 20
BATCHES = toy_run.EPOCHS * -(-toy_run.PICTURES // toy_run.BATCH)


@pytest.fixture
def one_thread():
    """Sums are split differently among other numbers of threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def processes():
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    # Each is forked from one that has imported torch already, which takes seconds.
    context = multiprocessing.get_context("forkserver")
    # torch imports its last part with the first step of an optimiser.
    modules = ["helpers.training", "helpers.pictures.splits", "torch._dynamo"]
    context.set_forkserver_preload(modules)
    return context


def position(run):
    """How far a run is, in pictures of all epochs; its checkpoint is whole."""
    path = run / CHECKPOINT
    if not path.exists():
        return 0
    state = checkpoints.load(path)
    return len(state["history"]) * toy_run.PICTURES + state["done"]


def test_killed_at_20_random_moments(tmp_path, one_thread):
    uninterrupted = toy_run.train(tmp_path / "uninterrupted", save_every=0)
    context, rng = processes(), random.Random(0)
    moments, runs, finished = [], 0, True
    while len(moments) < KILLS or not finished:
        runs += finished
        run, batches = tmp_path / f"run {runs}", context.Value("i", 0)
        process = context.Process(
            target=toy_run.train_until_killed, args=(run, batches), daemon=True
        )
        process.start()
        if len(moments) < KILLS:
            # After some batches, in the midst of another, or while it is saved.
            until, then = rng.randrange(BATCHES // 2), rng.uniform(0, 0.02)
            while batches.value < until and process.is_alive():
                time.sleep(0.001)
            process.join(then)
            process.kill()
        process.join()
        finished = process.exitcode == 0
        if finished:
            assert toy_run.same(toy_run.train(run, resume=True), uninterrupted)
        else:
            moments.append(position(run))
    # Most died on their way, and the next one went on from there.
    assert len([moment for moment in moments if moment]) > KILLS / 2
    assert len(set(moments)) > KILLS / 4
