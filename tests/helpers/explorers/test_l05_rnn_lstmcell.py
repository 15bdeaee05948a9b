"""What lesson 05 says of its explorer, and what the explorer says, hold."""

import numpy as np

from helpers.explorers import l05_rnn_lstmcell as memory


def last_memory(machine, extra=0):
    return memory.walk(machine, extra)["c"][-1]


def test_a_latch_holds_one_a_counter_counts_a_forgetter_forgets():
    ones = sum(x == 1 for x in memory.INPUTS)
    assert abs(last_memory("counter") - ones) < 0.01
    assert abs(last_memory("latch") - 1) < 0.02
    assert memory.INPUTS[-1] == 0
    before, after = memory.walk("forgetter", 0)["c"][-2:]
    assert abs(after - before / 2) < 0.001
    after_reset = memory.walk("latch", 0)["c"][memory.INPUTS.index(-1)]
    assert abs(after_reset) < 0.01


def test_ten_less_turns_the_counter_into_the_forgetter():
    """What the notes of lesson 05 say."""
    np.testing.assert_allclose(
        memory.walk("counter", -10)["c"], memory.walk("forgetter", 0)["c"]
    )
