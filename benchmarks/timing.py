"""Repeated measuring, which sees through what else the machine does."""

import time

TIMES, AT_LEAST = 5, 0.1


def seconds_of(action):
    """How long each of several runs took: at least 5, and for 0.1 s altogether.

    torch.utils.benchmark would do, but with torch imported every verdict looks after
    torch as well, which in the NumPy lessons isn't there.
    """
    seconds = []
    enough = time.perf_counter() + AT_LEAST
    while len(seconds) < TIMES or time.perf_counter() < enough:
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return seconds
