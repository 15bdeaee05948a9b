"""How long lines take, side by side."""

import logging
from collections.abc import Mapping


def show_times(lines: Mapping[str, str], names: dict[str, object]) -> None:
    """Print the median time of each line, {label: line}, and its ratio to the first.

    ``names`` holds what the lines refer to, usually ``globals()``. Measured by
    torch.utils.benchmark, which warms up, repeats, and uses one thread:
    https://docs.pytorch.org/docs/stable/benchmark_utils.html
    """
    # Where there is CUDA's compiler but no GPU, importing torch's timer logs a warning.
    logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)
    from torch.utils.benchmark import Timer

    medians = {
        label: Timer(line, globals=names).blocked_autorange(min_run_time=0.3).median
        for label, line in lines.items()
    }
    first = next(iter(medians.values()))
    for label, median in medians.items():
        print(f"{label}: {median * 1e6:6.0f} µs, {median / first:.1f} times the first")
