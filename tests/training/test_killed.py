"""Killed at any moment, a run goes on as if nothing had been."""

import multiprocessing
import random
import sys
import time

import pytest
import torch
import toy_run

KILLS = 20


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
    context.set_forkserver_preload(["helpers.training", "helpers.pictures.splits"])
    return context


def test_killed_at_20_random_moments(tmp_path, one_thread):
    start = time.perf_counter()
    uninterrupted = toy_run.train(tmp_path / "uninterrupted", save_every=0)
    took = time.perf_counter() - start
    context, rng = processes(), random.Random(0)
    kills = runs = 0
    finished = True
    while kills < KILLS or not finished:
        runs += finished
        ready = context.Event()
        run = tmp_path / f"run {runs}"
        process = context.Process(
            target=toy_run.train_until_killed, args=(run, ready), daemon=True
        )
        process.start()
        assert ready.wait(60)
        if kills < KILLS:
            process.join(rng.uniform(0, took / 3))
            process.kill()
        process.join()
        finished = process.exitcode == 0
        kills += not finished
        if finished:
            assert toy_run.same(toy_run.train(run, resume=True), uninterrupted)
    assert kills == KILLS
